//! One session: the evening's score, map by map, and everybody's numbers in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::decisions::RoundKey;
use crate::domain::round::CountsFor;
use crate::store::read::{MapPlayRow, MemberRow, RoundPlayerRow, RoundRow, SessionRow};
use crate::store::{Store, StoreError};

use super::feats::{Feat, Feats};
use super::handle;
use super::numbers_table::Line;
use super::uncounted::{each_once, numberless, unscored};
use super::words::{clock, plural};

/// A session with all that its views need.
#[derive(Debug, Clone)]
pub struct SessionReport {
    /// The session.
    pub session: SessionRow,
    /// What people call it.
    pub handle: String,
    /// The rounds in order.
    pub rounds: Vec<RoundRow>,
    /// The pairs of teams, in order; mostly there is one.
    pub epochs: Vec<EpochReport>,
    /// What is worth telling.
    pub feats: Vec<Feat>,
    /// How many people took part in any round, whether it counts or not.
    pub humans: i64,
    /// How many bots did.
    pub bots: i64,
    /// Whether anybody's numbers count for totals. Where nobody's do, those of all rounds are shown, and why they do not
    /// count is said beside them.
    pub counts: bool,
}

/// What one pair of teams played within a session.
#[derive(Debug, Clone, Default)]
pub struct EpochReport {
    /// Its map plays in order.
    pub plays: Vec<MapPlayRow>,
    /// Who played for which team.
    pub members: Vec<MemberRow>,
    /// Everybody's sums over the rounds that count for totals, or over all where none does.
    pub lines: BTreeMap<i64, Line>,
    /// Maps won by team A, by team B, double fullholds.
    pub wins: (i64, i64, i64),
    /// What teams A and B are called, where people gave them a name.
    pub names: [Option<String>; 2],
}

/// The keys of the core of a team (+1, −1).
pub(super) fn core_of(members: &[MemberRow], team: i64) -> BTreeSet<String> {
    let core = members.iter().filter(|member| member.core && member.team == team);
    core.map(|member| member.key.clone()).collect()
}

impl EpochReport {
    /// The headline score: a map won is 1 to 0, a double fullhold 1 to 1.
    pub fn score(&self) -> (i64, i64) {
        (self.wins.0 + self.wins.2, self.wins.1 + self.wins.2)
    }

    /// What a team (+1, −1) is called.
    pub fn name(&self, team: i64) -> &str {
        self.names[usize::from(team < 0)].as_deref().unwrap_or(super::words::team(team))
    }

    /// The lines of a team, the most damage per minute first; guests are in the team that they played for most.
    pub fn team(&self, team: i64) -> Vec<&Line> {
        self.players(team).into_iter().map(|(_, line)| line).collect()
    }

    /// The same, each with whose it is.
    pub fn players(&self, team: i64) -> Vec<(&MemberRow, &Line)> {
        let own = self.members.iter().filter(|member| member.team == team);
        let mut lines: Vec<_> = own.filter_map(|member| Some((member, self.lines.get(&member.player)?))).collect();
        lines
            .sort_by_key(|(_, line)| (std::cmp::Reverse(line.dpm()), std::cmp::Reverse(line.kills), line.name.clone()));
        lines
    }

    /// The keys of a team's core.
    pub(super) fn core(&self, team: i64) -> BTreeSet<String> {
        core_of(&self.members, team)
    }

    fn add(&mut self, row: &RoundPlayerRow) {
        let name = self.members.iter().find(|member| member.player == row.player).map(|member| member.name.clone());
        let name = name.unwrap_or_else(|| row.name.clone());
        let line = self.lines.entry(row.player).or_insert_with(|| Line { name, ..Line::default() });
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
    }
}

