use slomix_shared::wire::{GamePlayer, GameStatus, GameTeam, limits};

use super::infostring::Infostring;
use super::text::decoded;

/// Characters of a name that are kept; the engine's own limit is 36 bytes.
const NAME: usize = 64;
/// Characters of any other text.
const TEXT: usize = 128;

/// A server's answer to `getstatus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReply<'a> {
    /// Its settings.
    pub info: Infostring<'a>,
    /// Whoever is on it, connecting ones too, in the order of their slots.
    pub players: Vec<PlayerLine<'a>>,
    /// Lines that are none of a player.
    pub odd_lines: usize,
}

/// One line of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayerLine<'a> {
    /// Experience; may be negative.
    pub score: i64,
    /// Milliseconds: 0 for a bot, 999 while connecting.
    pub ping: i64,
    /// Raw, with colour codes.
    pub name: &'a [u8],
}

impl<'a> StatusReply<'a> {
    /// Reads what follows `statusResponse`. It never fails: what is no line of a player is counted.
    pub fn parse(body: &'a [u8]) -> Self {
        let mut lines = body.split(|byte| *byte == b'\n');
        let info = Infostring::parse(lines.next().unwrap_or_default());
        let (mut players, mut odd_lines) = (Vec::new(), 0);
        for line in lines.filter(|line| !line.is_empty()) {
            match PlayerLine::parse(line) {
                Some(player) if players.len() < limits::SEATS => players.push(player),
                _ => odd_lines += 1,
            }
        }
        Self { info, players, odd_lines }
    }

    /// Whether it answers the question with this challenge. An echo may have been left out of a full infostring.
    pub fn answers(&self, challenge: &str) -> bool {
        match self.info.get("challenge") {
            Some(echo) => echo == challenge.as_bytes(),
            None => self.info.may_be_cut(),
        }
    }

    /// Where each player is, in their order. The engine writes the lines and the game the teams, each when it gets to
    /// it: only where they fit together is anything known.
    pub fn teams(&self) -> Option<Vec<GameTeam>> {
        if self.odd_lines > 0 {
            return None;
        }
        let letters = self.info.get("P").unwrap_or_default().iter().filter(|letter| **letter != b'-');
        let teams: Option<Vec<GameTeam>> = letters.map(|letter| team(*letter)).collect();
        teams.filter(|teams| teams.len() == self.players.len())
    }

    /// The same for people.
    pub fn status(&self) -> GameStatus {
        let teams = self.teams();
        let player = |(number, line): (usize, &PlayerLine<'_>)| GamePlayer {
            name: decoded(line.name, NAME),
            team: teams.as_ref().and_then(|teams| teams.get(number).copied()),
            score: line.score,
            ping: line.ping,
        };
        let info = &self.info;
        GameStatus {
            hostname: info.text("sv_hostname", TEXT),
            map: info.text("mapname", NAME),
            version: info.text("version", TEXT),
            gametype: info.int("g_gametype"),
            timelimit_thousandths: info.thousandths("timelimit"),
            most_players: info.int("sv_maxclients"),
            needs_password: info.int("g_needpass").map(|needs| needs != 0),
            players: self.players.iter().enumerate().map(player).collect(),
        }
    }
}

impl<'a> PlayerLine<'a> {
    /// `<score> <ping> "<name>"`
    fn parse(line: &'a [u8]) -> Option<Self> {
        let quote = line.iter().position(|byte| *byte == b'"')?;
        let name = line[quote + 1..].strip_suffix(b"\"")?;
        let numbers = std::str::from_utf8(&line[..quote]).ok()?;
        let mut numbers = numbers.split_ascii_whitespace().map(str::parse::<i64>);
        let (score, ping) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        numbers.next().is_none().then_some(Self { score, ping, name })
    }
}

fn team(letter: u8) -> Option<GameTeam> {
    match letter {
        b'0' => Some(GameTeam::None),
        b'1' => Some(GameTeam::Axis),
        b'2' => Some(GameTeam::Allies),
        b'3' => Some(GameTeam::Spectator),
        _ => None,
    }
}
