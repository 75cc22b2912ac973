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
use crate::sim::fight::{Arena, Entrant, Fight, fight, tenths_of_minutes};
use crate::sim::maps::Map;
use crate::sim::numbers::Numbers;
use crate::sim::seat::{Ledger, Seat};
use crate::sim::truth::{Fate, Mode, PlayerTruth, Roster, RoundKind, RoundTruth};
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
        // 3 s of intermission; at once when the game module is unloaded
        let saved_ms = self.now_ms + if ending.kind == RoundKind::Abort { 0 } else { 3_000 };
        let closed_ms = saved_ms + self.dice.random_range(1..30);
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
        let stamp = self.stamp(saved_ms);
        let name = format!("{stamp}-{}-round-{}.txt", setting.map.name, label.number());
        let truth = RoundTruth {
            map: map_name(setting.map),
            number: setting.number,
            label,
            pairing: setting.pairing,
            rerun: false,
            kind: ending.kind,
            stamp,
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
        let ledgers = lines
            .into_iter()
            .map(|line| Ledger { numbers: line.numbers, played_ms: line.played_ms, alive_ms: line.alive_ms })
            .collect();
        let stats = Some(SimFile::at_once(name, bytes, closed_ms));
        Played { round: SimRound { stats, endstats: None, truth }, next: ending.next, ledgers }
    }

    fn end(&mut self, setting: &Setting) -> Ending {
        let strength_of = |side: Side| {
            let seats = setting.seats.iter().filter(|seat| self.side_of(seat.roster) == side && seat.stay.joins == 0);
            seats.map(|seat| self.strength(seat.member)).sum()
        };
        let defender = setting.map.defender;
        let balance = Balance { attack: strength_of(defender.other()), defence: strength_of(defender) };
        ending::decide(setting.map, setting.limit, &balance, setting.cut_short, &mut self.dice)
    }

    fn fight(&mut self, setting: &Setting, ending: &Ending) -> Fight {
        let (cast, side_of_a) = (&self.cast, self.side_of_a);
        let entrants: Vec<Entrant> = setting
            .seats
            .iter()
            .map(|seat| {
                let member = &cast[seat.member];
                let side = if seat.roster == Roster::A { side_of_a } else { side_of_a.other() };
                Entrant { person: &member.person, side, form: member.form, stay: seat.stay.within(ending.duration_ms) }
            })
            .collect();
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
        let aborted = -((self.uptime_ms + started_ms) as i64);
        self.plan.playtime_field.then_some(if ending.kind == RoundKind::Abort { aborted } else { measured })
    }

    /// What the writer's table holds, seat by seat.
    fn lines(&self, setting: &Setting, fight: &Fight) -> Vec<Line<'_>> {
        let seats = setting.seats.iter().zip(&fight.fought);
        seats
            .map(|(seat, fought)| {
                let kept = &fought.kept;
                let person = &self.cast[seat.member].person;
                // whoever dropped in mid-round lost what he carried, too
                let carried = seat.carried.as_ref().filter(|_| fought.forgotten.is_none());
                let (played_ms, alive_ms) = carried.map_or((0, 0), |ledger| (ledger.played_ms, ledger.alive_ms));
                Line {
                    guid8: person.guid8(),
                    name: &person.name,
                    rounds: if fought.forgotten.is_some() { 0 } else { seat.rounds },
                    team: if seat.spectates { 3 } else { self.side_of(seat.roster).number() },
                    numbers: match carried {
                        Some(ledger) => kept.numbers.on_top_of(&ledger.numbers),
                        None => kept.numbers.clone(),
                    },
                    played_ms: played_ms + kept.played_ms,
                    alive_ms: alive_ms + kept.played_ms - kept.dead_ms,
                    dead_ms: kept.dead_ms,
                }
            })
            .collect()
    }

    fn players(&self, setting: &Setting, fight: &Fight, lines: &[Line]) -> Vec<PlayerTruth> {
        let seats = setting.seats.iter().zip(&fight.fought).zip(lines);
        seats
            .map(|((seat, fought), line)| {
                let person = &self.cast[seat.member].person;
                let kept = &fought.kept;
                let forgotten = fought.forgotten.as_ref();
                let mode = match seat.mode {
                    Mode::Cumulative if forgotten.is_some() => Mode::Reset,
                    mode => mode,
                };
                let earlier_ms = if mode == Mode::Cumulative { line.played_ms - kept.played_ms } else { 0 };
                let time_tenths = tenths_of_minutes(line.played_ms) - tenths_of_minutes(earlier_ms);
                PlayerTruth {
                    guid: person.guid.clone(),
                    guid8: person.guid8().to_owned(),
                    name: person.name.clone(),
                    roster: seat.roster,
                    side: self.side_of(seat.roster),
                    listed_as_spectator: seat.spectates,
                    bot: person.bot_slot.is_some(),
                    in_file: line.is_listed(),
                    mode,
                    reset_shows: false,
                    recorded: Numbers { time_tenths, ..kept.numbers.clone() },
                    actual: match forgotten {
                        Some(tally) => kept.numbers.together_with(&tally.numbers),
                        None => kept.numbers.clone(),
                    },
                    actual_ms: kept.played_ms + forgotten.map_or(0, |tally| tally.played_ms),
                }
            })
            .collect()
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
