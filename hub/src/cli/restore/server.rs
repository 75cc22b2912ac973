use anyhow::bail;

use crate::store::{DatabaseUrl, Durability, Store, StoreError};

/// A server's database that a backup is restored into. It is marked from the first row to the last, so that a restore
/// that breaks off starts over by itself, and never takes a hub away that was whole.
pub(super) struct Server {
    pub(super) store: Store,
    url: DatabaseUrl,
    backup: String,
    /// Whether what stands there is half a hub that was made of this backup.
    pub(super) again: bool,
    /// The schema in which the hub lies that was there.
    pub(super) aside: Option<String>,
}

impl Server {
    /// Takes the database, and refuses one that holds something else than a half-made hub of this backup, unless that
    /// may be moved aside. Nothing is changed yet.
    pub(super) async fn take(url: &DatabaseUrl, backup: String, force: bool) -> anyhow::Result<Self> {
        let store = Store::connect(url).await?;
        store.hold().await?;
        let half = store.restoring().await?;
        let again = half.as_ref() == Some(&backup);
        if !again && !force {
            let name = store.name();
            if half.is_some() {
                bail!(
                    "a restore of another backup into {name} was broken off: run it again with that file, or give \
                     --force to have this one in its place"
                );
            }
            if !store.is_unused().await? {
                bail!(
                    "{name} holds a hub already: restore into an empty database, or give --force, which moves that \
                     hub's tables and keys aside"
                );
            }
        }
        Ok(Self { store, url: url.clone(), backup, again, aside: None })
    }

    /// Makes room: half a hub is taken away, a whole one is moved into a schema that is named after `stamp`.
    pub(super) async fn make_room(&mut self, stamp: &str, now_ms: i64) -> Result<(), StoreError> {
        if self.store.restoring().await?.is_none() && !self.store.is_unused().await? {
            self.aside = self.store.move_aside(stamp).await?;
            self.store.close().await;
            self.store = Store::connect(&self.url).await?;
            self.store.hold().await?;
        }
        let mut tx = self.store.begin(Durability::Full).await?;
        tx.take_all_away().await?;
        tx.begin_restoring(&self.backup, now_ms).await?;
        tx.commit().await
    }

    /// The hub is whole and its keys are in their place.
    pub(super) async fn finish(&self) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Durability::Full).await?;
        tx.end_restoring().await?;
        tx.commit().await?;
        self.store.close().await;
        Ok(())
    }

    /// Puts everything back as it was, as far as that can be done now; the answer is how it stands, in words.
    pub(super) async fn give_up(self) -> String {
        let undone = match &self.aside {
            Some(aside) => self.store.bring_back(aside).await,
            None => self.empty().await,
        };
        match (undone, &self.aside) {
            (Ok(()), Some(_)) => "the backup could not be restored; the hub that was there is in its place".to_owned(),
            (Ok(()), None) => "the backup could not be restored; the database is empty again".to_owned(),
            (Err(_), aside) => self.half(aside.as_deref()),
        }
    }

    /// What is said where half a hub is left.
    pub(super) fn half(&self, aside: Option<&str>) -> String {
        let name = self.store.name();
        let there =
            aside.map(|aside| format!(" (the hub that was there is in its schema {aside})")).unwrap_or_default();
        format!(
            "the backup could not be restored, and half a hub is left in {name}{there}: run the same command again, \
             which starts over by itself"
        )
    }

    async fn empty(&self) -> Result<(), StoreError> {
        let mut tx = self.store.begin(Durability::Full).await?;
        tx.take_all_away().await?;
        tx.commit().await
    }
}
