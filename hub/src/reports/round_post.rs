//! A round's report as a post: the result in stopwatch words, what there is to beat, two short tables.

use super::awards::{of_a_half, rarities};
use super::columns::cut;
use super::numbers_table::{Best, Line, table};
use super::post::{Accent, Post};
use super::round::RoundReport;
use super::uncounted::{unfair, unscored};
use super::words::{army, clock, plural};
use crate::store::read::RoundPlayerRow;

/// The widest that a name is shown in a line.
const NAME: usize = 20;

/// The post of a round.
pub fn post(report: &RoundReport) -> Post {
    let lines: Vec<(i64, Vec<Line>)> = [1, -1, 0]
        .into_iter()
        .map(|team| (team, report.team(team).into_iter().map(|row| line(report, row)).collect::<Vec<_>>()))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let best = Best::of(&lines.iter().flat_map(|(_, lines)| lines));
    let tables = lines.iter().map(|(side, lines)| table(heading(report, *side), lines, best, true)).collect();
    Post {
        title: title(report),
        accent: accent(report),
        lines: story(report),
        tables,
        notes: notes(report),
        footer: footer(report),
        timestamp_ms: Some(report.round.end_ms),
    }
}

fn title(report: &RoundReport) -> String {
    let round = &report.round;
    let place = format!("{} R{}", round.map, round.half());
    let attackers = report.attackers();
    let (won, held) = (report.called(attackers), report.called(-attackers));
    let time = clock(round.made_in());
    match (round.status.as_str(), round.number, round.outcome.as_str()) {
        ("aborted", ..) => format!("{place}: cut off before its end"),
        (_, 1, "completed") if attackers == 0 => format!("{place}: set in {time}"),
        (_, 1, "completed") => format!("{place}: {won} set {time}"),
        (_, 1, "held") if report.gave_up() != 0 => {
            format!("{place}: {} gave up at {}", report.called(report.gave_up()), clock(round.duration))
        }
        (_, 1, "held") if round.has_flag("held_early") => format!("{place}: held early, at {}", clock(round.duration)),
        (_, 1, "held") => format!("{place}: full hold {}", clock(round.clock)),
        (_, _, "completed") if attackers == 0 => format!("{place}: made it in {time}"),
        (_, _, "completed") => format!("{place}: {won} wins in {time}"),
        (_, _, "held") => match report.play.as_ref().map(|play| (play.result.as_str(), play.winner_team)) {
            Some(("tie", _)) => format!("{place}: double full hold, 1-1"),
            Some(("first", winner)) if winner != 0 => {
                format!("{place}: {} wins, held {}", report.called(winner), clock(round.clock))
            }
            _ if attackers == 0 => format!("{place}: held {}", clock(round.clock)),
            _ => format!("{place}: {held} held {}", clock(round.clock)),
        },
        _ => format!("{place}: result unknown"),
    }
}

fn accent(report: &RoundReport) -> Accent {
    let gained = match (report.round.status.as_str(), report.round.number) {
        ("aborted", _) => return Accent::Trouble,
        (_, 1) if report.round.outcome == "completed" => report.attackers(),
        (_, 1) if report.round.outcome == "held" => -report.attackers(),
        _ => report.play.as_ref().map_or(0, |play| play.winner_team),
    };
    match gained {
        1 => Accent::TeamA,
        -1 => Accent::TeamB,
        _ => Accent::Neutral,
    }
}

