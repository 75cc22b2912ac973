//! What the writers see of a round's players, and the truth about them.

use super::Host;
use super::round::Setting;
use crate::sim::fight::{Fight, tenths_of_minutes};
use crate::sim::numbers::Numbers;
use crate::sim::seat::Ledger;
use crate::sim::truth::{Mode, PlayerTruth};
use crate::sim::writer::awards::Contestant;
use crate::sim::writer::endstats::{self, Endstats};
use crate::sim::writer::stats::Line;

impl Host<'_> {
    /// What the stats writer's table holds, seat by seat.
    pub(super) fn lines(&self, setting: &Setting, fight: &Fight) -> Vec<Line<'_>> {
        let seats = setting.seats.iter().zip(&fight.fought);
        seats
            .map(|(seat, fought)| {
                let kept = &fought.kept;
                let person = &self.cast[seat.member].person;
                // whoever dropped in mid-round lost what he carried, too
                let dropped = fought.forgotten.is_some();
                let carried = seat.carried().filter(|_| !dropped);
                let (played_ms, alive_ms) = carried.map_or((0, 0), |ledger| (ledger.played_ms, ledger.alive_ms));
                Line {
                    guid8: person.guid8(),
                    name: &person.name,
                    rounds: if dropped { 0 } else { seat.rounds },
                    team: if seat.spectates() { 3 } else { self.side_of(seat.roster).number() },
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

    /// The truth about everybody, seat by seat.
    pub(super) fn players(&self, setting: &Setting, fight: &Fight, lines: &[Line]) -> Vec<PlayerTruth> {
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
                    listed_as_spectator: seat.spectates(),
                    bot: person.bot_slot.is_some(),
                    in_file: line.is_listed(),
                    mode,
                    reset_shows: mode == Mode::Reset
                        && seat.earlier.as_ref().is_none_or(|earlier| shows(earlier, line)),
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

    /// The endstats file: only those count who are in a team when the round ends.
    pub(super) fn endstats(&self, setting: &Setting, fight: &Fight, lines: &[Line]) -> Endstats {
        let there = |&index: &usize| setting.seats[index].stays() && !setting.seats[index].spectates();
        let entrants: Vec<usize> = (0..setting.seats.len()).filter(there).collect();
        let contestant = |&index: &usize| {
            let (line, kept) = (&lines[index], &fight.fought[index].kept);
            Contestant {
                name: endstats::cleaned(line.name),
                guid: &self.cast[setting.seats[index].member].person.guid,
                team: line.team,
                all: &line.numbers,
                round: &kept.numbers,
                played_ms: line.played_ms,
                dead_ms: kept.dead_ms,
                quickest: kept.quickest,
                farthest_cm: kept.farthest_cm,
            }
        };
        let contestants: Vec<Contestant> = entrants.iter().map(contestant).collect();
        let killed = |a: usize, b: usize| fight.killed[entrants[a] * setting.seats.len() + entrants[b]];
        endstats::write(&contestants, killed, setting.limit.ms(), self.plan.versus_headers)
    }
}

impl From<Line<'_>> for Ledger {
    fn from(line: Line) -> Self {
        let Line { numbers, played_ms, alive_ms, rounds, .. } = line;
        Self { numbers, played_ms, alive_ms, rounds }
    }
}

/// Whether a second round's line cannot stand on top of `earlier`: its rounds number does not follow or a sum fell.
fn shows(earlier: &Ledger, line: &Line) -> bool {
    let (before, now) = (&earlier.numbers, &line.numbers);
    let fell = |of: fn(&Numbers) -> u32| of(now) < of(before);
    line.rounds != earlier.rounds + 1
        || tenths_of_minutes(line.played_ms) < tenths_of_minutes(earlier.played_ms)
        || fell(Numbers::kills)
        || fell(Numbers::deaths)
        || fell(|numbers| numbers.damage_given)
        || fell(|numbers| numbers.damage_received)
        || fell(|numbers| numbers.team_damage_given)
        || fell(|numbers| numbers.team_damage_received)
        || fell(|numbers| numbers.gibs)
        || fell(|numbers| numbers.self_kills)
        || fell(|numbers| numbers.team_kills)
        || fell(|numbers| numbers.team_gibs)
}
