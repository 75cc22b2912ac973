use std::io::IsTerminal;
use std::sync::Arc;

use clap::Args;

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::link::system_clock;
use crate::reports::cache::Cached;
use crate::reports::desk::Desk;
use crate::serve::{Faces, run as serve, take_over};
use crate::store::{Location, Store};

use super::correct::login_name;
use super::posts::TerminalPosts;
use super::{Place, setup};

/// What people see of a hub: one desk makes the texts of posts and answers commands.
pub(crate) fn faces() -> Faces {
    Box::new(|store| {
        let desk = Desk::new(store.clone(), system_clock());
        (Arc::new(desk.clone()) as _, Arc::new(Cached::new(desk, system_clock())) as _)
    })
}

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct ServeArgs {
    /// Make a PostgreSQL database that belongs to another data directory this one's
    #[arg(long)]
    take_over: bool,
}

const HELP: &str = "\
Listens for agents, for health checks and for status, at the addresses of the configuration. Ctrl-C or SIGTERM stops it; \
what agents have not been acknowledged stays with them.\n
A PostgreSQL database belongs to the data directory that worked on it first, known by the keys in it. Who moves that \
directory moves its keys along, and needs nothing else. --take-over is for keys that are lost: new ones are made, and \
agents have to join again.";

pub(super) async fn run(place: &Place, args: ServeArgs) -> anyhow::Result<u8> {
    let config = setup::config(place)?;
    let newest_ms = config.announce_hours * 3_600_000;
    // In a journal whole posts bury what else there is, and Discord has them.
    let whole = config.discord.is_none() || std::io::stdout().is_terminal();
    let data = DataDir::open(&place.data)?;
    if args.take_over {
        own(&config, &data).await?;
    }
    serve(config, data, faces(), |hub| {
        let posts = TerminalPosts::start(hub.store().clone(), newest_ms, whole);
        move |event| posts.take(event.clone())
    })
    .await?;
    Ok(0)
}

/// Makes the database this data directory's, while no other hub works on it.
async fn own(config: &Config, data: &DataDir) -> anyhow::Result<()> {
    let Location::Server(url) = config.location(data) else {
        anyhow::bail!("--take-over is for a database of PostgreSQL; a file belongs to the directory that it lies in");
    };
    let _lock = data.lock()?;
    let store = Store::connect(&url).await?;
    store.hold().await?;
    let changed = take_over(data, &store, &login_name(), setup::clock()()).await?;
    let since = if changed { "from now on" } else { "already" };
    tracing::info!("the database {} belongs to {} {since}", store.name(), data.path().display());
    store.close().await;
    Ok(())
}