impl SessionReport {
    /// Reads the report of a session.
    pub async fn read(store: &Store, session: SessionRow) -> Result<Self, StoreError> {
        let handle = handle::of_session(store, &session).await?;
        let rounds = store.rounds_of_session(session.id).await?;
        let mut epochs: BTreeMap<i64, EpochReport> = BTreeMap::new();
        for member in store.members(session.id).await? {
            epochs.entry(member.epoch).or_default().members.push(member);
        }
        for play in store.map_plays(session.id).await? {
            let epoch = epochs.entry(play.epoch).or_default();
            if play.counted {
                match play.winner_team {
                    1 => epoch.wins.0 += 1,
                    -1 => epoch.wins.1 += 1,
                    _ => epoch.wins.2 += 1,
                }
            }
            epoch.plays.push(play);
        }
        let names = store.team_names().await?;
        for (number, epoch) in &mut epochs {
            let own = rounds.iter().filter(|round| round.epoch == *number);
            let keys: Vec<RoundKey> = own.filter_map(|round| RoundKey::of_file(&round.server, &round.file)).collect();
            epoch.names = names.of(&keys, &[1, -1].map(|team| epoch.core(team)));
        }
        let shown: BTreeMap<i64, i64> = shown(&rounds).map(|round| (round.id, round.epoch)).collect();
        let mut counts = false;
        let mut feats = Feats::default();
        let (mut humans, mut bots) = (BTreeSet::new(), BTreeSet::new());
        for row in store.session_players(session.id).await? {
            if row.participant {
                if row.bot {
                    bots.insert(row.player)
                } else {
                    humans.insert(row.player)
                };
            }
            if let Some(epoch) = shown.get(&row.round).filter(|_| row.counted) {
                counts = true;
                epochs.entry(*epoch).or_default().add(&row);
                feats.add(&row);
            }
        }
        // Everybody bears one name in a session's report: the one that he bore last.
        feats.name(epochs.values().flat_map(|epoch| &epoch.lines).map(|(player, line)| (*player, line.name.as_str())));
        let (humans, bots) = (humans.len() as i64, bots.len() as i64);
        let counts = counts && rounds.iter().any(|round| round.counts_for(CountsFor::LIFETIME));
        let (epochs, feats) = (epochs.into_values().collect(), feats.best());
        Ok(Self { session, handle, rounds, epochs, feats, humans, bots, counts })
    }

    /// The round with this id.
    pub fn round(&self, id: Option<i64>) -> Option<&RoundRow> {
        self.rounds.iter().find(|round| Some(round.id) == id)
    }

    /// How many players have numbers.
    pub fn player_count(&self) -> i64 {
        let players: BTreeSet<i64> = self.epochs.iter().flat_map(|epoch| epoch.lines.keys().copied()).collect();
        players.len() as i64
    }

    /// Who was there, in a word or two.
    pub fn turnout(&self) -> String {
        let players = if self.counts { self.player_count() } else { 0 };
        match (players, self.humans, self.bots) {
            (0, 0, 0) => "nobody".to_owned(),
            (0, 0, bots) => format!("bots only ({bots})"),
            (0, humans, _) => format!("{}, none counted", plural(humans, "player", "players")),
            (players, ..) => plural(players, "player", "players"),
        }
    }

    /// Why nobody has numbers; none if somebody has.
    pub fn nobody_counts(&self) -> Option<String> {
        if self.counts {
            return None;
        }
        let reasons = each_once(self.rounds.iter().filter_map(numberless));
        let why = if reasons.is_empty() { "nobody was in a team".to_owned() } else { reasons.join("; ") };
        Some(format!("Nobody's numbers count: {why}."))
    }

    /// The last map play, where only its second half is missing: it may still be played.
    pub fn open_play(&self) -> Option<i64> {
        let last = self.epochs.iter().flat_map(|epoch| &epoch.plays).max_by_key(|play| play.stamp)?;
        let waits = last.uncounted == "incomplete" && last.second_half.is_none() && self.cut_off_half(last).is_none();
        waits.then_some(last.id)
    }

