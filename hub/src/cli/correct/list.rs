use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::paint::{QUIET, STRONG, painted};
use crate::pipeline::replaced_by;
use crate::store::Store;
use crate::store::decisions::{CONFIGURATION, OWNER};

use super::about::said;

/// What was decided, the oldest first.
pub(super) async fn run(place: &Place, store: &Store, all: bool) -> anyhow::Result<u8> {
    let standing = store.standing_decisions().await?;
    let mut rows = store.decisions().await?;
    // The owner of the database is no correction.
    rows.retain(|row| row.kind != OWNER && (all || row.undone_ms.is_none()));
    if place.json {
        let mut list = Vec::new();
        for row in &rows {
            let mut value = serde_json::to_value(row)?;
            let (says, about) = said(store, row).await?;
            value["says"] = json!(says);
            value["replaced_by"] = json!(replaced_by(row, &standing).map(|other| other.id));
            if let Value::Object(fields) = &mut value {
                fields.extend(about);
            }
            list.push(value);
        }
        println!("{}", serde_json::to_string_pretty(&list)?);
        return Ok(0);
    }
    if rows.is_empty() {
        anstream::println!("Nothing was decided{}", if all { "" } else { " that still holds" });
        return Ok(0);
    }
    for row in &rows {
        let number = format!("{:>4}", row.id);
        let replaced = replaced_by(row, &standing);
        let style = if replaced.is_some() || row.undone_ms.is_some() { QUIET } else { STRONG };
        anstream::println!("{}  {}", painted(style, &number), said(store, row).await?.0);
        anstream::println!("      {}", painted(QUIET, &record(&row.author, row.made_ms, &row.reason)?));
        if let Some(other) = replaced {
            let word = if row.author == CONFIGURATION { "overridden" } else { "replaced" };
            let line = format!("{word} by decision {}; holds again once that is undone", other.id);
            anstream::println!("      {}", painted(QUIET, &line));
        }
        if let Some(undone) = row.undone_ms {
            let record = record(&row.undone_by, undone, &row.undone_because)?;
            anstream::println!("      {}", painted(QUIET, &format!("undone: {record}")));
        }
    }
    let undoable = rows.iter().rfind(|row| row.undone_ms.is_none() && row.author != CONFIGURATION);
    if let Some(row) = undoable {
        anstream::println!("\nUndo one by its number, as in: slomix-hub correct undo {} --reason WHY", row.id);
    }
    Ok(0)
}

fn record(author: &str, when_ms: i64, reason: &str) -> anyhow::Result<String> {
    let when = jiff::Timestamp::from_millisecond(when_ms)?.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    Ok(format!("{author}, {when}{reason}"))
}
