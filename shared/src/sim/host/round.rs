//! One round: its end, its fighting, its files and its truth.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::Host;
use crate::artifact::RoundNumber;
use crate::game::{MapName, Side};
use crate::sim::SimRound;
use crate::sim::clock::{Clock, text_of};
use crate::sim::delivery::SimFile;
use crate::sim::ending::{self, Balance, CutShort, Ending};
use crate::sim::fight::{Arena, Entrant, Fight, fight};
use crate::sim::maps::Map;
use crate::sim::seat::{Ledger, Presence, Seat};
use crate::sim::truth::{Fate, Roster, RoundKind, RoundTruth};
use crate::sim::writer::header::Header;
use crate::sim::writer::stats::{self, Line};

/// What a round starts from.
pub(super) struct Setting {
    pub(super) map: &'static Map,
    pub(super) number: RoundNumber,
    pub(super) pairing: u32,
    pub(super) limit: Clock,
    pub(super) seats: Vec<Seat>,
    pub(super) cut_short: Option<CutShort>,
    pub(super) paused_ms: u32,
}

/// A round that was played.
pub(super) struct Played {
    pub(super) round: SimRound,
    /// The clock for the next one.
    pub(super) next: Clock,
    /// What the engine's counters hold at the end, seat by seat.
    pub(super) ledgers: Vec<Ledger>,
}

impl Host<'_> {
    /// Plays a round from now on and leaves the time at its end.
    pub(super) fn play_round(&mut self, setting: &Setting) -> Played {
        let ending = self.end(setting);
        let started_ms = self.now_ms;
        self.now_ms += u64::from(ending.duration_ms) + u64::from(setting.paused_ms);
        let fight = self.fight(setting, &ending);
        let playtime_field = self.playtime_field(&ending, started_ms);
        let aborted = ending.kind == RoundKind::Abort;
        // 3 s of intermission; at once when the game module is unloaded
        let saved_ms = self.now_ms + if aborted { 0 } else { 3_000 };
        let closed_ms = saved_ms + self.dice.random_range(1..30);
        let endstats_ms = self.now_ms + self.dice.random_range(1_000..1_900);
        let mut order: Vec<usize> = (0..setting.seats.len()).collect();
        order.shuffle(&mut self.dice);

        let lines = self.lines(setting, &fight);
        let label = label(setting);
        let next = next_text(setting, &ending, label, &lines);
        let header = Header {
            hostname: &self.plan.hostname,
            map: setting.map.name,
            config: &self.plan.config,
            round: label,
            defender: setting.map.defender,
            // the map script names the defenders until an objective says otherwise
            winner: ending.winner.unwrap_or(setting.map.defender),
            limit: &setting.limit.text(),
            next: &next,
            playtime: playtime_field,
        };
        let bytes = stats::write(&header.line(), &lines, &order, self.plan.layout);
        let name_at = |at_ms, tail: &str| {
            format!("{}-{}-round-{}{tail}.txt", self.stamp(at_ms), setting.map.name, label.number())
        };
        let stats = SimFile::at_once(name_at(saved_ms, ""), bytes, closed_ms);
        let endstats = (!aborted).then(|| {
            let written = self.endstats(setting, &fight, &lines);
            SimFile::appended(name_at(endstats_ms, "-endstats"), written.bytes, &written.cuts, endstats_ms)
        });
        let truth = RoundTruth {
            map: map_name(setting.map),
            number: setting.number,
            label,
            pairing: setting.pairing,
            rerun: false,
            kind: ending.kind,
            stamp: self.stamp(saved_ms),
            started_ms,
            ended_ms: self.now_ms,
            paused_ms: setting.paused_ms,
            duration_ms: ending.duration_ms,
            limit_seconds: setting.limit.seconds(),
            next,
            playtime_field,
            defender: setting.map.defender,
            winner: ending.winner,
            surrendered: ending.surrendered,
            side_of_a: self.side_of_a,
            fate: Fate::Whole,
            players: self.players(setting, &fight, &lines),
        };
        let ledgers = lines.into_iter().map(Ledger::from).collect();
        Played { round: SimRound { stats: Some(stats), endstats, truth }, next: ending.next, ledgers }
    }

    fn end(&mut self, setting: &Setting) -> Ending {
        let strength_of = |side: Side| {
            let there =
                |seat: &&Seat| self.side_of(seat.roster) == side && !matches!(seat.presence, Presence::Joins(_));
            setting.seats.iter().filter(there).map(|seat| self.strength(seat.member)).sum()
        };
        let defender = setting.map.defender;
        let balance = Balance { attack: strength_of(defender.other()), defence: strength_of(defender) };
        ending::decide(setting.map, setting.limit, &balance, setting.cut_short, &mut self.dice)
    }

    fn fight(&mut self, setting: &Setting, ending: &Ending) -> Fight {
        let (cast, side_of_a) = (&self.cast, self.side_of_a);
        let entrant = |seat: &Seat| Entrant {
            person: &cast[seat.member].person,
            side: if seat.roster == Roster::A { side_of_a } else { side_of_a.other() },
            form: cast[seat.member].form,
            stay: seat.presence.stay(ending.duration_ms),
        };
        let entrants: Vec<Entrant> = setting.seats.iter().map(entrant).collect();
        let arena = Arena {
            duration_ms: ending.duration_ms,
            runs_count: matches!(ending.kind, RoundKind::Complete | RoundKind::Fullhold),
            waves: setting.map.waves,
            entrants: &entrants,
        };
        fight(&arena, &mut self.dice)
    }

    /// Field 8: a little short, since the writer's own clock starts at its first frame in play; and the uptime below
    /// nought where it never saw the round end.
    fn playtime_field(&mut self, ending: &Ending, started_ms: u64) -> Option<i64> {
        let measured = i64::from(ending.duration_ms) - self.dice.random_range(0..750);
        let aborted = self.booted_ms - started_ms as i64;
        self.plan.playtime_field.then_some(if ending.kind == RoundKind::Abort { aborted } else { measured })
    }
}

/// What the file calls the round. The engine turns its counter only when a round ends properly, and a map change sets
/// it to nought before the writer looks.
fn label(setting: &Setting) -> RoundNumber {
    match (setting.cut_short, setting.number) {
        (Some(CutShort::MapChange), _) | (Some(CutShort::ServerStop), RoundNumber::One) => RoundNumber::Two,
        (Some(CutShort::ServerStop), RoundNumber::Two) => RoundNumber::One,
        (_, number) => number,
    }
}

/// Field 7. Where there is no clock for a next round, the writer makes one up for a file that it calls round 2.
fn next_text(setting: &Setting, ending: &Ending, label: RoundNumber, lines: &[Line]) -> String {
    if ending.kind != RoundKind::Abort || label == RoundNumber::One {
        return ending.next.text();
    }
    // the most common alive percentage, taken for minutes and rounded to 5 s
    let rounded = |line: &Line| (line.alive_permille() * 6 + 2) / 5 * 5;
    let mut values: Vec<u32> = lines.iter().filter(|line| line.is_listed()).map(rounded).collect();
    values.sort_unstable();
    let most = values.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).and_then(|run| run.first());
    most.map_or_else(|| setting.limit.text(), |most| text_of(most.saturating_sub(setting.limit.seconds())))
}

/// The map's name; all of them are good ones.
pub(super) fn map_name(map: &Map) -> MapName {
    MapName::parse(map.name).expect("the simulator's maps have proper names")
}
