//! One map: both rounds and what goes wrong around them.

use rand::RngExt;

use super::Host;
use super::round::{Played, Setting, map_name};
use crate::artifact::RoundNumber;
use crate::sim::clock::Clock;
use crate::sim::ending::CutShort;
use crate::sim::maps::Map;
use crate::sim::seat::Seat;
use crate::sim::truth::{MapResult, MapTruth, RoundTruth};
use crate::sim::{MapPlay, SimRound};

/// What goes wrong with a whole map, drawn before it starts.
struct MapTrouble {
    /// This round is cut off so.
    cut_off: Option<(RoundNumber, CutShort)>,
    r2_not_played: bool,
    rerun: bool,
    bots: bool,
}

impl Host<'_> {
    /// Plays `map`, a second time in a row if `replay`.
    pub(super) fn play_map(&mut self, map: &'static Map, replay: bool) -> MapPlay {
        let trouble = self.map_trouble();
        let rounds_before = u32::from(replay);
        let mut rounds = Vec::with_capacity(2);
        if trouble.rerun {
            rounds.push(self.first_round(map, &trouble, rounds_before, true).1.round);
            self.pass(60_000..150_000);
            // restarted before or after the teams had changed sides
            if self.fate.random_bool(0.5) {
                self.side_of_a = self.side_of_a.other();
            }
        }
        let (seats, one) = self.first_round(map, &trouble, if trouble.rerun { 0 } else { rounds_before }, false);
        let over = one.round.truth.winner.is_none() || trouble.r2_not_played;
        let (next, pairing) = (one.next, one.round.truth.pairing);
        rounds.push(one.round);
        if !over {
            self.pass(60_000..180_000);
            self.side_of_a = self.side_of_a.other();
            let seats = self.second_half(seats);
            let two = self.round(map, RoundNumber::Two, pairing, next, seats, &trouble);
            rounds.push(two.round);
        }
        if self.plan.alternate_sides {
            self.side_of_a = self.side_of_a.other();
        }
        let truth = MapTruth { map: map_name(map), pair: self.pairs.len() - 1, result: result(&rounds) };
        MapPlay { truth, rounds }
    }

    /// A first round; the seats come back with what the engine holds for the second. One that is to be re-run is
    /// played to its end.
    fn first_round(
        &mut self,
        map: &'static Map,
        trouble: &MapTrouble,
        rounds: u32,
        to_be_rerun: bool,
    ) -> (Vec<Seat>, Played) {
        self.pairings += 1;
        let seats = self.first_half(rounds, trouble.bots);
        let calm = MapTrouble { cut_off: None, ..*trouble };
        let trouble = if to_be_rerun { &calm } else { trouble };
        let mut played = self.round(map, RoundNumber::One, self.pairings, map.limit(), seats.clone(), trouble);
        played.round.truth.rerun = to_be_rerun;
        let ledgers = std::mem::take(&mut played.ledgers);
        let seats = seats.into_iter().zip(ledgers).map(|(seat, ledger)| Seat { earlier: Some(ledger), ..seat });
        (seats.collect(), played)
    }

    fn round(
        &mut self,
        map: &'static Map,
        number: RoundNumber,
        pairing: u32,
        limit: Clock,
        seats: Vec<Seat>,
        trouble: &MapTrouble,
    ) -> Played {
        let accidents = self.plan.accidents;
        let surrender = self.happens(accidents.surrender);
        let attackers = self.fate.random_bool(0.65);
        let paused = self.happens(accidents.pause);
        let paused_ms = self.fate.random_range(10..240) * 1000;
        let cut_off = trouble.cut_off.filter(|&(round, _)| round == number).map(|(_, cut)| cut);
        let surrender = surrender.then_some(CutShort::Surrender { attackers });
        let setting = Setting {
            map,
            number,
            pairing,
            limit,
            seats,
            cut_short: cut_off.or(surrender),
            paused_ms: if paused { paused_ms } else { 0 },
        };
        let played = self.play_round(&setting);
        if cut_off == Some(CutShort::ServerStop) {
            self.pass(40_000..120_000);
            self.booted_ms = self.now_ms as i64;
        }
        played
    }

    fn map_trouble(&mut self) -> MapTrouble {
        let accidents = self.plan.accidents;
        let map_change = self.happens(accidents.map_change);
        let server_stop = self.happens(accidents.server_stop);
        let round = if self.fate.random_bool(0.5) { RoundNumber::One } else { RoundNumber::Two };
        let cut = if map_change { Some(CutShort::MapChange) } else { server_stop.then_some(CutShort::ServerStop) };
        MapTrouble {
            cut_off: cut.map(|cut| (round, cut)),
            r2_not_played: self.happens(accidents.r2_not_played),
            rerun: self.happens(accidents.r1_rerun),
            bots: self.happens(accidents.bots),
        }
    }
}

/// The stopwatch rule: who completes round 2 beats round 1's time by doing so.
fn result(rounds: &[SimRound]) -> MapResult {
    let last = |number| rounds.iter().map(|round| &round.truth).rfind(|round| round.number == number);
    let (Some(one), Some(two)) = (last(RoundNumber::One), last(RoundNumber::Two)) else {
        return MapResult::Incomplete;
    };
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
