//! Why something does not count, in words.
//!
//! A round is *fair* with at least two humans, no bot, on a map that is played for the score, and not cut off
//! ([`crate::domain::validity`]). What is not fair is kept and shown, and counts for neither the score nor anybody's
//! totals.

use crate::store::read::{MapPlayRow, RoundRow};

/// What it means, for those who see the word alone.
pub const NOT_FAIR_MEANS: &str = "Not fair is a round with a bot, with fewer than two players, on a map that is not \
     played for the score, or whose file tells no time: it is shown, and counts for neither the score nor totals.";

/// Why a round is not fair; none if it is.
pub fn unfair(round: &RoundRow) -> Option<&'static str> {
    if round.valid {
        return None;
    }
    Some(match (round.humans, round.bots) {
        _ if round.status == "aborted" => "cut off before its end",
        (0, 0) => "nobody played",
        (0, _) => "bots only",
        (_, 1) => "a bot played",
        (_, 2..) => "bots played",
        (1, _) => "one player alone",
        _ if round.has_flag("garbage_next") && round.duration.is_none() => "its file tells no time",
        _ => "a map that is not played for the score",
    })
}

/// Why a round's numbers count for nobody's totals; none if they do.
pub fn numberless(round: &RoundRow) -> Option<&'static str> {
    if round.has_flag("voided") {
        return Some("declared void");
    }
    unfair(round).or(match round.status.as_str() {
        "orphan" => Some("a second half alone, whose numbers are totals of both halves"),
        "cancelled" => Some("played again right after"),
        _ => None,
    })
}

/// Why a map does not count for the score; none if it does. The halves are its rounds, as far as they came.
pub fn unscored(play: &MapPlayRow, halves: [Option<&RoundRow>; 2]) -> Option<String> {
    let missing = |which: &str| format!("its {which} half is missing");
    Some(match play.uncounted.as_str() {
        "" => return None,
        "voided" => "declared void".to_owned(),
        "teams_unclear" => "players changed teams in between".to_owned(),
        "not_fair" => match halves.map(|half| half.and_then(unfair)) {
            [Some(first), Some(second)] if first == second => format!("not fair, {first}"),
            [Some(first), Some(second)] => format!("not fair, {first}, then {second}"),
            [Some(first), None] => format!("the first half is not fair, {first}"),
            [None, Some(second)] => format!("the second half is not fair, {second}"),
            [None, None] => "not fair".to_owned(),
        },
        "incomplete" if halves[1].is_none() => missing("second"),
        "unknown" if halves[0].is_none() => format!("{}, and without it nobody can say who won", missing("first")),
        _ => "the files do not tell who won".to_owned(),
    })
}

/// Every reason once, in the order in which they come first.
pub fn each_once<T: PartialEq>(reasons: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for reason in reasons {
        if !once.contains(&reason) {
            once.push(reason);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{play, round};

    #[test]
    fn a_round_is_not_fair_for_one_reason() {
        let with = |humans, bots| RoundRow { valid: false, humans, bots, ..round(1, "supply", 1) };
        let cut_off = RoundRow { status: "aborted".to_owned(), ..with(6, 0) };
        let timeless = RoundRow { flags: "garbage_next".to_owned(), duration: None, ..with(6, 0) };
        for (round, reason) in [
            (with(0, 6), "bots only"),
            (with(6, 2), "bots played"),
            (with(6, 1), "a bot played"),
            (with(1, 0), "one player alone"),
            (with(0, 0), "nobody played"),
            (with(6, 0), "a map that is not played for the score"),
            (cut_off, "cut off before its end"),
            (timeless, "its file tells no time"),
        ] {
            assert_eq!((unfair(&round), numberless(&round)), (Some(reason), Some(reason)));
        }
        let fair = round(1, "supply", 1);
        assert_eq!((unfair(&fair), numberless(&fair)), (None, None));
    }

    #[test]
    fn a_lone_second_half_is_fair_and_its_numbers_count_for_nobody() {
        let lone = RoundRow { status: "orphan".to_owned(), ..round(2, "supply", 2) };
        assert_eq!(unfair(&lone), None);
        assert_eq!(numberless(&lone), Some("a second half alone, whose numbers are totals of both halves"));
    }

    #[test]
    fn a_map_does_not_count_for_what_its_halves_lack() {
        let fair = round(1, "supply", 1);
        let mixed = RoundRow { valid: false, bots: 2, ..round(2, "supply", 2) };
        let told = |uncounted: &str, halves| {
            let play = MapPlayRow { uncounted: uncounted.to_owned(), ..play(1, "supply", [Some(1), Some(2)]) };
            unscored(&play, halves)
        };
        for (uncounted, halves, reason) in [
            ("not_fair", [Some(&fair), Some(&mixed)], "the second half is not fair, bots played"),
            ("not_fair", [Some(&mixed), Some(&fair)], "the first half is not fair, bots played"),
            ("not_fair", [Some(&mixed), Some(&mixed)], "not fair, bots played"),
            ("incomplete", [Some(&fair), None], "its second half is missing"),
            ("unknown", [None, Some(&fair)], "its first half is missing, and without it nobody can say who won"),
            ("unknown", [Some(&fair), Some(&fair)], "the files do not tell who won"),
            ("voided", [Some(&fair), Some(&fair)], "declared void"),
        ] {
            assert_eq!(told(uncounted, halves).as_deref(), Some(reason), "{uncounted}");
        }
        assert_eq!(told("", [Some(&fair), Some(&fair)]), None);
    }
}
