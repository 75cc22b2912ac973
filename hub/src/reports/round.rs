//! One round: who held or made it, what there is to beat, how everybody did.

use crate::domain::decisions::RoundKey;
use crate::domain::round::CountsFor;
use crate::store::read::{AwardRow, MapPlayRow, RoundPlayerRow, RoundRow, SessionRow};
use crate::store::{Store, StoreError};

use super::session::core_of;
use super::{handle, words};

/// Everything that a round's post tells.
#[derive(Debug, Clone)]
pub struct RoundReport {
    /// The round.
    pub round: RoundRow,
    /// What people call it.
    pub handle: String,
    /// Its session.
    pub session: Option<SessionRow>,
    /// Its map play, once it is known.
    pub play: Option<MapPlayRow>,
    /// The first half of its map play, for a second half.
    pub first_half: Option<RoundRow>,
    /// The score of these two teams after this map: maps won by A, by B, double fullholds.
    pub score: (i64, i64, i64),
    /// Whether this is the first map of new teams: the score starts anew.
    pub new_teams: bool,
    /// The players who took part.
    pub players: Vec<RoundPlayerRow>,
    /// The awards of its endstats, in the order of the file.
    pub awards: Vec<AwardRow>,
    /// What teams A and B are called, where people gave them a name.
    pub names: [Option<String>; 2],
    /// When an agent brought its file, Unix milliseconds; none where it was imported.
    pub arrived_ms: Option<i64>,
}

impl RoundReport {
    /// Reads the report of a round.
    pub async fn read(database: &Store, round: RoundRow) -> Result<Self, StoreError> {
        let session = database.session(round.session).await?;
        let all = database.map_plays(round.session).await?;
        let own = all.iter().find(|play| Some(play.id) == round.map_play).cloned();
        let mut score = (0, 0, 0);
        for play in all.iter().filter(|play| play.counted && play.epoch == round.epoch && play.stamp <= round.stamp) {
            match play.winner_team {
                1 => score.0 += 1,
                -1 => score.1 += 1,
                _ => score.2 += 1,
            }
        }
        let before = |play: &&MapPlayRow| play.epoch == round.epoch && Some(play.id) != round.map_play;
        let new_teams = round.epoch > 0 && !all.iter().filter(before).any(|play| play.stamp <= round.stamp);
        let first_half = match own.as_ref().and_then(|play| play.first_half) {
            Some(id) if id != round.id => database.round(id).await?,
            _ => None,
        };
        let mut players = database.round_players(round.id).await?;
        players.retain(|player| player.participant);
        let awards = database.round_awards(round.id).await?;
        let handle = handle::of_round(database, &round).await?;
        let names = team_names(database, &round).await?;
        let arrived_ms = database.arrived_ms(round.artifact).await?;
        let play = own;
        Ok(Self { round, handle, session, play, first_half, score, new_teams, players, awards, names, arrived_ms })
    }

    /// What a team (+1 A, −1 B) is called.
    pub fn called(&self, team: i64) -> &str {
        let given = match team {
            1 => self.names[0].as_deref(),
            -1 => self.names[1].as_deref(),
            _ => None,
        };
        given.unwrap_or(words::team(team))
    }

    /// The team that attacks: +1 A, −1 B, 0 unknown.
    pub fn attackers(&self) -> i64 {
        self.round.attackers()
    }

    /// The team that gave up: +1 A, −1 B, 0 nobody or unknown.
    pub fn gave_up(&self) -> i64 {
        match self.round.surrendered {
            Some(1) => self.round.axis_team,
            Some(_) => -self.round.axis_team,
            None => 0,
        }
    }

    /// Whether the numbers are totals of both halves.
    pub fn is_cumulative(&self) -> bool {
        self.round.is_cumulative()
    }

    /// Whether the map counts for the session's score.
    pub fn counts(&self) -> bool {
        self.round.counts_for(CountsFor::SCORE)
    }

    /// The players of a team (+1, −1, or 0 for those whose team is not known), the most damage per minute first.
    pub fn team(&self, team: i64) -> Vec<&RoundPlayerRow> {
        let mut players: Vec<_> = self.players.iter().filter(|player| player.team == team).collect();
        players.sort_by_key(|player| {
            let dpm = player.damage_given.zip(player.seconds).and_then(|(d, s)| crate::domain::metrics::dpm::dpm(d, s));
            (std::cmp::Reverse(dpm), std::cmp::Reverse(player.kills), player.player)
        });
        players
    }
}

/// What the teams of a round are called in its session.
async fn team_names(store: &Store, round: &RoundRow) -> Result<[Option<String>; 2], StoreError> {
    let names = store.team_names().await?;
    let rounds = store.rounds_of_session(round.session).await?;
    let own = rounds.iter().filter(|other| other.epoch == round.epoch);
    let keys: Vec<RoundKey> = own.filter_map(|round| RoundKey::of_file(&round.server, &round.file)).collect();
    let mut members = store.members(round.session).await?;
    members.retain(|member| member.epoch == round.epoch);
    Ok(names.of(&keys, &[1, -1].map(|team| core_of(&members, team))))
}
