//! One map: both rounds and what goes wrong around them.

use super::Host;
use super::round::{Played, Setting, map_name};
use crate::artifact::RoundNumber;
use crate::sim::MapPlay;
use crate::sim::maps::Map;
use crate::sim::seat::Seat;
use crate::sim::truth::{MapResult, MapTruth, Mode, Roster, RoundTruth};

impl Host<'_> {
    /// Plays `map`, a second time in a row if `replay`.
    pub(super) fn play_map(&mut self, map: &'static Map, replay: bool) -> MapPlay {
        let rounds_before = u32::from(replay);
        self.pairings += 1;
        let first = Setting {
            map,
            number: RoundNumber::One,
            pairing: self.pairings,
            limit: map.limit(),
            seats: self.seats(rounds_before),
            cut_short: None,
            paused_ms: 0,
        };
        let one = self.play_round(&first);
        self.pass(60_000..180_000);
        self.side_of_a = self.side_of_a.other();
        let second = Setting {
            map,
            number: RoundNumber::Two,
            pairing: first.pairing,
            limit: one.next,
            seats: second_half(&first.seats, &one, rounds_before + 1),
            cut_short: None,
            paused_ms: 0,
        };
        let two = self.play_round(&second);
        if self.plan.alternate_sides {
            self.side_of_a = self.side_of_a.other();
        }
        let result = result(Some(&one.round.truth), Some(&two.round.truth));
        MapPlay {
            truth: MapTruth { map: map_name(map), pair: self.pairs.len() - 1, result },
            rounds: vec![one.round, two.round],
        }
    }

    fn seats(&self, rounds: u32) -> Vec<Seat> {
        let [a, b] = &self.rosters;
        let of = |roster| move |&member: &usize| Seat::new(member, roster, rounds);
        a.iter().map(of(Roster::A)).chain(b.iter().map(of(Roster::B))).collect()
    }
}

/// The seats of the second half: those who are still there, their counters with them.
fn second_half(seats: &[Seat], one: &Played, rounds: u32) -> Vec<Seat> {
    let there = seats.iter().zip(&one.ledgers).zip(&one.round.truth.players);
    there
        .filter(|((seat, _), _)| seat.stays())
        .map(|((seat, ledger), player)| Seat {
            carried: Some(ledger.clone()),
            mode: if player.in_file { Mode::Cumulative } else { Mode::New },
            ..Seat::new(seat.member, seat.roster, rounds)
        })
        .collect()
}

/// The stopwatch rule: who completes round 2 beats round 1's time by doing so.
fn result(one: Option<&RoundTruth>, two: Option<&RoundTruth>) -> MapResult {
    let (Some(one), Some(two)) = (one, two) else { return MapResult::Incomplete };
    if one.winner.is_none() || two.winner.is_none() {
        return MapResult::Incomplete;
    }
    let attackers = |round: &RoundTruth| round.roster_of(round.defender.other());
    match (one.completed(), two.completed()) {
        (_, true) => MapResult::Won(attackers(two)),
        (true, false) => MapResult::Won(attackers(one)),
        (false, false) => MapResult::Tie,
    }
}
