//! The database: that it opens and is sound, and what waits in it.

use std::path::Path;

use crate::reports::words::{plural, size};
use crate::store::read::GuidCollision;
use crate::store::{Location, Store, StoreError};

use super::{About, Finding};

const DAY_MS: i64 = 86_400_000;
/// A log of this size has not been folded into the file for long.
const LONG_LOG_MB: u64 = 500;
/// Damaged files that are named; there may be very many.
const NAMED: usize = 5;

/// The database, if it opens.
pub(super) async fn look(location: &Location, serves: bool, now_ms: i64, findings: &mut Vec<Finding>) -> Option<Store> {
    let about = About("database");
    if let Location::File(path) = location {
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => {
                findings.push(about.odd("none yet: slomix-hub import or serve makes it"));
                return None;
            }
            Err(error) => {
                findings.push(about.bad(format!("{} cannot be looked at: {error}", path.display())));
                return None;
            }
        }
    }
    let store = match Store::at(location).await {
        Ok(store) => store,
        Err(error) => {
            findings.push(about.bad(error.to_string()));
            return None;
        }
    };
    if let Err(error) = look_into(&store, serves, now_ms, findings).await {
        findings.push(about.bad(format!("{error}: restore a backup if it stays so")));
    }
    Some(store)
}

async fn look_into(store: &Store, serves: bool, now_ms: i64, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let about = About("database");
    let trouble = store.quick_check().await?;
    if trouble.is_empty() {
        let (engine, bytes) = (store.engine().await?, size(store.bytes().await?));
        // A server checks its own files.
        let sound = if store.path().is_some() { "opens and is sound" } else { "answers" };
        findings.push(about.good(format!("{engine}, {sound}, {bytes}")));
    } else {
        findings.push(about.bad(format!("{}: stop the hub and restore a backup", trouble.join("; "))));
    }
    let log = store.path().map_or(0, log_bytes);
    if log / 1_000_000 > LONG_LOG_MB {
        findings.push(about.odd(format!("its log has {}: a reader holds it open for long", size(log))));
    }
    damaged(store, findings).await?;
    waiting(store, serves, findings).await?;
    quarantine(store, now_ms, findings).await?;
    collisions(store, findings).await?;
    let (open, _, dead) = store.post_counts().await?;
    if dead > 0 {
        let given_up = plural(dead, "post was", "posts were");
        findings.push(About("posts").odd(format!("{given_up} given up, since Discord refused them; /status says why")));
    } else if open > 0 && !serves {
        let wait = plural(open, "post waits", "posts wait");
        findings.push(About("posts").odd(format!("{wait} for the next serve")));
    }
    Ok(())
}

/// Rows of files that are not what was kept. Contents are left to verify, which takes its time.
async fn damaged(store: &Store, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let damaged = store.damaged_rows().await?;
    let mut named: Vec<String> =
        damaged.iter().take(NAMED).map(|row| format!("{}: {}", row.name, row.damage)).collect();
    if damaged.len() > NAMED {
        named.push(format!("{} more: slomix-hub verify names them", damaged.len() - NAMED));
    }
    if !damaged.is_empty() {
        findings.push(About("files").bad(format!(
            "the disk or somebody damaged {} ({}): run slomix-hub rebuild, import the same files again, or restore a \
             backup",
            plural(damaged.len() as i64, "file's row", "files' rows"),
            named.join("; ")
        )));
    }
    Ok(())
}

async fn waiting(store: &Store, serves: bool, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let about = About("files");
    let kept = plural(store.artifact_count().await?, "file is", "files are");
    let forgotten = store.forgotten().await?.len();
    findings.push(match (store.pending_count().await?, serves) {
        (0, _) if forgotten == 0 => about.good(format!("{kept} kept, none waits to be derived")),
        (0, _) => about.bad(format!(
            "{} kept and never derived: slomix-hub rebuild derives them",
            plural(forgotten as i64, "file was", "files were")
        )),
        (waiting, true) => about.odd(format!(
            "{kept} kept, {} to be derived; if that does not fall, the hub's log says why",
            plural(waiting, "waits", "wait")
        )),
        (waiting, false) => {
            about.odd(format!("{kept} kept, {} to be derived at the next serve", plural(waiting, "waits", "wait")))
        }
    });
    Ok(())
}

async fn quarantine(store: &Store, now_ms: i64, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let about = About("quarantine");
    let fates = store.dispositions().await?;
    let codes: Vec<(&str, i64)> = fates
        .iter()
        .filter(|((state, _), _)| state == "quarantined")
        .map(|((_, code), files)| (code.as_str(), *files))
        .collect();
    let all: i64 = codes.iter().map(|(_, files)| files).sum();
    let codes: Vec<String> = codes.iter().map(|(code, files)| format!("{files} {code}")).collect();
    let newest = store.newest_in_quarantine(NAMED as i64).await?;
    let recent = newest.iter().any(|file| now_ms - file.received_ms < 7 * DAY_MS);
    let (files, codes) = (plural(all, "file", "files"), codes.join(", "));
    findings.push(match (all, recent) {
        (0, _) => about.good("empty"),
        (_, false) => about.good(format!("{files}, the newest not of the last seven days ({codes})")),
        (_, true) => {
            about.odd(format!("{files}, the newest of the last seven days ({codes}): slomix-hub quarantine list"))
        }
    });
    Ok(())
}

/// Players whose full GUIDs share the eight characters that stats files carry: their numbers are one player's.
async fn collisions(store: &Store, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    for GuidCollision { guid, full } in store.guid_collisions().await? {
        findings.push(About("players").odd(format!(
            "{} clients share the GUID prefix {guid} and count as one player ({}): if they are several people, \
             slomix-hub correct split says how to tell them apart",
            full.len(),
            full.join(", ")
        )));
    }
    Ok(())
}

/// Size of a database file's log.
fn log_bytes(database: &Path) -> u64 {
    let mut path = database.as_os_str().to_owned();
    path.push("-wal");
    std::fs::metadata(path).map_or(0, |file| file.len())
}
