//! Simulated evenings: what happened, and the files in the order in which they were closed.

use std::collections::BTreeMap;

use jiff::civil::date;
use slomix_shared::artifact::{FileName, Kind};
use slomix_shared::formats::stats::Field;
use slomix_shared::sim::{Evening, Fate, Layout, Mode, Numbers, Plan, PlayerTruth, SimRound, play};

use super::expected::{File, Line, Player, Round};

/// A plan of one evening in winter.
pub(super) fn plan(seed: u64) -> Plan {
    Plan::new(seed, date(2026, 2, 3).at(19, 40, 0, 0))
}

/// All evenings of a plan.
pub(super) fn evenings(plan: &Plan) -> Vec<Evening> {
    play(plan).unwrap().collect()
}

/// Every content that a stats file's name had when it was closed, in the order of the closings. A name that no script
/// writes is among them, since the agent would see it, too.
pub(super) fn stats_files(evenings: &[Evening]) -> Vec<(String, Vec<u8>)> {
    let closings = evenings.iter().flat_map(Evening::delivery);
    closings
        .filter(|write| matches!(FileName::kind_of(write.name), Kind::Stats | Kind::Unrecognised))
        .map(|write| {
            assert!(!write.append, "a stats file is written at once");
            (write.name.to_owned(), write.bytes.to_vec())
        })
        .collect()
}

/// What the rounds of the evenings were.
pub(super) fn expected(evenings: &[Evening], layout: Layout) -> Vec<Round> {
    let mut rounds = Vec::new();
    for (number, evening) in evenings.iter().enumerate() {
        for map in &evening.maps {
            let teams = number * 100 + map.truth.pair;
            rounds.extend(map.rounds.iter().map(|one| round(one, number, teams, layout)));
        }
    }
    rounds
}

fn round(played: &SimRound, evening: usize, teams: usize, layout: Layout) -> Round {
    let truth = &played.truth;
    Round {
        name: format!("{}-{}-round-{}.txt", truth.stamp, truth.map, truth.label.number()),
        file: match truth.fate {
            Fate::Whole | Fate::CutThenWhole => File::Whole,
            Fate::Lost => File::Lost,
            Fate::Cut(_) => File::Cut,
        },
        number: truth.number,
        kind: truth.kind,
        pairing: format!("evening {evening}, play {}", truth.pairing),
        duration: truth.playtime_field.map_or((i64::from(truth.duration_ms) / 1000, 6), |ms| (ms / 1000, 0)),
        clock: truth.limit_seconds,
        end: None,
        surrendered: truth.surrendered,
        defender: truth.defender,
        winner: truth.winner,
        side_of_a: truth.side_of_a,
        teams,
        players: truth.players.iter().map(|one| player(one, layout)).collect(),
    }
}

fn player(truth: &PlayerTruth, layout: Layout) -> Player {
    Player {
        guid: truth.guid8.clone(),
        name: truth.name.clone(),
        bot: truth.bot,
        side: truth.side,
        roster: truth.roster,
        spectator: truth.listed_as_spectator,
        line: truth.in_file.then(|| Line {
            mode: truth.mode,
            reset_shows: truth.mode == Mode::Reset && truth.reset_shows,
            fields: fields(&truth.recorded, layout),
            seconds: (i64::from(truth.recorded.time_tenths) * 6, 0),
            weapons: weapons(&truth.recorded),
        }),
    }
}

/// Every field that this generation of the writer has.
fn fields(numbers: &Numbers, layout: Layout) -> Vec<(Field, i64)> {
    let [two, three, four, five, six] = numbers.multikills;
    let mut fields = vec![
        (Field::DamageGiven, numbers.damage_given),
        (Field::DamageReceived, numbers.damage_received),
        (Field::TeamDamageGiven, numbers.team_damage_given),
        (Field::TeamDamageReceived, numbers.team_damage_received),
        (Field::Gibs, numbers.gibs),
        (Field::SelfKills, numbers.self_kills),
        (Field::TeamKills, numbers.team_kills),
        (Field::TeamGibs, numbers.team_gibs),
        (Field::KillingSpree, numbers.killing_spree),
        (Field::DeathSpree, numbers.death_spree),
        (Field::KillAssists, numbers.kill_assists),
        (Field::KillSteals, numbers.kill_steals),
        (Field::HeadshotKills, numbers.headshot_kills),
        (Field::ObjectivesStolen, numbers.objectives_stolen),
        (Field::ObjectivesReturned, numbers.objectives_returned),
        (Field::DynamitesPlanted, numbers.dynamites_planted),
        (Field::DynamitesDefused, numbers.dynamites_defused),
        (Field::TimesRevived, numbers.times_revived),
        (Field::BulletsFired, numbers.shots()),
        (Field::TimePlayedMinutes, numbers.time_tenths),
        (Field::TimeDeadMinutes, numbers.dead_tenths),
        (Field::UsefulKills, numbers.useful_kills),
        (Field::Multikill2, two),
        (Field::Multikill3, three),
        (Field::Multikill4, four),
        (Field::Multikill5, five),
        (Field::Multikill6, six),
    ];
    if layout != Layout::Fields33 {
        fields.push((Field::DeniedPlaytime, numbers.denied_seconds));
        fields.push((Field::UselessKills, numbers.useless_kills));
        fields.push((Field::FullSelfkills, numbers.full_selfkills));
    }
    if matches!(layout, Layout::Fields37 | Layout::Fields38) {
        fields.push((Field::RepairsConstructions, numbers.repairs));
    }
    if layout == Layout::Fields38 {
        fields.push((Field::RevivesGiven, numbers.revives_given));
    }
    let mut fields: Vec<(Field, i64)> = fields.into_iter().map(|(field, value)| (field, i64::from(value))).collect();
    fields.push((Field::Xp, i64::from(numbers.xp)));
    fields
}

fn weapons(numbers: &Numbers) -> BTreeMap<u8, [i64; 5]> {
    (0..)
        .zip(&numbers.weapons)
        .map(|(bit, weapon)| {
            (bit, [weapon.hits, weapon.shots, weapon.kills, weapon.deaths, weapon.headshots].map(i64::from))
        })
        .filter(|(_, numbers)| numbers.iter().any(|&number| number != 0))
        .collect()
}
