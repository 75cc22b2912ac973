use serde::{Deserialize, Serialize};

use super::super::{Command, CommandError, Progress, Site};
use crate::domain::decisions::Correction;
use crate::pipeline::Decided;

/// Keeps a correction as a decision and derives what it touches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Correct {
    /// Its kind, target and value, as they are stored.
    pub correction: (String, String, String),
    /// Who decides.
    pub author: String,
    /// Why.
    pub reason: String,
    /// Only say whether something stands against it.
    pub dry_run: bool,
    /// Even if something speaks against it: both players of a merge stand in one round, or the other half of the map
    /// tells another story.
    #[serde(default)]
    pub even_though_together: bool,
}

/// Undoes a decision and derives what it touched.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Undo {
    /// The decision's number.
    pub decision: i64,
    /// Who undoes it.
    pub author: String,
    /// Why.
    pub reason: String,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Corrected {
    /// The decision's number; 0 where it was only asked.
    pub decision: i64,
    /// Rounds that changed.
    pub rounds: usize,
    /// Sessions that changed.
    pub sessions: usize,
    /// Rounds in which merged players played side by side and are kept apart.
    pub kept_apart: i64,
}

impl Correct {
    /// The request for a correction.
    pub fn new(correction: &Correction, author: String, reason: String, dry_run: bool) -> Self {
        let (target, value) = correction.stored();
        let correction = (correction.kind().to_owned(), target, value);
        Self { correction, author, reason, dry_run, even_though_together: false }
    }
}

impl Command for Correct {
    const NAME: &'static str = "correct";
    type Answer = Corrected;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Corrected, CommandError> {
        let (kind, target, value) = &self.correction;
        let correction = Correction::from_stored(kind, target, value)
            .ok_or_else(|| format!("the hub that serves knows no correction `{kind}`: restart it with this program"))?;
        if self.dry_run {
            site.deriver.check(&correction).await?;
            if !self.even_though_together {
                site.deriver.never_together(&correction).await?;
                site.deriver.fits_other_half(&correction).await?;
            }
            return Ok(Corrected::default());
        }
        let decided = if self.even_though_together {
            site.deriver.correct_even_though_together(&correction, &self.author, &self.reason).await?
        } else {
            site.deriver.fits_other_half(&correction).await?;
            site.deriver.correct(&correction, &self.author, &self.reason).await?
        };
        let kept_apart = site.store().kept_apart(&decided.changes.rounds).await?;
        Ok(Corrected { kept_apart, ..Corrected::of(&decided) })
    }
}

impl Command for Undo {
    const NAME: &'static str = "correct undo";
    type Answer = Corrected;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Corrected, CommandError> {
        Ok(Corrected::of(&site.deriver.undo(self.decision, &self.author, &self.reason).await?))
    }
}

impl Corrected {
    fn of(decided: &Decided) -> Self {
        let Decided { id, changes } = decided;
        Self { decision: *id, rounds: changes.rounds.len(), sessions: changes.sessions.len(), kept_apart: 0 }
    }
}
