//! The numbered cases of endstats that need a round beside them, and what a round event does to its round.

use slomix_hub::domain::clock::instant_ms;
use slomix_hub::domain::input::{Rules, SurrenderScope};
use slomix_hub::domain::map_result::MapResult;
use slomix_hub::domain::papers::GivenAward;
use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::Round;
use slomix_shared::artifact::LocalStamp;
use slomix_shared::formats::gametime::EndReason;
use slomix_shared::game::Side;

use super::archive::{Archive, rules};
use super::scripted::{BLUE, FULL_CLOCK, Half, RED, derive_with, stamp_of};

type File = (String, Vec<u8>);

fn endstats(time: &str, half: &Half, text: &str) -> File {
    let name = format!("{}-{}-round-{}-endstats.txt", stamp_of(time), half.map, half.number.number());
    (name, text.as_bytes().to_vec())
}

/// What a script tells of a half that ended three seconds before `time`.
struct Told {
    reason: &'static str,
    winner: u8,
    seconds: i64,
    surrender: u8,
}

fn event(time: &str, half: &Half, told: &Told) -> File {
    let end = instant_ms(&rules().zone, LocalStamp::parse(&stamp_of(time)).unwrap()) / 1000 - 3;
    let (map, round, start) = (half.map, half.number.number(), end - told.seconds - 40);
    let text = format!(
        r#"{{"meta":{{"map":"{map}","round":{round},"round_start_unix":{start},"round_end_unix":{end},
        "actual_duration_seconds":{},"pause_seconds":40,"pause_count":2}},"payload":{{"embeds":[{{"fields":[
        {{"name":"Winner","value":"{}"}},{{"name":"Defender","value":"1"}},
        {{"name":"Lua_EndReason","value":"{}"}},{{"name":"Lua_SurrenderTeam","value":"{}"}},
        {{"name":"Axis_JSON","value":"[{{\"guid\":\"B1000000000000000000000000000001\",\"name\":\"b\"}}]"}}]}}]}}}}"#,
        told.seconds, told.winner, told.reason, told.surrender
    );
    (format!("gametime-{map}-R{round}-{end}.json"), text.into_bytes())
}

fn pair() -> (Half, Half) {
    let first = Half::first("supply", &BLUE, &RED).completed(360);
    let second = Half::second(&first);
    (first, second)
}

fn derived(halves: &[(&str, Half)], others: &[File]) -> Archive {
    derive_with(&rules(), halves, others)
}

fn round(archive: &Archive, number: u8) -> &Round {
    archive.rounds().find(|round| round.number.number() == number).unwrap()
}

fn holders(round: &Round) -> Vec<(&str, Option<i64>)> {
    round.papers.awards.iter().map(|award: &GivenAward| (award.holder.as_str(), award.player)).collect()
}

fn kept(code: &'static str) -> impl Fn(&Fate) -> bool {
    move |fate| matches!(fate, Fate::Kept { code: own, .. } if *own == code)
}

