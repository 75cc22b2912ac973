use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use slomix_shared::identity::AGENT_CERTIFICATE_LIFE;
use tokio::sync::{Notify, broadcast};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::admin::{AdminSocket, Site};
use super::alerts::{self, Alerts};
use super::closing::Closing;
use super::control::Control;
use super::deriving::{Deriving, Recovery};
use super::hourly::Hourly;
use super::live::LiveView;
use super::operations::HubOperations;
use super::watching::Condition;
use super::{ServeError, Source, StoreOutbox, StoreRegistry, hub_keys, metrics, revocation, settle_zones, verdicts};
use crate::archive::{Archive, ArchiveIntake};
use crate::config::Config;
use crate::data_dir::{DataDir, DataDirError, DataDirLock};
use crate::discord::outbox::{Pace, Renderer};
use crate::discord::{self, Discord};
use crate::domain::DERIVATION;
use crate::link::{Clock, Connections, HubKeys, Link, Listen, system_clock};
use crate::pipeline::{Announcer, Deriver, Event};
use crate::reports::Reports;
use crate::store::{Location, Store};
use crate::web::{self, Bound, Listener};

/// How long stopping may take altogether: service managers lose their patience some time after this.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How long batches under way may take to be kept when the hub stops.
const LINK_GRACE: Duration = Duration::from_secs(2);
/// How long files that are kept may take to be derived when the hub stops.
const DERIVE_GRACE: Duration = Duration::from_secs(2);
/// How long Discord may take to log off; messages under way get three seconds of it.
const DISCORD_GRACE: Duration = Duration::from_secs(4);

/// How often it is looked whether a session is over.
const LOOK_FOR_ENDS: Duration = Duration::from_mins(1);

/// Makes what people see, over the hub's database: the texts of posts, and the answers to commands.
pub type Faces = Box<dyn FnOnce(&Store) -> (Arc<dyn Renderer>, Arc<dyn Reports>) + Send>;

/// What a hub is made of.
pub struct Parts {
    /// What the operator wants.
    pub config: Config,
    /// Where everything lies.
    pub data: DataDir,
    /// What people see.
    pub faces: Faces,
    /// The time.
    pub clock: Clock,
    /// How patient the outbox is.
    pub pace: Pace,
    /// How often it is looked whether a session is over.
    pub look_for_ends: Duration,
    /// How often it is looked for what an operator should hear of.
    pub look_for_alerts: Duration,
    /// How long the certificates hold that agents get.
    pub certificate_life: Duration,
}

impl Parts {
    /// With the system's clock and the usual patience.
    pub fn new(config: Config, data: DataDir, faces: Faces) -> Self {
        Self {
            config,
            data,
            faces,
            clock: system_clock(),
            pace: Pace::default(),
            look_for_ends: LOOK_FOR_ENDS,
            look_for_alerts: alerts::EVERY,
            certificate_life: AGENT_CERTIFICATE_LIFE,
        }
    }
}

/// Where a hub listens, with the real ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// Agents, over UDP.
    pub link: SocketAddr,
    /// Agents, over TCP; none where that way is turned off.
    pub link_tcp: Option<SocketAddr>,
    /// Pages, JSON and health checks.
    pub http: SocketAddr,
    /// `/status` and `/metrics`.
    pub admin: SocketAddr,
}

/// A running hub.
pub struct Hub {
    store: Store,
    keys: Arc<HubKeys>,
    archive: Archive,
    writing: JoinHandle<()>,
    deriver: Deriver,
    deriving: Deriving,
    link: Link,
    discord: Arc<Mutex<Discord>>,
    listeners: Vec<Listener>,
    commands: AdminSocket,
    addresses: Addresses,
    source: Source,
    /// Tasks that only carry things from one part to another.
    carriers: Vec<JoinHandle<()>>,
    _lock: DataDirLock,
}

