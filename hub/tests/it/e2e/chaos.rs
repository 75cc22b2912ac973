//! A road with bad weather: datagrams get lost, come twice, late and in another order, from another port, or not at all
//! for a while; connections over TCP are cut, reset, stalled and closed on one side.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::road::Road;

/// What happens to datagrams and connections once the storm has broken loose. Before that all is well, but for UDP where
/// that is closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weather {
    /// Everything that happens follows from it, and from when what arrives.
    pub(crate) seed: u64,
    /// Of a hundred datagrams so many are lost.
    pub(crate) lost: u64,
    /// So many come twice.
    pub(crate) twice: u64,
    /// So many come late, behind others.
    pub(crate) late: u64,
    /// After so many datagrams of a caller they come from another port.
    pub(crate) rebound_after: Option<usize>,
    /// From and until when after the storm's beginning nothing gets through.
    pub(crate) holes: Vec<(Duration, Duration)>,
    /// UDP is closed, in every weather.
    pub(crate) no_udp: bool,
    /// What happens to connections over TCP, one after the other; those after that go well. None: TCP is closed.
    pub(crate) tcp: Option<Vec<Mishap>>,
}

/// What happens to a connection over TCP, after so many bytes from the agent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mishap {
    /// Nothing.
    None,
    /// Both ends find it closed.
    Cut(usize),
    /// Both ends find it reset.
    Reset(usize),
    /// Nothing moves any more.
    Stall(usize),
    /// The hub finds it closed, and what it says still gets through.
    HalfClose(usize),
}

/// Opens a road at one address for both ways. The storm breaks loose when its sender says so.
pub(crate) async fn open(weather: Weather) -> (Road, watch::Sender<bool>) {
    let ((hub, to), (storm, breaks)) = (watch::channel(None), watch::channel(false));
    let mut carrier = JoinSet::new();
    let (front, listener) = loop {
        let front = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        let address = front.local_addr().expect("a bound port has an address");
        if let Ok(listener) = TcpListener::bind(address).await {
            break (front, listener);
        }
    };
    let address = front.local_addr().expect("a bound port has an address");
    if let Some(mishaps) = weather.tcp.clone() {
        carrier.spawn(carry_connections(listener, mishaps.into(), to.clone()));
    }
    if !weather.no_udp {
        let sky = Arc::new(Sky::new(weather, breaks));
        carrier.spawn(carry_datagrams(Arc::new(front), sky, to));
    }
    (Road::of(address, hub, carrier), storm)
}

/// What decides about each datagram.
struct Sky {
    weather: Weather,
    storm: watch::Receiver<bool>,
    state: Mutex<(u64, Option<Instant>)>,
}

impl Sky {
    fn new(weather: Weather, storm: watch::Receiver<bool>) -> Self {
        let seed = weather.seed;
        Self { weather, storm, state: Mutex::new((seed, None)) }
    }

    /// After which waits a datagram arrives: once, twice, or never.
    fn fate(&self) -> Vec<Duration> {
        if !*self.storm.borrow() {
            return vec![Duration::ZERO];
        }
        let mut state = self.state.lock().unwrap();
        let since = state.1.get_or_insert_with(Instant::now).elapsed();
        let mut percent = || {
            state.0 = next(state.0);
            state.0 % 100
        };
        let in_a_hole = self.weather.holes.iter().any(|(from, until)| (*from..*until).contains(&since));
        if percent() < self.weather.lost || in_a_hole {
            return Vec::new();
        }
        let copies = if percent() < self.weather.twice { 2 } else { 1 };
        (0..copies)
            .map(
                |_| {
                    if percent() < self.weather.late {
                        Duration::from_millis(1 + percent() / 3)
                    } else {
                        Duration::ZERO
                    }
                },
            )
            .collect()
    }

    fn is_stormy(&self) -> bool {
        *self.storm.borrow()
    }
}

