//! The game server during one evening: who is there, on which side, and what time it is.

mod lines;
mod map_play;
mod round;
mod seating;

use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::maps::{MAPS, Map};
use super::plan::{Plan, Rhythm};
use super::pool::Person;
use super::truth::{MapResult, Roster, TeamPair};
use super::{Evening, MapPlay, mishaps};
use crate::artifact::LocalStamp;
use crate::game::Side;

/// Everybody who is seen in an evening.
struct Member {
    person: Person,
    /// Hundredths of his usual strength tonight.
    form: u32,
}

pub(super) struct Host<'a> {
    plan: &'a Plan,
    /// For everything that happens on a plain evening.
    dice: ChaCha8Rng,
    /// For accidents: they do not change what is drawn elsewhere until they happen.
    fate: ChaCha8Rng,
    /// The evening's start, in seconds since the year 2000 on the wall clock.
    start: LocalStamp,
    /// Since the evening's start.
    now_ms: u64,
    /// When the server process started, in ms since the evening's start; mostly long before.
    booted_ms: i64,
    cast: Vec<Member>,
    rosters: [Vec<usize>; 2],
    /// People who may still come.
    bench: Vec<Person>,
    bot_members: Vec<usize>,
    side_of_a: Side,
    pairings: u32,
    maps_played: usize,
    /// Whether the teams are dealt anew half-way.
    shuffles: bool,
    pairs: Vec<TeamPair>,
}

impl<'a> Host<'a> {
    pub(super) fn new(plan: &'a Plan, people: &[Person], number: u32, start: LocalStamp) -> Self {
        let stream = |of: u64| {
            let mut rng = ChaCha8Rng::seed_from_u64(plan.seed);
            rng.set_stream(u64::from(number) * 2 + of);
            rng
        };
        let mut host = Self {
            plan,
            dice: stream(0),
            fate: stream(1),
            start,
            now_ms: 0,
            booted_ms: 0,
            cast: Vec::new(),
            rosters: [Vec::new(), Vec::new()],
            bench: people.to_vec(),
            bot_members: Vec::new(),
            side_of_a: Side::Axis,
            pairings: 0,
            maps_played: 0,
            shuffles: false,
            pairs: Vec::new(),
        };
        host.booted_ms = -host.dice.random_range(600_000..80_000_000);
        host.shuffles = host.happens(plan.accidents.shuffle);
        host.start_late();
        for _ in 0..2 * plan.players_per_side {
            host.seat_a_guest();
        }
        host.deal();
        host
    }

    /// Plays the whole evening.
    pub(super) fn play(mut self) -> Evening {
        let programme = self.programme();
        let mut maps: Vec<MapPlay> = Vec::with_capacity(programme.len());
        for (index, &map) in programme.iter().enumerate() {
            if index > 0 && index == programme.len() / 2 && self.shuffles {
                self.deal();
            }
            let replay = index > 0 && programme[index - 1] == map;
            if replay {
                self.pass(20_000..60_000);
            } else {
                self.pass(60_000..240_000);
            }
            let play = self.play_map(map, replay);
            self.count(play.truth.result);
            self.maps_played += 1;
            maps.push(play);
        }
        let mut evening =
            Evening { start: self.start, ends_ms: self.now_ms, maps, teams: self.pairs, strays: Vec::new() };
        mishaps::strike(&mut evening, &self.plan.accidents, &mut self.fate);
        evening
    }

    /// The maps of the evening: a run through the list from a random place, some left out.
    fn programme(&mut self) -> Vec<&'static Map> {
        let mut at = self.dice.random_range(0..MAPS.len());
        let twice = self.plan.accidents.same_map_twice;
        let mut again = false;
        (0..self.plan.maps_per_evening)
            .map(|index| {
                // no map twice by chance, and none three times
                let step = self.dice.random_range(1..=3);
                again = self.happens(twice) && index > 0 && !again;
                at += if again { 0 } else { step };
                &MAPS[at % MAPS.len()]
            })
            .collect()
    }

    /// Puts the start off until shortly before midnight, now and then.
    fn start_late(&mut self) {
        let late = self.happens(self.plan.accidents.late_start) && self.plan.rhythm != Rhythm::Pauseless;
        let minutes = self.fate.random_range(10..75);
        let midnight = self.start.seconds() / 86_400 * 86_400 + 86_400;
        let start = midnight - minutes * 60;
        if late && start > self.start.seconds() {
            self.start = LocalStamp::from_seconds(start);
        }
    }

    /// Takes somebody from the bench into the cast, regulars more often; the pool is never empty for long enough.
    fn seat_a_guest(&mut self) -> Option<usize> {
        let count = self.bench.len();
        if count == 0 {
            return None;
        }
        let at = self.dice.random_range(0..count).min(self.dice.random_range(0..count));
        let person = self.bench.remove(at);
        self.cast.push(Member { person, form: self.dice.random_range(84..=118) });
        Some(self.cast.len() - 1)
    }

    /// Makes two even teams of those who play, or of the whole cast at first.
    fn deal(&mut self) {
        let mut players: Vec<usize> = self.rosters.iter().flatten().copied().collect();
        if players.is_empty() {
            players = (0..self.cast.len()).collect();
        }
        players.sort_by_key(|&member| std::cmp::Reverse(self.strength(member)));
        self.rosters = [Vec::new(), Vec::new()];
        for pair in players.chunks(2) {
            let first = usize::from(self.dice.random_bool(0.5));
            for (offset, &member) in pair.iter().enumerate() {
                self.rosters[(first + offset) % 2].push(member);
            }
        }
        self.side_of_a = Side::Axis;
        let guids = |roster: &[usize]| roster.iter().map(|&member| self.cast[member].person.guid.clone()).collect();
        let [a, b] = [guids(&self.rosters[0]), guids(&self.rosters[1])];
        self.pairs.push(TeamPair { first_map: self.maps_played, a, b, wins_a: 0, wins_b: 0, ties: 0 });
    }

    fn strength(&self, member: usize) -> u32 {
        let Member { person, form } = &self.cast[member];
        person.skill * form / 100
    }

    fn side_of(&self, roster: Roster) -> Side {
        match roster {
            Roster::A => self.side_of_a,
            Roster::B => self.side_of_a.other(),
        }
    }

    fn pass(&mut self, ms: std::ops::Range<u64>) {
        self.now_ms += self.dice.random_range(ms);
    }

    fn stamp(&self, at_ms: u64) -> LocalStamp {
        LocalStamp::from_seconds(self.start.seconds() + (at_ms / 1000) as i64)
    }

    fn count(&mut self, result: MapResult) {
        let Some(pair) = self.pairs.last_mut() else { return };
        match result {
            MapResult::Won(Roster::A) => pair.wins_a += 1,
            MapResult::Won(Roster::B) => pair.wins_b += 1,
            MapResult::Tie => pair.ties += 1,
            MapResult::Incomplete => {}
        }
    }
}
