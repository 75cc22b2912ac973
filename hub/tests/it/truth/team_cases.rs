//! The cases of persistent teams that need whole files; the others stand beside the detector.

use slomix_hub::domain::round::Session;

use super::archive::{Archive, rules};
use super::scripted::{BLUE, Half, RED, derive};

/// Two maps, each with both halves; the sides go on as they are.
fn two_maps() -> Vec<(&'static str, Half)> {
    let one = Half::first("supply", &BLUE, &RED).completed(300);
    let two = Half::first("radar", &RED, &BLUE).completed(300);
    let seconds = [Half::second(&one), Half::second(&two)];
    let [second, fourth] = seconds;
    vec![("200000", one), ("200700", second), ("201400", two), ("202100", fourth)]
}

/// What the players' lines of all files become, and what then derives.
fn changed(change: impl Fn(&str, &str) -> String) -> Archive {
    let files: Vec<(String, String)> = two_maps()
        .iter()
        .map(|(time, half)| {
            let (name, content) = half.file(&format!("2026-02-03-{time}"));
            let text = String::from_utf8(content).unwrap();
            (name, text.lines().map(|line| change(time, line) + "\n").collect())
        })
        .collect();
    Archive::new(files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())), &rules())
}

fn only(archive: &Archive) -> &Session {
    let sessions: Vec<&Session> = archive.sessions().collect();
    assert_eq!(sessions.len(), 1);
    sessions[0]
}

/// The GUIDs of a team's core, as numbers.
fn core(session: &Session, team: i8) -> Vec<i64> {
    session.members.iter().filter(|member| member.core && member.team == team).map(|member| member.player).collect()
}

fn ids(team: [&str; 3]) -> Vec<i64> {
    team.iter().map(|guid| i64::from(u32::from_str_radix(guid, 16).unwrap())).collect()
}

#[test]
fn t10_spectators_are_in_no_team() {
    // Three of them keep their weapons' numbers and nothing else.
    let archive = changed(|_, line| {
        let mut lines = vec![line.to_owned()];
        if line.starts_with("B1000000") {
            for guid in ["C1000000", "C2000000", "C3000000"] {
                let line = line.replace("B1000000", guid).replace("\t5.0\t", "\t0.0\t").replace("\t10.0\t", "\t0.0\t");
                lines.push(line.replace("\\1\\16", "\\3\\16").replace("\\2\\16", "\\3\\16"));
            }
        }
        lines.join("\n")
    });
    let session = only(&archive);
    assert!(archive.rounds().all(|round| (round.players.len(), round.humans) == (9, 6)));
    assert_eq!((core(session, 1), core(session, -1)), (ids(BLUE), ids(RED)));
    assert_eq!(session.members.len(), 6);
}

#[test]
fn t11_bots_are_in_no_team() {
    let archive = changed(|_, line| line.replace("A3000000\\A3000000", "OMNIBOT0\\[BOT]Pawn"));
    let session = only(&archive);
    assert!(archive.rounds().all(|round| (round.bots, round.valid) == (1, false)));
    assert_eq!(core(session, -1), ids(RED)[..2]);
    assert_eq!((session.members.len(), session.score(), session.uncounted), (5, (0, 0), 2));
}

#[test]
fn t13_a_name_on_every_map_is_one_player() {
    let archive = changed(|time, line| line.replace("A1000000\\A1000000", &format!("A1000000\\^1at^7{time}")));
    let session = only(&archive);
    assert_eq!((core(session, 1), core(session, -1)), (ids(BLUE), ids(RED)));
    let names: Vec<&str> = archive
        .rounds()
        .flat_map(|round| &round.players)
        .filter(|player| player.key.as_str() == "A1000000")
        .map(|player| player.name.as_str())
        .collect();
    assert_eq!(names, ["at200000", "at200700", "at201400", "at202100"], "the last one is his name now");
}

#[test]
fn t16_two_sessions_of_one_day_have_their_own_teams() {
    let ([b1, b2, b3], [r1, r2, r3]) = (BLUE, RED);
    let (one, two) = ([b1, r2, r3], [r1, b2, b3]);
    let later = Half::first("radar", &one, &two).completed(300);
    let mut script = two_maps();
    script.extend([("223000", later.clone()), ("223700", Half::second(&later))]);
    let archive = derive(&script);
    let teams: Vec<_> = archive.sessions().map(|session| (core(session, 1), core(session, -1))).collect();
    let sorted = |team: [&str; 3]| {
        let mut ids = ids(team);
        ids.sort_unstable();
        ids
    };
    assert_eq!(teams, [(sorted(BLUE), sorted(RED)), (sorted(one), sorted(two))]);
}