#[test]
fn case_87_the_nearest_round_of_the_map_and_half() {
    let (first, second) = pair();
    let again = Half::first("supply", &RED, &BLUE).completed(200);
    let papers = [
        endstats("200006", &first, "Most deaths\tA1000000\t5\n"),
        endstats("201200", &again, "Most deaths\tB1000000\t7\n"),
        endstats("230000", &first, "Most deaths\tA1000000\t9\n"),
    ];
    let halves = [("200010", first), ("200700", second), ("201203", again)];
    let archive = derived(&halves, &papers);
    let deaths = |time: &str| {
        let round = archive.rounds().find(|round| round.file_name.starts_with(&stamp_of(time))).unwrap();
        round.papers.awards.iter().map(|award| award.amount.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((deaths("200010"), deaths("200700"), deaths("201203")), (vec![5000], vec![], vec![7000]));
    assert_eq!(archive.fates(&papers[0].0), [&Fate::Stored]);
    assert!(archive.fates(&papers[2].0).is_empty(), "of no block");
}

#[test]
fn case_88_of_two_files_the_richer_counts() {
    let (first, _) = pair();
    let poor = "Most deaths\tA1000000\t5\nMost gibs\tA1000000\t2\n";
    let rich = "Most deaths\tA1000000\t6\nMost revives\tA2000000\t9\nMost headshots\tA2000000\t3\n\
                VS_HEADER\tA1000000\tA100000000000000000000000000000F\nB1000000\t2\t1\n";
    let papers = [endstats("200000", &first, poor), endstats("200002", &first, rich)];
    for papers in [papers.clone(), [papers[1].clone(), papers[0].clone()]] {
        let archive = derived(&[("200003", first.clone())], &papers);
        let papers = &round(&archive, 1).papers;
        let awards: Vec<_> = papers.awards.iter().map(|award| (award.award.as_str(), award.value.as_str())).collect();
        let rich = [("deaths", "6"), ("revives_given", "9"), ("headshots", "3"), ("Most gibs", "2")];
        assert_eq!(awards, rich, "what only the poorer tells is no less true");
        assert_eq!(papers.duels.len(), 1);
    }
    let again = [endstats("200000", &first, rich), endstats("200002", &first, rich)];
    let archive = derived(&[("200003", first.clone())], &again);
    assert_eq!(archive.fates(&again[1].0), [&Fate::Duplicate(again[0].0.clone())]);
    let cut = [endstats("200000", &first, &rich[..40]), endstats("200000", &first, rich)];
    let archive = derived(&[("200003", first)], &cut);
    assert_eq!(archive.fates(&cut[0].0), [&Fate::Superseded, &Fate::Stored]);
}

#[test]
fn case_89_a_file_split_in_two_is_one() {
    let (first, _) = pair();
    let awards = "Most deaths\tA1000000\t5\nMost revives\tA2000000\t9\n";
    let versus = "B1000000\t2\t1\nB2000000\t2\t1\nB1000000\t2\t1\n";
    let papers = [endstats("200001", &first, awards), endstats("200002", &first, versus)];
    let archive = derived(&[("200003", first)], &papers);
    let papers_of = &round(&archive, 1).papers;
    assert_eq!((papers_of.awards.len(), papers_of.duels.len()), (2, 3));
    assert!(papers_of.duels.iter().all(|duel| duel.subject.is_none() && duel.opponent_player.is_some()));
    for paper in papers {
        assert_eq!(archive.fates(&paper.0), [&Fate::Stored]);
    }
}

#[test]
fn case_90_names_are_looked_up_in_the_round_alone() {
    let (first, _) = pair();
    let (name, bytes) = first.file(&stamp_of("200003"));
    let text = String::from_utf8(bytes).unwrap();
    let text =
        text.replace("A1000000\\A1000000", "A1000000\\^6A^2lpha").replace("A2000000\\A2000000", "A2000000\\Twin");
    let text = text.replace("A3000000\\A3000000", "A3000000\\^1Twin");
    let words = "Most deaths\tAlpha\t5\nMost revives\tTwin\t9\nMost gibs\tStranger\t2\nMost revived\tNewname\t3\n\
                 VS_HEADER\tNewname\tB100000000000000000000000000000F\nAlpha\t1\t2\n";
    let paper = endstats("200001", &first, words);
    let files = [(name, text.into_bytes()), paper];
    let archive = Archive::with_papers(&files, &rules());
    let round = round(&archive, 1);
    let player = |guid: &str| round.players.iter().find(|one| one.key.as_str() == guid).map(|one| one.player);
    let (alpha, renamed) = (player("A1000000"), player("B1000000"));
    assert_eq!(holders(round), [("Alpha", alpha), ("Twin", None), ("Stranger", None), ("Newname", renamed)]);
    let duel = &round.papers.duels[0];
    assert_eq!((duel.subject_player, duel.opponent_player), (renamed, alpha));
    let guids: Vec<_> = round.papers.guids.iter().map(|(player, guid)| (Some(*player), guid.as_str())).collect();
    assert_eq!(guids, [(renamed, "B100000000000000000000000000000F")]);
}

#[test]
fn case_54_an_orphan_s_endstats_are_kept_and_shown_once_it_is_none() {
    let (first, second) = pair();
    let paper = endstats("200658", &second, "Most deaths\tA1000000\t5\n");
    let alone = derived(&[("200700", second.clone())], std::slice::from_ref(&paper));
    assert!(round(&alone, 2).papers.awards.is_empty());
    assert!(kept("orphan_round")(alone.fates(&paper.0)[0]));
    let both = derived(&[("200000", first), ("200700", second)], std::slice::from_ref(&paper));
    assert_eq!(round(&both, 2).papers.awards.len(), 1);
    assert_eq!(both.fates(&paper.0), [&Fate::Stored]);
}

#[test]
fn a_paper_whose_stats_file_cannot_be_read_waits() {
    let (first, _) = pair();
    let name = format!("{}-supply-round-1.txt", stamp_of("200003"));
    let files = [(name, Vec::new()), endstats("200001", &first, "Most deaths\tA1000000\t5\n")];
    let archive = Archive::with_papers(&files, &rules());
    assert!(kept("waiting")(archive.fates(&files[1].0)[0]));
}

#[test]
fn reasons_count_where_they_fit_the_winner() {
    use EndReason::{Objective, Surrender, TimeExpired, Unknown};
    let held = |playtime: i64| Half { playtime: Some(playtime * 1000), ..Half::first("supply", &BLUE, &RED) };
    let (axis, allies) = (Some(Side::Axis), Some(Side::Allies));
    let made = |seconds: i64| held(seconds).completed(seconds as u32);
    for (what, half, reason, winner, surrender, expected) in [
        ("objective", made(300), "objective", 2, 0, (Objective, None)),
        ("objective in the last tenth", made(700), "time_expired", 2, 0, (Objective, None)),
        ("the clock ran out", held(720), "time_expired", 1, 0, (TimeExpired, None)),
        ("given up in the last tenth", held(680), "time_expired", 1, 2, (Unknown, None)),
        ("attackers give up", held(240), "surrender", 1, 2, (Surrender, allies)),
        ("defenders give up", made(180), "surrender", 2, 1, (Surrender, axis)),
        ("the attackers' vote failed, then they made it", made(300), "surrender", 2, 2, (Objective, None)),
        ("the defenders' own vote failed, yet they held", held(300), "surrender", 1, 1, (Unknown, None)),
        ("an objective that nobody reached", held(300), "objective", 1, 0, (Unknown, None)),
        ("a vote before the clock ran out", held(720), "time_expired", 1, 2, (TimeExpired, None)),
        ("words that nobody knows", made(300), "NORMAL", 2, 0, (Unknown, None)),
        ("the event names another winner", made(300), "objective", 1, 0, (Unknown, None)),
    ] {
        let seconds = half.playtime.unwrap() / 1000;
        let paper = event("200003", &half, &Told { reason, winner, seconds, surrender });
        let archive = derived(&[("200003", half)], &[paper]);
        let round = round(&archive, 1);
        assert_eq!((round.papers.end_reason, round.papers.surrendered), expected, "{what}");
        assert_eq!((round.papers.pauses, round.papers.pause_seconds), (Some(2), Some(40)), "{what}");
        let differs = round.flags.contains("event_winner_differs");
        assert_eq!(differs, what.contains("another winner"), "{what}");
        assert!(!round.flags.contains("event_duration_differs"), "{what}");
    }
}

#[test]
fn an_event_changes_no_number_and_flags_what_it_says_otherwise() {
    let half = Half { playtime: Some(300_000), ..Half::first("supply", &BLUE, &RED) }.completed(300);
    let without = derived(&[("200003", half.clone())], &[]);
    let paper = event("200003", &half, &Told { reason: "objective", winner: 2, seconds: 340, surrender: 0 });
    let with = derived(&[("200003", half)], &[paper]);
    let (mut plain, mut told) = (round(&without, 1).clone(), round(&with, 1).clone());
    assert_eq!(told.flags.iter().copied().collect::<Vec<_>>(), ["event_duration_differs"]);
    (plain.flags, told.flags) = Default::default();
    plain.papers.clone_from(&told.papers);
    assert_eq!(plain, told);
}

#[test]
fn an_event_names_the_sides_that_the_header_lacks() {
    let half = Half { sides: ("1", ""), clocks: (FULL_CLOCK, 0), ..Half::first("supply", &BLUE, &RED) };
    let paper = event("200003", &half, &Told { reason: "objective", winner: 2, seconds: 300, surrender: 0 });
    let archive = derived(&[("200003", half)], &[paper]);
    let round = round(&archive, 1);
    assert_eq!((round.winner, round.outcome.as_str()), (Some(Side::Allies), "completed"));
    assert!(round.flags.contains("sides_from_event"));
}

#[test]
fn the_event_of_a_cut_off_round_tells_no_reason() {
    let half = Half { playtime: Some(-86_000_000), ..Half::first("supply", &BLUE, &RED) };
    let paper = event("200003", &half, &Told { reason: "objective", winner: 1, seconds: 100, surrender: 0 });
    let archive = derived(&[("200003", half)], std::slice::from_ref(&paper));
    assert_eq!(round(&archive, 1).papers.end_reason, EndReason::Unknown);
    assert_eq!(archive.fates(&paper.0), [&Fate::Stored]);
}

#[test]
fn of_two_events_the_nearer_counts() {
    let half = Half { playtime: Some(300_000), ..Half::first("supply", &BLUE, &RED) }.completed(300);
    let told = |surrender| Told { reason: "objective", winner: 2, seconds: 300, surrender };
    let papers = [event("200020", &half, &told(0)), event("200003", &half, &told(0))];
    let archive = derived(&[("200003", half)], &papers);
    assert!(kept("other_event")(archive.fates(&papers[0].0)[0]));
    assert_eq!(archive.fates(&papers[1].0), [&Fate::Stored]);
}

/// Who gave up in a half: attackers or defenders.
#[derive(Clone, Copy, PartialEq)]
enum Out {
    Attackers,
    Defenders,
}

/// The truth table's rows with a surrender: how each half ended after how many seconds, who gave up, and the result
/// where a surrender concedes the round, and where it concedes the map.
#[test]
fn surrender_scope_map_takes_the_map_from_whoever_gives_up() {
    use MapResult::{FirstAttackers as A, SecondAttackers as B, Tie};
    type Play = (bool, u32, Option<Out>);
    let (made, held) = (|at| (true, at, None), (false, 720, None));
    let attackers_out = |at| (false, at, Some(Out::Attackers));
    let defenders_out = |at| (true, at, Some(Out::Defenders));
    let rows: [(u8, Play, Play, MapResult, MapResult); 10] = [
        (2, made(360), held, A, A),
        (13, attackers_out(240), made(480), B, B),
        (14, attackers_out(240), held, Tie, B),
        (15, attackers_out(240), attackers_out(200), Tie, Tie),
        (16, defenders_out(180), made(170), B, A),
        (17, defenders_out(180), held, A, A),
        (18, made(360), attackers_out(120), A, A),
        (19, held, attackers_out(300), Tie, A),
        (20, made(360), defenders_out(60), B, B),
        (21, held, defenders_out(300), B, B),
    ];
    for (row, first, second, by_round, by_map) in rows {
        let half = |half: Half, (completed, at, _): Play| {
            let at = at.min(half.clocks.0);
            let half = Half { playtime: Some(i64::from(at) * 1000), ..half };
            if completed { half.completed(at) } else { half }
        };
        let one = half(Half::first("supply", &BLUE, &RED), first);
        let two = half(Half::second(&one), second);
        let told = |time, half: &Half, (completed, _, out): Play| {
            let winner = if completed { 2 } else { 1 };
            let surrender = out.map_or(0, |_| 3 - winner);
            let reason = match out {
                Some(_) => "surrender",
                None if completed => "objective",
                None => "time_expired",
            };
            event(time, half, &Told { reason, winner, seconds: half.playtime.unwrap() / 1000, surrender })
        };
        let papers = [told("200000", &one, first), told("201000", &two, second)];
        let halves = [("200000", one), ("201000", two)];
        for (scope, expected) in [(SurrenderScope::Round, by_round), (SurrenderScope::Map, by_map)] {
            let rules = Rules { surrender_scope: scope, ..rules() };
            let archive = derive_with(&rules, &halves, &papers);
            let play = archive.matches().next().unwrap();
            assert_eq!((play.result, play.counted), (expected, true), "row {row}, {scope:?}");
            let surrendered = archive.rounds().filter(|round| round.papers.surrendered.is_some()).count();
            assert_eq!(surrendered, [first, second].iter().filter(|play| play.2.is_some()).count(), "row {row}");
        }
    }
}
