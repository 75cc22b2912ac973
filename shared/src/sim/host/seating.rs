//! Who sits where in a round, and what happens to him there.

use rand::RngExt;

use super::{Host, Member};
use crate::sim::pool::Person;
use crate::sim::seat::{Presence, Seat};
use crate::sim::truth::{Mode, Roster};

/// Names that people take for a while.
const PASSING_NAMES: [&[u8]; 4] = [b"^3brb", b"^1lag^7ging", b"UnnamedPlayer", b"^7one ^2more^7?"];

impl Host<'_> {
    /// The seats of a first round.
    pub(super) fn first_half(&mut self, rounds: u32, with_bots: bool) -> Vec<Seat> {
        let bots = if with_bots { self.bots() } else { [None; 2] };
        let mut seats = Vec::new();
        for (roster, bot) in [(Roster::A, bots[0]), (Roster::B, bots[1])] {
            let mut members = self.rosters[roster.index()].clone();
            if let (Some(bot), Some(last)) = (bot, members.last_mut()) {
                *last = bot;
            }
            seats.extend(members.into_iter().map(|member| Seat::new(member, roster, rounds, Mode::First)));
        }
        self.trouble(&mut seats, Mode::First);
        seats
    }

    /// The seats of a second round: those who are still there, their counters with them unless they dropped.
    pub(super) fn second_half(&mut self, first: Vec<Seat>) -> Vec<Seat> {
        let mut seats: Vec<Seat> = first.into_iter().filter(Seat::stays).collect();
        let accidents = self.plan.accidents;
        for seat in &mut seats {
            seat.presence = Presence::Whole;
            seat.rounds = seat.earlier.as_ref().map_or(0, |earlier| earlier.rounds) + 1;
            seat.mode = Mode::Cumulative;
            let human = self.cast[seat.member].person.bot_slot.is_none();
            if self.happens(accidents.reconnect_between) && human {
                seat.mode = Mode::Reset;
                // connected in the warm-up
                seat.rounds = 1;
            } else if self.happens(accidents.spectates_r2) && human {
                seat.presence = Presence::Watches(0);
            }
            if self.happens(accidents.rename) && human {
                let name = PASSING_NAMES[self.fate.random_range(0..PASSING_NAMES.len())];
                self.cast[seat.member].person.name = name.to_vec();
            }
        }
        self.trouble(&mut seats, Mode::New);
        seats
    }

    /// Lets accidents befall `seats`; whoever comes anew has `mode`.
    fn trouble(&mut self, seats: &mut Vec<Seat>, mode: Mode) {
        let accidents = self.plan.accidents;
        let mut newcomers = Vec::new();
        for seat in seats.iter_mut() {
            let drops = self.happens(accidents.reconnect_in_round);
            let leaves = self.happens(accidents.leaver);
            let replaced = self.happens(accidents.substitution);
            let watches = self.happens(accidents.spectates_late);
            let joined = self.happens(accidents.late_joiner);
            let at = self.fate.random_range(250..650);
            if joined && let Some(guest) = self.admit(seat.roster) {
                let presence = Presence::Joins(at);
                newcomers.push(Seat { presence, ..Seat::new(guest, seat.roster, 0, mode) });
            }
            if seat.presence != Presence::Whole || self.cast[seat.member].person.bot_slot.is_some() {
                continue;
            }
            if drops {
                seat.presence = Presence::Drops(at);
            } else if leaves {
                seat.presence = Presence::Leaves(at);
            } else if watches {
                seat.presence = Presence::Watches(at);
            } else if replaced && let Some(guest) = self.admit(seat.roster) {
                seat.presence = Presence::Leaves(at);
                let presence = Presence::Joins(at + 40);
                newcomers.push(Seat { presence, ..Seat::new(guest, seat.roster, 0, mode) });
                for member in &mut self.rosters[seat.roster.index()] {
                    if *member == seat.member {
                        *member = guest;
                    }
                }
            }
        }
        seats.extend(newcomers);
    }

    /// Somebody from the bench, entered in the team's list.
    fn admit(&mut self, roster: Roster) -> Option<usize> {
        let guest = self.seat_a_guest()?;
        let guid = self.cast[guest].person.guid.clone();
        if let Some(pair) = self.pairs.last_mut() {
            match roster {
                Roster::A => pair.a.push(guid),
                Roster::B => pair.b.push(guid),
            }
        }
        Some(guest)
    }

    /// One bot for each team, the same all evening. Two of them may share what a file shows of a GUID.
    fn bots(&mut self) -> [Option<usize>; 2] {
        if self.bot_members.is_empty() {
            let first = self.fate.random_range(2..10);
            let second = first + self.fate.random_range(1..8);
            for (slot, name) in [(first, &b"[BOT]Rook"[..]), (second, b"^7Pawn")] {
                self.cast.push(Member { person: Person::bot(slot, name), form: 100 });
                self.bot_members.push(self.cast.len() - 1);
            }
        }
        [self.bot_members.first().copied(), self.bot_members.get(1).copied()]
    }

    /// Whether an accident of this chance happens now. Always draws, so that one chance does not move the others.
    pub(super) fn happens(&mut self, chance: f64) -> bool {
        self.fate.random_bool(chance.clamp(0.0, 1.0))
    }
}
