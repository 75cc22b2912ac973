//! Answers that were given are kept until something changes, so that an evening's twelve people who all ask for the
//! last session cost one look at the database. What changes is told by [`Reports::forget`]; only since some answers
//! speak of today or of the last month, none lives from one hour into the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::answer::Answer;
use super::question::Question;
use super::resolver::{Found, Whom};
use super::{ReportError, Reports, Suggest, Suggestion};

/// Answers that are kept at most; when there are more, all are dropped.
const MOST_KEPT: usize = 500;

/// Gives the time, Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

const HOUR_MS: i64 = 3_600_000;

/// Reports with a memory.
pub struct Cached<R> {
    reports: R,
    clock: Clock,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<Question, Arc<Answer>>,
    /// How often all was forgotten: an answer that was begun before must not be kept after.
    forgotten: u64,
    /// The hour in which they were given, since 1970.
    hour: i64,
}

impl<R> Cached<R> {
    /// Remembers what `reports` says.
    pub fn new(reports: R, clock: Clock) -> Self {
        Self { reports, clock, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = (self.clock)().div_euclid(HOUR_MS);
        if kept.hour != hour {
            kept.answers.clear();
            kept.hour = hour;
        }
        kept
    }

    fn keep(&self, question: &Question, answer: &Arc<Answer>, forgotten: u64) {
        let mut kept = self.kept();
        if kept.forgotten != forgotten {
            return;
        }
        if kept.answers.len() >= MOST_KEPT {
            kept.answers.clear();
        }
        kept.answers.insert(question.clone(), Arc::clone(answer));
    }
}

#[async_trait]
impl<R: Reports> Reports for Cached<R> {
    async fn answer(&self, question: &Question) -> Result<Arc<Answer>, ReportError> {
        let forgotten = {
            let kept = self.kept();
            if let Some(answer) = kept.answers.get(question) {
                return Ok(Arc::clone(answer));
            }
            kept.forgotten
        };
        let answer = self.reports.answer(question).await?;
        self.keep(question, &answer, forgotten);
        Ok(answer)
    }

    async fn who(&self, whom: &Whom) -> Result<Found, ReportError> {
        self.reports.who(whom).await
    }

    async fn suggest(&self, what: Suggest, begun: &str) -> Result<Vec<Suggestion>, ReportError> {
        self.reports.suggest(what, begun).await
    }

    fn forget(&self) -> usize {
        let mut kept = self.kept();
        kept.forgotten += 1;
        let count = kept.answers.len();
        kept.answers.clear();
        count
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

    use tokio::sync::Notify;

    use super::*;
    use crate::reports::question::{PlayerView, SessionView};

    /// Counts how often it is asked, and answers when it is let.
    #[derive(Default)]
    struct Counting {
        asked: AtomicU64,
        slow: Option<Notify>,
    }

    #[async_trait]
    impl Reports for Counting {
        async fn answer(&self, question: &Question) -> Result<Arc<Answer>, ReportError> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if let Some(slow) = &self.slow {
                slow.notified().await;
            }
            match question {
                Question::Player { player: 0, .. } => Err(ReportError::Nothing("nobody".to_owned())),
                _ => Ok(Arc::new(Answer::default())),
            }
        }

        async fn who(&self, _: &Whom) -> Result<Found, ReportError> {
            Ok(Found::Nobody { alike: Vec::new() })
        }

        async fn suggest(&self, _: Suggest, _: &str) -> Result<Vec<Suggestion>, ReportError> {
            Ok(Vec::new())
        }
    }

    fn cached(reports: Counting) -> (Cached<Counting>, Arc<AtomicI64>) {
        let now = Arc::new(AtomicI64::new(1_790_000_000_000));
        let clock = Arc::clone(&now);
        (Cached::new(reports, Arc::new(move || clock.load(Ordering::Relaxed))), now)
    }

    fn last() -> Question {
        Question::Session { session: "last".to_owned(), view: SessionView::Overview }
    }

    fn of(player: i64) -> Question {
        Question::Player { player, view: PlayerView::Stats }
    }

    #[tokio::test]
    async fn an_answer_is_given_again_until_something_changes() {
        let (cached, _) = cached(Counting::default());
        for _ in 0..3 {
            cached.answer(&last()).await.unwrap();
        }
        cached.answer(&of(1)).await.unwrap();
        assert_eq!(cached.reports.asked.load(Ordering::Relaxed), 2);
        assert_eq!(cached.forget(), 2);
        cached.answer(&last()).await.unwrap();
        assert_eq!(cached.reports.asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn what_could_not_be_answered_is_asked_again() {
        let (cached, _) = cached(Counting::default());
        assert!(cached.answer(&of(0)).await.is_err() && cached.answer(&of(0)).await.is_err());
        assert_eq!(cached.reports.asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn an_answer_that_a_change_overtook_is_not_kept() {
        let (cached, _) = cached(Counting { slow: Some(Notify::new()), ..Counting::default() });
        let (question, slow) = (last(), cached.reports.slow.as_ref().unwrap());
        let (answer, ()) = tokio::join!(cached.answer(&question), async {
            tokio::task::yield_now().await;
            cached.forget();
            slow.notify_one();
        });
        answer.unwrap();
        assert_eq!(cached.forget(), 0);
    }

    #[tokio::test]
    async fn no_answer_lives_into_the_next_hour() {
        let (cached, now) = cached(Counting::default());
        cached.answer(&last()).await.unwrap();
        now.fetch_add(HOUR_MS, Ordering::Relaxed);
        cached.answer(&last()).await.unwrap();
        assert_eq!(cached.reports.asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn memory_is_bounded() {
        let (cached, _) = cached(Counting::default());
        for player in 1..=2 * MOST_KEPT as i64 {
            cached.answer(&of(player)).await.unwrap();
        }
        assert!(cached.forget() <= MOST_KEPT);
    }
}
