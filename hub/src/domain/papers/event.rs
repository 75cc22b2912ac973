use slomix_shared::formats::gametime::{EndReason, Gametime};
use slomix_shared::game::Side;

use crate::domain::outcome::Outcome;
use crate::domain::round::{Round, Status};

/// Event and stats file may measure a round this many seconds apart: their clocks start a frame apart, and without a
/// measured time the file tells tenths of minutes.
const TOLERANCE: i64 = 10;
/// The clock has run out if play lasted this close to it, in seconds.
const NEAR_THE_CLOCK: i64 = 2;

/// What the event tells about the round, as far as it fits what the stats file says; flags what does not.
///
/// Sides that the file's header lacks are taken from the event, and the outcome with them.
pub(super) fn apply(round: &mut Round, event: &Gametime) {
    round.papers.pauses = event.pauses;
    round.papers.pause_seconds = event.pause_seconds;
    // The event of a round that was cut off names the winner that the map script had set for the case that nothing
    // happens, and an objective that nobody reached.
    if round.status == Status::Aborted {
        return;
    }
    let differs = |own: Option<Side>, told: Option<Side>| own.zip(told).is_some_and(|(own, told)| own != told);
    let (winner_differs, defender_differs) =
        (differs(round.winner, event.winner), differs(round.defender, event.defender));
    let far = |(own, told): (i64, i64)| (own - told).abs() > TOLERANCE;
    for (flag, is_so) in [
        ("event_winner_differs", winner_differs),
        ("event_defender_differs", defender_differs),
        ("event_duration_differs", round.duration.zip(event.seconds).is_some_and(far)),
    ] {
        if is_so {
            round.flags.insert(flag);
        }
    }
    fill_in_sides(round, event);
    if winner_differs || defender_differs {
        return;
    }
    let Some((winner, defender)) = round.winner.zip(round.defender) else { return };
    let (reason, surrendered) = judge(event, winner, defender, round.clock);
    round.papers.end_reason = reason;
    round.papers.surrendered = surrendered;
}

fn fill_in_sides(round: &mut Round, event: &Gametime) {
    let sides = (round.winner.or(event.winner), round.defender.or(event.defender));
    let (Some(winner), Some(defender)) = sides else { return };
    if round.winner.is_some() && round.defender.is_some() {
        return;
    }
    (round.winner, round.defender) = (Some(winner), Some(defender));
    round.outcome = if winner == defender { Outcome::Held } else { Outcome::Completed };
    round.set_time = round.set_time.filter(|_| round.outcome == Outcome::Completed);
    round.flags.insert("sides_from_event");
}

/// Why the round ended. The script calls any end within the last tenth of the clock `time_expired`, else one after a
/// surrender vote, passed or not, `surrender`; so each of its reasons counts only where it fits the winner.
///
/// A failed vote of the defenders before the attackers reach their goal cannot be told from a passed one.
fn judge(event: &Gametime, winner: Side, defender: Side, clock: Option<u32>) -> (EndReason, Option<Side>) {
    let completed = winner != defender;
    let limit = clock.map(i64::from).or(event.limit_seconds).filter(|&limit| limit > 0);
    let ran_out = limit.zip(event.seconds).is_some_and(|(limit, seconds)| seconds + NEAR_THE_CLOCK >= limit);
    match (event.reason, event.surrender_side) {
        (EndReason::Surrender, Some(side)) if side == winner.other() => (EndReason::Surrender, Some(side)),
        (EndReason::Unknown, _) => (EndReason::Unknown, None),
        _ if completed => (EndReason::Objective, None),
        (EndReason::TimeExpired, _) if ran_out => (EndReason::TimeExpired, None),
        _ => (EndReason::Unknown, None),
    }
}
