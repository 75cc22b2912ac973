use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::cli::paint::{GOOD, painted};
use crate::cli::work::work;
use crate::serve::admin::Undo;
use crate::store::Store;

use super::Record;
use super::about::said;
use super::told::{self, Deed, Standing};

/// Undoes a decision, and tells what came of it.
pub(super) async fn run(place: &Place, store: &Store, decision: i64, record: Record) -> anyhow::Result<u8> {
    let row = store.decision(decision).await?;
    let (says, about) = match &row {
        Some(row) => said(store, row).await?,
        None => (String::new(), Map::new()),
    };
    if record.by.dry_run {
        anyhow::ensure!(row.is_some(), "there is no decision {decision}; slomix-hub correct list shows them");
        if place.json {
            let mut value = json!({ "decision": row, "says": says, "dry_run": true });
            if let Value::Object(fields) = &mut value {
                fields.extend(about);
            }
            println!("{value}");
        } else {
            anstream::println!("{} decision {decision}: {says}", painted(GOOD, "Would undo"));
        }
        return Ok(0);
    }
    let correction = row.and_then(|row| row.correction());
    let standing = async || match &correction {
        Some(correction) => Standing::read(store, correction).await,
        None => Ok(Standing::default()),
    };
    let before = standing().await?;
    let corrected = work(place, Undo { decision, author: record.by.author(), reason: record.reason }).await?;
    let after = standing().await?;
    let deed = Deed { correction: correction.as_ref(), undone: true, says, about, replaces: Vec::new() };
    told::print(place, store, &corrected, &deed, &before, &after).await
}
