//! Commands that write: in the hub that serves, or here under the data directory's lock. It is the same work with
//! the same bars either way.

use crate::archive::Archive;
use crate::data_dir::{DataDir, DataDirError};
use crate::serve::admin::{CallError, Command, Site, call};

use super::Place;
use super::progress::Bars;
use super::setup::{self, Writer, clock};

/// Carries a command out wherever it can be.
pub(super) async fn work<C: Command>(place: &Place, command: C) -> anyhow::Result<C::Answer> {
    // A configuration that is given is checked, even where the one of the hub that serves holds.
    setup::config(place)?;
    let data = DataDir::open(&place.data)?;
    let bars = Bars::default();
    let show = |step| bars.show(&step);
    let answer = match data.lock() {
        Ok(lock) => here(Writer::locked(place, data, Some(lock)).await?, command, &show).await,
        Err(refused @ DataDirError::Locked { .. }) => match call(&data, &command, &show).await {
            // A command and no hub has the lock.
            Err(CallError::NobodyServes(_)) if C::ALONE => Err(refused.into()),
            Err(CallError::NobodyServes(_)) => here(Writer::locked(place, data, None).await?, command, &show).await,
            answer => answer.map_err(Into::into),
        },
        Err(error) => Err(error.into()),
    };
    bars.clear();
    answer
}

async fn here<C: Command>(
    writer: Writer,
    command: C,
    progress: crate::serve::admin::Progress<'_>,
) -> anyhow::Result<C::Answer> {
    if C::BY_ZONE {
        writer.warn_of_zones();
    }
    let store = writer.store().clone();
    let (archive, writing) = Archive::start(store.clone(), clock());
    let site = Site {
        config: writer.config,
        data: writer.directory,
        deriver: writer.deriver,
        archive,
        clock: clock(),
        known_keys: None,
        control: None,
        connections: None,
    };
    let answer = command.run(&site, progress).await;
    drop(site);
    writing.await?;
    store.close().await;
    answer.map_err(anyhow::Error::from_boxed)
}
