use slomix_shared::artifact::LocalStamp;
use slomix_shared::formats::stats;

use super::*;
use crate::domain::differential::as_written;
use crate::domain::round::{Origin, PlayerRound};

const ROUND: &str = "main/2026-11-09-195037-te_escape2-round-1";

fn round() -> RoundKey {
    RoundKey::parse(ROUND).unwrap()
}

#[test]
fn every_kind_is_read_as_it_was_stored() {
    let corrections = [
        Correction::Void { round: round() },
        Correction::Side { round: round(), player: "AAAA0001#0123456789abcdef".to_owned(), side: None },
        Correction::Winner { round: round(), side: Side::Allies },
        Correction::Defender { round: round(), side: Side::Axis },
        Correction::Team { round: round(), player: "AAAA0001".to_owned(), team: -1 },
        Correction::Name {
            round: round(),
            team: 1,
            name: "The Quick Ones".to_owned(),
            roster: vec!["AAAA0001".to_owned(), "AAAA0002".to_owned()],
        },
        Correction::Pin {
            server: "main".to_owned(),
            file: "2026-11-09-195037-te_escape2-round-1.txt".to_owned(),
            hash: ContentHash::of(b"x"),
        },
        Correction::Merge { player: "AAAA0001".to_owned(), into: "AAAA0002".to_owned() },
        Correction::Split { guid: "AAAA0001".to_owned(), bound: Bound::Name("a b".to_owned()) },
        Correction::Split { guid: "AAAA0001".to_owned(), bound: Bound::From(round().stamp) },
        Correction::Zone { server: "main".to_owned(), zone: "Europe/Berlin".to_owned() },
    ];
    for correction in &corrections {
        let (target, value) = correction.stored();
        assert_eq!(Correction::from_stored(correction.kind(), &target, &value).as_ref(), Some(correction));
        assert!(Correction::KINDS.contains(&correction.kind()));
    }
    assert_eq!(Correction::from_stored("accept", "17", ""), None);
    assert_eq!(Correction::from_stored("void", "nonsense", ""), None);
}

#[test]
fn a_round_key_ignores_the_case_of_the_map_and_is_the_round_s_id() {
    assert_eq!(round().to_string(), ROUND);
    let upper = RoundKey::of_file("main", "2026-11-09-195037-TE_Escape2-round-1.txt").unwrap();
    assert_eq!(upper, round());
    assert!(upper.id().is_some());
    assert_eq!(RoundKey::of_file("main", "2026-11-09-195037-supply-round-1-endstats.txt"), None);
    assert_eq!(RoundKey::parse("2026-11-09-195037-supply-round-1"), None, "no server");
}

#[test]
fn only_what_concerns_the_server_is_taken() {
    let all = [
        Correction::Void { round: round() },
        Correction::Merge { player: "AAAA0001".to_owned(), into: "AAAA0002".to_owned() },
        Correction::Zone { server: "other".to_owned(), zone: "Europe/Berlin".to_owned() },
    ];
    let [main, other] = ["main", "other"].map(|server| Decisions::of(server, &all));
    assert!(main.of_round(&round()).is_some_and(|decided| decided.voided) && main.zone().is_none());
    assert!(other.of_round(&round()).is_none() && other.zone().is_some());
    assert!(!main.identities().is_empty() && !other.identities().is_empty());
}

/// Lines of a file: GUID and name.
fn lines(players: &[(&str, &str)]) -> Vec<PlayerRound> {
    let line =
        |(guid, name): &(&str, &str)| format!("{guid}\\{name}\\0\\1\\16 10 30 2 1 1 \t{}\n", ["0"; 33].join("\t"));
    let lines: String = players.iter().map(line).collect();
    let text = format!("s\\supply\\legacy3\\1\\1\\2\\12:00\\7:36\n{lines}");
    as_written(&stats::parse(text.as_bytes()).unwrap(), Origin::AsWritten)
}

