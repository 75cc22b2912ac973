use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::store::Store;

use super::ServeError;

/// The hub's keys; a new hub's are made. Where the database shows that a hub with keys has worked on it, none is
/// quietly made anew: no agent would know the hub any more, and no import could be verified.
pub async fn hub_keys(data: &DataDir, store: &Store, now_ms: i64) -> Result<HubKeys, ServeError> {
    check_keys(data, store).await?;
    Ok(data.keys(now_ms)?)
}

/// Whether no key is missing that somebody relies on.
pub async fn check_keys(data: &DataDir, store: &Store) -> Result<(), ServeError> {
    let [authority, signing] = HubKeys::files(data.path());
    if !authority.exists() {
        let agents = store.agents().await?.iter().filter(|agent| agent.revoked_ms.is_none()).count();
        if agents > 0 {
            return Err(ServeError::AuthorityLost { missing: authority, agents });
        }
        if !signing.exists() && store.has_batch_of("import").await? {
            // The keys may be given up with purpose; or a server's database is another data directory's.
            tracing::warn!(
                "{} has no keys, and the database {} holds imports signed with other ones: new keys are made, and \
                 verify will not know those imports; if the hub's data directory is another one, name it with --data",
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
        store.enrol([1; 32], "a", &[7; 32], NOW_MS).await.unwrap();

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
