use slomix_shared::formats::stats;

use crate::domain::decisions::RoundKey;
use crate::domain::roster::{PlayerKey, keys};
use crate::store::read::RoundRow;
use crate::store::{Store, StoreError};

/// A player line of a round's file, before anybody was merged or split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The key that decisions name it by.
    pub key: PlayerKey,
    /// The name without colour codes.
    pub name: String,
    /// The key of the player that it is.
    pub player: String,
}

/// The player lines of a round's file.
pub async fn lines(store: &Store, round: &RoundRow) -> Result<Vec<Line>, StoreError> {
    let content = store.content(round.artifact).await?.unwrap_or_default();
    let Ok(stats) = stats::parse(&content) else { return Ok(Vec::new()) };
    let identities = store.who_is_who().await?;
    let Some(round) = RoundKey::of_file(&round.server, &round.file) else { return Ok(Vec::new()) };
    let lines = keys(&stats.players).into_iter().zip(&stats.players);
    Ok(lines
        .map(|(key, line)| {
            let player = identities.identities().of(round.stamp, &key, &line.name(), line.is_bot());
            Line { player: player.unwrap_or_else(|| key.clone()).to_string(), name: line.name(), key }
        })
        .collect())
}
