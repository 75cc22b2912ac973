//! First halves that were played again soon after.

use std::collections::BTreeSet;

use slomix_shared::artifact::RoundNumber;

use super::play::Play;
use super::round::Status;

/// The longest time between a first half and its re-run, in seconds.
const REPLAY_WINDOW: i64 = 15 * 60;

/// What an unpaired first half is: played again by the same players it is cancelled, with others a substitution,
/// else it was abandoned. `later` are the plays after it that were not cut off: a second half that was bears the
/// label of a first one and is no re-run.
pub fn status_of_lone_first<'a, 'b>(first: &Play<'a>, later: impl IntoIterator<Item = &'b Play<'a>>) -> Status
where
    'a: 'b,
{
    let again = later.into_iter().find(|play| {
        let gap = play.stamp.seconds() - first.stamp.seconds();
        play.number == RoundNumber::One && play.map_key == first.map_key && gap > 0 && gap <= REPLAY_WINDOW
    });
    match again {
        None => Status::Abandoned,
        Some(again) if guids(again) == guids(first) => Status::Cancelled,
        Some(_) => Status::Substitution,
    }
}

fn guids<'a>(play: &Play<'a>) -> BTreeSet<&'a str> {
    play.stats.players.iter().map(|line| line.guid.as_str()).collect()
}
