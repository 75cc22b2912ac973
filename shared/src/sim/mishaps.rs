//! What happens to files once they are written: lost, cut, late, copied, and files that belong to no round.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::accidents::Accidents;
use super::delivery::{SimFile, Step};
use super::evening::{Evening, MapPlay, SimRound, Stray, StrayKind};
use super::truth::Fate;
use crate::artifact::{LocalStamp, RoundNumber};

pub(super) fn strike(evening: &mut Evening, accidents: &Accidents, fate: &mut ChaCha8Rng) {
    let mut mishaps = Mishaps { start: evening.start, ends_ms: evening.ends_ms, accidents, fate, strays: Vec::new() };
    for map in &mut evening.maps {
        for round in &mut map.rounds {
            mishaps.cut(round);
            mishaps.come_late(round);
        }
        mishaps.swap_arrival(map);
        mishaps.lose(map);
        for round in &map.rounds {
            mishaps.copy(round);
        }
    }
    mishaps.strays_of_nothing(&evening.maps);
    evening.strays = mishaps.strays;
}

struct Mishaps<'a> {
    start: LocalStamp,
    ends_ms: u64,
    accidents: &'a Accidents,
    fate: &'a mut ChaCha8Rng,
    strays: Vec<Stray>,
}

impl Mishaps<'_> {
    fn happens(&mut self, chance: f64) -> bool {
        self.fate.random_bool(chance.clamp(0.0, 1.0))
    }

    /// Adds a file named after a moment, in ms since the evening's start, and `tail`. Where one is named so already, it
    /// is written the next second.
    fn plant(&mut self, mut at_ms: u64, tail: &str, bytes: Vec<u8>, what: StrayKind) {
        let start = self.start.seconds();
        let named = |at_ms: u64| format!("{}-{tail}", LocalStamp::from_seconds(start + (at_ms / 1000) as i64));
        while self.strays.iter().any(|stray| stray.file.name == named(at_ms)) {
            at_ms += 1_000;
        }
        self.strays.push(Stray { file: SimFile::at_once(named(at_ms), bytes, at_ms), what });
    }

    fn copy(&mut self, round: &SimRound) {
        let copied = self.happens(self.accidents.copy);
        let relabelled = self.happens(self.accidents.copy_with_other_header);
        let misnamed = self.happens(self.accidents.malformed_name);
        let later = self.fate.random_range(4_000..50_000);
        let form = self.fate.random_range(0..4);
        // a copy of what was cut or lost would be the better original
        let Some(stats) = round.stats.as_ref().filter(|_| round.truth.fate == Fate::Whole) else { return };
        let of = stats.name.clone();
        let tail = &of[18..];
        if copied {
            self.plant(stats.closed_ms() + later, tail, stats.bytes.clone(), StrayKind::Copy { of: of.clone() });
        }
        if relabelled {
            // the host was renamed: only line 1 differs
            let bytes = [b"^1", stats.bytes.as_slice()].concat();
            self.plant(
                stats.closed_ms() + later + 2_000,
                tail,
                bytes,
                StrayKind::CopyWithOtherHeader { of: of.clone() },
            );
        }
        if misnamed {
            let name = match form {
                0 => of.replace("-round-", "_round"),
                1 => format!("{of}.bak"),
                2 => of.replacen('-', "_", 3),
                _ => format!("copy of {of}"),
            };
            let file = SimFile::at_once(name, stats.bytes.clone(), stats.closed_ms() + later);
            self.strays.push(Stray { file, what: StrayKind::MalformedName { of: of.clone() } });
        }
    }

    fn cut(&mut self, round: &mut SimRound) {
        let for_good = self.happens(self.accidents.cut_for_good);
        let at_first = self.happens(self.accidents.cut_then_whole);
        let whole_after = self.fate.random_range(15_000..90_000);
        let place = self.fate.random_range(0..u32::MAX);
        let Some(stats) = &mut round.stats else { return };
        let Some(cut) = cut_place(&stats.bytes, place).filter(|_| for_good || at_first) else { return };
        let at_ms = stats.closed_ms();
        if for_good {
            *stats = SimFile::at_once(stats.name.clone(), stats.bytes[..cut].to_vec(), at_ms);
            round.truth.fate = Fate::Cut(cut);
        } else {
            let whole = Step { at_ms: at_ms + whole_after, from: 0, to: stats.bytes.len() };
            stats.steps = vec![Step { at_ms, from: 0, to: cut }, whole];
            round.truth.fate = Fate::CutThenWhole;
        }
    }

    fn come_late(&mut self, round: &mut SimRound) {
        let late = self.happens(self.accidents.arrives_late);
        let wait = self.fate.random_range(30_000..600_000);
        if late && let Some(stats) = &mut round.stats {
            stats.delay_until(self.ends_ms + wait);
        }
    }

    fn swap_arrival(&mut self, map: &mut MapPlay) {
        let swapped = self.happens(self.accidents.r2_arrives_first);
        let wait = self.fate.random_range(200..30_000);
        let second = map.rounds.iter().find(|round| round.truth.number == RoundNumber::Two);
        let after = second.and_then(|round| round.stats.as_ref()).map(SimFile::closed_ms);
        let first = map.rounds.iter_mut().rfind(|round| round.truth.number == RoundNumber::One);
        if swapped && let (Some(after), Some(stats)) = (after, first.and_then(|round| round.stats.as_mut())) {
            stats.delay_until(after + wait);
        }
    }

    fn lose(&mut self, map: &mut MapPlay) {
        for (number, chance) in [(RoundNumber::One, self.accidents.r1_lost), (RoundNumber::Two, self.accidents.r2_lost)]
        {
            let lost = self.happens(chance);
            let round = map.rounds.iter_mut().rfind(|round| round.truth.number == number);
            if lost && let Some(round) = round {
                round.stats = None;
                round.truth.fate = Fate::Lost;
            }
        }
    }

    /// An empty file, random bytes and a lonely header, each before some round of the evening.
    fn strays_of_nothing(&mut self, maps: &[MapPlay]) {
        let empty = self.happens(self.accidents.empty_file);
        let random = self.happens(self.accidents.random_bytes);
        let header = self.happens(self.accidents.header_only);
        let wanted = [(empty, StrayKind::Empty), (random, StrayKind::RandomBytes), (header, StrayKind::HeaderOnly)];
        for (wanted, what) in wanted {
            let pick = self.fate.random_range(0..maps.len().max(1));
            let noise: [u8; 64] = self.fate.random();
            let early = self.fate.random_range(5_000..55_000);
            let Some(map) = maps.get(pick).filter(|_| wanted) else { continue };
            let Some(round) = map.rounds.first() else { continue };
            let bytes = match what {
                StrayKind::RandomBytes => noise.repeat(9),
                StrayKind::HeaderOnly => match &round.stats {
                    Some(stats) => stats.bytes.split_inclusive(|&b| b == b'\n').next().unwrap_or_default().to_vec(),
                    None => b"nobody\\here\\defaultpublic\\1\\1\\1\\12:00\\12:00\n".to_vec(),
                },
                _ => Vec::new(),
            };
            let at_ms = round.truth.started_ms.saturating_sub(early);
            self.plant(at_ms, &format!("{}-round-1.txt", map.truth.map), bytes, what);
        }
    }
}

