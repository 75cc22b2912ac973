//! Rows as the store reads them, for tests of what is made of them.

use slomix_shared::formats::stats::{Field, Fields, WeaponLine};
use slomix_shared::game::{Side, Weapon};

use crate::domain::roster::PlayerKey;
use crate::domain::round::{CountsFor, Origin, PlayerRound};
use crate::reports::numbers_table::Line;
use crate::reports::post::{Post, TABLE_COLUMNS};
use crate::reports::session::{EpochReport, SessionReport};
use crate::reports::session_numbers::SessionNumbers;
use crate::store::read::{AwardRow, LineRow, MapPlayRow, MemberRow, RoundPlayerRow, RoundRow, SessionRow};

/// An award of endstats whose holder is no player of the round; the amount in thousandths.
pub(crate) fn award(award: &str, scope: &str, name: &str, value: &str, amount: i64) -> AwardRow {
    AwardRow {
        award: award.to_owned(),
        scope: scope.to_owned(),
        holder: name.to_owned(),
        name: name.to_owned(),
        player: None,
        value: value.to_owned(),
        amount: Some(amount),
    }
}

/// A fair half of ten minutes between six and six that counts for everything; Axis defended and held.
pub(crate) fn round(id: i64, map: &str, number: i64) -> RoundRow {
    RoundRow {
        id,
        server: "main".to_owned(),
        session: 1,
        map_play: None,
        artifact: id,
        file: format!("2026-11-09-20{id:02}00-{map}-round-{number}.txt"),
        stamp: id * 600,
        map: map.to_owned(),
        number,
        config: "legacy6".to_owned(),
        host: "host".to_owned(),
        status: "complete".to_owned(),
        valid: true,
        counts_for: i64::from(CountsFor::SCORE | CountsFor::RATING | CountsFor::LIFETIME | CountsFor::DISPLAY),
        clock: Some(720),
        defender: Some(1),
        winner: Some(1),
        outcome: "held".to_owned(),
        set_time: None,
        duration: Some(720),
        start_ms: id * 600_000,
        end_ms: id * 600_000 + 720_000,
        humans: 12,
        bots: 0,
        axis_team: if number == 1 { 1 } else { -1 },
        flags: String::new(),
        epoch: 0,
        end_reason: String::new(),
        surrendered: None,
        pauses: None,
        pause_seconds: None,
    }
}

/// A map with these halves that counts as a double full hold.
pub(crate) fn play(id: i64, map: &str, [first_half, second_half]: [Option<i64>; 2]) -> MapPlayRow {
    MapPlayRow {
        id,
        session: 1,
        map: map.to_owned(),
        stamp: id,
        first_half,
        second_half,
        result: "tie".to_owned(),
        winner_team: 0,
        counted: true,
        inferred: false,
        uncounted: String::new(),
        epoch: 0,
    }
}

/// Somebody's numbers in a round, in team A on Axis.
pub(crate) fn numbers(round: i64, player: i64, name: &str) -> RoundPlayerRow {
    RoundPlayerRow {
        round,
        player,
        name: name.to_owned(),
        side: Some(1),
        team: 1,
        bot: false,
        participant: true,
        counted: true,
        origin: "as_written".to_owned(),
        seconds: Some(720),
        kills: 20,
        deaths: 10,
        bullet_hits: 300,
        bullet_shots: 900,
        headshots: 30,
        damage_given: Some(3_600),
        damage_received: Some(3_000),
        gibs: Some(5),
        self_kills: Some(1),
        team_kills: Some(0),
        revives_given: Some(3),
        headshot_kills: Some(2),
        killing_spree: Some(4),
        useful_kills: Some(8),
        denied_seconds: Some(60),
        dynamites_planted: Some(1),
        dynamites_defused: Some(0),
        flags: String::new(),
    }
}

/// The evening that the others are of.
pub(crate) fn session() -> SessionRow {
    SessionRow {
        id: 1,
        server: "main".to_owned(),
        date: "2026-11-09".to_owned(),
        stamp: 0,
        start_ms: 0,
        end_ms: 5_400_000,
        wins_a: 0,
        wins_b: 0,
        ties: 0,
        uncounted: 0,
        agreement: 1_000,
        confidence: "high".to_owned(),
    }
}

