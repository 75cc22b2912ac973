//! What the commands work with.

use std::sync::Arc;

use anyhow::Context;

use crate::archive::Clock;
use crate::config::Config;
use crate::data_dir::{DataDir, DataDirLock};
use crate::domain::DERIVATION;
use crate::pipeline::{Announcer, Deriver};
use crate::serve::settle_zones;
use crate::store::Store;

use super::Place;

/// The wall clock.
pub(crate) fn clock() -> Clock {
    Arc::new(|| jiff::Timestamp::now().as_millisecond())
}

pub(super) fn config(place: &Place) -> anyhow::Result<Config> {
    Ok(Config::load(place.config.as_deref(), |name| std::env::var(name).ok())?)
}

/// The database for reading commands, which may run beside a serving hub.
pub(super) async fn reader(place: &Place) -> anyhow::Result<Store> {
    // A configuration that is given is checked even where nothing of it is needed.
    config(place)?;
    let database = place.data.is_dir().then(|| DataDir::open(&place.data)).transpose()?.map(|data| data.database());
    let Some(database) = database.filter(|path| path.exists()) else {
        anyhow::bail!(
            "no hub has worked in {} yet: slomix-hub import or serve makes it, --data names another directory",
            place.data.display()
        );
    };
    Ok(Store::open(&database).await?)
}

/// The database and a deriver for commands that write; no other hub may write meanwhile.
pub(super) struct Writer {
    pub(super) directory: DataDir,
    pub(super) deriver: Deriver,
    _lock: DataDirLock,
}

impl Writer {
    pub(super) async fn open(place: &Place) -> anyhow::Result<Self> {
        let mut config = config(place)?;
        let directory = DataDir::open(&place.data)?;
        let lock = directory.lock()?;
        let store = Store::open(&directory.database()).await.context("the data directory cannot be used")?;
        settle_zones(&mut config, &store, clock()()).await?;
        store.expect_derivation(DERIVATION).await?;
        for note in config.notes.iter().filter(|note| note.contains("zone")) {
            tracing::warn!("{note}");
        }
        let deriver = Deriver::new(store, config.rule_book(), Announcer::silent(), clock());
        Ok(Self { directory, deriver, _lock: lock })
    }

    pub(super) fn store(&self) -> &Store {
        self.deriver.store()
    }
}