/// A place to cut a stats file so that the cut can be seen: within the fields of a player line that is not the first.
fn cut_place(bytes: &[u8], place: u32) -> Option<usize> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&b| b == b'\n').collect();
    let before: usize = lines.len().checked_sub(3)?;
    let index = 2 + place as usize % (before + 1);
    let line = lines[index];
    let last_tab = line.iter().rposition(|&b| b == b'\t')?;
    let start: usize = lines[..index].iter().map(|line| line.len()).sum();
    // just behind the last TAB at most: an empty last field
    Some(start + 1 + (place / 64) as usize % (last_tab + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_leaves_a_last_line_with_fewer_fields_or_an_empty_one() {
        let file = b"h\\m\n1\\a\\0\\1\\1 2 \t3\t4\n2\\b\\0\\1\\1 2 \t3\t4\n3\\c\\0\\1\\1 2 \t3\t44\n";
        for place in 0..5_000 {
            let cut = cut_place(file, place * 7).unwrap();
            let left = &file[..cut];
            let last = left.rsplit(|&b| b == b'\n').next().unwrap();
            let tabs = last.split(|&b| b == b'\t').count() - 1;
            assert!(!last.is_empty(), "cut at a line's start is no cut");
            assert!(tabs < 2 || last.ends_with(b"\t"), "{:?}", String::from_utf8_lossy(left));
        }
        assert_eq!(cut_place(b"h\\m\n1\\a\\0\\1\\1 2 \t3\t4\n", 9), None);
    }
}
