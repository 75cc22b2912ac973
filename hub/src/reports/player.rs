//! One player's career: sums, metrics, maps, weapons, names, evenings, the last rounds.

use slomix_shared::artifact::LocalStamp;
use slomix_shared::game::Weapon;

use crate::domain::ids;
use crate::domain::leaf::Sums;
use crate::domain::round::CountsFor;
use crate::store::read::{Alias, NamedPlayer, RoundPlayerRow, RoundRow, WeaponTotals};
use crate::store::totals::ALL_TIME;
use crate::store::{Store, StoreError};

use super::handle;
use super::uncounted::numberless;

/// Rounds and evenings that a report lists.
const RECENT: i64 = 10;

/// What there is to tell of a player.
#[derive(Debug, Clone)]
pub struct PlayerReport {
    /// Who.
    pub player: NamedPlayer,
    /// Full GUIDs under which he was seen; several mean that two players share their first characters.
    pub guids: Vec<String>,
    /// Every name he bore, the newest first.
    pub names: Vec<Alias>,
    /// The first and the last round he was in.
    pub seen: Option<(i64, i64)>,
    /// In how many sessions he had rounds that count.
    pub sessions: i64,
    /// The last of them that count.
    pub evenings: Vec<Evening>,
    /// Sums of all time; none if no round counts.
    pub totals: Option<Sums>,
    /// Sums by map, the most played first.
    pub maps: Vec<(String, Sums)>,
    /// Sums by weapon, the one with the most kills first.
    pub weapons: Vec<(Weapon, WeaponTotals)>,
    /// The last rounds, whether they count or not.
    pub rounds: Vec<(RoundRow, RoundPlayerRow)>,
}

/// A player's part in a session.
#[derive(Debug, Clone)]
pub struct Evening {
    /// The session's handle.
    pub handle: String,
    /// The session.
    pub session: i64,
    /// His sums in it.
    pub sums: Sums,
}

impl PlayerReport {
    /// Reads a player's report.
    pub async fn read(store: &Store, player: NamedPlayer) -> Result<Self, StoreError> {
        let id = player.player;
        let mut evenings = Vec::new();
        for (session, sums) in store.sessions_of_player(id, RECENT).await? {
            if let Some(row) = store.session(session).await? {
                evenings.push(Evening { handle: handle::of_session(store, &row).await?, session, sums });
            }
        }
        let weapons = store.weapon_totals(ALL_TIME, id).await?.into_iter();
        let weapons = weapons.filter_map(|(bit, totals)| Some((Weapon::from_bit(u8::try_from(bit).ok()?)?, totals)));
        Ok(Self {
            guids: store.full_guids(id).await?,
            names: store.aliases(id).await?,
            seen: store.first_and_last(id).await?,
            sessions: store.session_count(id).await?,
            evenings,
            totals: store.totals(ALL_TIME, id).await?,
            maps: store.map_totals(id).await?,
            weapons: weapons.collect(),
            rounds: store.rounds_of_player(id, RECENT).await?,
            player,
        })
    }
}

/// The local date that stands in a round's or session's id.
pub fn date(id: i64) -> String {
    LocalStamp::from_seconds(ids::stamp_seconds(id)).date().to_string()
}

/// What must be said of a round beside a player's numbers in it, if they are not plainly his and this round's.
pub fn remark(round: &RoundRow, numbers: &RoundPlayerRow) -> Option<&'static str> {
    Some(match round.status.as_str() {
        "aborted" if numbers.origin == "cumulative" => "cut off; both halves in one",
        "aborted" => "cut off before its end",
        "cancelled" | "substitution" => "played again",
        _ if numbers.origin == "cumulative" => "both halves in one",
        _ if !numbers.counted => "not all his own",
        _ if !round.counts_for(CountsFor::LIFETIME) => numberless(round).unwrap_or("not counted"),
        _ => return None,
    })
}
