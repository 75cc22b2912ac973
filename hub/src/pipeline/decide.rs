//! Corrections: kept as decisions, and the blocks that they touch derived again.
//!
//! A decision and the queue of files whose blocks it touches are written in one transaction, so a hub that stops right
//! after it goes on there at its next start. Deciding waits for its turn: no block is derived half before and half
//! after it.

use std::collections::BTreeSet;

use crate::domain::decisions::{Correction, Decisions, MOST_OF_A_REASON, RoundKey, one_line};
use crate::domain::roster::PlayerKey;
use crate::store::decisions::{ACCEPT, Decision, DecisionRow, OWNER, ZONE};
use crate::store::derived::Changes;
use crate::store::read::RoundRow;
use crate::store::{Durability, StoreError, WriteTx};

use super::deriver::{Deriver, PipelineError};

mod error;
mod halves;
mod lines;
mod name;
mod of_session;
mod pin;
mod together;

pub use error::DecideError;
pub use lines::{Line, lines};
pub use of_session::{name_of_team, team_of_player};

/// A decision that was kept or undone, and what came of it.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Its number.
    pub id: i64,
    /// What changed in the derived rows.
    pub changes: Changes,
}

impl Deriver {
    /// Keeps a correction and derives what it touches.
    pub async fn correct(&self, correction: &Correction, author: &str, reason: &str) -> Result<Decided, DecideError> {
        self.keep(correction, author, reason, false).await
    }

    /// As [`Self::correct`], for two players too who stand in one round and are one all the same: there they stay two.
    pub async fn correct_even_though_together(
        &self,
        correction: &Correction,
        author: &str,
        reason: &str,
    ) -> Result<Decided, DecideError> {
        self.keep(correction, author, reason, true).await
    }

    async fn keep(
        &self,
        correction: &Correction,
        author: &str,
        reason: &str,
        even_though_together: bool,
    ) -> Result<Decided, DecideError> {
        let (author, reason) = record(author, reason)?;
        let id = {
            let _turn = self.hold().await;
            self.check(correction).await?;
            if !even_though_together {
                self.never_together(correction).await?;
            }
            let standing = self.identities().await?;
            let (target, value) = correction.stored();
            let decision = Decision { kind: correction.kind(), target, value, author, reason };
            let mut tx = self.store().begin(Durability::Full).await?;
            let id = tx.decide(&decision, self.now_ms()).await?;
            queue(&mut tx, correction, &standing).await?;
            tx.commit().await?;
            id
        };
        let changes = self.follow(Some(correction)).await;
        Ok(Decided { id, changes: changes.map_err(|source| DecideError::Kept { id, source })? })
    }

    /// Whether a correction could be kept now; says what stands against it, but for [`Self::never_together`].
    pub async fn check(&self, correction: &Correction) -> Result<(), DecideError> {
        match correction {
            Correction::Void { round } | Correction::Winner { round, .. } | Correction::Defender { round, .. } => {
                self.there(round).await?;
            }
            Correction::Side { round, player, .. } => {
                let lines = lines(self.store(), &self.there(round).await?).await?;
                if !lines.iter().any(|line| line.key.as_str() == player) {
                    return Err(DecideError::NotThere(format!("a line of {player} in {round}")));
                }
            }
            Correction::Team { round, player, .. } => {
                let session = self.there(round).await?.session;
                let players = self.store().players_of_session(session).await?;
                if !players.iter().any(|one| one.key == *player) {
                    return Err(DecideError::NotThere(format!("{player} in the session of {round}")));
                }
            }
            Correction::Name { round, team, name, .. } => self.can_be_named(round, *team, name).await?,
            Correction::Pin { server, file, hash } => self.can_be_pinned(server, file, hash).await?,
            Correction::Merge { player, into } => {
                for key in [player, into] {
                    self.known(key).await?;
                }
                if player == into {
                    return Err(DecideError::Same(player.clone()));
                }
                let identities = self.identities().await?;
                if identities.identities().resolve(into) == player {
                    return Err(DecideError::Ring { player: player.clone(), into: into.clone() });
                }
            }
            Correction::Split { guid, bound } => {
                self.known(guid).await?;
                if let crate::domain::decisions::Bound::Name(name) = bound
                    && !self.store().bore_name(guid, name).await?
                {
                    return Err(DecideError::NotThere(format!("a round in which {guid} was called {name}")));
                }
            }
            Correction::Zone { zone, .. } => {
                if jiff::tz::TimeZone::get(zone).is_err() {
                    return Err(DecideError::NotAZone(zone.clone()));
                }
            }
        }
        self.against(correction).await
    }

