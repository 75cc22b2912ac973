//! Who is meant: one way from what people type to a player, for every command.
//!
//! A mention means the player that its user is linked to. A text means, in this order: whose GUID or key it is, who
//! bears exactly that name, who bore it but for case and accents, whose name holds it. Where that is several, all are
//! named and somebody chooses; nobody is picked in silence.

use crate::store::read::NamedPlayer;
use crate::store::{Store, StoreError};

use super::player::date;

/// Decisions of this kind say which player a Discord user is: about the user's id, the player's key.
pub const LINK: &str = "link";

/// A name that is this much like what was typed (Jaro-Winkler, 1 is equal) may have been meant.
const ALIKE: f64 = 0.82;
/// So many such names are offered.
const MOST_ALIKE: usize = 3;

/// What people say of whom they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// A Discord user, by id.
    User(u64),
    /// A name, a part of one, a GUID.
    Text(String),
}

/// A player who may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// His id.
    pub player: i64,
    /// His key, for most the eight characters of the GUID.
    pub key: String,
    /// The name he bore last.
    pub name: String,
    /// The local date of his last round.
    pub last_seen: String,
}

/// Whom a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Exactly one.
    One(Candidate),
    /// Several, who played last first.
    Several(Vec<Candidate>),
    /// Nobody.
    Nobody {
        /// Names that are alike.
        alike: Vec<String>,
    },
    /// A Discord user who is linked to nobody.
    NotLinked,
}

impl From<NamedPlayer> for Candidate {
    fn from(player: NamedPlayer) -> Self {
        Self { last_seen: date(player.last_round), player: player.player, key: player.key, name: player.name }
    }
}

/// Finds whom somebody means.
pub async fn find(store: &Store, whom: &Whom) -> Result<Found, StoreError> {
    let text = match whom {
        Whom::User(user) => {
            let Some(key) = store.decided_about(LINK, &user.to_string()).await? else { return Ok(Found::NotLinked) };
            let player = store.player_of_key(&key).await?;
            return Ok(player.map_or(Found::NotLinked, |player| Found::One(player.into())));
        }
        Whom::Text(text) => text.trim(),
    };
    let mut players: Vec<Candidate> = store.find_players(text).await?.into_iter().map(Candidate::from).collect();
    Ok(match players.len() {
        0 => Found::Nobody { alike: alike(store, text).await? },
        1 => Found::One(players.remove(0)),
        _ => Found::Several(players),
    })
}

/// Names like this one, the most alike first.
async fn alike(store: &Store, text: &str) -> Result<Vec<String>, StoreError> {
    let typed = text.to_lowercase();
    let names = store.every_name().await?.into_iter();
    let mut names: Vec<(f64, String)> =
        names.map(|name| (strsim::jaro_winkler(&name.to_lowercase(), &typed), name)).collect();
    names.retain(|(likeness, _)| *likeness >= ALIKE);
    names.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(names.into_iter().take(MOST_ALIKE).map(|(_, name)| name).collect())
}