impl Hub {
    /// Starts everything. What was kept and not derived before is driven at once. Must be called within a tokio
    /// runtime.
    pub async fn start(parts: Parts) -> Result<Self, ServeError> {
        let Parts { mut config, data, faces, clock, pace, look_for_ends, look_for_alerts, certificate_life } = parts;
        let lock = data.lock()?;
        let started_ms = clock();
        let http = Listener::bind("http", config.http).await?;
        let admin = Listener::bind("admin", config.admin).await?;
        let counters = metrics::install();
        let store = open_store(&config, &data).await?;

        let keys = Arc::new(hub_keys(&data, &store, started_ms).await?);
        warn_of_unknown_servers(&store, &config).await?;
        settle_zones(&mut config, &store, started_ms).await?;
        if store.expect_derivation(DERIVATION).await? && store.artifact_count().await? > 0 {
            tracing::info!("another version of this program derived what is stored; it is derived anew");
        }
        tell_notes(&config);

        let newest_ms = config.announce_hours * 3_600_000;
        let announcer = Announcer::new(config.channels(), newest_ms).with(config.extras);
        let asked = announcer.bell();
        let (archive, writing) = Archive::start(store.clone(), clock.clone());
        let deriver = Deriver::new(store.clone(), config.rule_book(), announcer, clock.clone());
        let registry = Arc::new(StoreRegistry(store.clone()));
        let intake = Arc::new(ArchiveIntake::new(archive.clone()));
        let keeping = intake.trouble();
        let (listen, register) = (Listen { udp: config.link.listen, tcp: config.link.tcp }, registry.clone());
        let link = Link::start(listen, keys.clone(), intake, register, clock.clone(), certificate_life)?;
        let control = Control::new(store.clone(), link.connections(), clock.clone(), &config);
        let site = Site {
            config: config.clone(),
            deriver: deriver.clone(),
            archive: archive.clone(),
            clock: clock.clone(),
            known_keys: Some(keys.clone()),
            control: Some(control),
            connections: Some(link.connections()),
            data,
        };
        let path = site.data.path().to_owned();
        let commands = AdminSocket::open(Arc::new(site)).map_err(|source| ServeError::admin_socket(&path, source))?;
        let condition = Condition::of(store.clone(), clock.clone());
        let mut carriers = vec![
            tokio::spawn(verdicts::tell(deriver.events(), link.connections())),
            tokio::spawn(revocation::watch(registry, link.connections())),
            tokio::spawn(metrics::upkeep(counters.clone())),
            tokio::spawn(condition.clone().watch()),
        ];
        let (deriving, trouble) = Deriving::start(deriver.clone(), archive.kept(), Recovery::default());

        // Discord tells of itself in the status, and shows the status: it is off until it is started below.
        let discord = Arc::new(Mutex::new(Discord::off()));
        let addresses = addresses(&link, &http, &admin);
        let source = Source {
            store: store.clone(),
            connections: link.connections(),
            porch: link.porch(),
            live: LiveView::new(link.connections().live(), clock.clone(), &config),
            alerts: Alerts::none(),
            discord: discord.clone(),
            condition,
            keeping,
            deriving: trouble,
            listening: addresses,
            counters,
            clock: clock.clone(),
            started_ms,
        };
        carriers.push(tokio::spawn(source.alerts.clone().watch(source.clone(), look_for_alerts)));
        if let Some(settings) = config.discord.clone() {
            let (renderer, reports) = faces(&store);
            let hourly = Hourly::default();
            carriers.push(tokio::spawn(hourly.clone().watch(source.clone())));
            carriers.push(tokio::spawn(forget_at_changes(deriver.events(), reports.clone())));
            let closing = Closing { deriver: deriver.clone(), clock: clock.clone(), newest_ms };
            carriers.push(tokio::spawn(closing.watch(look_for_ends)));
            let (source, reports) = (source.clone(), reports.clone());
            let (store, deriver) = (store.clone(), deriver.clone());
            let operations = Arc::new(HubOperations { store, deriver, clock, source, reports, hourly, data: path });
            let (outbox, reports) = (Arc::new(StoreOutbox(operations.store.clone())), operations.reports.clone());
            let alerts = operations.source.alerts.changes();
            let parts = discord::Parts { store: outbox, renderer, reports, operations, alerts, pace };
            let started = discord::start(settings, parts);
            carriers.push(tokio::spawn(pass_on(asked, started.bell())));
            *discord.lock().unwrap_or_else(PoisonError::into_inner) = started;
        }
        let public = web::health::routes(source.clone()).merge(web::live::routes(source.live.clone()));
        let listeners = vec![http.serve(public), admin.serve(web::admin::routes(source.clone()))];
        Ok(Self {
            store,
            keys,
            archive,
            writing,
            deriver,
            deriving,
            link,
            discord,
            listeners,
            commands,
            addresses,
            source,
            carriers,
            _lock: lock,
        })
    }

    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The keys that it is known by.
    pub fn keys(&self) -> &HubKeys {
        &self.keys
    }

