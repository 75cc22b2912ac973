//! What Discord's commands do to the hub.

use std::sync::Arc;

use async_trait::async_trait;

use super::Source;
use crate::discord::id::UserId;
use crate::discord::operations::{By, Operations, Order};
use crate::discord::tier::Tier;
use crate::link::Clock;
use crate::pipeline::Deriver;
use crate::reports::answer::Answer;
use crate::reports::post::{Accent, Post};
use crate::reports::words::plural;
use crate::reports::{ReportError, Reports};
use crate::store::Store;

mod decided;
mod health;
mod pool;
mod teams;
mod tiers;

/// A hub that takes orders from Discord.
pub(super) struct HubOperations {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) source: Source,
    pub(super) reports: Arc<dyn Reports>,
    pub(super) deriver: Deriver,
}

/// Where decisions are made.
#[derive(Clone, Copy)]
struct Place<'a> {
    store: &'a Store,
    deriver: &'a Deriver,
    now_ms: i64,
}

#[async_trait]
impl Operations for HubOperations {
    async fn tier_of(&self, user: UserId) -> Result<Option<Tier>, ReportError> {
        Ok(tiers::of(&self.store, user).await?)
    }

    async fn carry_out(&self, order: &Order, by: &By) -> Result<Answer, ReportError> {
        let (store, now_ms) = (&self.store, (self.clock)());
        Ok(match order {
            Order::Health => health::answer(&self.source.status().await),
            Order::ClearCache => {
                let dropped = self.reports.forget() as i64;
                said("Cache cleared", vec![format!("{} forgotten.", plural(dropped, "answer", "answers"))])
            }
            Order::GiveTier { user, tier, reason } => tiers::give(store, *user, *tier, reason, by, now_ms).await?,
            Order::TakeTier { user, reason } => tiers::take(store, *user, reason, by, now_ms).await?,
            Order::ListTiers => tiers::list(store).await?,
            Order::ListPool => pool::list(store).await?,
            Order::AddToPool { name, colour, reason } => {
                pool::add(store, name, colour.as_deref(), reason, by, now_ms).await?
            }
            Order::NameTeams { session, names, reason } => {
                self.anew(teams::name(self.place(now_ms), session, names, reason, by).await)?
            }
            Order::AssignPlayer { session, player, team, reason } => {
                self.anew(teams::assign(self.place(now_ms), session, player, team, reason, by).await)?
            }
            Order::DrawNames { session } => self.anew(pool::draw_names(self.place(now_ms), session, by).await)?,
            Order::AuditTiers { limit } => tiers::audit(store, *limit).await?,
        })
    }
}

impl HubOperations {
    /// With the deriver's database.
    pub(super) fn over(deriver: &Deriver, clock: Clock, source: Source, reports: Arc<dyn Reports>) -> Self {
        Self { store: deriver.store().clone(), clock, source, reports, deriver: deriver.clone() }
    }

    fn place(&self, now_ms: i64) -> Place<'_> {
        Place { store: &self.store, deriver: &self.deriver, now_ms }
    }

    /// After something was decided, if only in part: whoever asks next reads what holds now.
    fn anew<T>(&self, done: T) -> T {
        self.reports.forget();
        done
    }
}

/// A few lines under a title.
fn said(title: &str, lines: Vec<String>) -> Answer {
    Answer::from(Post {
        title: title.to_owned(),
        accent: Accent::Neutral,
        lines,
        tables: Vec::new(),
        notes: Vec::new(),
        footer: String::new(),
        timestamp_ms: None,
    })
}

#[cfg(test)]
mod tests;