/// What the other team wants to know first, then how it stands.
fn story(report: &RoundReport) -> Vec<String> {
    let round = &report.round;
    let mut lines = Vec::new();
    // Once the second half is there, nobody attacks next.
    let next = report.play.as_ref().is_none_or(|play| play.second_half.is_none());
    let next = if next { format!(" ({} attacks next)", report.called(-report.attackers())) } else { String::new() };
    if round.has_flag("voided") {
        lines.push("Declared void: it counts for nothing.".to_owned());
    }
    if report.new_teams {
        lines.push("The teams were shuffled: new teams, and the score starts anew.".to_owned());
    }
    if let Some(why) = unfair(round).filter(|_| round.status != "aborted") {
        lines.push(format!("Does not count, neither for the score nor for totals: not fair, {why}."));
    }
    match (round.status.as_str(), round.number, round.outcome.as_str()) {
        ("aborted", ..) => {
            lines.push("No result: the round was cut off, as by a map change or a stop of the server.".to_owned());
        }
        ("cancelled", ..) => lines.push("Played again right after; this try does not count.".to_owned()),
        ("substitution", ..) => {
            lines.push("Played again right after with other players; this try counts for totals only.".to_owned());
        }
        (_, 1, "completed") => lines.push(format!("Time to beat: {}{next}", clock(round.made_in()))),
        (_, 1, "held") => {
            lines.push(format!("To beat: any finish within {}{next}", clock(round.clock)));
        }
        _ => {}
    }
    if round.number == 2 && round.status != "aborted" {
        if let Some(first) = &report.first_half {
            let half = |attackers: i64, deed: &str, outcome: &str, time: Option<i64>| match outcome {
                "completed" => format!("{} {}", doer(report, attackers, deed), clock(time)),
                "held" => doer(report, -attackers, "held"),
                _ => "result unknown".to_owned(),
            };
            lines.push(format!(
                "R1: {} · R2: {}",
                half(-report.attackers(), "set", &first.outcome, first.made_in()),
                half(report.attackers(), "made it in", &round.outcome, round.made_in())
            ));
        }
        let (a, b, ties) = report.score;
        let not = match report.play.as_ref().map(|play| unscored(play, [report.first_half.as_ref(), Some(round)])) {
            Some(None) => String::new(),
            Some(Some(why)) => format!(" (this map does not count: {why})"),
            None => " (this map does not count yet)".to_owned(),
        };
        let (one, other) = (report.called(1), report.called(-1));
        lines.push(format!("Score: {one} {} - {} {other}, W-L-T {a}-{b}-{ties}{not}", a + ties, b + ties));
    }
    if report.is_cumulative() {
        let why = if round.status == "orphan" { "The first half is missing" } else { "It was a second half" };
        lines.push(format!("{why}, so the numbers below are totals of both halves and count for nobody."));
    }
    if round.surrendered.is_some() {
        let who = match report.gave_up() {
            0 => army(round.surrendered).to_owned(),
            one => format!("{} ({})", report.called(one), army(round.surrendered)),
        };
        lines.push(format!("{who} gave up after {} of {}.", clock(round.duration), clock(round.clock)));
    } else if round.has_flag("held_early") {
        lines.push(format!(
            "Held after {} of {}: a surrender, or the server's doing.",
            clock(round.duration),
            clock(round.clock)
        ));
    }
    lines
}

/// Who did what; the deed alone where it is not known who.
fn doer(report: &RoundReport, who: i64, deed: &str) -> String {
    if who == 0 { deed.to_owned() } else { format!("{} {deed}", report.called(who)) }
}

fn heading(report: &RoundReport, side: i64) -> String {
    if side == 0 {
        return "Team unclear".to_owned();
    }
    let axis = report.round.axis_team == side;
    let role = match report.attackers() {
        0 => String::new(),
        attackers if attackers == side => ", attack".to_owned(),
        _ => ", defence".to_owned(),
    };
    format!("{} ({}{role})", report.called(side), army(Some(if axis { 1 } else { 2 })))
}

