//! What Discord's commands do to the hub.

use std::sync::Arc;

use async_trait::async_trait;

use super::Source;
use crate::discord::id::UserId;
use crate::discord::operations::{By, Operations, Order};
use crate::discord::tier::Tier;
use crate::link::Clock;
use crate::reports::answer::Answer;
use crate::reports::post::{Accent, Post};
use crate::reports::words::plural;
use crate::reports::{ReportError, Reports};
use crate::store::Store;

mod health;
mod tiers;

/// A hub that takes orders from Discord.
pub(super) struct HubOperations {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) source: Source,
    pub(super) reports: Arc<dyn Reports>,
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
            Order::AuditTiers { limit } => tiers::audit(store, *limit).await?,
        })
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
