//! What stands in the channel beside what was really played.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::Value;
use slomix_shared::artifact::LocalStamp;
use slomix_shared::sim::{Evening, MapPlay, SimRound};

use super::hub::ZONE;
use crate::fake_discord::Message;

/// One message for each round, each map and each session, whatever was sent twice, lost or late; each names its post by
/// a short id of its own and shows how things stand in the end.
pub(crate) fn check(messages: &[Message], evenings: &[Evening]) {
    let embeds: Vec<&Value> = messages
        .iter()
        .map(|message| {
            let [embed] = &message.embeds[..] else { panic!("{message:?} has one embed") };
            embed
        })
        .collect();
    let ids: BTreeSet<&str> = embeds.iter().map(|embed| short_id(embed)).collect();
    assert_eq!(ids.len(), messages.len(), "every post has a short id of its own");

    let mut rounds = 0;
    for evening in evenings {
        for round in evening.rounds() {
            let about: Vec<&&Value> = embeds.iter().filter(|embed| is_about(embed, round)).collect();
            let [post] = about[..] else {
                panic!("{} messages about {} {}: {about:#?}", about.len(), round.truth.map, round.truth.number)
            };
            let text = post.to_string();
            assert!(!text.contains("totals of both halves"), "every first half is there in the end: {text}");
            rounds += 1;
        }
    }
    let titles: Vec<String> = embeds.iter().map(|embed| embed["title"].to_string()).collect();
    let maps = evenings.iter().map(|evening| evening.maps.len()).sum::<usize>();
    assert_eq!(messages.len(), rounds + maps + evenings.len(), "one for each map and session: {titles:#?}");
    for map in evenings.iter().flat_map(|evening| &evening.maps) {
        let last = map.rounds.last().expect("a map has rounds");
        let about: Vec<&&Value> = embeds.iter().filter(|embed| is_of_a_map(embed, map, last)).collect();
        let [post] = about[..] else { panic!("{} messages about {}: {about:#?}", about.len(), map.truth.map) };
        assert!(!post.to_string().contains("missing"), "both halves are there in the end: {post}");
    }

    for evening in evenings {
        let last = evening.rounds().last().expect("an evening has rounds");
        let about: Vec<&&Value> =
            embeds.iter().filter(|embed| title(embed).starts_with("Session ") && ends_with(embed, last)).collect();
        let [post] = about[..] else { panic!("{} messages about one session: {about:#?}", about.len()) };
        let text = post.to_string();
        for map in &evening.maps {
            assert!(text.contains(shown(map.truth.map.as_str())), "{} is among the maps: {text}", map.truth.map);
        }
        let [pair] = &evening.teams[..] else { panic!("nobody shuffled the teams") };
        let scores = [(pair.wins_a, pair.wins_b), (pair.wins_b, pair.wins_a)];
        let scores = scores.map(|(a, b)| format!("Maps W-L-T for Team A: {a}-{b}-{}", pair.ties));
        assert!(scores.iter().any(|score| text.contains(score)), "one of {scores:?} is the score: {text}");
    }
}

/// The last word of the footer.
fn short_id(embed: &Value) -> &str {
    let footer = embed["footer"]["text"].as_str().unwrap_or_else(|| panic!("no footer: {embed}"));
    let id = footer.split_whitespace().next_back().unwrap_or_default();
    assert!(id.len() == 10 && id.bytes().all(|digit| digit.is_ascii_hexdigit()), "no short id: {footer}");
    id
}

/// The title as people read it.
fn title(embed: &Value) -> String {
    // Discord's markdown is held off by backslashes, as in `etl\_adlernest`.
    embed["title"].as_str().unwrap_or_default().replace('\\', "")
}

fn is_about(embed: &Value, round: &SimRound) -> bool {
    title(embed).starts_with(&format!("{} {}:", round.truth.map, round.truth.number)) && ends_with(embed, round)
}

fn is_of_a_map(embed: &Value, map: &MapPlay, last: &SimRound) -> bool {
    let (title, map) = (title(embed), &map.truth.map);
    let named = title.starts_with(&format!("{map}: ")) || title.starts_with(&format!("{map} (#"));
    named && ends_with(embed, last)
}

/// Whether the embed bears the time of the round's end.
fn ends_with(embed: &Value, round: &SimRound) -> bool {
    let time = embed["timestamp"].as_str().and_then(|time| time.parse::<jiff::Timestamp>().ok());
    time == Some(instant(round.truth.stamp))
}

fn instant(stamp: LocalStamp) -> jiff::Timestamp {
    let zone = TimeZone::get(ZONE).expect("the zone is known");
    zone.to_timestamp(stamp.civil()).expect("the evening lies within the calendar")
}

/// As much of a map's name as the session's table has room for.
fn shown(map: &str) -> &str {
    &map[..map.len().min(10)]
}
