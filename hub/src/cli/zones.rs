//! Game servers of which nobody has told the time zone.

use crate::config::Config;
use crate::store::decisions::ZONE;
use crate::store::{Store, StoreError};

/// Whether the configuration or a decision tells a server's zone.
pub(super) async fn zone_is_told(config: &Config, store: &Store, server: &str) -> Result<bool, StoreError> {
    let configured = config.server(server).is_some_and(|server| server.zone_told);
    Ok(configured || store.decided(ZONE).await?.contains_key(server))
}

/// That round events of a server without a zone wait, and what to do; none where none waits. A round event carries the
/// time in UTC and a stats file that of the server's wall clock, so without a zone the two do not meet.
pub(super) async fn waiting_for_zone(store: &Store, server: &str) -> Result<Option<String>, StoreError> {
    let waiting = store.waiting_events(server).await?;
    let events = match waiting {
        0 => return Ok(None),
        1 => "1 round event waits for its round".to_owned(),
        many => format!("{many} round events wait for their rounds"),
    };
    Ok(Some(format!(
        "{events}, and nobody has told the time zone of the game server {server}: slomix-hub correct zone {server} \
         Europe/Berlin --reason 'its clock' does, or `zone` in its [[server]]"
    )))
}

/// The same, where the zone is told by nobody.
pub(super) async fn missing_zone(config: &Config, store: &Store, server: &str) -> Result<Option<String>, StoreError> {
    if zone_is_told(config, store, server).await? { Ok(None) } else { waiting_for_zone(store, server).await }
}
