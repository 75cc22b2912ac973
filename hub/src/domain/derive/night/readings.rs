use std::collections::BTreeMap;

/// A round's own length may be told a little too long: by the clock's seconds, or by who was in a team longest.
const SLACK_MS: i64 = 30_000;

/// A round whose stamp has two readings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamped {
    /// When it ended, read as the earlier and as the later hour, in Unix milliseconds.
    pub(super) instants: [i64; 2],
    /// How long it took.
    pub(super) length_ms: i64,
    /// Which of the two are possible.
    pub(super) may_be: [bool; 2],
    /// The other half of its map.
    pub(super) mate: Option<Mate>,
}

/// The other half of a round's map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mate {
    /// By its place among the stamps that are read, else when it ended.
    pub(super) other: Result<usize, i64>,
    /// Whether the round itself is the first half.
    pub(super) is_first: bool,
}

/// The round before or after the hour, of which it is known when it ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    /// When.
    pub(super) end_ms: i64,
    /// How long it took.
    pub(super) length_ms: i64,
}

/// What speaks against a way to read a night, the weightiest first; the least is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// Pairs that are not held together.
    torn: i64,
    /// Rounds that would begin before the one before them has ended.
    overlaps: i64,
    /// The roots of all pauses: the sum is least where an hour is added to the longest one.
    pauses: i64,
    /// Earlier readings.
    earlier: i64,
}

impl Cost {
    fn add(self, other: Self) -> Self {
        Self {
            torn: self.torn + other.torn,
            overlaps: self.overlaps + other.overlaps,
            pauses: self.pauses + other.pauses,
            earlier: self.earlier + other.earlier,
        }
    }
}

/// How the first stamps were read: as which hour the last of them, and which one was last in the other hour.
type Standing = (usize, Option<usize>);
/// What speaks against it, and a bit for each stamp that is the later hour's.
type Way = (Cost, u64);

const EARLIER: usize = 0;
const LATER: usize = 1;

/// Whether each of some stamps (ascending, of one hour, at most 64) means the later of its instants. `window_ms` is the
/// longest way between the ends of two halves.
pub(super) fn later(
    stamps: &[Stamped],
    before: Option<Neighbour>,
    after: Option<Neighbour>,
    window_ms: i64,
) -> Vec<bool> {
    let night = Night { stamps, before, after, window_ms };
    // The pause between the two hours is known once it is known which stamp is the later hour's first.
    let hinges = (0..stamps.len()).map(Some).chain([None]);
    let best = hinges.filter_map(|hinge| night.best(hinge)).min();
    // Nothing at all is possible only where round events contradict each other.
    let (_, bits) = best.unwrap_or((Cost::default(), u64::MAX));
    (0..stamps.len()).map(|index| bits >> index & 1 == 1).collect()
}

struct Night<'a> {
    stamps: &'a [Stamped],
    before: Option<Neighbour>,
    after: Option<Neighbour>,
    window_ms: i64,
}

impl Night<'_> {
    /// The best way in which `hinge` is the later hour's first stamp; none for a night that ends with the earlier hour.
    fn best(&self, hinge: Option<usize>) -> Option<Way> {
        let mut ways: BTreeMap<Standing, Way> = BTreeMap::new();
        for index in 0..self.stamps.len() {
            let before = std::mem::take(&mut ways);
            let choices: &[usize] = match hinge {
                Some(hinge) if index == hinge => &[LATER],
                Some(hinge) if index > hinge => &[EARLIER, LATER],
                _ => &[EARLIER],
            };
            for &hour in choices.iter().filter(|&&hour| self.stamps[index].may_be[hour]) {
                if index == 0 {
                    ways.insert((hour, None), self.with((Cost::default(), 0), None, index, hour));
                }
                for (&(last_hour, other), &way) in &before {
                    let standing = if hour == last_hour { (hour, other) } else { (hour, Some(index - 1)) };
                    let new = self.with(way, Some((last_hour, other)), index, hour);
                    ways.entry(standing).and_modify(|best| *best = new.min(*best)).or_insert(new);
                }
            }
        }
        let last = self.stamps.len() - 1;
        ways.into_iter().map(|((hour, other), way)| self.closed(way, hinge, hour, other, last)).min()
    }

    /// A way with one more stamp.
    fn with(&self, (cost, bits): Way, standing: Option<Standing>, index: usize, hour: usize) -> Way {
        let previous = standing.and_then(|(last_hour, other)| if hour == last_hour { Some(index - 1) } else { other });
        let pause = match previous {
            Some(previous) => self.pause(self.stamps[previous].instants[hour], index, hour),
            // Before the first stamp of the later hour lies the last one of the earlier, which is known in the end.
            None if hour == LATER => Cost::default(),
            None => self.before.map_or_else(Cost::default, |before| self.pause(before.end_ms, index, hour)),
        };
        let own = Cost { torn: self.torn(standing, index, hour), earlier: (hour == EARLIER).into(), ..Cost::default() };
        (cost.add(pause).add(own), bits | (hour as u64) << index)
    }

    /// A way with the pause between the hours and the one behind them.
    fn closed(&self, (cost, bits): Way, hinge: Option<usize>, hour: usize, other: Option<usize>, last: usize) -> Way {
        let last_of = |wanted: usize| if hour == wanted { Some(last) } else { other };
        let earlier_end = last_of(EARLIER).map(|index| self.stamps[index].instants[EARLIER]);
        let end = last_of(LATER).map(|index| self.stamps[index].instants[LATER]).or(earlier_end);
        let between = hinge.zip(earlier_end.or(self.before.map(|before| before.end_ms)));
        let between = between.map(|(hinge, end)| self.pause(end, hinge, LATER));
        let behind = self.after.zip(end).map(|(after, end)| pause(end, after.end_ms, after.length_ms));
        (cost.add(between.unwrap_or_default()).add(behind.unwrap_or_default()), bits)
    }

    fn pause(&self, from_ms: i64, index: usize, hour: usize) -> Cost {
        let stamp = &self.stamps[index];
        pause(from_ms, stamp.instants[hour], stamp.length_ms)
    }

    /// 1 if this reading tears a pair apart, the other half of which is read already or has one reading.
    fn torn(&self, standing: Option<Standing>, index: usize, hour: usize) -> i64 {
        let Some(mate) = self.stamps[index].mate else { return 0 };
        let end = match mate.other {
            Err(end) => end,
            Ok(place) if place > index => return 0,
            Ok(place) => match standing {
                // All after the last one of the other hour are of the hour of the last one.
                Some((last_hour, other)) if other.is_none_or(|other| other < place) => {
                    self.stamps[place].instants[last_hour]
                }
                Some((last_hour, Some(other))) if other == place => self.stamps[place].instants[1 - last_hour],
                _ => return 0,
            },
        };
        let own = self.stamps[index].instants[hour];
        let way = if mate.is_first { end - own } else { own - end };
        i64::from(!(0..=self.window_ms).contains(&way))
    }
}

