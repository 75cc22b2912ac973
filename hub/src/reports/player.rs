//! One player's career: sums, rates, maps, names, the last rounds.

use crate::domain::metrics::{accuracy::accuracy, dpm::dpm, headshot_accuracy::headshot_accuracy, kd::kd};
use crate::store::read::{NamedPlayer, PlayerTotals, RoundPlayerRow, RoundRow};
use crate::store::{Store, StoreError};

/// What there is to tell of a player.
#[derive(Debug, Clone)]
pub struct PlayerReport {
    /// Who.
    pub player: NamedPlayer,
    /// Other names, the newest first.
    pub names: Vec<String>,
    /// Full GUIDs; more than one means that several clients are taken for one player.
    pub guids: Vec<String>,
    /// Sums of all time; none if no round counts.
    pub totals: Option<PlayerTotals>,
    /// Sums by map, the most played first.
    pub maps: Vec<(String, PlayerTotals)>,
    /// The last rounds.
    pub rounds: Vec<(RoundRow, RoundPlayerRow)>,
}

impl PlayerReport {
    /// Reads a player's report.
    pub async fn read(store: &Store, player: NamedPlayer) -> Result<Self, StoreError> {
        let mut names = store.names(player.player).await?;
        names.retain(|name| *name != player.name);
        Ok(Self {
            names,
            guids: store.full_guids(player.player).await?,
            totals: store.totals("all", player.player).await?,
            maps: store.map_totals(player.player).await?,
            rounds: store.rounds_of_player(player.player, 10).await?,
            player,
        })
    }
}

/// The rates of some sums, each by its one definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Rates {
    /// Damage per minute, tenths.
    pub dpm_tenths: Option<i64>,
    /// Kills per death, hundredths.
    pub kd_hundredths: Option<i64>,
    /// Accuracy, tenths of a percent.
    pub accuracy_permille: Option<i64>,
    /// Headshot accuracy, tenths of a percent.
    pub headshot_permille: Option<i64>,
}

impl Rates {
    /// The rates of a player's sums.
    pub fn of(totals: &PlayerTotals) -> Self {
        let sum = |name| totals.get(name);
        Self {
            dpm_tenths: dpm(sum("damage_given"), sum("seconds")),
            kd_hundredths: kd(sum("kills"), sum("deaths")),
            accuracy_permille: accuracy(sum("bullet_hits"), sum("bullet_shots")),
            headshot_permille: headshot_accuracy(sum("headshots"), sum("bullet_hits")),
        }
    }
}
