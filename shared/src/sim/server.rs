//! A game server as it answers on its UDP port.
//!
//! It is a value: datagrams go in with the time, datagrams come out, and the caller has the socket. What it does is
//! what ET:Legacy 2.83 to 2.85 does with connectionless packets: three kinds of request, leaky buckets under
//! `sv_protect 1`, console output in pieces of 239 bytes that end between two prints, and silence while a map loads,
//! with what came meanwhile answered afterwards.

mod bucket;
mod console;
mod line;
mod player;
mod redirect;
mod replies;

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use bucket::Bucket;
pub use player::SimPlayer;

/// Every packet that belongs to no connection begins so.
const HEADER: [u8; 4] = [0xFF; 4];
/// What waits in the socket while nobody reads it.
const WAITING: usize = 128;

/// Something that the server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// To whom.
    pub to: SocketAddr,
    /// What.
    pub bytes: Vec<u8>,
}

/// A setting of the server.
#[derive(Debug, Clone)]
struct Cvar {
    name: String,
    value: String,
    default: String,
    /// Told to everybody.
    serverinfo: bool,
}

/// The server.
#[derive(Debug, Clone)]
pub struct GameServer {
    cvars: Vec<Cvar>,
    slots: Vec<Option<SimPlayer>>,
    maps: Vec<String>,
    /// Lines of the chat, as `say` of the console made them.
    pub chat: Vec<String>,
    /// Commands of the console that were carried out, in order.
    pub commands: Vec<String>,
    /// Whether the process is there.
    pub running: bool,
    /// How long loading a map takes, in milliseconds.
    pub load_ms: i64,
    /// Whether `echo` is printed where the asker hears it. Some builds of the dedicated server put it off until the
    /// answer is closed.
    pub echoes: bool,
    /// So many datagrams on their way out are lost.
    pub lose: usize,
    /// The next two datagrams on their way out change places.
    pub swap: bool,
    /// What a command prints, for commands of a test's own: each print by itself.
    pub scripts: BTreeMap<String, Vec<Vec<u8>>>,
    loading_until: Option<i64>,
    /// What the command that loads a map prints behind it.
    unsent: Vec<Datagram>,
    waiting: VecDeque<(SocketAddr, Vec<u8>)>,
    by_address: BTreeMap<IpAddr, Bucket>,
    outbound: Bucket,
    bad_rcon: Bucket,
    now_ms: i64,
}

impl GameServer {
    /// A stopwatch server of 16 slots on the first of its maps, with `sv_protect 1` and a console password.
    pub fn new(maps: &[&str], password: &str) -> Self {
        let cvar = |name: &str, value: &str, default: &str, serverinfo| Cvar {
            name: name.to_owned(),
            value: value.to_owned(),
            default: default.to_owned(),
            serverinfo,
        };
        let map = maps.first().copied().unwrap_or("oasis");
        let cvars = vec![
            cvar("mod_version", "v2.85.0", "v2.85.0", true),
            cvar("gamename", "legacy", "legacy", true),
            cvar("g_needpass", "0", "0", true),
            cvar("g_friendlyFire", "1", "1", true),
            cvar("sv_privateClients", "0", "0", true),
            cvar("mapname", map, "nomap", true),
            cvar("protocol", "84", "84", true),
            cvar("timelimit", "12", "0", true),
            cvar("g_gametype", "3", "4", true),
            cvar("sv_maxclients", "16", "20", true),
            cvar("sv_hostname", "^1Simulated ^7server", "ETLHost", true),
            cvar("sv_protect", "1", "0", false),
            cvar("sv_fps", "40", "20", false),
            cvar("rconPassword", password, "", false),
        ];
        Self {
            cvars,
            slots: vec![None; 16],
            maps: maps.iter().map(|map| (*map).to_owned()).collect(),
            chat: Vec::new(),
            commands: Vec::new(),
            running: true,
            load_ms: 4_000,
            echoes: true,
            lose: 0,
            swap: false,
            scripts: BTreeMap::new(),
            loading_until: None,
            unsent: Vec::new(),
            waiting: VecDeque::new(),
            by_address: BTreeMap::new(),
            outbound: Bucket::default(),
            bad_rcon: Bucket::default(),
            now_ms: 0,
        }
    }

    /// Puts somebody into a slot.
    pub fn seat(&mut self, slot: usize, player: SimPlayer) {
        self.slots[slot] = Some(player);
    }

    /// Who sits in a slot.
    pub fn seated(&self, slot: usize) -> Option<&SimPlayer> {
        self.slots.get(slot)?.as_ref()
    }

