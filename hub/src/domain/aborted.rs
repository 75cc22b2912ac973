//! Rounds that a map change cut off.
//!
//! On that path the writer labels the round with the other half's number, and the header's sides and `next` clock
//! are not a result. A measured play time (field 8 above zero) proves the normal path.

use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::{Field, Header, PlayerLine, Playtime, Scope, StatsFile};

use super::round::Play;

/// The clock of the next round, unless it is one of the values that a second half cannot have.
pub fn known_next(number: RoundNumber, header: &Header) -> Option<u32> {
    let next = header.next?;
    match number {
        RoundNumber::One => (next > 0).then_some(next),
        RoundNumber::Two => {
            let garbage = next == 0 || header.limit.is_some_and(|limit| next > limit);
            (!garbage).then_some(next)
        }
    }
}

/// Which of the plays (sorted by stamp) were cut off.
pub fn cut_off(plays: &[Play<'_>], window_seconds: i64) -> Vec<bool> {
    plays
        .iter()
        .enumerate()
        .map(|(index, play)| {
            let header = &play.stats.header;
            match header.playtime {
                Playtime::Negative => true,
                Playtime::Measured { .. } => false,
                Playtime::Absent | Playtime::Unreadable => match play.number {
                    RoundNumber::Two => second_label(play, &plays[..index], window_seconds),
                    RoundNumber::One => {
                        earlier_firsts(play, &plays[..index], window_seconds).any(|first| continues(first, play))
                    }
                },
            }
        })
        .collect()
}

/// A first half cut off bears the label 2: its `next` is none, and nobody has finished a round before, or the clock
/// exceeds the limit and no first half set this limit.
fn second_label(play: &Play<'_>, before: &[Play<'_>], window_seconds: i64) -> bool {
    let header = &play.stats.header;
    if known_next(RoundNumber::Two, header).is_some() || header.next.is_none() {
        return false;
    }
    let nobody_finished_before = play.stats.players.iter().all(|line| line.rounds == Some(0));
    let exceeds = header.next > header.limit && header.limit.is_some();
    let limit_was_set = earlier_firsts(play, before, window_seconds)
        .any(|first| known_next(RoundNumber::One, &first.stats.header) == header.limit);
    nobody_finished_before || (exceeds && !limit_was_set)
}

/// A second half cut off bears the label 1: it shows the full clock of a held first half shortly before, and every
/// counter of everybody has grown from there.
fn continues(first: &Play<'_>, play: &Play<'_>) -> bool {
    let (earlier, header) = (&first.stats.header, &play.stats.header);
    let one_clock = header.limit.is_some() && header.limit == header.next && earlier.next == header.limit;
    let mut shared = shared_lines(first.stats, play.stats).peekable();
    one_clock
        && shared.peek().is_some()
        && shared.all(|(old, new)| {
            Field::all().filter(|field| field.scope() == Scope::Match && *field != Field::BulletsFired).all(|field| {
                match (old.fields.get(field), new.fields.get(field)) {
                    (Some(old), Some(new)) => new >= old,
                    _ => true,
                }
            })
        })
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
pub fn shared_lines<'a>(
    old: &'a StatsFile,
    new: &'a StatsFile,
) -> impl Iterator<Item = (&'a PlayerLine, &'a PlayerLine)> {
    new.players.iter().filter_map(|line| old.players.iter().find(|other| other.guid == line.guid).map(|o| (o, line)))
}
