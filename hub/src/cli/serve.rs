use std::sync::Arc;

use crate::data_dir::DataDir;
use crate::reports::desk::Desk;
use crate::serve::{Faces, run as serve};

use super::posts::TerminalPosts;
use super::{Place, setup};

/// What people see of a hub: one desk makes the texts of posts and answers commands.
pub(crate) fn faces() -> Faces {
    Box::new(|store| {
        let desk = Desk::new(store.clone());
        (Arc::clone(&desk) as _, desk as _)
    })
}

pub(super) async fn run(place: &Place) -> anyhow::Result<u8> {
    let config = setup::config(place)?;
    let newest_ms = config.announce_hours * 3_600_000;
    let data = DataDir::open(&place.data)?;
    serve(config, data, faces(), |hub| {
        let posts = TerminalPosts::start(hub.store().clone(), newest_ms);
        move |event| posts.take(event.clone())
    })
    .await?;
    Ok(0)
}
