use std::path::Path;

use slomix_shared::artifact::FileName;

use super::*;
use crate::validate::Opinion;

/// Objective, first half.
const NORMAL: (&str, &str) = (
    "gametime-supply-R1-1780000490.json",
    include_str!("../../../tests/fixtures/round-events/gametime-supply-R1-1780000490.json"),
);
/// The attacking Allies gave up in the second half.
const SURRENDER: (&str, &str) = (
    "gametime-etl_ice-R2-1780001200.json",
    include_str!("../../../tests/fixtures/round-events/gametime-etl_ice-R2-1780001200.json"),
);
/// Two pauses, time ran out.
const PAUSES: (&str, &str) = (
    "gametime-radar-R1-1780002675.json",
    include_str!("../../../tests/fixtures/round-events/gametime-radar-R1-1780002675.json"),
);
const NOW: i64 = 1_780_003_000;
/// After all the collected evenings.
const LATER: i64 = 1_800_000_000;

fn judge_bytes(name: &str, content: &[u8], now: i64) -> Judgement {
    let limits = Limits { time: std::time::Duration::from_secs(20), ..Limits::default() };
    let subject = Subject { kind: Kind::Gametime, name, content, now };
    Rules::new(None, limits).try_judge(&subject).unwrap().unwrap()
}

fn judge(name: &str, content: &str) -> Judgement {
    judge_bytes(name, content.as_bytes(), NOW)
}

#[test]
fn sound_round_events_are_accepted() {
    for (name, content) in [NORMAL, SURRENDER, PAUSES] {
        let judgement = judge(name, content);
        assert_eq!(judgement.opinion, Opinion::Accept, "{name}: {:?}", judgement.notes);
        assert!(judgement.rules.is_empty());
    }
}

/// Replaces `from`, which must be there, everywhere.
fn changed((name, content): (&'static str, &str), changes: &[(&str, &str)]) -> (&'static str, String) {
    let content = changes.iter().fold(content.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in {name}");
        text.replace(from, to)
    });
    (name, content)
}

