use proptest::prelude::*;

use super::*;

/// A surrender in the second half after a pause, as far as a reader asks.
const SURRENDER: &str = r#"{"meta":{"map":"etl_ice","round":2,"round_start_unix":1780001000,"round_end_unix":1780001230,
"actual_duration_seconds":200,"warmup_seconds":0,"pause_seconds":30,"pause_count":1,"match_id":"1780001230",
"spawn_stats":[{"guid":"33333333333333333333333333333333","name":"jay","spawns":3}]},"payload":{"content":"STATS_READY",
"embeds":[{"fields":[{"name":"Map","value":"etl_ice"},{"name":"Winner","value":"1"},{"name":"Defender","value":"1"},
{"name":"Lua_Timelimit","value":"6.217 min"},{"name":"Lua_Pauses","value":"1 (30 sec)"},
{"name":"Lua_EndReason","value":"surrender"},{"name":"Lua_SurrenderTeam","value":"2"},
{"name":"Axis_JSON","value":"[{\"guid\":\"11111111111111111111111111111111\",\"name\":\"heron\"}]"},
{"name":"Allies_JSON","value":"[{\"guid\":\"22222222222222222222222222222222\",\"name\":\"ib\\\"is\"},{\"guid\":\"OMNIBOT01\",\"name\":\"bot\"}]"}]}]}}"#;

#[test]
fn all_that_a_round_needs_is_read() {
    let event = parse(SURRENDER.as_bytes()).unwrap();
    let guid = |digit: &str| FullGuid::from_bytes(digit.repeat(32).as_bytes()).unwrap();
    assert_eq!(
        event,
        Gametime {
            map: Some("etl_ice".to_owned()),
            round: Some(RoundNumber::Two),
            start_unix: Some(1_780_001_000),
            end_unix: Some(1_780_001_230),
            seconds: Some(200),
            limit_seconds: Some(373),
            pauses: Some(1),
            pause_seconds: Some(30),
            winner: Some(Side::Axis),
            defender: Some(Side::Axis),
            reason: EndReason::Surrender,
            surrender_side: Some(Side::Allies),
            players: vec![
                (guid("1"), "heron".to_owned()),
                (guid("2"), "ib\"is".to_owned()),
                (guid("3"), "jay".to_owned())
            ],
        }
    );
}

#[test]
fn what_is_missing_is_none_and_the_rest_counts() {
    let without_meta = SURRENDER.replace("\"meta\"", "\"other\"");
    let event = parse(without_meta.as_bytes()).unwrap();
    assert_eq!((event.round, event.end_unix, event.map.as_deref()), (None, None, Some("etl_ice")));
    assert_eq!((event.pauses, event.pause_seconds, event.reason), (Some(1), Some(30), EndReason::Surrender));
    let without_payload = SURRENDER.replace("\"payload\"", "\"other\"");
    let event = parse(without_payload.as_bytes()).unwrap();
    assert_eq!((event.seconds, event.reason, event.winner), (Some(200), EndReason::Unknown, None));
    assert_eq!(parse(b"{}"), Err(GametimeError::NoEvent));
    assert_eq!(parse(b"[1]"), Err(GametimeError::NoEvent));
    assert_eq!(parse(b""), Err(GametimeError::Empty));
    assert!(matches!(parse(&SURRENDER.as_bytes()[..300]), Err(GametimeError::Json(_))));
    assert_eq!(parse(&vec![b' '; 300_000]), Err(GametimeError::TooLong(300_000)));
}

#[test]
fn numbers_that_no_game_has_are_none() {
    for (own, forged) in [
        ("\"round_end_unix\":1780001230", "\"round_end_unix\":9223372036854775807"),
        ("\"actual_duration_seconds\":200", "\"actual_duration_seconds\":9223372036854775807"),
        ("\"pause_count\":1", "\"pause_count\":9223372036854775807"),
    ] {
        let event = parse(SURRENDER.replace(own, forged).as_bytes()).unwrap();
        let nones = [event.end_unix, event.seconds, event.pauses].iter().filter(|number| number.is_none()).count();
        assert_eq!(nones, 1, "{forged}");
    }
}

