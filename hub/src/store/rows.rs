//! Domain values to table rows, columns in the order of [`super::tables`].

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::formats::endstats::AwardScope;
use slomix_shared::formats::stats::{Field, WeaponLine};
use slomix_shared::game::FullGuid;

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::domain::leaf;
use crate::domain::revision::Fate;
use crate::domain::round::{Match, PlayerRound, Round, Session};
use crate::values;

use super::sql::Value;

/// How a disposition's reason begins where the file is a copy; the name of the other file follows.
pub(super) const COPY_OF: &str = "the same round as ";

/// A row's values.
pub(super) type Values = Vec<Value>;

pub(super) fn block(id: i64, server: &str, span: Span) -> Values {
    values![id, server, span.first.seconds(), span.last.seconds()]
}

pub(super) fn disposition(block: i64, artifact: i64, fate: &Fate) -> Values {
    let (state, code, reason) = match fate {
        Fate::Stored => ("stored", "", String::new()),
        Fate::Superseded => ("superseded", "", "another content of this name counts".to_owned()),
        Fate::Duplicate(original) => ("duplicate", "", format!("{COPY_OF}{original}")),
        Fate::Kept { code, reason } => ("kept", *code, reason.clone()),
        Fate::Quarantined { code, reason } => ("quarantined", *code, reason.clone()),
    };
    values![artifact, block, state, code, reason]
}

pub(super) fn session(block: i64, server: &str, session: &Session) -> Values {
    values![
        session.id,
        block,
        server,
        session.stamp.date().to_string(),
        session.stamp.seconds(),
        session.last_stamp.seconds(),
        session.first_round,
        session.start_ms,
        session.end_ms,
        session.wins_a,
        session.wins_b,
        session.ties,
        session.uncounted,
        session.agreement,
        session.confidence.as_str(),
    ]
}

/// The number of the epoch that each round belongs to.
pub(super) fn epochs_of_rounds(derived: &Derived) -> BTreeMap<i64, i64> {
    let epochs = derived.sessions.iter().flat_map(|session| session.epochs.iter().zip(0..));
    epochs.flat_map(|(epoch, number)| epoch.rounds.iter().map(move |round| (*round, number))).collect()
}

pub(super) fn epochs(block: i64, session: &Session) -> impl Iterator<Item = Values> {
    session.epochs.iter().zip(0_i64..).map(move |(epoch, number)| {
        values![
            session.id,
            number,
            block,
            epoch.wins_a,
            epoch.wins_b,
            epoch.ties,
            epoch.uncounted,
            epoch.agreement,
            epoch.confidence.as_str(),
        ]
    })
}

pub(super) fn session_members(block: i64, session: &Session) -> impl Iterator<Item = Values> {
    let epochs = session.epochs.iter().zip(0_i64..);
    epochs.flat_map(move |(epoch, number)| {
        epoch.members.iter().map(move |member| {
            values![
                session.id,
                number,
                member.player,
                block,
                i64::from(member.team),
                member.steadiness,
                member.halves,
                member.core,
            ]
        })
    })
}

pub(super) fn map_play(block: i64, play: &Match, epochs: &BTreeMap<i64, i64>) -> Values {
    let epoch = play.first.or(play.second).and_then(|round| epochs.get(&round)).copied().unwrap_or(0);
    values![
        play.id,
        block,
        play.session,
        play.map.as_str(),
        play.stamp.seconds(),
        play.first,
        play.second,
        epoch,
        play.result.as_str(),
        i64::from(play.winner_team),
        play.counted,
        play.inferred,
        play.uncounted_because.unwrap_or(""),
    ]
}

pub(super) fn round(block: i64, server: &str, round: &Round, epoch: i64, hash: &[u8]) -> Values {
    values![
        round.id,
        block,
        server,
        round.session,
        round.match_id,
        epoch,
        round.artifact,
        round.file_name.as_str(),
        round.stamp.seconds(),
        round.map.as_str(),
        i64::from(round.number.number()),
        round.config.as_str(),
        round.host.as_str(),
        round.status.as_str(),
        round.valid,
        i64::from(round.counts_for.0),
        round.clock.map(i64::from),
        round.defender.map(|side| i64::from(side.number())),
        round.winner.map(|side| i64::from(side.number())),
        round.outcome.as_str(),
        round.set_time.map(i64::from),
        round.duration,
        round.start_ms,
        round.end_ms,
        round.papers.end_reason.as_str(),
        round.papers.surrendered.map(|side| i64::from(side.number())),
        round.papers.pauses,
        round.papers.pause_seconds,
        round.humans,
        round.bots,
        i64::from(round.axis_team),
        joined(&round.flags),
        hash,
    ]
}