/// What a pause costs between the end of one round and that of the next, which took `length_ms`.
fn pause(from_ms: i64, end_ms: i64, length_ms: i64) -> Cost {
    let way = end_ms - from_ms;
    Cost { overlaps: (way + SLACK_MS < length_ms).into(), pauses: (way.max(0) / 1000).isqrt(), ..Cost::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    /// Stamps at these minutes of the hour, of rounds that took so long.
    fn stamps(minutes: &[(i64, i64)]) -> Vec<Stamped> {
        let stamped = |&(minute, length): &(i64, i64)| Stamped {
            instants: [minute * MINUTE, (minute + 60) * MINUTE],
            length_ms: length * MINUTE,
            may_be: [true; 2],
            mate: None,
        };
        minutes.iter().map(stamped).collect()
    }

    fn at(minute: i64) -> Neighbour {
        Neighbour { end_ms: minute * MINUTE, length_ms: 8 * MINUTE }
    }

    fn read(stamps: &[Stamped], before: Option<Neighbour>, after: Option<Neighbour>) -> String {
        later(stamps, before, after, 45 * MINUTE).into_iter().map(|later| if later { 'L' } else { 'E' }).collect()
    }

    #[test]
    fn a_round_lies_with_its_neighbours() {
        let three = stamps(&[(5, 8), (15, 8), (30, 8)]);
        assert_eq!(read(&three, Some(at(-10)), None), "EEE", "the evening ends in the earlier hour");
        assert_eq!(read(&three, None, Some(at(130))), "LLL", "the evening begins in the later hour");
        assert_eq!(read(&three, None, None), "LLL", "nothing is told");
        assert_eq!(read(&three, Some(at(-10)), Some(at(180))), "EEE", "the longest pause is the one behind");
        assert_eq!(read(&stamps(&[(5, 8), (15, 8), (45, 8), (55, 8)]), Some(at(-10)), Some(at(125))), "EELL");
    }

    #[test]
    fn rounds_do_not_overlap() {
        // Played without a pause through both hours: stamps of the two hours alternate.
        let both: Vec<(i64, i64)> = (0..12).map(|index| (index * 5 + 1, 8)).collect();
        assert_eq!(read(&stamps(&both), Some(at(-9)), Some(at(131))), "ELELELELELEL");
    }

    #[test]
    fn pairs_stay_together() {
        let mut two = stamps(&[(5, 8), (50, 8)]);
        // The first half bears the later stamp.
        two[0].mate = Some(Mate { other: Ok(1), is_first: false });
        two[1].mate = Some(Mate { other: Ok(0), is_first: true });
        assert_eq!(read(&two, None, None), "LE");
        let mut one = stamps(&[(20, 30)]);
        one[0].mate = Some(Mate { other: Err(-5 * MINUTE), is_first: false });
        assert_eq!(
            read(&one, Some(at(-5)), Some(at(121))),
            "E",
            "though the pause behind is longer, and the length overlaps"
        );
    }

    #[test]
    fn what_is_told_is_heeded() {
        let mut two = stamps(&[(5, 8), (25, 8)]);
        assert_eq!(read(&two, Some(at(-10)), None), "EE");
        two[1].may_be = [false, true];
        assert_eq!(read(&two, Some(at(-10)), None), "EL");
        two[0].may_be = [false, false];
        assert_eq!(read(&two, Some(at(-10)), None), "LL", "nothing is possible: as if nothing were known");
    }
}