    /// Fails if a standing decision says the same, or something else about the same.
    async fn against(&self, correction: &Correction) -> Result<(), DecideError> {
        let correction = &self.store().as_it_stands(correction).await?;
        let (target, _) = correction.stored();
        let standing = self.standing_about(correction).await?;
        for row in &standing {
            let Some(other) = row.correction() else { continue };
            if replaced_by(row, &standing).is_some() {
                continue;
            }
            let other = self.store().as_it_stands(&other).await?;
            if said_again(&other, correction) {
                return Err(DecideError::Already(Box::new(row.clone())));
            }
            let about_the_same = match (&other, correction) {
                // A zone may be told anew, and a GUID be several people.
                (Correction::Zone { .. } | Correction::Split { .. }, _) => false,
                (Correction::Team { round: a, player: one, .. }, Correction::Team { round: b, player: other, .. }) => {
                    one == other && self.one_stretch(a, b, false).await?
                }
                (Correction::Name { round: a, team: one, .. }, Correction::Name { round: b, team: other, .. }) => {
                    one == other && self.one_stretch(a, b, true).await?
                }
                _ => other.stored().0 == target,
            };
            if about_the_same {
                return Err(DecideError::Otherwise(Box::new(row.clone())));
            }
        }
        Ok(())
    }

    /// The standing decisions of a correction's kind that may be about the same, as it stands now: those that name it,
    /// or a file of which it turned out that it is a copy. What is about a session can be said at any round of it.
    async fn standing_about(&self, correction: &Correction) -> Result<Vec<DecisionRow>, StoreError> {
        let (kind, store) = (correction.kind(), self.store());
        let Some(key) = correction.round() else { return store.standing_about(kind, &correction.stored().0).await };
        let mut moments = BTreeSet::from([key.stamp.seconds()]);
        if let Some(round) = self.round(key).await? {
            let rounds = match correction {
                Correction::Team { .. } | Correction::Name { .. } => store.rounds_of_session(round.session).await?,
                _ => vec![round],
            };
            let artifacts: Vec<i64> = rounds.iter().map(|round| round.artifact).collect();
            moments.extend(store.moments_of(&key.server, &artifacts).await?);
        }
        store.standing_at(kind, &key.server, &moments).await
    }

    /// Whether two rounds are of one session, or even of one pair of teams in it.
    async fn one_stretch(&self, a: &RoundKey, b: &RoundKey, one_epoch: bool) -> Result<bool, DecideError> {
        let (Some(a), Some(b)) = (self.round(a).await?, self.round(b).await?) else { return Ok(false) };
        Ok(a.session == b.session && (!one_epoch || a.epoch == b.epoch))
    }

    /// Undoes a decision and derives what it touched.
    pub async fn undo(&self, id: i64, author: &str, reason: &str) -> Result<Decided, DecideError> {
        let (author, reason) = record(author, reason)?;
        let correction = {
            let _turn = self.hold().await;
            let row = self.undoable(id).await?;
            let standing = self.identities().await?;
            let mut tx = self.store().begin(Durability::Full).await?;
            tx.undo(id, &author, &reason, self.now_ms()).await?;
            let correction = row.correction();
            match (&correction, row.target.parse()) {
                (Some(correction), _) => queue(&mut tx, correction, &standing).await?,
                (None, Ok(artifact)) if row.kind == ACCEPT => tx.set_pending(artifact).await?,
                (None, _) => {}
            }
            tx.commit().await?;
            correction
        };
        let changes = self.follow(correction.as_ref()).await;
        Ok(Decided { id, changes: changes.map_err(|source| DecideError::Kept { id, source })? })
    }

    /// The decision with this number, if it can be undone.
    pub async fn undoable(&self, id: i64) -> Result<DecisionRow, DecideError> {
        let row = self.store().decision(id).await?.ok_or(DecideError::NoDecision(id))?;
        match row.undone_ms {
            Some(_) => Err(DecideError::Undone(Box::new(row))),
            None if row.kind == OWNER => Err(DecideError::OfOwner(row.id)),
            None if row.author == crate::store::decisions::CONFIGURATION => {
                Err(DecideError::OfConfiguration(Box::new(row)))
            }
            None => Ok(row),
        }
    }

