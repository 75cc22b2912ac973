//! What Discord's commands do to the hub.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::Source;
use super::hourly::{Hourly, Sample};
use crate::discord::id::UserId;
use crate::discord::operations::{By, Operations, Order, Progress};
use crate::discord::tier::Tier;
use crate::link::Clock;
use crate::pipeline::Deriver;
use crate::reports::answer::Answer;
use crate::reports::post::Post;
use crate::reports::words::{plural, size};
use crate::reports::{ReportError, Reports};
use crate::store::Store;

mod automation;
mod backup;
mod decided;
mod health;
mod metrics;
mod pool;
mod rebuild;
mod sync;
mod teams;
mod tiers;

/// A hub that takes orders from Discord.
pub(super) struct HubOperations {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) source: Source,
    pub(super) reports: Arc<dyn Reports>,
    pub(super) hourly: Hourly,
    /// The data directory.
    pub(super) data: PathBuf,
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

    async fn carry_out(&self, order: &Order, by: &By, progress: Progress<'_>) -> Result<Answer, ReportError> {
        let (store, now_ms) = (&self.store, (self.clock)());
        Ok(match order {
            Order::Health => health::answer(&self.source.status().await),
            Order::Automation => automation::answer(&self.source.status().await),
            Order::Metrics { hours } => self.metrics(*hours).await?,
            Order::Sync { days } => {
                let since_ms = days.map(|days| now_ms - i64::from(days) * 86_400_000);
                sync::answer(&self.source.connections, store, since_ms, progress).await?
            }
            Order::Rebuild => self.anew(rebuild::answer(&self.deriver, progress).await)?,
            Order::Backup => backup::answer(store, &self.data, now_ms).await?,
            Order::Vacuum => {
                let before = store.bytes().await?;
                store.vacuum().await?;
                let after = store.bytes().await?;
                said("Tidied up", vec![format!("The database had {} and has {} now.", size(before), size(after))])
            }
            Order::ClearCache => {
                let dropped = self.reports.forget() as i64;
                said("Cache cleared", vec![format!("{} forgotten.", plural(dropped, "answer", "answers"))])
            }
            Order::GiveTier { user, name, tier, reason } => {
                tiers::give(store, (*user, name), *tier, reason, by, now_ms).await?
            }
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
    async fn metrics(&self, hours: Option<u32>) -> Result<Answer, ReportError> {
        let now = Sample::of(&self.source.status().await);
        let away = || ReportError::Nothing("The database does not answer, so nothing can be counted.".to_owned());
        let now = now.ok_or_else(away)?;
        let from = hours.map_or(0, |hours| now.at_ms - i64::from(hours) * 3_600_000);
        let then = self.hourly.at(from).unwrap_or(now);
        let title = match hours {
            None => "Since the start".to_owned(),
            Some(hours) => format!("The last {}", plural(i64::from(hours), "hour", "hours")),
        };
        Ok(metrics::answer(&title, &now, &then))
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
    Answer::from(Post { lines, ..Post::titled(title) })
}

#[cfg(test)]
mod tests;
