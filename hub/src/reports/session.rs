//! One session: the evening's score, map by map, and everybody's numbers in it.

use std::collections::BTreeMap;

use crate::domain::round::CountsFor;
use crate::store::read::{MapPlayRow, MemberRow, RoundRow, SessionRow};
use crate::store::{Store, StoreError};

use super::handle;
use super::numbers_table::Line;

/// A session with all that its views need.
#[derive(Debug, Clone)]
pub struct SessionReport {
    /// The session.
    pub session: SessionRow,
    /// What people call it.
    pub handle: String,
    /// The rounds in order.
    pub rounds: Vec<RoundRow>,
    /// The map plays in order.
    pub plays: Vec<MapPlayRow>,
    /// The teams.
    pub members: Vec<MemberRow>,
    /// Everybody's sums over the rounds that count for totals.
    pub lines: BTreeMap<i64, Line>,
    /// Headshots and longest sprees for the notes: (name, kind, value).
    pub feats: Vec<Feat>,
}

/// Something worth telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feat {
    /// Whose.
    pub name: String,
    /// What, as in "longest spree".
    pub what: &'static str,
    /// How much, with its unit.
    pub value: String,
}

impl SessionReport {
    /// Reads the report of a session.
    pub async fn read(store: &Store, session: SessionRow) -> Result<Self, StoreError> {
        let handle = handle::of_session(store, &session).await?;
        let rounds = store.rounds_of_session(session.id).await?;
        let plays = store.map_plays(session.id).await?;
        let members = store.members(session.id).await?;
        let names: BTreeMap<i64, &str> = members.iter().map(|member| (member.player, member.name.as_str())).collect();
        let counted: BTreeMap<i64, bool> =
            rounds.iter().map(|round| (round.id, round.counts_for(CountsFor::LIFETIME))).collect();
        let mut lines: BTreeMap<i64, Line> = BTreeMap::new();
        let mut best: BTreeMap<&'static str, (i64, String)> = BTreeMap::new();
        let mut sums: BTreeMap<(i64, &'static str), i64> = BTreeMap::new();
        for row in store.session_players(session.id).await? {
            if !row.counted || !counted.get(&row.round).copied().unwrap_or(false) {
                continue;
            }
            let name = names.get(&row.player).map_or(row.name.as_str(), |name| *name).to_owned();
            let line = lines.entry(row.player).or_insert_with(|| Line { name: name.clone(), ..Line::default() });
            let add = |sum: &mut Option<i64>, value: Option<i64>| {
                if let Some(value) = value {
                    *sum = Some(sum.unwrap_or(0) + value);
                }
            };
            line.kills += row.kills;
            line.deaths += row.deaths;
            add(&mut line.damage, row.damage_given);
            add(&mut line.seconds, row.seconds);
            line.bullet_hits += row.bullet_hits;
            line.bullet_shots += row.bullet_shots;
            add(&mut line.revives, row.revives_given);
            let spree = row.killing_spree.unwrap_or(0);
            let entry = best.entry("longest spree").or_default();
            if spree > entry.0 {
                *entry = (spree, name);
            }
            for (what, value) in [
                ("most headshot kills", row.headshot_kills),
                ("most play denied", row.denied_seconds),
                ("most gibs", row.gibs),
                ("most self kills", row.self_kills),
                ("most dynamites planted", row.dynamites_planted),
            ] {
                *sums.entry((row.player, what)).or_default() += value.unwrap_or(0);
            }
        }
        for ((player, what), sum) in sums {
            let entry = best.entry(what).or_default();
            if sum > entry.0 {
                let name = names.get(&player).copied().or_else(|| lines.get(&player).map(|line| line.name.as_str()));
                *entry = (sum, name.unwrap_or_default().to_owned());
            }
        }
        let feats = [
            ("longest spree", "kills"),
            ("most headshot kills", ""),
            ("most play denied", "s"),
            ("most dynamites planted", ""),
            ("most gibs", ""),
            ("most self kills", ""),
        ]
        .into_iter()
        .filter_map(|(what, unit)| {
            let (value, name) = best.get(what).filter(|(value, _)| *value > 0)?;
            Some(Feat { name: name.clone(), what, value: format!("{value} {unit}").trim().to_owned() })
        })
        .collect();
        Ok(Self { session, handle, rounds, plays, members, lines, feats })
    }

    /// The round with this id.
    pub fn round(&self, id: Option<i64>) -> Option<&RoundRow> {
        self.rounds.iter().find(|round| Some(round.id) == id)
    }

    /// The lines of a team, the most damage per minute first; guests are in the team that they played for most.
    pub fn team(&self, team: i64) -> Vec<&Line> {
        let mut lines: Vec<&Line> = self
            .members
            .iter()
            .filter(|member| member.team == team)
            .filter_map(|member| self.lines.get(&member.player))
            .collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.dpm()), std::cmp::Reverse(line.kills), line.name.clone()));
        lines
    }

    /// How one map play went, by halves, as in `Team A 8:40 · Team B held`.
    pub fn halves(&self, play: &MapPlayRow) -> String {
        let half = |round: Option<&RoundRow>| {
            round.map(|round| {
                let attackers = match round.defender {
                    Some(1) => -round.axis_team,
                    Some(_) => round.axis_team,
                    None => 0,
                };
                let result = match round.outcome.as_str() {
                    "completed" => super::words::clock(round.made_in()),
                    "held" => "held".to_owned(),
                    _ => "?".to_owned(),
                };
                match attackers {
                    1 => format!("A {result}"),
                    -1 => format!("B {result}"),
                    _ => result,
                }
            })
        };
        let missing = || "missing".to_owned();
        let first = half(self.round(play.first_half)).unwrap_or_else(missing);
        let second = half(self.round(play.second_half)).unwrap_or_else(missing);
        format!("{first} · {second}")
    }

    /// What a map play came to, in a word or two.
    pub fn verdict(&self, play: &MapPlayRow) -> String {
        let inferred = if play.inferred { " (inferred)" } else { "" };
        match (play.counted, play.result.as_str(), play.winner_team) {
            (false, ..) => match play.uncounted.as_str() {
                "incomplete" => "incomplete".to_owned(),
                "not_fair" => "not fair".to_owned(),
                "teams_unclear" => "teams unclear".to_owned(),
                _ => "unknown".to_owned(),
            },
            (true, "tie", _) => format!("1-1{inferred}"),
            (true, _, 1) => format!("A{inferred}"),
            (true, ..) => format!("B{inferred}"),
        }
    }
}
