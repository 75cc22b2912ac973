//! Corrections about a session, named by one of its rounds.

use crate::domain::decisions::{Correction, RoundKey, one_line};
use crate::domain::round::TeamSign;
use crate::store::read::RoundRow;
use crate::store::{Store, StoreError};

/// That a team of a session (by id) bears a name: the one that played last there, with its core. None where the session
/// has no round.
pub async fn name_of_team(
    store: &Store,
    session: i64,
    team: TeamSign,
    name: &str,
) -> Result<Option<Correction>, StoreError> {
    let rounds = store.rounds_of_session(session).await?;
    let last = rounds.iter().map(|round| round.epoch).max().unwrap_or(0);
    let Some(round) = rounds.iter().find(|round| round.epoch == last).and_then(key) else { return Ok(None) };
    let members = store.members(session).await?.into_iter();
    let core = members.filter(|one| one.epoch == last && one.core && one.team == i64::from(team));
    let mut roster: Vec<String> = core.map(|one| one.key).collect();
    roster.sort();
    Ok(Some(Correction::Name { round, team, name: one_line(name), roster }))
}

/// That a player (by key) is in a team for a whole session (by id). None where the session has no round.
pub async fn team_of_player(
    store: &Store,
    session: i64,
    player: &str,
    team: TeamSign,
) -> Result<Option<Correction>, StoreError> {
    let rounds = store.rounds_of_session(session).await?;
    let round = rounds.first().and_then(key);
    Ok(round.map(|round| Correction::Team { round, player: player.to_owned(), team }))
}

fn key(round: &RoundRow) -> Option<RoundKey> {
    RoundKey::of_file(&round.server, &round.file)
}