/// Whose the lines are by these decisions, as `name key flags`.
fn told(decisions: &[Correction], players: &[(&str, &str)]) -> Vec<String> {
    let mut players = lines(players);
    let stamp = LocalStamp::parse("2026-11-09-195037").unwrap();
    Decisions::of("main", decisions).identities().apply(stamp, &mut players);
    let flags = |player: &PlayerRound| {
        let own = ["merged", "split", "merge_conflict"];
        player.flags.iter().copied().filter(|flag| own.contains(flag)).collect::<Vec<_>>().join(",")
    };
    players.iter().map(|player| format!("{} {} {}", player.name, player.key, flags(player))).collect()
}

fn merge(player: &str, into: &str) -> Correction {
    Correction::Merge { player: player.to_owned(), into: into.to_owned() }
}

#[test]
fn a_merged_guid_appears_under_the_other_along_any_chain() {
    let decisions = [merge("AAAA0001", "AAAA0002"), merge("AAAA0002", "AAAA0003")];
    assert_eq!(told(&decisions, &[("AAAA0001", "a")]), ["a AAAA0003 merged"]);
    assert_eq!(told(&decisions, &[("AAAA0003", "c"), ("AAAA0009", "z")]), ["c AAAA0003 ", "z AAAA0009 "]);
    let ring = [merge("AAAA0001", "AAAA0002"), merge("AAAA0002", "AAAA0001")];
    assert_eq!(told(&ring, &[("AAAA0001", "a")]), ["a AAAA0001 "], "nobody can say this, and it harms nothing");
}

#[test]
fn who_plays_beside_himself_is_two() {
    let decisions = [merge("AAAA0001", "AAAA0003"), merge("AAAA0002", "AAAA0003")];
    let both = told(&decisions, &[("AAAA0001", "a"), ("AAAA0002", "b")]);
    assert_eq!(both, ["a AAAA0001 merge_conflict", "b AAAA0002 merge_conflict"]);
    let one = told(&decisions, &[("AAAA0001", "a"), ("AAAA0004", "d")]);
    assert_eq!(one, ["a AAAA0003 merged", "d AAAA0004 "]);
}

#[test]
fn a_guid_is_split_by_name_or_from_a_stamp_on() {
    let split = |bound: Bound| [Correction::Split { guid: "AAAA0001".to_owned(), bound }];
    let stamp = |text: &str| Bound::From(LocalStamp::parse(text).unwrap());
    let of = |bound: Bound, name: &str| told(&split(bound), &[("AAAA0001", name)]).remove(0);
    assert!(of(Bound::Name("kid".to_owned()), "^1kid").starts_with("kid AAAA0001@"));
    assert_eq!(of(Bound::Name("kid".to_owned()), "dad"), "dad AAAA0001 ");
    assert!(of(stamp("2026-11-09-195037"), "dad").ends_with(" split"));
    assert_eq!(of(stamp("2026-11-09-195038"), "dad"), "dad AAAA0001 ");

    let then_merged =
        told(&[split(Bound::Name("kid".to_owned())), [merge("AAAA0001", "AAAA0005")]].concat(), &[("AAAA0001", "dad")]);
    assert_eq!(then_merged, ["dad AAAA0005 merged"], "the rest of the GUID goes on");
}

#[test]
fn a_later_round_s_word_on_a_player_s_team_holds() {
    let later = RoundKey { stamp: LocalStamp::parse("2026-11-09-200000").unwrap(), ..round() };
    let team = |round: &RoundKey, team| Correction::Team { round: round.clone(), player: "AAAA0001".to_owned(), team };
    let decisions = Decisions::of("main", &[team(&later, -1), team(&round(), 1)]);
    assert_eq!(decisions.teams([&round(), &later]), BTreeMap::from([("AAAA0001", -1)]));
    assert_eq!(decisions.teams([&round()]), BTreeMap::from([("AAAA0001", 1)]));
}
