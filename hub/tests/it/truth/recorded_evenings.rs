//! Evenings that the real writer scripts recorded under a mock engine, with everything that goes wrong planted.

use std::collections::BTreeMap;

use serde::Deserialize;
use slomix_hub::domain::revision::Fate;
use slomix_shared::artifact::{Kind, RoundNumber};
use slomix_shared::formats::stats::Field;
use slomix_shared::game::{Side, Weapon};
use slomix_shared::sim::{Mode, Roster, RoundKind};

use super::archive::{Archive, rules};
use super::books::balance;
use super::check::check;
use super::data;
use super::expected::{File, Line, Player, Round};
use super::findings::Findings;

#[derive(Deserialize)]
struct Truth {
    rounds: Vec<TruthRound>,
    extra_files: Vec<Extra>,
}

#[derive(Deserialize)]
struct Extra {
    file: String,
    what: String,
}

#[derive(Deserialize)]
struct TruthRound {
    file: String,
    file_status: String,
    evening: usize,
    round: i64,
    kind: String,
    #[serde(rename = "match")]
    pairing: String,
    replay_of: Option<i64>,
    duration_ms: i64,
    timelimit_ms: u32,
    end_unix: i64,
    surrender_side: Option<i64>,
    defender_side: i64,
    winner_side: i64,
    sides: BTreeMap<String, i64>,
    players: Vec<TruthPlayer>,
}

#[derive(Deserialize)]
struct TruthPlayer {
    guid8: String,
    name_hex: String,
    bot: bool,
    side: i64,
    /// None for those who only watched.
    team: Option<String>,
    in_file: bool,
    mode: Option<String>,
    /// Reconnects during the round, which take what was counted before with them.
    resets: i64,
    recorded: Option<BTreeMap<String, serde_json::Value>>,
    actual: BTreeMap<String, serde_json::Value>,
}

const COUNTS: [(&str, Field); 8] = [
    ("damage_given", Field::DamageGiven),
    ("damage_received", Field::DamageReceived),
    ("team_damage_given", Field::TeamDamageGiven),
    ("team_damage_received", Field::TeamDamageReceived),
    ("gibs", Field::Gibs),
    ("self_kills", Field::SelfKills),
    ("team_kills", Field::TeamKills),
    ("team_gibs", Field::TeamGibs),
];

/// Counters of one round that the writer keeps as the truth does.
const ROUND_COUNTS: [(&str, Field); 10] = [
    ("xp", Field::Xp),
    ("headshot_kills", Field::HeadshotKills),
    ("obj_stolen", Field::ObjectivesStolen),
    ("obj_returned", Field::ObjectivesReturned),
    ("dyn_planted", Field::DynamitesPlanted),
    ("dyn_defused", Field::DynamitesDefused),
    ("times_revived", Field::TimesRevived),
    ("revives", Field::RevivesGiven),
    ("repairs", Field::RepairsConstructions),
    ("mk3", Field::Multikill3),
];

#[test]
fn every_number_of_the_recorded_evenings_is_right() {
    let Some(folder) = data::folder("sim-evenings") else { return };
    let truth: Truth = serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let files = data::files(&folder.join("stats"));
    let archive = Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules());
    let mut findings = Findings::default();
    let rounds = rounds(&truth.rounds);
    check(&archive, &rounds, &mut findings);
    balance(&archive, &mut findings);
    for extra in &truth.extra_files {
        check_extra(&archive, extra, &mut findings);
    }
    let known = rounds.iter().filter(|round| round.is_there()).count();
    findings.same("stored rounds", "all", &archive.rounds().count(), &known);
    assert!(findings.count("player lines") > 900 && findings.count("files planted") == 5);
    findings.conclude("recorded evenings");
}

fn check_extra(archive: &Archive, extra: &Extra, findings: &mut Findings) {
    let fates = archive.fates(&extra.file);
    let right = match (extra.what.as_str(), &fates[..]) {
        ("empty file", [Fate::Quarantined { code: "empty", .. }])
        | ("random bytes", [Fate::Quarantined { code: "invalid_header", .. }])
        | ("header line only", [Fate::Quarantined { code: "header_only", .. }]) => true,
        (what, [Fate::Duplicate(of)]) => what == format!("byte-identical copy of {of}"),
        (what, []) => {
            what.starts_with("malformed file name")
                && archive.others.contains(&(extra.file.clone(), Kind::Unrecognised))
        }
        _ => false,
    };
    findings.holds("files planted", right, || format!("{} ({}): {fates:?}", extra.file, extra.what));
}