/// Awards of the round, at most three, and remarks about numbers that are not what they seem.
fn notes(report: &RoundReport) -> Vec<String> {
    let mut notes = awards(report);
    let named = |flag: &str| {
        let names: Vec<&str> = report
            .players
            .iter()
            .filter(|player| player.flags.split(',').any(|one| one == flag))
            .map(|player| player.name.as_str())
            .collect();
        names.join(", ")
    };
    let reset = named("counters_reset");
    if !reset.is_empty() {
        notes.push(format!("Reconnected between the halves, numbers may lack a part: {reset}"));
    }
    let leftover = named("r1_part_missing");
    if !leftover.is_empty() {
        notes.push(format!("Holds numbers of the first half too, left out of rates: {leftover}"));
    }
    notes
}

fn awards(report: &RoundReport) -> Vec<String> {
    type Award = (&'static str, &'static str, fn(&RoundPlayerRow) -> Option<i64>, i64);
    // From rare to common: what is said first is what does not happen every round.
    const AWARDS: [Award; 8] = [
        ("spree of", "kills", |p| p.killing_spree, 6),
        ("", "dynamites defused", |p| p.dynamites_defused, 2),
        ("", "dynamites planted", |p| p.dynamites_planted, 2),
        ("", "revives", |p| p.revives_given, 5),
        ("", "headshot kills", |p| p.headshot_kills, 4),
        ("", "seconds of play denied", |p| p.denied_seconds, 120),
        ("", "gibs", |p| p.gibs, 8),
        ("", "self kills", |p| p.self_kills, 4),
    ];
    if report.is_cumulative() {
        return Vec::new();
    }
    let told = of_a_half(&report.awards, report.round.half(), report.round.id, 1);
    let common = if told.is_empty() { 3 } else { 2 };
    let rare = rarities(&report.awards).into_iter();
    let rare = rare.chain(AWARDS.iter().filter_map(|(before, after, value, least)| {
        let most = report.players.iter().filter_map(value).max().filter(|most| most >= least)?;
        let holders: Vec<String> = report
            .players
            .iter()
            .filter(|player| value(player) == Some(most))
            .map(|player| cut(&player.name, NAME))
            .collect();
        // What three share is nobody's own.
        (holders.len() <= 2).then(|| format!("{} {most} {after}: {}", before, holders.join(" and ")).trim().to_owned())
    }));
    let mut rare: Vec<String> = rare.collect();
    // The rarest stays first; what follows takes turns, so that not every round says the same.
    if let Some(rest) = rare.get_mut(1..).filter(|rest| !rest.is_empty()) {
        let turn = report.round.id.rem_euclid(rest.len() as i64);
        rest.rotate_left(usize::try_from(turn).unwrap_or(0));
    }
    rare.truncate(common);
    rare.into_iter().chain(told).collect()
}

fn footer(report: &RoundReport) -> String {
    let round = &report.round;
    let mut parts = vec![report.handle.clone()];
    match (round.humans, round.bots) {
        (0, bots @ 1..) => parts.push(format!("bots only ({bots})")),
        (humans, bots) => {
            parts.push(plural(humans, "player", "players"));
            parts.extend((bots > 0).then(|| plural(bots, "bot", "bots")));
        }
    }
    if !round.config.is_empty() {
        parts.push(round.config.clone());
    }
    parts.extend(report.arrived_ms.and_then(|arrived_ms| late(arrived_ms - round.end_ms)));
    parts.join(" · ")
}

/// How late a round arrived, where that is worth a word: not of moments, and not of what is history anyway.
fn late(by_ms: i64) -> Option<String> {
    let minutes = by_ms / 60_000;
    match minutes {
        5..60 => Some(format!("arrived {minutes} min late")),
        60..1_440 => Some(format!("arrived {} h late", minutes / 60)),
        _ => None,
    }
}

