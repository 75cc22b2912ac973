use proptest::prelude::*;

use super::*;

/// In the layout of a real file of an older writer: 23 awards, then six blocks of three without headers.
const REAL_LAYOUT: &str = "Most damage given\tAlpha\t3214\nMost damage received\tEcho\t2890\nMost deaths\tCharlie\t14\n\
    Most kills per minute\tAlpha\t1.78\nMost light weapon kills\tBravo\t9\nMost rifle kills\tAlpha\t4\n\
    Most grenade kills\tFoxtrot\t3\nMost revives\tDelta\t6\nMost revived\tBravo\t4\nBest K/D ratio\tBravo\t1.625\n\
    Most dynamites planted\tEcho\t2\nLongest killing spree\tBravo\t3\nLongest death spree\tCharlie\t6\n\
    Most corpse gibs\tAlpha\t3\nMost kill assists\tDelta\t5\nMost killsteals\tEcho\t2\nMost headshot kills\tBravo\t5\n\
    Longest killing spree\tBravo\t3\nMost playtime denied\tDelta\t113 seconds\n\
    Highest light weapons accuracy\tEcho\t50.47 percent\nHighest headshot accuracy\tCharlie\t19.09 percent\n\
    Most headshots\tBravo\t21\nMost bullets fired\tBravo\t333\n\
    Charlie\t4\t0\nEcho\t3\t2\nFoxtrot\t2\t1\nBravo\t2\t3\nAlpha\t1\t2\nDelta\t1\t4\n\
    Charlie\t3\t1\nEcho\t3\t0\nFoxtrot\t1\t1\nAlpha\t0\t4\nBravo\t1\t3\nDelta\t2\t2\n\
    Charlie\t5\t2\nEcho\t2\t2\nFoxtrot\t1\t0\nAlpha\t1\t2\nBravo\t1\t1\nDelta\t0\t1\n";

fn read(text: &str) -> EndstatsFile {
    parse(text.as_bytes()).unwrap()
}

fn keys(file: &EndstatsFile) -> Vec<&str> {
    file.awards.iter().map(AwardLine::key).collect()
}

#[test]
fn case_82_an_older_writer_s_file() {
    let file = read(REAL_LAYOUT);
    assert_eq!((file.awards.len(), file.versus.len(), file.remarks.len()), (22, 18, 0));
    assert!(file.versus.iter().all(|line| line.subject.is_none()));
    assert_eq!(file.awards.iter().filter(|award| award.key() == "killing_spree").count(), 1);
    assert_eq!(read(&REAL_LAYOUT.replace('\n', "\r\n")), file, "line ends do not matter");
}

#[test]
fn case_83_versus_headers_name_the_subject() {
    let file = read(
        "VS_HEADER\tAlpha\t0123456789abcdef0123456789ABCDEF\nBravo\t2\t1\nCharlie\t1\t0\n\
         VS_HEADER\t[BOT]Pawn\tOMNIBOT00                       \nAlpha\t1\t1\nVS_HEADER\tBroken\nAlpha\t3\t3\n",
    );
    let subjects: Vec<_> = file
        .versus
        .iter()
        .map(|line| line.subject.as_ref().map(|subject| (subject.name.as_slice(), subject.guid.as_ref())))
        .collect();
    let full = FullGuid::from_bytes(b"0123456789ABCDEF0123456789ABCDEF").unwrap();
    assert_eq!(full.short().as_str(), "01234567");
    let alpha = Some((&b"Alpha"[..], Some(&full)));
    assert_eq!(subjects, [alpha, alpha, Some((&b"[BOT]Pawn"[..], None)), None]);
    assert_eq!(file.remarks, [Remark { line: 6, fault: LineFault::Fields }]);
}

#[test]
fn case_85_useless_kills_under_a_wrong_name() {
    let file = read(
        "Longest killing spree\tA\t4\nMost objectives stolen\tB\t2\nLongest killing spree\tA\t4\n\
         Most objectives stolen\tC\t5\n",
    );
    assert_eq!(keys(&file), ["killing_spree", "objectives_stolen", "useless_kills"]);
    assert_eq!(file.awards[2].name, "Most objectives stolen", "as written");
    assert_eq!(file.awards[2].award.unwrap().name, "Most useless kills");
    let without_spree = read("Most headshot kills\tA\t4\nMost objectives stolen\tC\t5\n");
    assert_eq!(keys(&without_spree), ["headshot_kills", "useless_kills"]);
}

