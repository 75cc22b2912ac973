use crate::domain::decisions::MOST_OF_A_REASON;
use crate::store::StoreError;
use crate::store::decisions::DecisionRow;

use super::PipelineError;

/// Why a decision was not kept or not undone. Nothing has changed then, but for [`Self::Kept`].
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// It was kept or undone, and the database failed while what it touches was derived.
    #[error("decision {id} is as you said; its numbers could not be made yet and follow by themselves: {source}")]
    Kept {
        /// Its number.
        id: i64,
        /// What failed.
        source: PipelineError,
    },
    /// A decision without a reason is worth nothing a year later.
    #[error("a decision needs a reason, of more than spaces and control characters")]
    NoReason,
    /// It stands on a line, wherever the decision is shown.
    #[error("a reason has at most {MOST_OF_A_REASON} characters, and this one has {0}: say it shorter")]
    LongReason(usize),
    /// Nor is one of nobody.
    #[error("a decision needs an author: --author NAME")]
    NoAuthor,
    /// What it is about does not exist.
    #[error("there is no {}", .0.strip_prefix("a ").unwrap_or(.0))]
    NotThere(String),
    /// It is said already.
    #[error("decision {} of {} says so already: {}", .0.id, .0.author, .0.reason)]
    Already(Box<DecisionRow>),
    /// Another decision says something else about the same.
    #[error("decision {} of {} says otherwise ({}): undo it first", .0.id, .0.author, .0.reason)]
    Otherwise(Box<DecisionRow>),
    /// Nobody can be merged into himself.
    #[error("both are the same player, {0}: there is nothing to merge")]
    Same(String),
    /// Two players cannot each be the other.
    #[error("{into} is {player} already, so {player} cannot be {into}")]
    Ring {
        /// Who should be another one.
        player: String,
        /// Whom.
        into: String,
    },
    /// Only who has a GUID of his own can be merged or split.
    #[error("{0} is not a player's GUID: eight hexadecimal digits, as show player prints them")]
    NotAPlayer(String),
    /// A team's name is a line of text.
    #[error("`{0}` cannot be a team's name: 1 to 64 bytes without control characters")]
    NotAName(String),
    /// Two teams of one name could not be told apart.
    #[error("`{name}` is what {other} of that session is called already: give the two teams different names")]
    NameOfOther {
        /// The name.
        name: String,
        /// Team A or Team B.
        other: &'static str,
    },
    /// Two who both played in one round are hardly one.
    #[error(
        "{player} and {into} both stand in {}: two clients at once are two people. If they are one all the same, say \
         --even-though-together: those rounds keep both, and all others become one player's",
        some_of(.rounds)
    )]
    Together {
        /// Who should be another one.
        player: String,
        /// Whom.
        into: String,
        /// The rounds, in words, in order of play.
        rounds: Vec<String>,
    },
    /// The other half of the map tells another story.
    #[error(
        "the other half of the map, R{half} in {file}, says otherwise: {why}. If it is so all the same, say \
         --even-though-contradicted; if that half is wrong, correct it too"
    )]
    OtherHalf {
        /// Which half that is.
        half: i64,
        /// Its file.
        file: String,
        /// In words.
        why: String,
    },
    /// A file has no such content.
    #[error(
        "{file} has no content {wanted}; {}",
        if .known.is_empty() { "no file of that name has come".to_owned() } else { format!("it has {}", .known.join(", ")) }
    )]
    NotAContent {
        /// The file.
        file: String,
        /// The beginning of the hash that was asked for.
        wanted: String,
        /// The beginnings of those that there are.
        known: Vec<String>,
    },
    /// Not a zone.
    #[error("`{0}` is not a zone that is known here: Europe/Berlin is one")]
    NotAZone(String),
    /// A content that cannot be read cannot count.
    #[error("that content of {file} cannot count ({code}): {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// A stable name of the reason.
        code: String,
        /// In words.
        reason: String,
    },
    /// There is no such decision.
    #[error("there is no decision {0}; slomix-hub correct list shows them")]
    NoDecision(i64),
    /// It is undone.
    #[error("decision {} was undone already, by {}: {}", .0.id, .0.undone_by, .0.undone_because)]
    Undone(Box<DecisionRow>),
    /// The configuration would say so again.
    #[error("decision {} comes from the configuration: change it there", .0.id)]
    OfConfiguration(Box<DecisionRow>),
    /// Whose the database is, its hub decides.
    #[error("decision {0} says which data directory the database belongs to: slomix-hub serve --take-over changes it")]
    OfOwner(i64),
    /// The pipeline failed.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
}

impl From<StoreError> for DecideError {
    fn from(error: StoreError) -> Self {
        Self::Pipeline(error.into())
    }
}

/// The first of many, and how many more there are.
fn some_of(rounds: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = rounds[..rounds.len().min(SHOWN)].join(", ");
    match rounds.len().saturating_sub(SHOWN) {
        0 => shown,
        1 => format!("{shown} and 1 more round"),
        more => format!("{shown} and {more} more rounds"),
    }
}
