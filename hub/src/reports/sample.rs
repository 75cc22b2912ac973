//! Rows as the store reads them, for tests of what is made of them.

use crate::domain::round::CountsFor;
use crate::store::read::{MapPlayRow, RoundPlayerRow, RoundRow, SessionRow};

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
