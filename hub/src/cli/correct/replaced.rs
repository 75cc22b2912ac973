use crate::cli::{Place, setup};
use crate::domain::decisions::Correction;
use crate::store::decisions::{CONFIGURATION, ZONE};
use crate::store::{Store, StoreError};

/// What a decision takes the place of while it stands, a sentence each: a zone that was decided or configured before.
pub(super) async fn replaced(place: &Place, store: &Store, correction: &Correction) -> anyhow::Result<Vec<String>> {
    let Correction::Zone { server, zone } = correction else { return Ok(Vec::new()) };
    let (decided, kept) = before(store, server).await?;
    let config = setup::config(place)?;
    // A configuration that is given is newer than what one told before.
    let told = config.server(server).filter(|one| one.zone_told).and_then(|one| one.zone.iana_name());
    let mut lines = Vec::new();
    if let Some(told) = told.map(str::to_owned).or(kept).filter(|told| told != zone) {
        lines.push(format!("the configuration's zone {told} is overridden while this decision stands"));
    }
    if let Some((id, was)) = decided {
        lines.push(format!("decision {id} ({was}) is replaced, and holds again once this one is undone"));
    }
    Ok(lines)
}

/// What people decided last about a server's zone, with its number, and what a configuration told of it.
async fn before(store: &Store, server: &str) -> Result<(Option<(i64, String)>, Option<String>), StoreError> {
    let mut rows = store.standing_decisions().await?;
    rows.retain(|row| row.kind == ZONE && row.target == server);
    let told = rows.iter().rfind(|row| row.author == CONFIGURATION).map(|row| row.value.clone());
    let decided = rows.iter().rfind(|row| row.author != CONFIGURATION).map(|row| (row.id, row.value.clone()));
    Ok((decided, told))
}