/// Of totals of both halves, revives are those of the second alone: the file tells no others.
fn line(report: &RoundReport, player: &RoundPlayerRow) -> Line {
    Line {
        name: player.name.clone(),
        kills: player.kills,
        deaths: player.deaths,
        damage: player.damage_given,
        seconds: player.seconds,
        bullet_hits: player.bullet_hits,
        bullet_shots: player.bullet_shots,
        revives: player.revives_given.filter(|_| !report.is_cumulative()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{numbers, play, round};
    use crate::store::read::{MapPlayRow, RoundRow};

    fn report(round: RoundRow) -> RoundReport {
        let counted = play(1, "supply", [Some(1), Some(2)]);
        RoundReport {
            handle: "2026-11-09a.1".to_owned(),
            session: None,
            play: Some(counted),
            first_half: None,
            score: (1, 0, 1),
            new_teams: false,
            players: vec![numbers(round.id, 1, "bob"), numbers(round.id, 2, "al")],
            awards: Vec::new(),
            names: [None, None],
            arrived_ms: None,
            round,
        }
    }

    fn told(report: &RoundReport) -> String {
        let Post { title, lines, footer, .. } = post(report);
        [vec![title], lines, vec![footer]].concat().join("\n")
    }

    #[test]
    fn teams_that_people_named_bear_their_names() {
        let mut named = report(RoundRow { axis_team: 1, ..round(2, "supply", 2) });
        named.names = [None, Some("Night Shift".to_owned())];
        let told = told(&named);
        assert!(told.contains("Score: Team A 2 - 1 Night Shift"), "{told}");
        assert!(heading(&named, -1).starts_with("Night Shift ("), "{}", heading(&named, -1));
    }

    #[test]
    fn a_round_says_when_it_came_late_and_not_when_it_is_history() {
        let footer = |late_ms: i64| {
            let mut report = report(round(1, "supply", 1));
            report.arrived_ms = Some(report.round.end_ms + late_ms);
            post(&report).footer
        };
        assert!(footer(14 * 60_000).ends_with(" · arrived 14 min late"), "{}", footer(14 * 60_000));
        assert!(footer(3 * 3_600_000 + 5).ends_with(" · arrived 3 h late"));
        for not_late in [-60_000, 20, 4 * 60_000, 26 * 3_600_000] {
            assert!(!footer(not_late).contains("arrived"), "{not_late}");
        }
    }

    #[test]
    fn what_does_not_count_says_why() {
        let of_bots = RoundRow { valid: false, humans: 0, bots: 6, ..round(1, "supply", 1) };
        let mut second = report(round(2, "supply", 2));
        second.first_half = Some(of_bots.clone());
        second.play = second.play.map(|play| MapPlayRow { counted: false, uncounted: "not_fair".to_owned(), ..play });
        let mut lone = report(RoundRow { status: "orphan".to_owned(), ..round(2, "supply", 2) });
        lone.play = lone.play.map(|play| MapPlayRow {
            counted: false,
            uncounted: "unknown".to_owned(),
            first_half: None,
            ..play
        });
        let fair = report(round(1, "supply", 1));
        let with_a_bot = RoundRow { valid: false, bots: 1, ..round(1, "supply", 1) };
        let mut whole = report(round(2, "supply", 2));
        whole.first_half =
            Some(RoundRow { outcome: "completed".to_owned(), set_time: Some(536), ..round(1, "supply", 1) });
        whole.new_teams = true;
        let all =
            [told(&report(of_bots)), told(&report(with_a_bot)), told(&second), told(&lone), told(&fair), told(&whole)];
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn a_round_that_was_cut_off_is_the_half_it_was() {
        let cut = |number, flags: &str| {
            let status = "aborted".to_owned();
            told(&report(RoundRow { status, valid: false, flags: flags.to_owned(), ..round(1, "supply", number) }))
        };
        let totals = "It was a second half, so the numbers below are totals of both halves and count for nobody.";
        let (second, first) = (cut(1, "label_inverted"), cut(2, "label_inverted"));
        assert!(second.starts_with("supply R2: cut off") && second.contains(totals), "{second}");
        assert!(first.starts_with("supply R1: cut off") && !first.contains("totals of both"), "{first}");
        assert!(cut(2, "").contains(totals) && !cut(1, "").contains("totals of both"));
    }
}