#[test]
fn odd_values_are_none() {
    let odd = SURRENDER
        .replace("\"1 (30 sec)\"", "\"often\"")
        .replace("\"pause_count\":1", "\"pause_count\":\"1\"")
        .replace("6.217 min", "6:13")
        .replace("\"surrender\"}", "\"NORMAL\"}")
        .replace("\"value\":\"2\"", "\"value\":\"3\"")
        .replace("\"round\":2", "\"round\":0");
    let event = parse(odd.as_bytes()).unwrap();
    assert_eq!((event.pauses, event.limit_seconds, event.surrender_side, event.round), (None, None, None, None));
    assert_eq!(event.reason, EndReason::Unknown);
}

#[test]
fn a_message_inside_a_text_and_old_clients_bytes_are_read() {
    let document: Value = serde_json::from_str(SURRENDER).unwrap();
    let mut wrapped = document.clone();
    wrapped["payload"] = Value::String(document["payload"].to_string());
    assert_eq!(parse(wrapped.to_string().as_bytes()), parse(SURRENDER.as_bytes()));
    let mut latin = SURRENDER.as_bytes().to_vec();
    let at = SURRENDER.find("jay").unwrap();
    latin[at + 1] = 0xEB;
    assert_eq!(parse(&latin).unwrap().players[2].1, "jëy");
}

#[test]
fn minutes_become_whole_seconds() {
    for (text, seconds) in
        [("12 min", Some(720)), ("7.533 min", Some(452)), ("1.342 min", Some(81)), ("0.5 min", Some(30))]
    {
        assert_eq!(minutes(text), seconds, "{text}");
    }
    assert_eq!((minutes("12"), minutes(".5 min"), minutes("-1 min"), minutes("1e3 min")), (None, None, None, None));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_damaged_event_is_read_or_refused(at in 0_usize..SURRENDER.len(), byte in any::<u8>(), cut in 0_usize..SURRENDER.len()) {
        let mut bytes = SURRENDER.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = parse(&bytes);
        let _ = parse(&bytes[..cut]);
    }
}

/// What the simulated writer writes is read back.
#[cfg(feature = "sim")]
#[test]
fn the_writer_s_events_tell_the_truth() {
    use crate::sim::{Accidents, Plan, RoundKind, gametime, play};
    let start = jiff::civil::date(2026, 3, 6).at(20, 15, 0, 0);
    let plan = Plan { evenings: 6, accidents: Accidents::storm(), ..Plan::new(5, start) };
    let mut kinds = std::collections::BTreeSet::new();
    for round in play(&plan).unwrap().flat_map(|evening| evening.maps).flat_map(|map| map.rounds) {
        let truth = &round.truth;
        let file = gametime(truth, 1_772_824_500);
        let event = parse(&file.bytes).unwrap();
        assert_eq!(crate::artifact::FileName::kind_of(&file.name), crate::artifact::Kind::Gametime);
        assert_eq!((event.round, event.map.as_deref()), (Some(truth.label), Some(truth.map.as_str())));
        assert_eq!((event.surrender_side, event.defender), (truth.surrendered, Some(truth.defender)));
        assert_eq!(event.pause_seconds, Some(i64::from(truth.paused_ms / 1000)));
        let seconds = event.seconds.unwrap();
        assert!((seconds - i64::from(truth.duration_ms) / 1000).abs() <= 1, "{seconds} {truth:?}");
        if truth.kind != RoundKind::Abort {
            assert_eq!(event.winner, truth.winner);
        }
        kinds.insert((event.reason, truth.kind as u8));
    }
    assert!(kinds.len() >= 5, "{kinds:?}");
}
