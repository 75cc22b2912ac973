//! What agents last saw of their game servers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use slomix_shared::game::MapName;
use slomix_shared::identity::AgentId;
use slomix_shared::wire::{GamePlayer, LiveState};
use tokio::sync::watch;

use super::connections::lock;

/// Characters of a player's name.
const NAME: usize = 64;
/// Characters of any other text.
const TEXT: usize = 80;
/// Characters of what an agent says to its operator.
const ADVICE: usize = 240;

/// The game servers, as their agents last told of them. Nothing of it is kept: what is lost is told again.
#[derive(Debug)]
pub struct Live {
    servers: Mutex<BTreeMap<String, Heard>>,
    /// Counts what was told.
    change: watch::Sender<Change>,
}

/// What was told of one game server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Which agent told.
    pub agent: AgentId,
    /// When it came, Unix milliseconds.
    pub heard_ms: i64,
    /// Which change it was.
    pub change: u64,
    /// What was told.
    pub state: LiveState,
}

/// How much was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// So many times.
    pub count: u64,
    /// Nothing more will be.
    pub closed: bool,
}

impl Default for Live {
    fn default() -> Self {
        Self { servers: Mutex::default(), change: watch::Sender::new(Change::default()) }
    }
}

impl Live {
    /// Every server of which anything is known, by key.
    pub fn list(&self) -> BTreeMap<String, Heard> {
        lock(&self.servers).clone()
    }

    /// Tells when something is different.
    pub fn watch(&self) -> watch::Receiver<Change> {
        self.change.subscribe()
    }

    /// Lets whoever watches go.
    pub fn close(&self) {
        self.change.send_modify(|change| change.closed = true);
    }

    /// An agent tells of the game server that it ships for.
    pub(crate) fn hear(&self, agent: AgentId, server: &str, state: LiveState, now_ms: i64) {
        let mut servers = lock(&self.servers);
        let change = self.change.borrow().count + 1;
        let state = bounded(state);
        servers.insert(server.to_owned(), Heard { agent, heard_ms: now_ms, change, state });
        drop(servers);
        self.change.send_modify(|now| now.count = now.count.max(change));
    }
}

/// An agent is trusted no further than to tell of its own server: names stay short and steer nothing.
fn bounded(state: LiveState) -> LiveState {
    let player = |player: GamePlayer| GamePlayer { name: plain(&player.name, NAME), ..player };
    LiveState {
        map: state.map.filter(|map| MapName::parse(map).is_some()),
        players: state.players.map(|players| players.into_iter().map(player).collect()),
        round: state.round.map(|mut round| {
            round.end_reason = round.end_reason.map(|reason| plain(&reason, TEXT));
            round
        }),
        silence: state.silence.map(|why| plain(&why, ADVICE)),
        console: state.console.map(|why| plain(&why, ADVICE)),
        ..state
    }
}

fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_word_counts_and_is_kept_short() {
        let (live, agent) = (Live::default(), AgentId::from_bytes([1; 16]));
        let watch = live.watch();
        let state = |map: &str, name: &str| LiveState {
            map: Some(map.to_owned()),
            players: Some(vec![GamePlayer { name: name.to_owned(), ..GamePlayer::default() }]),
            silence: Some(name.to_owned()),
            console: Some(name.repeat(99)),
            ..LiveState::default()
        };
        live.hear(agent, "main", state("supply", "a"), 1);
        live.hear(agent, "duel", state("no/map", &"\u{1b}[2Jb".repeat(99)), 2);
        live.hear(agent, "main", state("oasis", "c"), 3);
        let list = live.list();
        assert_eq!((list["main"].heard_ms, list["main"].change, list["duel"].change), (3, 3, 2));
        assert_eq!((list["main"].state.map.as_deref(), &list["duel"].state.map), (Some("oasis"), &None));
        let name = &list["duel"].state.players.as_ref().unwrap()[0].name;
        assert!(name.chars().count() == NAME && name.starts_with("[2Jb"));
        let duel = &list["duel"].state;
        let (silence, console) = (duel.silence.as_ref().unwrap(), duel.console.as_ref().unwrap());
        assert_eq!((silence.chars().count(), console.chars().count()), (240, 240));
        assert!(!silence.contains('\u{1b}') && !console.contains('\u{1b}'));
        assert_eq!(*watch.borrow(), Change { count: 3, closed: false });
        live.close();
        assert!(watch.borrow().closed);
    }
}