pub(super) fn round_player(round: &Round, player: &PlayerRound) -> Values {
    let bullets = |number: fn(&WeaponLine) -> i64| -> i64 {
        player.weapons.iter().filter(|line| line.weapon.has_headshots()).map(number).sum()
    };
    let side = player.side.map(|side| i64::from(side.number()));
    let team = i64::from(round.axis_team)
        * match side {
            Some(1) => 1,
            Some(_) => -1,
            None => 0,
        };
    let mut row = values![
        round.id,
        player.player,
        player.name.as_str(),
        player.raw_name.as_slice(),
        side,
        team,
        player.bot,
        player.participant,
        leaf::counts(player),
        player.origin.as_str(),
        player.rounds,
        player.seconds,
        player.kills(),
        player.deaths(),
        player.weapon_sum(|line| line.hits),
        player.weapon_sum(|line| line.shots),
        player.weapon_sum(|line| line.headshots),
        bullets(|line| line.hits),
        bullets(|line| line.shots),
    ];
    row.extend(stored_fields().map(|field| Value::from(player.fields.get(field))));
    row.push(player.dead_seconds().into());
    row.push(player.tank_tenths().into());
    row.push(joined(&player.flags).into());
    row
}

/// The fields that have a column, in the order of the columns from `damage_given` on. Bullets fired are the shots, and the
/// others are computed anew from what stands there.
pub(super) fn stored_fields() -> impl Iterator<Item = Field> {
    Field::all().filter(|field| {
        !matches!(
            field,
            Field::BulletsFired
                | Field::Dpm
                | Field::TimePlayedMinutes
                | Field::TankMeatshield
                | Field::TimeDeadRatio
                | Field::KdRatio
        )
    })
}

pub(super) fn round_weapons(round: i64, player: &PlayerRound) -> impl Iterator<Item = Values> {
    player.weapons.iter().map(move |line| {
        values![
            round,
            player.player,
            i64::from(line.weapon.bit()),
            line.hits,
            line.shots,
            line.kills,
            line.deaths,
            line.headshots,
        ]
    })
}

pub(super) fn round_awards(round: &Round) -> impl Iterator<Item = Values> {
    round.papers.awards.iter().zip(0_i64..).map(|(award, place)| {
        values![
            round.id,
            place,
            award.award.as_str(),
            award.scope.as_str(),
            award.holder.as_str(),
            award.player,
            award.value.as_str(),
            award.amount,
        ]
    })
}

pub(super) fn round_duels(round: &Round) -> impl Iterator<Item = Values> {
    // The writer's table of duels starts anew with each half.
    let scope = AwardScope::Round.as_str();
    round.papers.duels.iter().zip(0_i64..).map(move |(duel, place)| {
        values![
            round.id,
            place,
            scope,
            duel.subject.clone(),
            duel.subject_player,
            duel.opponent.as_str(),
            duel.opponent_player,
            duel.kills,
            duel.deaths,
        ]
    })
}

/// Full GUIDs by session and player.
pub(super) fn player_guids(block: i64, derived: &Derived) -> Vec<Values> {
    let told = derived.rounds.iter().flat_map(|round| round.papers.guids.iter().map(|one| (round.session, one)));
    let told: BTreeSet<(i64, &(i64, FullGuid))> = told.collect();
    told.into_iter().map(|(session, (player, guid))| values![session, *player, guid.as_str(), block]).collect()
}

pub(super) fn player(player: &PlayerRound) -> Values {
    values![player.player, player.key.as_str(), player.key.guid().as_str(), player.bot]
}

/// Names by session and player: how often, and last in which round.
pub(super) fn session_names(block: i64, derived: &Derived) -> Vec<Values> {
    let mut names: BTreeMap<(i64, i64, &str), (i64, i64)> = BTreeMap::new();
    for round in &derived.rounds {
        for player in &round.players {
            let entry = names.entry((round.session, player.player, &player.name)).or_default();
            *entry = (entry.0.max(round.id), entry.1 + 1);
        }
    }
    names
        .into_iter()
        .map(|((session, player, name), (last, rounds))| values![session, player, name, block, last, rounds])
        .collect()
}

pub(super) fn leaves(block: i64, derived: &Derived) -> Vec<Values> {
    derived
        .leaves
        .iter()
        .map(|((session, player, map), sums)| {
            let mut row = values![*session, *player, map.as_str(), block];
            row.extend(sums.iter().map(|&sum| Value::Int(sum)));
            row
        })
        .collect()
}

pub(super) fn weapon_leaves(block: i64, derived: &Derived) -> Vec<Values> {
    leaf::weapon_leaves(&derived.rounds)
        .into_iter()
        .map(|((session, player, weapon), sums)| {
            let mut row = values![session, player, weapon, block];
            row.extend(sums.map(Value::Int));
            row
        })
        .collect()
}

fn joined(flags: &BTreeSet<&'static str>) -> String {
    flags.iter().copied().collect::<Vec<_>>().join(",")
}