fn rounds(truth: &[TruthRound]) -> Vec<Round> {
    let mut rounds: Vec<Round> = Vec::new();
    let mut evening = 0;
    for one in truth {
        let mut round = round(one);
        let last = rounds.last().filter(|_| evening == one.evening);
        round.teams =
            last.map_or(rounds.len(), |last| if same_teams(last, &round) { last.teams } else { rounds.len() });
        evening = one.evening;
        rounds.push(round);
    }
    rounds
}

/// Whether most of those who played both rounds kept their label: a sub changes one, a shuffle about half.
fn same_teams(one: &Round, other: &Round) -> bool {
    let rosters: BTreeMap<&str, Roster> =
        one.players.iter().map(|player| (player.guid.as_str(), player.roster)).collect();
    let shared = other.players.iter().filter_map(|player| Some((rosters.get(player.guid.as_str())?, player.roster)));
    let (kept, all) = shared.fold((0, 0), |(kept, all), (old, new)| (kept + usize::from(*old == new), all + 1));
    kept * 5 >= all * 4
}

fn side(number: i64) -> Side {
    Side::from_number(number).unwrap()
}

fn round(truth: &TruthRound) -> Round {
    let kind = match truth.kind.as_str() {
        "complete" => RoundKind::Complete,
        "fullhold" => RoundKind::Fullhold,
        "surrender" => RoundKind::Surrender,
        "abort" => RoundKind::Abort,
        other => panic!("a round ends in {other}"),
    };
    let file = match truth.file_status.as_str() {
        "ok" => File::Whole,
        "deleted" => File::Lost,
        cut if cut.starts_with("truncated") => File::Cut,
        other => panic!("a file is {other}"),
    };
    // A round 1 that was played again shares the match of the one that counts.
    let replayed = truth.replay_of.is_none() && truth.round == 1 && file == File::Lost;
    Round {
        name: truth.file.clone(),
        file,
        number: RoundNumber::from_number(truth.round).unwrap(),
        kind,
        pairing: if replayed { format!("{} lost", truth.file) } else { truth.pairing.clone() },
        duration: (truth.duration_ms / 1000, 0),
        clock: truth.timelimit_ms / 1000,
        end: Some(truth.end_unix),
        surrendered: truth.surrender_side.and_then(Side::from_number),
        defender: side(truth.defender_side),
        winner: Side::from_number(truth.winner_side),
        side_of_a: side(truth.sides["A"]),
        teams: 0,
        players: truth.players.iter().filter_map(|one| player(one, &truth.sides)).collect(),
    }
}

fn player(truth: &TruthPlayer, sides: &BTreeMap<String, i64>) -> Option<Player> {
    let team = truth.team.as_deref()?;
    let name = (0..truth.name_hex.len() / 2)
        .map(|index| u8::from_str_radix(&truth.name_hex[index * 2..index * 2 + 2], 16).unwrap())
        .collect();
    Some(Player {
        guid: truth.guid8.clone(),
        name,
        bot: truth.bot,
        side: side(sides[team]),
        roster: if team == "A" { Roster::A } else { Roster::B },
        spectator: Side::from_number(truth.side).is_none(),
        line: truth.in_file.then(|| line(truth)),
    })
}

fn line(truth: &TruthPlayer) -> Line {
    let recorded = truth.recorded.as_ref().unwrap();
    let number = |name: &str| recorded[name].as_i64().unwrap();
    let mode = match truth.mode.as_deref() {
        Some("first") => Mode::First,
        Some("cumulative") => Mode::Cumulative,
        Some("reset") => Mode::Reset,
        Some("new") => Mode::New,
        other => panic!("a line is {other:?}"),
    };
    let weapons: BTreeMap<u8, [i64; 5]> = recorded["weapons"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(bit, numbers)| {
            let number = |index: usize| numbers[index].as_i64().unwrap();
            // The truth has the shots first, the file the hits.
            (bit.parse().unwrap(), [number(1), number(0), number(2), number(3), number(4)])
        })
        .filter(|(bit, numbers)| Weapon::from_bit(*bit).is_some() && numbers.iter().any(|&number| number != 0))
        .collect();
    let sum = |column: usize| weapons.values().map(|numbers| numbers[column]).sum::<i64>();
    // Kills and deaths stand twice in the truth; both must be the weapons' sums.
    assert_eq!((sum(2), sum(3)), (number("kills"), number("deaths")), "{}", truth.guid8);
    let mut fields: Vec<(Field, i64)> = COUNTS.iter().map(|&(name, field)| (field, number(name))).collect();
    if truth.resets == 0 {
        fields.extend(ROUND_COUNTS.iter().map(|&(name, field)| (field, truth.actual[name].as_i64().unwrap())));
    }
    Line {
        mode,
        reset_shows: true,
        fields,
        seconds: ((number("time_axis") + number("time_allies")) / 1000, 6),
        weapons,
    }
}
