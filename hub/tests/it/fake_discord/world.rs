//! What this Discord knows.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::buckets::Buckets;
use super::faults::Faults;
use super::gateway::Sessions;
use super::interactions::Interactions;
use super::messages::{Message, Nonces};
use super::rest::Request;
use super::{CHANNEL, TOKEN};

/// The first millisecond of Discord's ids.
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

pub(super) struct World {
    pub(super) token: String,
    pub(super) channels: BTreeMap<u64, Channel>,
    pub(super) nonces: Nonces,
    pub(super) commands: Vec<Value>,
    pub(super) interactions: Interactions,
    /// The roles that somebody bears.
    pub(super) roles: BTreeMap<u64, Vec<u64>>,
    pub(super) sessions: Sessions,
    pub(super) faults: Faults,
    pub(super) buckets: Buckets,
    pub(super) requests: Vec<Request>,
    last_id: u64,
}

pub(super) struct Channel {
    pub(super) name: String,
    /// Discord's number for the kind; 0 is a text channel.
    pub(super) kind: u8,
    /// Permissions that the bot lacks here.
    pub(super) denied: u64,
    /// Oldest first.
    pub(super) messages: Vec<Message>,
}

impl Channel {
    pub(super) fn new(name: &str, kind: u8) -> Self {
        Self { name: name.to_owned(), kind, denied: 0, messages: Vec::new() }
    }

    /// Whether the bot may do all of `permissions` here.
    pub(super) fn allows(&self, permissions: u64) -> bool {
        self.denied & permissions == 0
    }
}

impl World {
    pub(super) fn roles_of(&self, person: u64) -> &[u64] {
        self.roles.get(&person).map_or(&[], Vec::as_slice)
    }

    pub(super) fn new() -> Self {
        Self {
            token: TOKEN.to_owned(),
            channels: BTreeMap::from([(CHANNEL, Channel::new("stats", 0))]),
            nonces: Nonces::default(),
            commands: Vec::new(),
            interactions: Interactions::default(),
            roles: BTreeMap::new(),
            sessions: Sessions::default(),
            faults: Faults::default(),
            buckets: Buckets::new(),
            requests: Vec::new(),
            last_id: 0,
        }
    }

    /// A new id: the time in the high bits, as in Discord's, and above every earlier one.
    pub(super) fn new_id(&mut self) -> u64 {
        self.last_id = ((now_ms() - DISCORD_EPOCH_MS) << 22).max(self.last_id + 1);
        self.last_id
    }
}

/// Unix milliseconds UTC.
pub(super) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_millis() as u64
}

/// When an id was made, as Discord writes times.
pub(super) fn time_of(id: u64) -> String {
    let ms = (id >> 22) + DISCORD_EPOCH_MS;
    let time = jiff::Timestamp::from_millisecond(ms as i64).expect("a time of this century");
    format!("{time:.6}").replace('Z', "+00:00")
}