    /// The way into the archive, for imports.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// What the pipeline does from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.deriver.events()
    }

    /// The agents that are connected now.
    pub fn connections(&self) -> Arc<Connections> {
        self.link.connections()
    }

    /// Where its status is read.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Stops within ten seconds: no more batches are taken, those under way are kept and acknowledged, what is kept
    /// is derived as far as time allows, posts under way arrive, and the database is closed.
    pub async fn stop(self) {
        let ends = Instant::now() + STOP_WITHIN;
        let at_most = |grace: Duration| grace.min(ends.saturating_duration_since(Instant::now()));
        // Whoever watches game servers would hold its listener up.
        self.source.live.live().close();
        self.link.shut_down(LINK_GRACE).await;
        self.commands.stop().await;
        // With the link's handle, the commands' and this one the archive's last are gone, and its task ends when its queue is empty.
        drop(self.archive);
        if tokio::time::timeout(at_most(LINK_GRACE), self.writing).await.is_err() {
            tracing::warn!("the archive was still writing; what it did not acknowledge is sent again");
        }
        self.deriving.stop(at_most(DERIVE_GRACE)).await;
        let discord =
            std::mem::replace(&mut *self.discord.lock().unwrap_or_else(PoisonError::into_inner), Discord::off());
        if tokio::time::timeout(at_most(DISCORD_GRACE), discord.stop()).await.is_err() {
            tracing::warn!("Discord did not let go in time; the next start looks for what was under way");
        }
        for carrier in self.carriers {
            carrier.abort();
        }
        for listener in self.listeners {
            listener.stop().await;
        }
        if tokio::time::timeout(at_most(STOP_WITHIN), self.store.close()).await.is_err() {
            tracing::warn!("the database was still busy; nothing of it is lost");
        }
    }
}

/// The database, for this hub alone.
async fn open_store(config: &Config, data: &DataDir) -> Result<Store, ServeError> {
    let location = config.location(data);
    let store = Store::at(&location).await.map_err(|error| match location {
        Location::File(_) if error.is_disk_full() => DataDirError::Full(data.path().to_owned()).into(),
        _ => ServeError::Store(error),
    })?;
    store.hold().await?;
    Ok(store)
}

fn addresses(link: &Link, http: &Bound, admin: &Bound) -> Addresses {
    let (udp, tcp) = (link.local_addr(), link.tcp_addr());
    Addresses { link: udp, link_tcp: tcp, http: http.address(), admin: admin.address() }
}

/// An agent that ships for a server which the configuration does not have keeps shipping, and somebody should know.
async fn warn_of_unknown_servers(store: &Store, config: &Config) -> Result<(), ServeError> {
    let agents = store.agents().await?.into_iter();
    for agent in agents.filter(|agent| agent.revoked_ms.is_none() && config.server(&agent.server).is_none()) {
        tracing::warn!(
            agent.name,
            agent.server,
            "an agent ships for a server that the configuration does not have, so the server's clock is taken for \
             UTC: add it as [[server]], or revoke the agent"
        );
    }
    Ok(())
}

fn tell_notes(config: &Config) {
    for note in &config.notes {
        tracing::warn!("{note}");
    }
}

/// Has answers made anew once something changed, or may have.
async fn forget_at_changes(mut events: broadcast::Receiver<Event>, reports: Arc<dyn Reports>) {
    loop {
        match events.recv().await {
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                reports.forget();
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Rings one bell when another rings.
async fn pass_on(from: Arc<Notify>, to: Arc<Notify>) {
    loop {
        from.notified().await;
        to.notify_one();
    }
}
