use std::collections::BTreeMap;

use crate::config::Config;
use crate::store::decisions::{CONFIGURATION, Decision, ZONE};
use crate::store::{Durability, Store, StoreError};

/// Makes configuration and decisions agree on every server's zone.
///
/// A zone is a decision about a server: once told it holds, also for a command that is started without the
/// configuration. A configuration that tells another one decides anew, and what is derived already is queued. What
/// people decided holds over any configuration until they undo it.
pub async fn settle_zones(config: &mut Config, store: &Store, now_ms: i64) -> Result<(), StoreError> {
    let decided: BTreeMap<String, String> = store.decided(ZONE).await?;
    let standing = store.standing_decisions().await?;
    for server in &config.servers {
        let known = decided.get(&server.key);
        if !server.zone_told {
            // What is derived heeds the decision by itself.
            continue;
        }
        let Some(name) = server.zone.iana_name().map(str::to_owned) else { continue };
        if known == Some(&name) {
            continue;
        }
        let holds = standing.iter().rfind(|row| row.kind == ZONE && row.target == server.key);
        if let Some(row) = holds.filter(|row| row.author != CONFIGURATION) {
            tracing::warn!(
                "the zone of server `{}` is {}, as {} decided, and not {name}, as the configuration tells; slomix-hub \
                 correct undo {} goes back to that",
                server.key,
                row.value,
                row.author,
                row.id
            );
            continue;
        }
        if let Some(known) = known {
            tracing::warn!("the zone of server `{}` is {name} now, it was {known}: its rounds follow", server.key);
        }
        let mut tx = store.begin(Durability::Full).await?;
        let decision = Decision {
            kind: ZONE,
            target: server.key.clone(),
            value: name,
            author: CONFIGURATION.to_owned(),
            reason: String::new(),
        };
        tx.decide(&decision, now_ms).await?;
        tx.queue_server(&server.key).await?;
        tx.commit().await?;
    }
    // What was decided before needs no warning.
    config.notes.retain(|note| !decided.keys().any(|key| note.starts_with(&format!("the server `{key}` has no zone"))));
    Ok(())
}