#[test]
fn case_86_an_award_that_nobody_knows_is_kept() {
    let file = read("Most barrels rolled\tAlpha\t12 of them\nMost sighs\tBravo\t3\nBravo\t1\t2\n");
    let kept: Vec<_> = file.awards.iter().map(|one| (one.key(), one.category(), one.thousandths)).collect();
    let other = Category::Other;
    assert_eq!(kept, [("Most barrels rolled", other, Some(12_000)), ("Most sighs", other, Some(3_000))]);
    assert_eq!((file.versus.len(), file.awards[0].scope()), (1, AwardScope::Unknown));
}

#[test]
fn a_player_called_like_an_award_is_a_player_among_the_versus_lines() {
    let file = read("Most deaths\t7\t5\nBravo\t1\t2\nMost deaths\t7\t5\nMost deaths\tAlpha\t5\n");
    assert_eq!((file.awards.len(), file.versus.len()), (2, 2));
    assert_eq!(file.versus[1].opponent, b"Most deaths");
}

#[test]
fn a_bad_line_is_dropped_with_its_number_and_harms_no_other() {
    let file = read("Most deaths\tAlpha\t5\n\nMost gibs\nBravo\t1\t2\nCharlie\tx\t2\nDelta\t-1\t2\nEcho\t4.0\t0\n");
    let dropped: Vec<_> = file.remarks.iter().map(|remark| (remark.line, remark.fault)).collect();
    assert_eq!(dropped, [(3, LineFault::Fields), (5, LineFault::NotVersus), (6, LineFault::NotVersus)]);
    assert_eq!((file.awards.len(), file.versus.len(), file.versus[1].kills), (1, 2, 4));
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let file = parse(b"Most deaths\tzo\xEB\t5\nzo\xEB\t1\t0\n").unwrap();
    assert_eq!(
        (file.awards[0].player.as_slice(), file.versus[0].opponent.as_slice()),
        (&b"zo\xEB"[..], &b"zo\xEB"[..])
    );
}

#[test]
fn what_holds_nothing_is_no_file() {
    assert_eq!(parse(b""), Err(EndstatsError::Empty));
    assert_eq!(parse(b"\n\r\n"), Err(EndstatsError::NoLines { lines: 0 }));
    assert_eq!(parse(b"VS_HEADER\tA\tB\nnonsense\n"), Err(EndstatsError::NoLines { lines: 2 }));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn anything_between_tabs_is_read_without_a_panic(
        fields in proptest::collection::vec("(VS_HEADER|Most deaths|[0-9.]{0,4}|\\PC{0,6})", 0..60),
    ) {
        let text: String = fields.chunks(3).map(|line| line.join("\t") + "\n").collect();
        if let Ok(file) = parse(text.as_bytes()) {
            prop_assert!(file.awards.len() + file.versus.len() + file.remarks.len() <= fields.len());
        }
    }
}

/// What the simulated writer writes is read back whole.
#[cfg(feature = "sim")]
#[test]
fn every_line_of_the_writer_is_understood() {
    use crate::sim::{Accidents, Plan, play};
    let start = jiff::civil::date(2026, 3, 6).at(20, 15, 0, 0);
    for (seed, versus_headers) in [(1, true), (2, true), (3, false), (4, true)] {
        let plan = Plan { evenings: 2, accidents: Accidents::storm(), versus_headers, ..Plan::new(seed, start) };
        for file in play(&plan).unwrap().flat_map(|evening| evening.maps).flat_map(|map| map.rounds) {
            let Some(written) = file.endstats else { continue };
            let text = String::from_utf8(written.bytes.clone()).unwrap();
            let read = parse(&written.bytes).unwrap();
            assert_eq!(read.remarks, []);
            assert!(read.awards.iter().all(|award| award.award.is_some() && award.thousandths.is_some()));
            assert!(read.versus.iter().all(|line| line.subject.is_some() == versus_headers));
            let headers = text.lines().filter(|line| line.starts_with("VS_HEADER")).count();
            let again = text.lines().filter(|line| line.starts_with("Longest killing spree")).count().max(1) - 1;
            assert_eq!(read.awards.len() + read.versus.len() + headers + again, text.lines().count());
        }
    }
}
