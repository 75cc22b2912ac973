//! What people decided about what is shown.

use crate::cli::paint::{QUIET, painted};
use crate::domain::decisions::{Correction, RoundKey};
use crate::domain::roster::PlayerKey;
use crate::store::decisions::DecisionRow;
use crate::store::read::RoundRow;
use crate::store::{Store, StoreError};

/// A line for each decision that holds about one of these rounds or about their session.
pub(super) async fn about_rounds(store: &Store, rounds: &[RoundRow]) -> Result<Vec<String>, StoreError> {
    let concerns = |correction: &Correction| {
        let id = correction.round().and_then(RoundKey::id);
        rounds.iter().any(|round| match correction {
            Correction::Pin { server, file, .. } => round.server == *server && round.file == *file,
            _ => Some(round.id) == id,
        })
    };
    lines(store, concerns).await
}

/// A line for each decision that holds about who a player is.
pub(super) async fn about_player(store: &Store, key: &str) -> Result<Vec<String>, StoreError> {
    let guid = PlayerKey::parse(key).map(|key| key.guid().as_str().to_owned());
    let concerns = |correction: &Correction| match correction {
        Correction::Merge { player, into } => player == key || into == key,
        Correction::Split { guid: split, .. } => guid.as_ref() == Some(split),
        _ => false,
    };
    lines(store, concerns).await
}

async fn lines(store: &Store, concerns: impl Fn(&Correction) -> bool) -> Result<Vec<String>, StoreError> {
    let rows = store.standing_decisions().await?;
    let line = |row: &DecisionRow| {
        let correction = row.correction().filter(&concerns)?;
        Some(format!("decision {}: {correction} ({}: {})", row.id, row.author, row.reason))
    };
    Ok(rows.iter().filter_map(line).collect())
}

pub(super) fn print(lines: &[String]) {
    for line in lines {
        anstream::println!("{}", painted(QUIET, line));
    }
}
