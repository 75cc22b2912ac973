//! Reports and posts out of the store.

use std::sync::Arc;

use async_trait::async_trait;

use crate::store::Store;

use super::answer::Answer;
use super::cache::Clock;
use super::post::{Accent, Post};
use super::question::{PostKind, Question};
use super::resolver::{self, Found, Whom};
use super::round::RoundReport;
use super::session::SessionReport;
use super::session_numbers::SessionNumbers;
use super::suggestions::{self, Suggest, Suggestion};
use super::{
    ReportError, Reports, compare, digest_post, leaderboard_pages, legend, lineups, map_post, milestones_reached,
    player_list, player_views, posted, round_post, season, session_list, session_post, session_views, team_records,
    weapon_rows,
};

/// Reads reports from a store.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    clock: Clock,
}

impl Desk {
    /// A desk over a store; the clock tells what today is.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// What the post about an artifact should show now; none where there is nothing to post.
    pub async fn post_about(&self, artifact: i64, kind: &str) -> Result<Option<Post>, crate::store::StoreError> {
        let kind = PostKind::from_name(kind).unwrap_or(PostKind::Session);
        let Some(round) = self.store.round_of_artifact(artifact).await? else {
            return Ok(matches!(kind, PostKind::Round | PostKind::Map).then(gone));
        };
        if kind == PostKind::Round {
            return Ok(Some(round_post::post(&RoundReport::read(&self.store, round).await?)));
        }
        let Some(session) = self.store.session(round.session).await? else { return Ok(None) };
        let report = SessionReport::read(&self.store, session).await?;
        if kind == PostKind::Session {
            return Ok(Some(session_post::post(&report)));
        }
        let awards = self.store.session_awards(report.session.id).await?;
        let numbers = SessionNumbers::read(&self.store, report).await?;
        Ok(Some(match kind {
            PostKind::Map => map_post::post(&numbers, &round, &awards),
            _ => digest_post::post(&numbers, &awards, &milestones_reached::read(&self.store, &numbers).await?),
        }))
    }
}

/// What stands in place of a round that turned out to be none.
fn gone() -> Post {
    Post {
        accent: Accent::Trouble,
        lines: vec!["Its file was replaced by a better one or set aside; the numbers above were withdrawn.".to_owned()],
        ..Post::titled("This round is no more")
    }
}

#[async_trait]
impl crate::discord::outbox::Renderer for Desk {
    async fn render(
        &self,
        row: &crate::discord::outbox::OutboxRow,
    ) -> Result<Option<Post>, crate::discord::outbox::RenderError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| crate::discord::outbox::RenderError(error);
        let artifact = row.anchor.parse().map_err(|error| failed(Box::new(error)))?;
        self.post_about(artifact, &row.kind).await.map_err(|error| failed(Box::new(error)))
    }
}

#[async_trait]
impl Reports for Desk {
    async fn answer(&self, question: &Question) -> Result<Arc<Answer>, ReportError> {
        let (store, now_ms) = (&self.store, (self.clock)());
        let answer = match question {
            Question::Session { session, view } => session_views::answer(store, session, *view, now_ms).await?,
            Question::Sessions { month } => session_list::answer(store, month.as_deref(), now_ms).await?,
            Question::Lineups { session, previous } => {
                lineups::answer(store, session, previous.as_deref(), now_ms).await?
            }
            Question::TeamRecord { team, days } => team_records::record(store, team, *days, now_ms).await?,
            Question::HeadToHead { one, other } => team_records::head_to_head(store, one, other, now_ms).await?,
            Question::TeamHistory { days } => team_records::history(store, *days, now_ms).await?,
            Question::Player { player, view } => player_views::answer(store, *player, *view).await?,
            Question::Compare { one, other } => compare::answer(store, *one, *other).await?,
            Question::FindPlayers { text, page } => player_list::find(store, text, *page).await?,
            Question::Players { active, page } => player_list::answer(store, *active, *page, now_ms).await?,
            Question::Legend(of) => legend::answer(*of),
            Question::Season => season::answer(store, now_ms).await?,
            Question::WeaponRows { round } => weapon_rows::answer(store, round).await?,
            Question::Posted { artifact, about, view } => posted::answer(store, *artifact, *about, *view).await?,
            Question::Leaderboard { category, scope } => leaderboard_pages::answer(store, category, scope).await?,
        };
        Ok(Arc::new(answer))
    }

    async fn who(&self, whom: &Whom) -> Result<Found, ReportError> {
        Ok(resolver::find(&self.store, whom).await?)
    }

    async fn suggest(&self, what: Suggest, begun: &str) -> Result<Vec<Suggestion>, ReportError> {
        Ok(suggestions::suggest(&self.store, what, begun).await?)
    }
}
