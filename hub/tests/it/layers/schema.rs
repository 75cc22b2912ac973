//! Layer 3, the schema: header, lines and numbers. What is no stats file is quarantined with its reason; what is wrong
//! with one line stays with that line; and nothing whatever stops the files behind it.

use proptest::prelude::*;
use slomix_hub::store::tables;
use slomix_shared::sim::Accidents;

use super::healthy::{FIRST, SECOND, derived, fates, file, first, flags, numbers, round_flags, second};
use crate::pipeline::{Bench, evenings};

#[tokio::test]
async fn what_is_no_stats_file_says_why() {
    let header = first(66).lines().next().unwrap().to_owned();
    for (content, fate) in [
        (String::new(), "quarantined: empty"),
        (header.clone(), "quarantined: header_only"),
        (format!("{header}\n"), "quarantined: header_only"),
        (format!("{header}\n\n  \n"), "quarantined: no_players"),
        (format!("{header}\nA0000001\\p\\0\\1\\0 \t1\n"), "quarantined: no_players"),
        ("INVALID STATS FILE FORMAT\r\n".to_owned(), "quarantined: invalid_header"),
        (first(66).replacen("\\legacy3", "", 1), "quarantined: invalid_header"),
        (first(66), "stored"),
        (first(66).replace('\n', "\r\n"), "stored"),
        (first(66).replacen("\\5:00", "\\5:00\\241533\\more", 1), "stored"),
    ] {
        let bench = derived(&[file(FIRST, content.clone()), file(SECOND, second(31))]).await;
        assert_eq!(fates(&bench).await[0].1, fate, "{content:?}");
        assert_eq!(fates(&bench).await[1].1, "stored", "the file beside it is as good as ever");
    }
}

#[tokio::test]
async fn a_name_that_no_script_writes_is_quarantined() {
    for name in ["unexpected.txt", "2026-02-30-200000-supply-round-1.txt", "2026-03-02-200000-supply-round-3.txt"] {
        let bench = derived(&[file(name, first(66)), file(SECOND, second(31))]).await;
        let found = fates(&bench).await;
        assert!(found.contains(&(name.to_owned(), "quarantined: name".to_owned())), "{found:?}");
    }
}

#[tokio::test]
async fn one_bad_line_costs_one_player() {
    for (from, to) in [
        ("A0000002\\p2\\0\\1\\16 30 90", "A0000002\\p2\\0\\1\\16 30 9x0"),
        ("A0000002\\p2\\0\\1\\16 30 90", "\\p2\\0\\1\\16 30 90"),
        ("A0000002\\p2\\0\\1\\16 30 90", "A0000002\\16 30 90"),
        ("A0000002\\p2\\0\\1\\16 30 90", "A0000002\\p2\\0\\1\\16 30 9000001"),
        ("A0000002\\p2\\0\\1\\16 30 90", "A0000002\\p2\\0\\1\\0 30 90"),
    ] {
        let text = first(66).replace(from, to);
        assert_ne!(text, first(66));
        let bench = derived(&[file(FIRST, text), file(SECOND, second(31))]).await;
        let names: Vec<String> = numbers(&bench, FIRST, "kills").await.into_keys().collect();
        assert_eq!(names, ["p1", "p3", "p4", "p5", "p6"], "{to}");
        assert_eq!(round_flags(&bench, FIRST).await, "lines_dropped", "{to}");
    }
}

#[tokio::test]
async fn a_number_that_is_none_is_unknown_and_flagged() {
    // Damage is the first field, gibs the fifth.
    let text = first(66).replacen(" \t500\t400\t0\t0\t0\t", " \t50x\t400\t0\t0\t-3\t", 1);
    let bench = derived(&[file(FIRST, text)]).await;
    let of = |column| numbers(&bench, FIRST, column);
    let (damage, gibs) = (of("damage_given").await, of("gibs").await);
    assert_eq!((damage["p1"], gibs["p1"]), (None, None));
    assert_eq!((damage["p2"], gibs["p2"]), (Some(500), Some(0)));
    let flags = flags(&bench, FIRST).await;
    assert_eq!(
        flags.iter().map(|(name, flags)| (name.as_str(), flags.as_str())).collect::<Vec<_>>(),
        [("p1", "negative,odd_field")]
    );
}

/// A file with some of its bytes replaced, and some of its numbers by others that no game has.
fn spoil(mut content: Vec<u8>, edits: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    const NUMBERS: [&str; 8] =
        ["-1", "999999999", "-999999999999", "9223372036854775807", "", "0.05", "1e9", "00000000"];
    for &(at, byte) in edits {
        if content.is_empty() {
            break;
        }
        let at = at.index(content.len());
        if byte < 128 {
            content[at] = byte;
        } else {
            let start = content[..at].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |before| before + 1);
            let end = content[at..].iter().position(|b| !b.is_ascii_digit()).map_or(content.len(), |after| at + after);
            let number = NUMBERS[usize::from(byte) % NUMBERS.len()];
            content.splice(start..end.max(start), number.bytes());
        }
    }
    content
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is in a file: its block is derived and written within the database's constraints, and so are the others.
    #[test]
    fn no_content_stops_the_line(
        seed in 0_u64..1000,
        edits in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12), 24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let files = evenings(seed, 1, Accidents::default());
            let spoilt: Vec<_> = files
                .into_iter()
                .zip(edits.iter().cycle())
                .map(|((name, content), edits)| (name, spoil(content, edits)))
                .collect();
            let bench = Bench::new().await;
            bench.keep(&spoilt).await;
            bench.derive().await;
            assert_eq!(bench.store.pending_count().await.unwrap(), 0);
            let fates = bench.store.count(tables::DISPOSITION).await.unwrap();
            assert_eq!(fates, bench.store.artifact_count().await.unwrap(), "every file has a fate");
        });
    }
}
