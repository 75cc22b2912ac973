//! One attempt to bring one row to its channel.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use slomix_shared::artifact::ContentHash;
use tokio::time::Instant;

use super::{Outbox, OutboxError, OutboxRow, RowId, RowState};
use crate::discord::buttons;
use crate::discord::causes::causes;
use crate::discord::embed;
use crate::discord::id::MessageId;
use crate::discord::sink::{Reach, SendError};

/// What the loop does next with the row's channel.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Goes on as the store says.
    Done,
    /// Leaves the channel alone for a while, or until it has been mended.
    Hold { pause: Duration, until_mended: bool },
    /// Stops altogether.
    Stop,
}

pub(super) struct Attempt {
    outbox: Outbox,
    /// First attempts of this process whose outcome is not known: their nonce may still be good.
    asked: Mutex<HashMap<RowId, Instant>>,
    /// What was last said of rows that the store could not bring further.
    told: Mutex<HashMap<RowId, String>>,
}

impl Attempt {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self { outbox, asked: Mutex::default(), told: Mutex::default() }
    }

    fn told(&self) -> MutexGuard<'_, HashMap<RowId, String>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings `row` one step further. The store knows afterwards what is left to do.
    pub(super) async fn bring(&self, row: OutboxRow) -> Outcome {
        match self.step(&row).await {
            Ok(outcome) => {
                self.told().remove(&row.id);
                outcome
            }
            Err(error) => {
                let text = format!("{error}{}", causes(&error));
                // It is tried again every second; said once is enough.
                if self.told().insert(row.id, text.clone()).as_ref() != Some(&text) {
                    tracing::error!(row = row.id.0, "outbox row {}: {text}", row.id.0);
                }
                self.outbox.health.counts.failed();
                // The row stands as it was before the failed step, so it is safe to take it up again.
                Outcome::Hold { pause: self.outbox.pace.store_retry, until_mended: false }
            }
        }
    }

    async fn step(&self, row: &OutboxRow) -> Result<Outcome, OutboxError> {
        let Outbox { store, sink, .. } = &self.outbox;
        if let (RowState::Sending { since_ms }, None) = (row.state, row.message)
            && !self.nonce_is_fresh(row.id)
        {
            match sink.find_by_footer(row.channel, &row.short_id(), since_ms).await {
                Ok(None) => {}
                Ok(Some(message)) => {
                    tracing::info!(row = row.id.0, %message, "found post {} in channel {}", row.short_id(), row.channel);
                    self.outbox.health.counts.found_again();
                    return self.sent(row, message, None).await;
                }
                Err(error) => return self.failed(row, &error).await,
            }
        }
        let post = match self.outbox.renderer.render(row).await {
            Ok(Some(post)) => post,
            Ok(None) => {
                store.mark_skipped(row.id, row.wanted).await?;
                return Ok(Outcome::Done);
            }
            Err(error) => return self.not_rendered(row, &error).await,
        };
        let embed = embed::lay_out(&post, Some(&row.short_id()));
        let buttons = buttons::under(&row.kind, &row.anchor);
        store.mark_sending(row.id, (self.outbox.clock)()).await?;
        if let Some(message) = row.message {
            return match sink.edit(row.channel, message, &embed, &buttons).await {
                Ok(()) => {
                    self.outbox.health.counts.edited();
                    self.sent(row, message, Some(row.wanted)).await
                }
                Err(error) => self.failed(row, &error).await,
            };
        }
        self.asked().entry(row.id).or_insert_with(Instant::now);
        match sink.send(row.channel, &embed, &buttons, &row.short_id()).await {
            Ok(message) => {
                self.outbox.health.counts.posted();
                // An earlier attempt may be what we see now, and it may have had another text.
                let shows = (!is_sending(row)).then_some(row.wanted);
                self.sent(row, message, shows).await
            }
            Err(error) => self.failed(row, &error).await,
        }
    }

    async fn sent(
        &self,
        row: &OutboxRow,
        message: MessageId,
        shows: Option<ContentHash>,
    ) -> Result<Outcome, OutboxError> {
        tracing::debug!(row = row.id.0, %message, "post {} is in channel {}", row.short_id(), row.channel);
        self.outbox.health.open(row.channel);
        self.outbox.store.mark_sent(row.id, message, shows).await?;
        // not before: should the store have failed, the nonce still tells us what happened
        self.asked().remove(&row.id);
        Ok(Outcome::Done)
    }

    async fn failed(&self, row: &OutboxRow, error: &SendError) -> Result<Outcome, OutboxError> {
        let Outbox { store, health, pace, clock, .. } = &self.outbox;
        let channel = row.channel;
        health.counts.failed();
        tracing::warn!(row = row.id.0, %channel, "post {} in channel {channel}: {error}", row.short_id());
        let reason = error.to_string();
        // Whatever failed now, an earlier attempt whose outcome is unknown stays unknown.
        let unknown = is_sending(row);
        match error.reach() {
            Reach::Later { after, perhaps_done } => {
                let wait = pace.backoff(row.attempts + 1).max(after.unwrap_or_default());
                let retry_at = clock() + wait.as_millis() as i64;
                store.mark_failed(row.id, retry_at, unknown || perhaps_done, &reason).await?;
                Ok(Outcome::Done)
            }
            Reach::Message => {
                health.counts.given_up();
                store.mark_dead(row.id, &reason).await?;
                self.asked().remove(&row.id);
                Ok(Outcome::Done)
            }
            Reach::Channel => {
                health.close(channel, &reason);
                store.mark_failed(row.id, 0, unknown, &reason).await?;
                Ok(Outcome::Hold { pause: pace.closed_channel, until_mended: true })
            }
            Reach::Everything => {
                health.disable(&reason);
                store.mark_failed(row.id, 0, unknown, &reason).await?;
                Ok(Outcome::Stop)
            }
        }
    }

    async fn not_rendered(&self, row: &OutboxRow, error: &super::RenderError) -> Result<Outcome, OutboxError> {
        let (id, post) = (row.id.0, row.short_id());
        tracing::error!(row = id, error = error as &dyn Error, "post {post} (outbox row {id}) could not be rendered");
        let retry_at = (self.outbox.clock)() + self.outbox.pace.backoff(row.attempts + 1).as_millis() as i64;
        self.outbox.store.mark_failed(row.id, retry_at, is_sending(row), &error.to_string()).await?;
        Ok(Outcome::Done)
    }

    fn nonce_is_fresh(&self, row: RowId) -> bool {
        self.asked().get(&row).is_some_and(|asked| asked.elapsed() < self.outbox.pace.nonce_memory)
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, HashMap<RowId, Instant>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_sending(row: &OutboxRow) -> bool {
    matches!(row.state, RowState::Sending { .. })
}
