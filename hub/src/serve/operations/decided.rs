//! Corrections that are decided from Discord: the same decisions as those of `slomix-hub correct`.

use crate::domain::decisions::{Correction, MOST_OF_A_REASON, one_line};
use crate::pipeline::{DecideError, Deriver};
use crate::reports::ReportError;
use crate::store::decisions::DecisionRow;

/// Why a decision is undone that another one takes the place of.
const REPLACED: &str = "decided anew";

/// What came of deciding.
#[derive(Debug)]
pub(super) enum Made {
    /// It was decided.
    New(i64),
    /// It was decided, and an earlier decision about the same was undone for it.
    Instead(i64, Box<DecisionRow>),
    /// It stood already.
    Standing(i64),
}

impl Made {
    /// The number of the decision that stands now.
    pub(super) fn id(&self) -> i64 {
        match self {
            Self::New(id) | Self::Instead(id, _) | Self::Standing(id) => *id,
        }
    }

    /// How it came about, to stand behind what was decided.
    pub(super) fn words(&self) -> String {
        match self {
            Self::New(id) => format!("decision {id}"),
            Self::Instead(id, row) => format!("decision {id}, in place of {} by {}", row.id, row.author),
            Self::Standing(id) => format!("as decision {id} has it already"),
        }
    }

    /// Whether anything changed.
    pub(super) fn is_new(&self) -> bool {
        !matches!(self, Self::Standing(_))
    }
}

/// Decides; what was decided otherwise about the same is undone first.
pub(super) async fn decide(
    deriver: &Deriver,
    correction: &Correction,
    author: &str,
    reason: &str,
) -> Result<Made, DecideError> {
    match deriver.correct(correction, author, reason).await {
        Ok(decided) => Ok(Made::New(decided.id)),
        Err(DecideError::Already(row)) => Ok(Made::Standing(row.id)),
        Err(DecideError::Otherwise(row)) => {
            deriver.undo(row.id, author, REPLACED).await?;
            let decided = deriver.correct(correction, author, reason).await?;
            Ok(Made::Instead(decided.id, row))
        }
        Err(error) => Err(error),
    }
}

/// What people read of why something was not decided: all but a fault of the database is told in its own words.
pub(super) fn refused(error: DecideError) -> ReportError {
    match error {
        DecideError::Pipeline(error) => ReportError::Failed(Box::new(error)),
        error => {
            let said = error.to_string();
            let mut letters = said.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            ReportError::Nothing(format!("{first}{}.", letters.as_str()))
        }
    }
}

/// How decisions are taken back, for those who read of one.
pub(super) fn undoing(ids: &[i64]) -> String {
    let commands: Vec<String> = ids.iter().map(|id| format!("slomix-hub correct undo {id} --reason WHY")).collect();
    format!("To take it back: {}", commands.join(", then "))
}

/// A reason as it is kept, `unsaid` where nobody gave one.
pub(super) fn reason_of(text: &str, unsaid: &str) -> Result<String, ReportError> {
    let text = one_line(if text.trim().is_empty() { unsaid } else { text });
    if text.chars().count() > MOST_OF_A_REASON {
        return Err(ReportError::Nothing(format!("Say why in at most {MOST_OF_A_REASON} characters.")));
    }
    Ok(text)
}