    /// Derives until nothing waits. A name changes no row, but the messages that show it.
    async fn follow(&self, correction: Option<&Correction>) -> Result<Changes, PipelineError> {
        if let Some(Correction::Name { round, .. }) = correction
            && let Some(row) = self.round(round).await?
        {
            self.reword(&row.server, row.stamp).await?;
        }
        Ok(self.drive_all(|_| ()).await?.changes)
    }

    async fn round(&self, round: &RoundKey) -> Result<Option<RoundRow>, StoreError> {
        self.store().round_of_key(round).await
    }

    async fn there(&self, round: &RoundKey) -> Result<RoundRow, DecideError> {
        self.round(round).await?.ok_or_else(|| DecideError::NotThere(format!("a round {round}")))
    }

    async fn known(&self, player: &str) -> Result<(), DecideError> {
        if PlayerKey::parse(player).is_none_or(|key| !key.is_real()) {
            return Err(DecideError::NotAPlayer(player.to_owned()));
        }
        if self.store().is_known(player).await? || self.is_merged(player).await? {
            return Ok(());
        }
        Err(DecideError::NotThere(format!("a round of {player}")))
    }

    /// Whether a player's rounds stand under another one.
    async fn is_merged(&self, player: &str) -> Result<bool, DecideError> {
        Ok(self.identities().await?.identities().resolve(player) != player)
    }

    /// What was decided about players; it is the same for every server.
    async fn identities(&self) -> Result<Decisions, StoreError> {
        self.store().who_is_who().await
    }
}

/// Author and reason as they are kept: a line each.
fn record(author: &str, reason: &str) -> Result<(String, String), DecideError> {
    let (author, reason) = (one_line(author), reason_as_kept(reason)?);
    match (author.is_empty(), reason.is_empty()) {
        (_, true) => Err(DecideError::NoReason),
        (true, _) => Err(DecideError::NoAuthor),
        _ => Ok((author, reason)),
    }
}

/// A reason on one line, if it is not too long.
pub fn reason_as_kept(reason: &str) -> Result<String, DecideError> {
    let reason = one_line(reason);
    match reason.chars().count() {
        length if length > MOST_OF_A_REASON => Err(DecideError::LongReason(length)),
        _ => Ok(reason),
    }
}

/// The decision that holds in the place of another one that was not undone, among those that were not. Only of zones
/// can several stand: undoing the last one brings back the one before it.
pub fn replaced_by<'a>(row: &DecisionRow, standing: &'a [DecisionRow]) -> Option<&'a DecisionRow> {
    let holds = standing.iter().rfind(|other| other.kind == ZONE && other.target == row.target);
    holds.filter(|other| row.kind == ZONE && row.undone_ms.is_none() && other.id != row.id)
}

/// Whether two decisions of one kind say the same.
fn said_again(a: &Correction, b: &Correction) -> bool {
    match (a, b) {
        (
            Correction::Name { round, team, name, .. },
            Correction::Name { round: other, team: side, name: called, .. },
        ) => (round, team, name) == (other, side, called),
        _ => a == b,
    }
}

/// Queues the files whose blocks a correction touches, made or undone; `standing` is what held before.
async fn queue(tx: &mut WriteTx, correction: &Correction, standing: &Decisions) -> Result<(), StoreError> {
    if let Some(round) = correction.round().filter(|_| correction.kind() != "name") {
        return tx.queue_round(round).await;
    }
    let players: Vec<String> = match correction {
        Correction::Pin { server, file, .. } => return tx.queue_file(server, file).await,
        Correction::Zone { server, .. } => return tx.queue_server(server).await,
        Correction::Merge { player, into } => vec![player.clone(), into.clone()],
        Correction::Split { guid, bound } => {
            let key = PlayerKey::parse(guid).map(|key| PlayerKey::apart(key.guid().clone(), &bound.text()));
            [Some(guid.clone()), key.map(|key| key.to_string())].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    };
    for player in &players {
        tx.queue_player(player).await?;
        let end = standing.identities().resolve(player);
        if end != player {
            tx.queue_player(end).await?;
        }
    }
    Ok(())
}
