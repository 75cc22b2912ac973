//! What a text that somebody is typing may become: players, sessions, maps.

use crate::domain::folding::folded;
use crate::store::totals::ALL_TIME;
use crate::store::{Store, StoreError};

use super::handle;

/// So many are offered at most; Discord takes no more.
pub const MOST: usize = 25;
/// Sessions that are offered are among so many of the newest.
const NEWEST: i64 = 200;

/// What is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggest {
    /// A player.
    Player,
    /// A session.
    Session,
    /// What a leaderboard is over.
    Scope,
    /// A team that people gave a name.
    Team,
}

/// One thing that a text may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What people read.
    pub shown: String,
    /// What is taken when they choose it: a player's key, a session's handle, a map's name.
    pub value: String,
}

/// What `begun` may become, the likeliest first.
pub async fn suggest(store: &Store, what: Suggest, begun: &str) -> Result<Vec<Suggestion>, StoreError> {
    match what {
        Suggest::Player => players(store, begun).await,
        Suggest::Session => sessions(store, begun).await,
        Suggest::Scope => scopes(store, begun).await,
        Suggest::Team => teams(store, begun).await,
    }
}

/// Names that begin with the text come before names that hold it. A player whose name is not unique is told by his key.
async fn players(store: &Store, begun: &str) -> Result<Vec<Suggestion>, StoreError> {
    let found = if begun.trim().is_empty() {
        store.newest_players(MOST as i64).await?
    } else {
        store.players_like(begun, MOST).await?
    };
    let suggestion = |player: crate::store::read::NamedPlayer| {
        let shared = found.iter().filter(|other| other.name == player.name).count() > 1;
        let shown = if shared { format!("{} ({})", player.name, player.key) } else { player.name.clone() };
        Suggestion { shown, value: player.key }
    };
    Ok(found.iter().cloned().map(suggestion).collect())
}

async fn sessions(store: &Store, begun: &str) -> Result<Vec<Suggestion>, StoreError> {
    let begun = begun.trim().to_lowercase();
    let mut offered = Vec::new();
    for session in store.newest_sessions(NEWEST).await? {
        if offered.len() == MOST {
            break;
        }
        if !session.date.starts_with(&begun) && !begun.starts_with(&session.date) {
            continue;
        }
        let handle = handle::of_session(store, &session).await?;
        if handle.starts_with(&begun) {
            let (a, b) = session.score();
            offered.push(Suggestion { shown: format!("{handle}  {a} - {b}  {}", session.server), value: handle });
        }
    }
    Ok(offered)
}

/// All time and what goes on first, then earlier seasons, maps, and earlier months, the latest first.
async fn scopes(store: &Store, begun: &str) -> Result<Vec<Suggestion>, StoreError> {
    let wanted = folded(begun);
    let mut known = store.scopes().await?;
    let place = |scope: &String| ["all", "season", "map", "month"].iter().position(|kind| scope.starts_with(kind));
    known.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| if a.starts_with("map:") { a.cmp(b) } else { b.cmp(a) }));
    let running = ["season", "month"].map(|name| (format!("this {name}, or the last one played"), name.to_owned()));
    let others = known.into_iter().filter(|scope| scope != ALL_TIME).map(|scope| {
        let name = scope.split_once(':').map_or(scope.as_str(), |(_, name)| name).to_owned();
        (scope.replacen(':', " ", 1), name)
    });
    let all = std::iter::once(("all time".to_owned(), ALL_TIME.to_owned())).chain(running).chain(others);
    let fits = |(shown, value): &(String, String)| folded(shown).contains(&wanted) || folded(value).contains(&wanted);
    Ok(all.filter(fits).take(MOST).map(|(shown, value)| Suggestion { shown, value }).collect())
}

/// The names that were given last come first.
async fn teams(store: &Store, begun: &str) -> Result<Vec<Suggestion>, StoreError> {
    let wanted = folded(begun);
    let names = store.team_names().await?.known().into_iter().filter(|name| folded(name).contains(&wanted));
    Ok(names.take(MOST).map(|name| Suggestion { shown: name.clone(), value: name }).collect())
}