    /// The value of a setting; empty where there is none.
    pub fn cvar(&self, name: &str) -> &str {
        self.find_cvar(name).map_or("", |cvar| cvar.value.as_str())
    }

    /// Changes a setting, or makes one that everybody is told.
    pub fn set_cvar(&mut self, name: &str, value: &str) {
        match self.cvars.iter_mut().find(|cvar| cvar.name.eq_ignore_ascii_case(name)) {
            Some(cvar) => value.clone_into(&mut cvar.value),
            None => self.cvars.push(Cvar {
                name: name.to_owned(),
                value: value.to_owned(),
                default: String::new(),
                serverinfo: true,
            }),
        }
    }

    fn find_cvar(&self, name: &str) -> Option<&Cvar> {
        self.cvars.iter().find(|cvar| cvar.name.eq_ignore_ascii_case(name))
    }

    /// Loads a map, which takes [`Self::load_ms`] from `now_ms` on.
    pub fn load(&mut self, map: &str, now_ms: i64) {
        self.set_cvar("mapname", map);
        self.loading_until = Some(now_ms + self.load_ms);
    }

    /// When the map that is being loaded will be there.
    pub fn loading_until(&self) -> Option<i64> {
        self.loading_until
    }

    /// A datagram came; what the server sends at once.
    pub fn handle(&mut self, now_ms: i64, from: SocketAddr, datagram: &[u8]) -> Vec<Datagram> {
        let mut sent = self.wake(now_ms);
        if !self.running {
            return sent;
        }
        if self.loading_until.is_some() {
            if self.waiting.len() < WAITING {
                self.waiting.push_back((from, datagram.to_owned()));
            }
            return sent;
        }
        let answer = self.answer(now_ms, from, datagram);
        sent.extend(self.on_the_way(answer));
        sent
    }

    /// Time has passed: a map may have been loaded, and what came meanwhile is answered.
    pub fn wake(&mut self, now_ms: i64) -> Vec<Datagram> {
        if self.loading_until.is_none_or(|until| now_ms < until) {
            return Vec::new();
        }
        self.loading_until = None;
        let mut sent = std::mem::take(&mut self.unsent);
        while self.loading_until.is_none()
            && let Some((from, datagram)) = self.waiting.pop_front()
        {
            let answer = self.answer(now_ms, from, &datagram);
            sent.extend(self.on_the_way(answer));
        }
        sent
    }

    /// The network between.
    fn on_the_way(&mut self, mut datagrams: Vec<Datagram>) -> Vec<Datagram> {
        let lost = self.lose.min(datagrams.len());
        self.lose -= lost;
        datagrams.drain(..lost);
        if self.swap && datagrams.len() >= 2 {
            self.swap = false;
            datagrams.swap(0, 1);
        }
        datagrams
    }

    fn answer(&mut self, now_ms: i64, from: SocketAddr, datagram: &[u8]) -> Vec<Datagram> {
        self.now_ms = now_ms;
        let Some(rest) = datagram.strip_prefix(&HEADER[..]) else { return Vec::new() };
        let line = line::first(rest);
        let words = line::words(&line);
        let Some(verb) = words.first().map(|verb| verb.to_ascii_lowercase()) else { return Vec::new() };
        let bodies = match verb.as_slice() {
            b"getstatus" if self.lets_in(from) => {
                self.status_reply(words.get(1).map(Vec::as_slice)).into_iter().collect()
            }
            b"getinfo" if self.lets_in(from) => self.info_reply(words.get(1).map(Vec::as_slice)).into_iter().collect(),
            b"getchallenge" if self.lets_in(from) => vec![b"challengeResponse 1640508714".to_vec()],
            b"rcon" => self.rcon(from, &line, words.get(1).map(Vec::as_slice)),
            _ => Vec::new(),
        };
        bodies.into_iter().map(|body| Datagram { to: from, bytes: [&HEADER[..], &body].concat() }).collect()
    }

    fn protects(&self) -> bool {
        self.cvar("sv_protect").parse::<u32>().is_ok_and(|mask| mask & 1 != 0)
    }

    /// Whether a request that is no command fits through the buckets.
    fn lets_in(&mut self, from: SocketAddr) -> bool {
        !self.protects() || (self.knows(from) && self.outbound.takes(10, 100, self.now_ms))
    }

    fn knows(&mut self, from: SocketAddr) -> bool {
        self.by_address.entry(from.ip()).or_default().takes(10, 1_000, self.now_ms)
    }
}

#[cfg(test)]
mod tests;