    /// Why maps do not count for the score, but for one of them, a line for each reason.
    pub fn uncounted_but(&self, open: Option<i64>) -> Vec<String> {
        let plays = self.epochs.iter().flat_map(|epoch| &epoch.plays).filter(|play| Some(play.id) != open);
        let reasons: Vec<String> = plays.filter_map(|play| self.unscored(play)).collect();
        each_once(&reasons)
            .into_iter()
            .map(|reason| {
                let maps = reasons.iter().filter(|one| *one == reason).count() as i64;
                format!("{} not counted: {reason}", plural(maps, "map", "maps"))
            })
            .collect()
    }

    /// Why maps do not count for the score, a line for each reason.
    pub fn uncounted(&self) -> Vec<String> {
        self.uncounted_but(None)
    }

    /// Why a map play of the session does not count for the score; none if it does.
    pub fn unscored(&self, play: &MapPlayRow) -> Option<String> {
        if play.uncounted == "incomplete" && self.cut_off_half(play).is_some() {
            return Some("its second half was cut off".to_owned());
        }
        unscored(play, [self.round(play.first_half), self.round(play.second_half)])
    }

    /// The second half of a map play, where it was cut off and so is no part of it.
    fn cut_off_half(&self, play: &MapPlayRow) -> Option<&RoundRow> {
        if play.second_half.is_some() {
            return None;
        }
        let later = self.epochs.iter().flat_map(|epoch| &epoch.plays).filter(|other| other.stamp > play.stamp);
        let next = later.map(|other| other.stamp).min().unwrap_or(i64::MAX);
        self.rounds.iter().find(|round| {
            round.status == "aborted"
                && round.map_play.is_none()
                && round.half() == 2
                && round.map == play.map
                && (play.stamp..next).contains(&round.stamp)
        })
    }

    /// How one map play went, by halves, as in `A 8:40 · A held`.
    pub fn halves(&self, play: &MapPlayRow) -> String {
        let half = |id: Option<i64>| self.round(id).map(half);
        let cut_off = || self.cut_off_half(play).map(|_| "cut off".to_owned());
        let missing = || "missing".to_owned();
        let first = half(play.first_half).unwrap_or_else(missing);
        format!("{first} · {}", half(play.second_half).or_else(cut_off).unwrap_or_else(missing))
    }
}

/// The rounds over which everybody's numbers are: those that count for totals, or where none does all that were played to
/// their end.
pub(super) fn shown(rounds: &[RoundRow]) -> impl Iterator<Item = &RoundRow> {
    let any = rounds.iter().any(|round| round.counts_for(CountsFor::LIFETIME));
    let whole = |round: &&RoundRow| round.counts_for(CountsFor::DISPLAY) && round.status != "aborted";
    rounds.iter().filter(move |round| if any { round.counts_for(CountsFor::LIFETIME) } else { whole(round) })
}

/// Who did what in a half: the attackers made it in a time, or the defenders held.
fn half(round: &RoundRow) -> String {
    let attackers = round.attackers();
    let (who, result) = match round.outcome.as_str() {
        "completed" => (attackers, clock(round.made_in())),
        "held" => (-attackers, "held".to_owned()),
        _ => (0, "?".to_owned()),
    };
    match who {
        1 => format!("A {result}"),
        -1 => format!("B {result}"),
        _ => result,
    }
}

/// What a map play came to, in a word or two.
pub fn verdict(play: &MapPlayRow) -> String {
    let inferred = if play.inferred { " (inferred)" } else { "" };
    match (play.counted, play.result.as_str(), play.winner_team) {
        (false, ..) => match play.uncounted.as_str() {
            "incomplete" => "incomplete".to_owned(),
            "voided" => "voided".to_owned(),
            "not_fair" => "not fair".to_owned(),
            "teams_unclear" => "teams unclear".to_owned(),
            _ => "unknown".to_owned(),
        },
        (true, "tie", _) => format!("1-1{inferred}"),
        (true, _, 1) => format!("A{inferred}"),
        (true, ..) => format!("B{inferred}"),
    }
}
