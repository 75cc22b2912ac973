//! What the commands work with.

use std::sync::Arc;

use anyhow::Context;

use crate::archive::Clock;
use crate::config::Config;
use crate::data_dir::{DataDir, DataDirError, DataDirLock};
use crate::domain::DERIVATION;
use crate::pipeline::{Announcer, Deriver};
use crate::serve::{check_owner, settle_zones};
use crate::store::{Location, Store};

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
    if let Some(url) = config(place)?.database {
        return Ok(Store::connect(&url).await?);
    }
    let data = expect_database(place)?;
    Ok(Store::open(&data.database()).await?)
}

/// Refuses where no hub has worked, so that a mistyped `--data` makes none. On a database of a server the directory
/// tells nothing.
pub(super) fn expect_hub(place: &Place) -> anyhow::Result<()> {
    if config(place)?.database.is_none() {
        expect_database(place)?;
    }
    Ok(())
}

/// The data directory, with a database in it.
fn expect_database(place: &Place) -> anyhow::Result<DataDir> {
    match DataDir::find(&place.data)? {
        Some(data) if data.has_database()? => Ok(data),
        Some(data) if data.is_half_restored() => Err(DataDirError::HalfRestored(place.data.clone()).into()),
        _ => anyhow::bail!(
            "no hub has worked in {} yet: slomix-hub import or serve makes it, --data names another directory",
            place.data.display()
        ),
    }
}

/// The database and a deriver for commands that write; no other hub may write meanwhile.
pub(super) struct Writer {
    pub(super) directory: DataDir,
    pub(super) deriver: Deriver,
    /// With the zones that hold.
    pub(super) config: Config,
    _lock: Option<DataDirLock>,
}

impl Writer {
    pub(super) async fn open(place: &Place) -> anyhow::Result<Self> {
        let directory = DataDir::open(&place.data)?;
        let lock = directory.lock()?;
        Self::locked(place, directory, Some(lock)).await
    }

    /// As [`Self::open`], with the lock in hand; without one for what a database transaction is enough for.
    pub(super) async fn locked(place: &Place, directory: DataDir, lock: Option<DataDirLock>) -> anyhow::Result<Self> {
        let mut config = config(place)?;
        let location = config.location(&directory);
        let store = Store::at(&location).await.with_context(|| match &location {
            Location::File(_) => "the data directory cannot be used",
            Location::Server(_) => "the database server cannot be used",
        })?;
        if lock.is_some() {
            store.hold().await?;
        }
        check_owner(&directory, &store).await?;
        settle_zones(&mut config, &store, clock()()).await?;
        store.expect_derivation(DERIVATION).await?;
        // Nothing is posted anew by a command, but what was posted is edited where it shows something else now.
        let channels = store.post_channels().await?;
        let announcer = Announcer::new(Arc::new(move |_| channels.clone()), i64::MIN);
        let deriver = Deriver::new(store, config.rule_book(), announcer, clock());
        Ok(Self { directory, deriver, config, _lock: lock })
    }

    /// Says which servers have no zone, for commands that derive many rounds.
    pub(super) fn warn_of_zones(&self) {
        for note in self.config.notes.iter().filter(|note| note.contains("zone")) {
            tracing::warn!("{note}");
        }
    }

    pub(super) fn store(&self) -> &Store {
        self.deriver.store()
    }
}
