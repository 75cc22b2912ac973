//! What everybody is told.

use super::GameServer;

/// Bytes of an infostring at most.
const MOST: usize = 1_023;
/// A longer challenge gets no answer.
const CHALLENGE: usize = 128;
const VERSION: &str = "ET Legacy v2.85.0 linux-x86_64 Nov 22 2026";

impl GameServer {
    pub(super) fn status_reply(&self, challenge: Option<&[u8]>) -> Option<Vec<u8>> {
        if challenge.is_some_and(|challenge| challenge.len() > CHALLENGE) || self.cvar("sv_hidden") == "1" {
            return None;
        }
        let mut info = Vec::new();
        for cvar in self.cvars.iter().filter(|cvar| cvar.serverinfo) {
            add(&mut info, &cvar.name, cvar.value.as_bytes());
        }
        add(&mut info, "P", &self.teams());
        add(&mut info, "challenge", challenge.unwrap_or_default());
        add(&mut info, "version", VERSION.as_bytes());
        let mut reply = [b"statusResponse\n", &info[..], b"\n"].concat();
        for player in self.slots.iter().flatten() {
            let ping = if player.bot { 0 } else { player.ping.unwrap_or(999) };
            reply.extend_from_slice(format!("{} {ping} \"", player.score).as_bytes());
            reply.extend_from_slice(&player.name);
            reply.extend_from_slice(b"\"\n");
        }
        Some(reply)
    }

    pub(super) fn info_reply(&self, challenge: Option<&[u8]>) -> Option<Vec<u8>> {
        if challenge.is_some_and(|challenge| challenge.len() > CHALLENGE) {
            return None;
        }
        let clients = self.slots.iter().flatten().count().to_string();
        let humans = self.slots.iter().flatten().filter(|player| !player.bot).count().to_string();
        let mut info = Vec::new();
        add(&mut info, "challenge", challenge.unwrap_or_default());
        let told = [
            ("version", VERSION),
            ("protocol", "84"),
            ("hostname", self.cvar("sv_hostname")),
            ("serverload", "-1"),
            ("mapname", self.cvar("mapname")),
            ("clients", &clients),
            ("humans", &humans),
            ("sv_maxclients", self.cvar("sv_maxclients")),
            ("gametype", self.cvar("g_gametype")),
            ("needpass", self.cvar("g_needpass")),
            ("gamename", "et"),
        ];
        for (key, value) in told {
            add(&mut info, key, value.as_bytes());
        }
        Some([b"infoResponse\n", &info[..]].concat())
    }

    /// One letter for each slot up to the last that is used.
    fn teams(&self) -> Vec<u8> {
        let letter = |player: &Option<super::SimPlayer>| player.as_ref().map_or(b'-', |player| b'0' + player.team);
        let mut teams: Vec<u8> = self.slots.iter().map(letter).collect();
        while teams.last() == Some(&b'-') {
            teams.pop();
        }
        teams
    }
}

/// Leaves out what is empty or does not fit any more, without a word, as the engine does.
fn add(info: &mut Vec<u8>, key: &str, value: &[u8]) {
    let pair = [b"\\", key.as_bytes(), b"\\", value].concat();
    if !value.is_empty() && info.len() + pair.len() <= MOST {
        info.extend_from_slice(&pair);
    }
}
