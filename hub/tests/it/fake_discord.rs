//! A Discord of our own: REST over TLS and a gateway, for the real client with its rate limiter on.
//!
//! It stands in for `discord.com` when the hub's config gives its [`api_address`](FakeDiscord::api_address) and
//! [`ca_file`](FakeDiscord::ca_file). It keeps channels and messages, checks what the real one checks (token,
//! permissions, message limits, nonces, the three seconds for a slash command), can be told to fail in every way that
//! matters, and records every request with the instant of its arrival.
//!
//! It holds no globals and uses nothing of the tests, so a bench or an end-to-end test may take it in with
//! `#[path = "../tests/it"] pub mod it { pub mod fake_discord; }`.
//!
//! Shapes and codes: Discord's developer documentation, and what serenity 0.12 insists on.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

mod buckets;
mod calls;
mod faults;
mod form;
mod gateway;
mod interactions;
mod limits;
mod messages;
mod refusal;
mod rest;
mod script;
mod shapes;
mod slash;
mod tls;
mod world;

pub use calls::Call;
pub use faults::Fault;
pub use form::File;
pub use interactions::Answer;
pub use messages::Message;
pub use rest::Request;

use world::World;

/// The token of the bot.
pub const TOKEN: &str = "fake.bot.token";
/// The bot's user.
pub const BOT: u64 = 900;
/// The bot's application.
pub const APPLICATION: u64 = 901;
/// The Discord server that the bot is in.
pub const GUILD: u64 = 100;
/// A text channel that is there from the start.
pub const CHANNEL: u64 = 200;
/// A person.
pub const PERSON: u64 = 300;

/// May see the channel.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// May write there.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// May write embeds there.
pub const EMBED_LINKS: u64 = 1 << 14;
/// May attach files there.
pub const ATTACH_FILES: u64 = 1 << 15;
/// May read what was written before.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;

/// How long a test waits for something before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// The running double. It ends when it is dropped.
pub struct FakeDiscord {
    shared: Arc<Shared>,
    api: SocketAddr,
    ca_pem: String,
    folder: TempDir,
    _servers: JoinSet<()>,
}

/// What the servers and the script work on.
pub(crate) struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<()>,
    gateway: SocketAddr,
}

impl Shared {
    /// The world, for a moment. Whoever waits looks again when it is given back.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let done = change(&mut self.world());
        self.changed.send_replace(());
        done
    }
}

impl FakeDiscord {
    /// Starts on free loopback ports, with one server that holds one text channel.
    pub async fn start() -> Self {
        let rest = TcpListener::bind("127.0.0.1:0").await.expect("a free port for REST");
        let gateway = TcpListener::bind("127.0.0.1:0").await.expect("a free port for the gateway");
        let api = rest.local_addr().expect("the REST port has a number");
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new()),
            changed: watch::Sender::new(()),
            gateway: gateway.local_addr().expect("the gateway port has a number"),
        });
        let authority = tls::Authority::new();
        let folder = tempfile::tempdir().expect("a folder for the certificate");
        let ca_pem = authority.pem();
        std::fs::write(folder.path().join("ca.pem"), &ca_pem).expect("the certificate can be written");
        let mut servers = JoinSet::new();
        servers.spawn(rest::serve(tls::Listener::new(rest, &authority), Arc::clone(&shared)));
        servers.spawn(gateway::serve(gateway, Arc::clone(&shared)));
        Self { shared, api, ca_pem, folder, _servers: servers }
    }

    /// Where `discord.com` is.
    pub fn api_address(&self) -> SocketAddr {
        self.api
    }

    /// The authority that vouches for it, as PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// A file with [`FakeDiscord::ca_pem`].
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A folder that lives as long as the double.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until `look` sees something, looking again at each change. Panics when it takes too long.
    pub async fn wait_for<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let mut changed = self.shared.changed.subscribe();
        let seen = timeout(PATIENCE, async {
            loop {
                changed.borrow_and_update();
                if let Some(seen) = look(self) {
                    return seen;
                }
                changed.changed().await.expect("the double is alive");
            }
        });
        match seen.await {
            Ok(seen) => seen,
            Err(late) => panic!("{late}: waited {PATIENCE:?} for {what}; requests so far: {:#?}", self.requests()),
        }
    }
}
