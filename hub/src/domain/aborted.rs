//! Rounds that a map change cut off.
//!
//! On that path the writer labels the round with the other half's number, and the header's sides and `next` clock
//! are not a result. A measured play time (field 8 above zero) proves the normal path.

use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::{Field, PlayerLine, Playtime, StatsFile};

use super::differential::{SECONDS_PER_TENTH, was_reset};
use super::next_clock::known_next;
use super::play::Play;

/// A hold is short if this many seconds or more of its clock were not played.
const SHORT_BY: i64 = 30;

/// Which of the plays (sorted by stamp) were cut off.
pub fn cut_off(plays: &[Play<'_>], window_seconds: i64) -> Vec<bool> {
    plays
        .iter()
        .enumerate()
        .map(|(index, play)| match play.stats.header.playtime {
            Playtime::Negative => true,
            Playtime::Measured { .. } => false,
            Playtime::Absent | Playtime::Unreadable => {
                let firsts = || earlier_firsts(play, &plays[..index], window_seconds);
                match play.number {
                    RoundNumber::Two => second_label(play, firsts),
                    RoundNumber::One => outlasts_its_clock(play.stats) || firsts().any(|first| continues(first, play)),
                }
            }
        })
        .collect()
}

/// Whether a play that was cut off was a second half, so that its numbers are totals. A server's end inverts the
/// label; a map change writes 2 in any case, then only the counters tell, and the clock of a first half before it.
pub fn was_second_half(play: &Play<'_>, before: &[Play<'_>], window_seconds: i64) -> bool {
    play.number == RoundNumber::One
        || outlasts_its_clock(play.stats)
        || earlier_firsts(play, before, window_seconds).any(|first| sets_clock(first, play) && grows_from(first, play))
}

/// A first half cut off bears the label 2: its `next` is none, and nobody has finished a round before; or the clock
/// exceeds the limit, and no first half set this limit or the half did not last as long as a hold has to.
fn second_label<'a: 'b, 'b, F>(play: &Play<'a>, firsts: impl Fn() -> F) -> bool
where
    F: Iterator<Item = &'b Play<'a>>,
{
    let header = &play.stats.header;
    if known_next(RoundNumber::Two, header).is_some() || header.next.is_none() {
        return false;
    }
    let nobody_finished_before = play.stats.players.iter().all(|line| line.rounds == Some(0));
    let exceeds = header.next > header.limit && header.limit.is_some();
    let mut fitting = firsts().filter(|first| sets_clock(first, play));
    nobody_finished_before || (exceeds && fitting.all(|first| is_short_hold(first, play)))
}

/// Whether the second half seems held and yet nobody was in a team for nearly as long as its clock. A surrender ends
/// so, too; but after one the next clock stands in the header, and this is asked where it does not.
fn is_short_hold(first: &Play<'_>, play: &Play<'_>) -> bool {
    let header = &play.stats.header;
    let own =
        shared_lines(first.stats, play.stats).filter(|(old, new)| !was_reset(old, new)).filter_map(|(old, new)| {
            Some(new.fields.get(Field::TimePlayedMinutes)? - old.fields.get(Field::TimePlayedMinutes)?)
        });
    let longest = own.max().map(|tenths| tenths * SECONDS_PER_TENTH);
    header.winner.value == header.defender.value
        && header.limit.zip(longest).is_some_and(|(limit, longest)| longest < i64::from(limit) - SHORT_BY)
}

/// Nobody can be in a team for longer than a first half's clock: these are totals of both halves. Under the label 1
/// that is a second half that was cut off.
fn outlasts_its_clock(stats: &StatsFile) -> bool {
    let longest = stats.players.iter().filter_map(|line| line.fields.get(Field::TimePlayedMinutes)).max();
    stats.header.limit.zip(longest).is_some_and(|(limit, tenths)| (tenths - 2) * SECONDS_PER_TENTH > i64::from(limit))
}

/// The same, told by a first half shortly before: the file shows its clock, and the counters have grown from there.
fn continues(first: &Play<'_>, play: &Play<'_>) -> bool {
    let header = &play.stats.header;
    header.limit == header.next && sets_clock(first, play) && grows_from(first, play)
}

fn sets_clock(first: &Play<'_>, play: &Play<'_>) -> bool {
    let next = known_next(RoundNumber::One, &first.stats.header);
    next.is_some() && next == play.stats.header.limit
}

/// Whether the counters of at least four in five shared players stand on the first half's. (Who reconnected starts
/// anew; that everybody's are higher by chance does not happen.)
fn grows_from(first: &Play<'_>, play: &Play<'_>) -> bool {
    let (reset, shared) = shared_lines(first.stats, play.stats)
        .map(|(old, new)| was_reset(old, new))
        .fold((0, 0), |(reset, shared), one| (reset + usize::from(one), shared + 1));
    shared > 0 && reset * 5 <= shared
}

fn earlier_firsts<'a, 'b>(
    play: &'b Play<'a>,
    before: &'b [Play<'a>],
    window_seconds: i64,
) -> impl Iterator<Item = &'b Play<'a>> {
    before.iter().filter(move |first| {
        first.number == RoundNumber::One
            && first.map_key == play.map_key
            && play.stamp.seconds() - first.stamp.seconds() <= window_seconds
    })
}

/// The lines of players with one GUID in both files.
fn shared_lines<'a>(old: &'a StatsFile, new: &'a StatsFile) -> impl Iterator<Item = (&'a PlayerLine, &'a PlayerLine)> {
    new.players.iter().filter_map(|line| old.players.iter().find(|other| other.guid == line.guid).map(|o| (o, line)))
}