/// Somebody's whole line: so many kills with the MP 40, twelve minutes in team A on Axis; an older file, which tells
/// nothing of full self kills.
pub(crate) fn line(round: i64, player: i64, name: &str, kills: i64) -> LineRow {
    let mut fields = Fields::default();
    for field in Field::all().filter(|field| !field.is_tenths() && *field != Field::FullSelfkills) {
        fields.set(field, Some(0));
    }
    for (field, value) in [
        (Field::DamageGiven, kills * 130),
        (Field::DamageReceived, 3_000),
        (Field::Gibs, kills / 4),
        (Field::SelfKills, 1),
        (Field::Xp, kills * 5),
        (Field::KillingSpree, 4),
        (Field::DeathSpree, 3),
        (Field::HeadshotKills, kills / 5),
        (Field::DynamitesPlanted, 1),
        (Field::TimesRevived, 2),
        (Field::UsefulKills, kills / 2),
        (Field::DeniedPlaytime, kills * 6),
        (Field::Multikill2, 2),
        (Field::RevivesGiven, player),
        (Field::TimeDeadMinutes, 20),
    ] {
        fields.set(field, Some(value));
    }
    let weapon = |bit: u8, kills: i64, deaths: i64, headshots: i64| WeaponLine {
        weapon: Weapon::from_bit(bit).expect("a weapon"),
        hits: kills * 10,
        shots: kills * 30,
        kills,
        deaths,
        headshots,
    };
    LineRow {
        round,
        team: 1,
        counted: true,
        numbers: PlayerRound {
            key: PlayerKey::parse(&format!("{player:08X}")).expect("a key"),
            player,
            name: name.to_owned(),
            raw_name: name.as_bytes().to_vec(),
            bot: false,
            side: Some(Side::Axis),
            participant: true,
            seconds: Some(720),
            fields,
            weapons: vec![weapon(4, kills, 8, kills), weapon(11, 2, 2, 0)],
            origin: Origin::AsWritten,
            rounds: Some(1),
            flags: std::collections::BTreeSet::new(),
        },
    }
}

/// Part of team A's or B's core.
pub(crate) fn member(player: i64, name: &str, team: i64) -> MemberRow {
    MemberRow { epoch: 0, player, key: format!("{player:08X}"), name: name.to_owned(), team, halves: 2, core: true }
}

/// An evening of these rounds, without maps and teams.
pub(crate) fn evening(rounds: Vec<RoundRow>, lines: Vec<LineRow>) -> SessionNumbers {
    SessionNumbers { report: report(rounds, EpochReport::default()), lines }
}

/// The report of an evening with one pair of teams.
pub(crate) fn report(rounds: Vec<RoundRow>, epoch: EpochReport) -> SessionReport {
    SessionReport {
        session: session(),
        handle: "2026-11-09a".to_owned(),
        rounds,
        epochs: vec![epoch],
        feats: Vec::new(),
        humans: 4,
        bots: 0,
        counts: true,
    }
}

/// Two maps of four players: Team A made supply in 8:40 and held it, radar was a double full hold.
pub(crate) fn two_maps() -> SessionNumbers {
    let made =
        RoundRow { outcome: "completed".to_owned(), winner: Some(2), set_time: Some(520), ..round(1, "supply", 1) };
    let made = RoundRow { axis_team: -1, ..made };
    let rounds = vec![
        RoundRow { map_play: Some(1), ..made },
        RoundRow { map_play: Some(1), axis_team: 1, ..round(2, "supply", 2) },
        RoundRow { map_play: Some(2), ..round(3, "radar", 1) },
        RoundRow { map_play: Some(2), ..round(4, "radar", 2) },
    ];
    let won = MapPlayRow { result: "first".to_owned(), winner_team: 1, ..play(1, "supply", [Some(1), Some(2)]) };
    let numbers = [(1, "ann"), (2, "bob"), (3, "cat"), (4, "日本語の名前です")];
    let numbers = numbers.map(|(player, name)| (player, Line { name: name.to_owned(), ..Line::default() }));
    let epoch = EpochReport {
        lines: numbers.into_iter().collect(),
        plays: vec![won, play(2, "radar", [Some(3), Some(4)])],
        members: vec![
            member(1, "ann", 1),
            member(2, "bob", 1),
            member(3, "cat", -1),
            member(4, "日本語の名前です", -1),
        ],
        wins: (1, 0, 1),
        ..EpochReport::default()
    };
    let mut lines = Vec::new();
    for id in 1..=4 {
        for (player, name, kills, team) in
            [(1, "ann", 12, 1), (2, "bob", 20, 1), (3, "cat", 9 + id, -1), (4, "日本語の名前です", 17, -1)]
        {
            lines.push(LineRow { team, ..line(id, player, name, kills) });
        }
    }
    lines[0].numbers.fields.set(Field::KillingSpree, Some(11));
    // More time dead than in a team, as older writers have it.
    lines[1].numbers.fields.set(Field::TimeDeadMinutes, Some(200));
    SessionNumbers { report: report(rounds, epoch), lines }
}

/// A post as text. No table may be wider than a phone.
pub(crate) fn shown(post: &Post) -> String {
    let mut text = vec![format!("# {}", post.title)];
    text.extend(post.lines.iter().cloned());
    for table in &post.tables {
        text.push(format!("[{}]", table.heading));
        for row in &table.rows {
            assert!(unicode_width::UnicodeWidthStr::width(row.as_str()) <= TABLE_COLUMNS, "{row:?} is too wide");
            text.push(row.clone());
        }
    }
    text.extend(post.notes.iter().map(|note| format!("- {note}")));
    text.push(format!("({})", post.footer));
    text.join("\n")
}
