use std::sync::Arc;

use slomix_shared::artifact::{FileName, Kind};
use slomix_shared::formats::stats;

use super::*;
use crate::domain::ids::artifact_id;

const HEADER: &str = "s\\supply\\legacy3\\1\\1\\2\\12:00\\7:36\n";
const R1: &str = "2026-11-09-195037-supply-round-1.txt";
const LATER: &str = "2026-11-09-195044-supply-round-1.txt";

/// A line of a player with an older writer's 33 fields.
fn line(guid: &str) -> String {
    format!("{guid}\\n\\0\\1\\16 10 30 2 1 1 \t{}\n", ["0"; 33].join("\t"))
}

fn body(guids: &[&str]) -> String {
    guids.iter().map(|guid| line(guid)).collect()
}

fn file(file_name: &str, text: &str) -> BlockFile {
    let Ok(FileName::Round(name)) = FileName::parse(file_name) else { panic!("{file_name}") };
    let hash = ContentHash::of(text.as_bytes());
    BlockFile {
        damaged: false,
        artifact: artifact_id("main", Kind::Stats, file_name, &hash, name.stamp.seconds()),
        file_name: file_name.to_owned(),
        name,
        hash,
        content: text.as_bytes().into(),
        parsed: Arc::new(stats::parse(text.as_bytes())),
        copy_of: None,
        refused: None,
    }
}

/// The fates of contents, in the order given, whatever their hashes.
fn fates_of(files: &[BlockFile]) -> Vec<Fate> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|&index| (&files[index].file_name, files[index].hash));
    let sorted: Vec<BlockFile> = order.iter().map(|&index| files[index].clone()).collect();
    let mut found: Vec<(usize, Fate)> = order.into_iter().zip(fates(&sorted)).collect();
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, fate)| fate).collect()
}

/// Which of two contents of one name is superseded by the other.
fn loser(one: &str, other: &str) -> usize {
    let fates = fates_of(&[file(R1, one), file(R1, other)]);
    let losers: Vec<usize> = (0..2).filter(|&index| fates[index] == Fate::Superseded).collect();
    assert_eq!(losers.len(), 1, "{fates:?}");
    losers[0]
}

fn code(fate: &Fate) -> &'static str {
    match fate {
        Fate::Stored => "stored",
        Fate::Superseded => "superseded",
        Fate::Duplicate(_) => "duplicate",
        Fate::Quarantined { code, .. } | Fate::Kept { code, .. } => code,
    }
}

#[test]
fn the_better_content_of_a_name_counts() {
    let two = format!("{HEADER}{}", body(&["AAAA0001", "BBBB0002"]));
    let three = format!("{HEADER}{}", body(&["AAAA0001", "BBBB0002", "CCCC0003"]));
    let others = format!("{HEADER}{}", body(&["DDDD0004", "EEEE0005"]));
    let longer = others.replace("10 30", "100 300");
    let cut = &three[..three.len() - 20];
    assert_eq!(loser(cut, &two), 0, "complete over truncated, though it is shorter");
    assert_eq!(loser(&two, &three), 0, "the longer where one is the beginning of the other");
    assert_eq!(loser(&three, &longer), 1, "more players, though it has fewer bytes");
    assert_eq!(loser(&others, &longer), 0, "more bytes");
    assert_eq!(loser(HEADER, &two), 0, "anything over a header alone");
    assert_eq!(loser(HEADER, cut), 0, "what is cut holds more than a header alone");
    let (a, b) = (two.replace("AAAA0001", "AAAA0007"), two.replace("AAAA0001", "AAAA0008"));
    assert_eq!(loser(&a, &b), loser(&b, &a) ^ 1, "one of two equals, whichever comes first");
}

#[test]
fn what_the_agent_s_rules_refuse_does_not_push_a_good_content_aside() {
    let good = file(R1, &format!("{HEADER}{}", body(&["AAAA0001"])));
    let mut refused = file(R1, &format!("{HEADER}{}", body(&["AAAA0001", "BBBB0002"])));
    refused.refused = Some("players.too_many".to_owned());
    assert_eq!(fates_of(&[good, refused.clone()]), [Fate::Stored, Fate::Superseded]);
    let alone = fates_of(&[refused]);
    assert!(matches!(&alone[..], [Fate::Quarantined { code: "rejected", reason }] if reason.contains("too_many")));
}

#[test]
fn case_45_the_same_lines_after_another_header_are_a_copy_of_the_lower_stamp() {
    let lines = body(&["AAAA0001", "BBBB0002"]);
    let first = file(R1, &format!("{HEADER}{lines}"));
    let later = file(LATER, &format!("^1{HEADER}{lines}"));
    let of_first = Fate::Duplicate(R1.to_owned());
    assert_eq!(fates_of(&[first.clone(), later.clone()]), [Fate::Stored, of_first.clone()]);
    assert_eq!(fates_of(&[later.clone(), first]), [of_first, Fate::Stored]);
    assert_eq!(fates_of(&[later]), [Fate::Stored]);
}

#[test]
fn what_cannot_be_read_says_why_even_if_another_is_as_unreadable() {
    let mut copy = file(LATER, "");
    copy.copy_of = Some(R1.to_owned());
    let found = fates_of(&[file(R1, ""), copy]);
    assert_eq!(found.iter().map(code).collect::<Vec<_>>(), ["empty", "empty"]);
    let mut copy = file(LATER, &format!("{HEADER}{}", body(&["AAAA0001"])));
    copy.copy_of = Some(R1.to_owned());
    assert_eq!(fates_of(&[copy]), [Fate::Duplicate(R1.to_owned())]);
}
