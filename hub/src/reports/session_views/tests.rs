use std::collections::BTreeSet;

use super::*;
use crate::reports::sample::{evening, line, member, play, round, shown, two_maps};

fn sheets(view: SessionView) -> String {
    let numbers = two_maps();
    of_numbers(&numbers, view).sheets.iter().map(|sheet| shown(&sheet.post)).collect::<Vec<_>>().join("\n----\n")
}

#[test]
fn tables_of_everybody() {
    let views =
        [SessionView::Top, SessionView::Combat, SessionView::Objectives, SessionView::Support, SessionView::Sprees];
    insta::assert_snapshot!(views.map(sheets).join("\n====\n"));
}

#[test]
fn times_and_weapons() {
    insta::assert_snapshot!([SessionView::Time, SessionView::Weapons].map(sheets).join("\n====\n"));
}

#[test]
fn a_page_for_each_map_and_half() {
    let full = sheets(SessionView::MapsFull);
    assert_eq!(full.matches("----").count() + 1, 7);
    assert_eq!(sheets(SessionView::Maps).matches("----").count() + 1, 3);
    insta::assert_snapshot!(full);
}

#[test]
fn maps_that_are_played_again_are_numbered_and_those_that_count_for_nothing_say_why() {
    let mut numbers = two_maps();
    numbers.report.rounds[3].valid = false;
    numbers.report.rounds[3].bots = 1;
    numbers.report.rounds[3].counts_for = 0;
    let epoch = &mut numbers.report.epochs[0];
    let again = play(2, "supply", [Some(3), Some(4)]);
    epoch.plays[1] = crate::store::read::MapPlayRow { counted: false, uncounted: "not_fair".to_owned(), ..again };
    let pages = of_numbers(&numbers, SessionView::Maps);
    let second = &pages.sheets[2].post;
    assert_eq!(second.title, "supply (#2): not counted");
    assert_eq!(
        second.lines,
        [
            "A held · B held",
            "Not counted: the second half is not fair, a bot played",
            "R2's numbers count for nobody's totals: a bot played",
            "Then it stood Team A 1 - 0 Team B",
        ]
    );
}

#[test]
fn the_score_and_how_it_came_about() {
    let report = two_maps().report;
    let with = BTreeSet::from([1, 2, 4]);
    let posts = [
        score::post(&report),
        debug::post(&report),
        teams::post(&report),
        endstats::post(&report, &with),
        overview(&report),
    ];
    insta::assert_snapshot!(posts.iter().map(shown).collect::<Vec<_>>().join("\n====\n"));
}

#[test]
fn awards_are_shared_by_equals() {
    let mut numbers = two_maps();
    for line in &mut numbers.lines {
        line.numbers.fields.set(slomix_shared::formats::stats::Field::RevivesGiven, Some(line.numbers.player % 2 * 3));
    }
    insta::assert_snapshot!(shown(&of_numbers(&numbers, SessionView::Awards).sheets[0].post));
}

#[test]
fn the_file_has_a_line_for_each_player_and_round() {
    let mut lines = vec![line(1, 7, "=1+1", 10), line(1, 8, "a,b", 4)];
    lines[1].numbers.seconds = None;
    let answer = of_numbers(&evening(vec![round(1, "supply", 1)], lines), SessionView::TimeRaw);
    assert_eq!(answer.files[0].name, "times-2026-11-09a.csv");
    insta::assert_snapshot!(answer.files[0].text);
}

#[test]
fn an_evening_without_numbers_says_so_in_every_view() {
    let mut numbers = evening(Vec::new(), Vec::new());
    numbers.report.counts = false;
    numbers.report.epochs[0].members.push(member(1, "ann", 1));
    for named in named::ALL {
        let answer = of_numbers(&numbers, named.view);
        let post = &answer.sheets[0].post;
        assert!(!post.title.is_empty() && !post.lines.is_empty(), "{}: {post:?}", named.name);
        shown(post);
    }
}