/// The next of a row of numbers without a pattern (splitmix64), as a number that can be the next seed.
fn next(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A caller's socket towards the hub, and how many datagrams have left through it in the storm.
struct Lane {
    socket: Arc<UdpSocket>,
    carried: usize,
}

async fn carry_datagrams(front: Arc<UdpSocket>, sky: Arc<Sky>, hub: watch::Receiver<Option<SocketAddr>>) {
    let mut datagram = vec![0; 65_536];
    let mut lanes: HashMap<(SocketAddr, SocketAddr), Lane> = HashMap::new();
    let mut others = JoinSet::new();
    loop {
        // An error here is the echo of an answer that found nobody.
        let Ok((length, caller)) = front.recv_from(&mut datagram).await else { continue };
        let Some(hub) = *hub.borrow() else { continue };
        let worn_out = lanes
            .get(&(caller, hub))
            .is_none_or(|lane| sky.weather.rebound_after.is_some_and(|most| sky.is_stormy() && lane.carried >= most));
        if worn_out {
            let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a free port"));
            socket.connect(hub).await.expect("loopback has a route");
            others.spawn(bring_back(Arc::clone(&socket), Arc::clone(&front), caller, Arc::clone(&sky)));
            lanes.insert((caller, hub), Lane { socket, carried: 0 });
        }
        let lane = lanes.get_mut(&(caller, hub)).expect("it was made above");
        lane.carried += usize::from(sky.is_stormy());
        for wait in sky.fate() {
            let (socket, bytes) = (Arc::clone(&lane.socket), datagram[..length].to_vec());
            // A hub that is gone refuses: to the caller that is silence.
            if wait.is_zero() {
                let _ = socket.send(&bytes).await;
            } else {
                others.spawn(async move {
                    sleep(wait).await;
                    let _ = socket.send(&bytes).await;
                });
            }
        }
        while others.try_join_next().is_some() {}
    }
}

async fn bring_back(lane: Arc<UdpSocket>, front: Arc<UdpSocket>, caller: SocketAddr, sky: Arc<Sky>) {
    let mut datagram = vec![0; 65_536];
    loop {
        let Ok(length) = lane.recv(&mut datagram).await else { continue };
        for wait in sky.fate() {
            if wait.is_zero() {
                let _ = front.send_to(&datagram[..length], caller).await;
            } else {
                let (front, bytes) = (Arc::clone(&front), datagram[..length].to_vec());
                tokio::spawn(async move {
                    sleep(wait).await;
                    let _ = front.send_to(&bytes, caller).await;
                });
            }
        }
    }
}

async fn carry_connections(
    listener: TcpListener,
    mut mishaps: VecDeque<Mishap>,
    hub: watch::Receiver<Option<SocketAddr>>,
) {
    let mut connections = JoinSet::new();
    while let Ok((agent, _)) = listener.accept().await {
        let Some(hub) = *hub.borrow() else { continue };
        let Ok(hub) = TcpStream::connect(hub).await else { continue };
        connections.spawn(carry_connection(agent, hub, mishaps.pop_front().unwrap_or(Mishap::None)));
        while connections.try_join_next().is_some() {}
    }
}

async fn carry_connection(agent: TcpStream, hub: TcpStream, mishap: Mishap) {
    let most = match mishap {
        Mishap::None => usize::MAX,
        Mishap::Cut(most) | Mishap::Reset(most) | Mishap::Stall(most) | Mishap::HalfClose(most) => most,
    };
    if matches!(mishap, Mishap::Reset(_)) {
        // Closed, they are reset.
        agent.set_zero_linger().expect("a socket can be set");
        hub.set_zero_linger().expect("a socket can be set");
    }
    let ((mut from_agent, mut to_agent), (mut from_hub, mut to_hub)) = (agent.into_split(), hub.into_split());
    let up = async {
        let mut bytes = vec![0; 1_000];
        let mut carried = 0;
        while carried < most {
            let Ok(read @ 1..) = from_agent.read(&mut bytes).await else { break };
            let read = read.min(most - carried);
            if to_hub.write_all(&bytes[..read]).await.is_err() {
                break;
            }
            carried += read;
        }
        if carried >= most && matches!(mishap, Mishap::HalfClose(_)) {
            let _ = to_hub.shutdown().await;
            // The agent goes on speaking to nobody.
            while from_agent.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
        }
        carried >= most
    };
    let down = async {
        let _ = tokio::io::copy(&mut from_hub, &mut to_agent).await;
        let _ = to_agent.shutdown().await;
    };
    let up_to_it = tokio::select! {
        up_to_it = up => up_to_it,
        () = down => false,
    };
    if up_to_it && matches!(mishap, Mishap::Stall(_)) {
        // Both ends are open, and nobody reads from them.
        std::future::pending::<()>().await;
    }
}