/// The embed's field `name` with `from` for a value becomes `to`.
fn field(base: (&'static str, &str), name: &str, from: &str, to: &str) -> (&'static str, String) {
    let at = |value: &str| format!("\"name\": \"{name}\",\n     \"value\": \"{value}\"");
    changed(base, &[(&at(from), &at(to))])
}

#[test]
fn each_rule_is_named_by_what_breaks_it_and_by_nothing_else() {
    use Opinion::{Reject, Suspect};
    let jay = format!(r#"{{\"guid\":\"{}\",\"name\":\"jay\"}}"#, "33".repeat(16));
    let twin = format!(r#"{{\"guid\":\"{}\",\"name\":\"jay\"}}"#, "11".repeat(16));
    let pauses = r#"[{\"n\":1,\"start\":1780002100,\"end\":1780002160,\"sec\":60},{\"n\":2,\"start\":1780002300,\"end\":1780002315,\"sec\":15}]"#;
    let cases: Vec<(&str, Opinion, (&str, String))> = vec![
        ("S2", Reject, (NORMAL.0, NORMAL.1[..NORMAL.1.len() - 40].to_owned())),
        ("S2", Reject, (NORMAL.0, "[]".to_owned())),
        ("S2", Reject, (NORMAL.0, String::new())),
        ("S2", Reject, (NORMAL.0, format!("{}{}", NORMAL.1, " ".repeat(256 * 1024)))),
        ("S3", Reject, changed(NORMAL, &[("STATS_READY", "STATS READY")])),
        ("S4", Reject, changed(NORMAL, &[("\"Lua_Warmup\"", "\"Lua_Warm\"")])),
        ("S4", Suspect, changed(NORMAL, &[("\"fields\": [", "\"fields\": [{\"name\":\"New\",\"value\":\"1\"},")])),
        ("S5", Suspect, changed(NORMAL, &[(" v1.7.2", "")])),
        ("S6", Reject, ("gametime-supply-R0-1780000490.json", NORMAL.1.to_owned())),
        ("F1", Reject, field(NORMAL, "Map", "supply", "unknown")),
        ("F2", Reject, field(NORMAL, "Round", "1", "0")),
        ("F3", Reject, field(NORMAL, "Winner", "2", "3")),
        ("F4", Reject, field(NORMAL, "Lua_Playtime", "490 sec", "8:10")),
        ("F5", Reject, field(NORMAL, "Lua_Timelimit", "12 min", "12:00")),
        ("F5", Reject, field(NORMAL, "Lua_Timelimit", "12 min", "121 min")),
        ("F6", Reject, field(PAUSES, "Lua_Pauses", "2 (75 sec)", "2 (75s)")),
        ("F7", Reject, field(NORMAL, "Lua_EndReason", "objective", "NORMAL")),
        ("F8", Reject, field(NORMAL, "Lua_Warmup", "0 sec", "-3 sec")),
        ("F9", Reject, field(NORMAL, "Lua_RoundStart", "1780000000", "1800000000000")),
        ("F10", Reject, field(SURRENDER, "Lua_SurrenderTeam", "2", "3")),
        ("F11", Reject, field(SURRENDER, "Lua_SurrenderCaller", &"44".repeat(16), "44444444")),
        ("F12", Reject, field(NORMAL, "Lua_AxisScore", "0", "-1")),
        ("F13", Reject, changed(NORMAL, &[(&jay, "")])),
        ("F14", Reject, changed(PAUSES, &[(r#"\"sec\":15"#, r#"\"sec\":\"15\""#)])),
        ("F15", Reject, changed(NORMAL, &[("\"spawns\":3", "\"spawns\":2.5")])),
        ("F16", Reject, changed(NORMAL, &[("\"match_id\":\"1780000490\"", "\"match_id\":\"1780000491\"")])),
        ("F16", Reject, changed(NORMAL, &[("\"server_port\":\"27960\"", "\"server_port\":\"\"")])),
        ("X1", Reject, changed(NORMAL, &[("1780000000", "1780000491")])),
        ("X2", Reject, changed(NORMAL, &[("490 sec", "489 sec"), ("seconds\":490", "seconds\":489")])),
        ("X3", Reject, field(SURRENDER, "Lua_Timelimit", "8.167 min", "3.000 min")),
        ("X4", Reject, changed(PAUSES, &[(pauses, "[]")])),
        ("X4", Suspect, changed(PAUSES, &[("2 (75 sec)", "3 (75 sec)"), ("pause_count\":2", "pause_count\":3")])),
        ("X5", Reject, changed(PAUSES, &[("1780002300", "1780002150"), ("1780002315", "1780002165")])),
        ("X6", Reject, field(NORMAL, "Lua_WarmupStart", "1780000000", "1779999990")),
        ("X7", Suspect, changed(NORMAL, &[("\"objective\"", "\"time_expired\"")])),
        ("X9", Suspect, field(NORMAL, "Lua_SurrenderTeam", "0", "1")),
        ("X10", Suspect, field(NORMAL, "Defender", "1", "2")),
        ("X11", Reject, changed(NORMAL, &[(&jay, &twin)])),
        ("X12", Suspect, field(SURRENDER, "Lua_SurrenderCaller", &"44".repeat(16), &"11".repeat(16))),
        ("X13", Reject, changed(NORMAL, &[("\"pause_count\":0", "\"pause_count\":1")])),
        ("X14", Reject, ("gametime-supply-R2-1780000490.json", NORMAL.1.to_owned())),
        ("X15", Suspect, field(NORMAL, "Lua_AxisScore", "0", "1")),
        ("X16", Reject, changed(NORMAL, &[("\"dead_seconds\":18", "\"dead_seconds\":491")])),
    ];
    for (rule, opinion, (name, content)) in &cases {
        let judgement = judge(name, content);
        assert_eq!(judgement.rules, [*rule], "{rule} in {name}: {:?}", judgement.notes);
        assert_eq!(judgement.opinion, *opinion, "{rule} in {name}");
    }

    let (name, winner) = field(SURRENDER, "Lua_SurrenderTeam", "2", "1");
    let judgement = judge(name, &winner);
    assert_eq!(judgement.rules[0], "X8", "{:?}", judgement.notes);
}

#[test]
fn odd_bytes_in_a_name_are_suspect() {
    let mut content = NORMAL.1.replace("heron", "hero#").into_bytes();
    content.iter_mut().filter(|byte| **byte == b'#').for_each(|byte| *byte = 0xE9);
    let judgement = judge_bytes(NORMAL.0, &content, NOW);
    assert_eq!((judgement.opinion, judgement.rules), (Opinion::Suspect, vec!["S1".to_owned()]));
}

#[test]
fn a_round_of_tomorrow_is_refused() {
    let judgement = judge_bytes(NORMAL.0, NORMAL.1.as_bytes(), 1_779_000_000);
    assert_eq!(judgement.rules, ["F9"], "{:?}", judgement.notes);
}

#[test]
fn a_directory_overrides_and_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("gametime.lua");
    let mut rules = Rules::new(Some(directory.path().to_owned()), Limits::default());
    let subject = Subject { kind: Kind::Gametime, name: NORMAL.0, content: NORMAL.1.as_bytes(), now: NOW };
    assert_eq!(rules.judge(&subject).unwrap().opinion, Opinion::Accept);

    fs::write(&script, "return function() return { verdict = 'suspect', rules = { 'mine' } } end").unwrap();
    assert_eq!(rules.judge(&subject).unwrap().rules, ["mine"]);

    fs::write(&script, "return function() this is no Lua").unwrap();
    assert_eq!(rules.judge(&subject), None);
    assert!(rules.gametime.failed);

    fs::remove_file(&script).unwrap();
    assert_eq!(rules.judge(&subject).unwrap().opinion, Opinion::Accept);
    assert!(!rules.gametime.failed);
}

#[test]
fn kinds_without_rules_have_no_verdict() {
    let subject = Subject { kind: Kind::Stats, name: "x", content: b"", now: NOW };
    assert_eq!(Rules::new(None, Limits::default()).judge(&subject), None);
}

/// Every example of the collection says what it says it is; skipped where the collection is not there.
#[test]
fn collected_examples() {
    let Some(examples) = crate::testdata::folder("round-events") else { return };
    let now = 1_768_500_000;
    let mut seen = 0;
    for file in files(&examples.join("good")) {
        let judgement = judge_bytes(name_of(&file), &fs::read(&file).unwrap(), now);
        assert_eq!(judgement.opinion, Opinion::Accept, "{}: {:?}", file.display(), judgement.notes);
        seen += 1;
    }
    let suspects = ["S1", "S5", "X7", "X9", "X10", "X12", "X15", "X17"];
    for file in files(&examples.join("bad")) {
        let (rule, name) = name_of(&file).split_once("__").unwrap();
        let judgement = judge_bytes(name, &fs::read(&file).unwrap(), now);
        let expected = if suspects.contains(&rule) { Opinion::Suspect } else { Opinion::Reject };
        assert_eq!(judgement.rules, [rule], "{rule}: {:?}", judgement.notes);
        assert_eq!(judgement.opinion, expected, "{rule}: {:?}", judgement.notes);
        seen += 1;
    }
    assert_eq!(seen, 42);
}

/// What the real script wrote in play is never rejected; skipped where the collection is not there.
#[test]
fn collected_evenings_are_not_rejected() {
    let Some(evenings) = crate::testdata::folder("sim-evenings") else { return };
    for file in files(&evenings.join("gametimes")) {
        assert_eq!(FileName::kind_of(name_of(&file)), Kind::Gametime);
        let judgement = judge_bytes(name_of(&file), &fs::read(&file).unwrap(), LATER);
        assert_ne!(judgement.opinion, Opinion::Reject, "{}: {:?}", file.display(), judgement.notes);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn name_of(file: &Path) -> &str {
    file.file_name().unwrap().to_str().unwrap()
}
