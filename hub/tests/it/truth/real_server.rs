//! Two short evenings recorded from a real ET:Legacy server with the real scripts and six fighting bots.

use slomix_hub::domain::map_result::MapResult;
use slomix_hub::domain::outcome::Outcome;
use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{Match, Round, Session, Status};
use slomix_shared::game::Side;

use super::archive::{Archive, rules};
use super::books::balance;
use super::data;
use super::findings::Findings;
use super::stats_real::add_up;

fn evening(number: u8) -> Option<Archive> {
    let folder = data::folder(&format!("real-server/evening-{number}"))?;
    let files = data::files(&folder.join("gamestats"));
    Some(Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules()))
}

/// The one map of an evening, and its one session.
fn only(archive: &Archive) -> (&Match, &Session) {
    let (matches, sessions): (Vec<_>, Vec<_>) = (archive.matches().collect(), archive.sessions().collect());
    assert_eq!((matches.len(), sessions.len()), (1, 1));
    (matches[0], sessions[0])
}

fn states(archive: &Archive) -> Vec<(&str, Status, Outcome)> {
    archive.rounds().map(|round| (round.map.as_str(), round.status, round.outcome)).collect()
}

fn round(archive: &Archive, id: Option<i64>) -> &Round {
    archive.rounds().find(|round| Some(round.id) == id).unwrap()
}

/// Every stats file is a round, and the halves of the pair add up to what the second one's file says.
fn check_numbers(archive: &Archive) {
    let mut findings = Findings::default();
    balance(archive, &mut findings);
    for file in &archive.files {
        findings.same("files", &file.file_name, &archive.fates(&file.file_name), &vec![&Fate::Stored]);
    }
    let (play, _) = only(archive);
    let (first, second) = (round(archive, play.first), round(archive, play.second));
    let totals = archive.files.iter().find(|file| file.file_name == second.file_name).unwrap();
    add_up(first, second, totals.parsed.as_ref().as_ref().unwrap(), &mut findings);
    assert_eq!(findings.count("players subtracted"), 6);
    findings.conclude("a recorded evening");
}

/// The flags of the round that was cut off.
fn flags_of_cut_off(archive: &Archive) -> Vec<&'static str> {
    let round = archive.rounds().find(|round| round.status == Status::Aborted).unwrap();
    assert_eq!((round.valid, round.match_id, round.winner, round.duration), (false, None, None, None));
    round.flags.iter().copied().collect()
}

#[test]
fn evening_1_is_a_double_fullhold_and_a_round_cut_off_by_the_server_s_end() {
    let Some(archive) = evening(1) else { return };
    assert_eq!(
        states(&archive),
        [
            ("boxmap", Status::Complete, Outcome::Held),
            ("boxmap", Status::Complete, Outcome::Held),
            ("boxmap", Status::Aborted, Outcome::Unknown),
        ]
    );
    let (play, session) = only(&archive);
    assert_eq!((play.result, play.counted), (MapResult::Tie, true));
    assert_eq!((session.score(), session.uncounted), ((1, 1), 0));
    // It says round 2 and was a first half; its next clock is no time.
    assert_eq!(flags_of_cut_off(&archive), ["garbage_next", "label_inverted"]);
    check_numbers(&archive);
}

#[test]
fn evening_2_is_won_by_those_who_were_allies_first() {
    let Some(archive) = evening(2) else { return };
    assert_eq!(
        states(&archive),
        [
            ("boxmap", Status::Complete, Outcome::Completed),
            ("boxmap", Status::Complete, Outcome::Held),
            ("boxtwo", Status::Aborted, Outcome::Unknown),
        ]
    );
    let (play, session) = only(&archive);
    assert_eq!((play.result, play.counted), (MapResult::FirstAttackers, true));
    let first = round(&archive, play.first);
    assert_eq!((first.defender, first.winner), (Some(Side::Axis), Some(Side::Allies)));
    // The Allies of the first half are the team that is not Axis in it.
    assert_eq!(play.winner_team, -first.axis_team);
    assert_eq!((session.score(), session.uncounted), ((0, 1), 0));
    assert_eq!(flags_of_cut_off(&archive), ["garbage_next", "label_inverted"]);
    check_numbers(&archive);
    assert_eq!((first.duration, round(&archive, play.second).duration), (Some(79), Some(79)));
}
