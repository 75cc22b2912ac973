//! What people decided about what is shown.

use crate::cli::correct::about::said;
use crate::cli::paint::{QUIET, painted};
use crate::domain::decisions::{Correction, RoundKey};
use crate::domain::roster::PlayerKey;
use crate::store::decisions::DecisionRow;
use crate::store::read::RoundRow;
use crate::store::{Store, StoreError};

/// A line for each decision that holds about one of these rounds or about their session.
pub(super) async fn about_rounds(store: &Store, rounds: &[RoundRow]) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for row in store.standing_decisions().await? {
        let Some(correction) = row.correction() else { continue };
        let key = match &correction {
            Correction::Pin { server, file, .. } => RoundKey::of_file(server, file),
            _ => correction.round().cloned(),
        };
        let Some(key) = key.filter(|key| rounds.iter().any(|round| round.server == key.server)) else { continue };
        // What was decided about a copy is about the round of the file that it is a copy of.
        let round = store.round_of_key(&key).await?;
        if round.is_some_and(|one| rounds.iter().any(|round| round.id == one.id)) {
            lines.push(line(store, &row).await?);
        }
    }
    Ok(lines)
}

/// A line for each decision that holds about who a player is.
pub(super) async fn about_player(store: &Store, key: &str) -> Result<Vec<String>, StoreError> {
    let guid = PlayerKey::parse(key).map(|key| key.guid().as_str().to_owned());
    let concerns = |correction: &Correction| match correction {
        Correction::Merge { player, into } => player == key || into == key,
        Correction::Split { guid: split, .. } => guid.as_ref() == Some(split),
        _ => false,
    };
    let rows = store.standing_decisions().await?;
    let mut lines = Vec::new();
    for row in rows.iter().filter(|row| row.correction().as_ref().is_some_and(concerns)) {
        lines.push(line(store, row).await?);
    }
    Ok(lines)
}

async fn line(store: &Store, row: &DecisionRow) -> Result<String, StoreError> {
    Ok(format!("decision {}: {} ({}: {})", row.id, said(store, row).await?.0, row.author, row.reason))
}

pub(super) fn print(lines: &[String]) {
    for line in lines {
        anstream::println!("{}", painted(QUIET, line));
    }
}
