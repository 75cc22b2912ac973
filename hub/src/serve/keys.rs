use data_encoding::HEXLOWER;

use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::pipeline::verify::signatures::is_import_of;
use crate::store::decisions::{Decision, OWNER};
use crate::store::{Durability, Store};

use super::ServeError;

/// Who decides that an unclaimed database is the data directory's that works on it first.
const THE_HUB: &str = "hub";

/// The hub's keys; a new hub's are made. Where the database shows that a hub with keys has worked on it, none is
/// quietly made anew: no agent would know the hub any more, and no import could be verified. A server's database is
/// this data directory's from now on.
pub async fn hub_keys(data: &DataDir, store: &Store, now_ms: i64) -> Result<HubKeys, ServeError> {
    check_keys(data, store).await?;
    let keys = data.keys(now_ms)?;
    if store.path().is_none() && store.owners().await?.is_empty() {
        claim(&keys, store, (THE_HUB, "the first to work on it"), now_ms).await?;
    }
    Ok(keys)
}

/// Makes a server's database this data directory's, whoever's it was, with keys made for that where there are none.
/// The answer is whether it changed hands. Agents know the other directory's hub by its keys, and have to join again.
pub async fn take_over(data: &DataDir, store: &Store, author: &str, now_ms: i64) -> Result<bool, ServeError> {
    match check_owner(data, store).await {
        Ok(()) => Ok(false),
        Err(ServeError::ForeignDatabase { .. }) => {
            claim(&data.keys(now_ms)?, store, (author, "taken over"), now_ms).await?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

async fn claim(keys: &HubKeys, store: &Store, (author, reason): (&str, &str), now_ms: i64) -> Result<(), ServeError> {
    let decision = Decision {
        kind: OWNER,
        target: "database".to_owned(),
        value: HEXLOWER.encode(keys.signing_key.verifying_key().as_bytes()),
        author: author.to_owned(),
        reason: reason.to_owned(),
    };
    let mut tx = store.begin(Durability::Full).await?;
    tx.decide(&decision, now_ms).await?;
    Ok(tx.commit().await?)
}

/// Whether the database is this data directory's, or nobody's yet, and a whole hub's. A file is its directory's.
pub async fn check_owner(data: &DataDir, store: &Store) -> Result<(), ServeError> {
    if store.path().is_some() {
        return Ok(());
    }
    if store.restoring().await?.is_some() {
        return Err(ServeError::HalfRestored(store.name()));
    }
    let own = HubKeys::public_signing_key(data.path())?;
    let is_ours = match store.owners().await?.first() {
        Some(owner) => own.is_some_and(|own| HEXLOWER.encode(own.as_bytes()) == *owner),
        // Nobody has said so yet; who imported last tells.
        None => match store.newest_batch_of("import").await? {
            Some(batch) => own.is_some_and(|own| is_import_of(&batch, &own)),
            None => true,
        },
    };
    let keys = data.path().join("keys");
    if is_ours { Ok(()) } else { Err(ServeError::ForeignDatabase { database: store.name(), keys }) }
}

/// Whether the database is this data directory's, and no key is missing that somebody relies on.
pub async fn check_keys(data: &DataDir, store: &Store) -> Result<(), ServeError> {
    check_owner(data, store).await?;
    let [authority, signing] = HubKeys::files(data.path());
    if !authority.exists() {
        let agents = store.agents().await?.iter().filter(|agent| agent.revoked_ms.is_none()).count();
        if agents > 0 {
            return Err(ServeError::AuthorityLost { missing: authority, agents });
        }
        if !signing.exists() && store.has_batch_of("import").await? {
            // The keys may be given up with purpose.
            tracing::warn!(
                "{} has no keys, and the database {} holds imports signed with other ones: new keys are made, and \
                 verify will not know those imports",
                data.path().display(),
                store.name()
            );
        }
    } else if !signing.exists() && store.has_batch_of("import").await? {
        return Err(ServeError::SigningKeyLost(signing));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::agents::InviteRow;

    const NOW_MS: i64 = 1_794_253_837_000;

    #[tokio::test]
    async fn keys_that_somebody_relies_on_are_not_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path()).unwrap();
        let store = Store::open(&data.database()).await.unwrap();
        let pin = hub_keys(&data, &store, NOW_MS).await.unwrap().authority.pin();
        let invite = InviteRow {
            secret_hash: [1; 32],
            name: "vienna".to_owned(),
            server: "main".to_owned(),
            created_ms: NOW_MS,
            expires_ms: NOW_MS,
        };
        store.add_invite(&invite).await.unwrap();
        store.enrol([1; 32], "a", &[7; 32], None, NOW_MS).await.unwrap();

        let keys = dir.path().join("keys");
        std::fs::rename(&keys, dir.path().join("elsewhere")).unwrap();
        let refused = hub_keys(&data, &store, NOW_MS).await.unwrap_err().to_string();
        insta::assert_snapshot!(refused.replace(&dir.path().display().to_string(), "DIR"));
        assert!(!keys.exists(), "nothing was made");
        std::fs::rename(dir.path().join("elsewhere"), &keys).unwrap();
        assert_eq!(hub_keys(&data, &store, NOW_MS).await.unwrap().authority.pin(), pin);

        std::fs::remove_dir_all(&keys).unwrap();
        store.revoke_agent("vienna", NOW_MS).await.unwrap();
        assert_ne!(hub_keys(&data, &store, NOW_MS).await.unwrap().authority.pin(), pin, "nobody relies on it now");
    }
}
