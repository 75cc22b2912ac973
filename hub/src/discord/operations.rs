//! What commands do to the hub, as plain values: reading is a [`Question`](crate::reports::question::Question), and
//! what changes or inspects the hub itself is an [`Order`]. The hub carries orders out.

use async_trait::async_trait;

use super::id::UserId;
use super::tier::Tier;
use crate::reports::ReportError;
use crate::reports::answer::Answer;

/// Something to be done by the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// How the hub is doing.
    Health,
    /// What runs by itself, and whether it does.
    Automation,
    /// What was done since the hub started, or in the last hours.
    Metrics {
        /// How many; all since the start without a number.
        hours: Option<u32>,
    },
    /// Have the agents offer their files again, in case the hub lacks some.
    Sync {
        /// Only those modified in the last so many days; all without a number.
        days: Option<u32>,
    },
    /// Make all that is derived again.
    Rebuild,
    /// Back everything up.
    Backup,
    /// Give room back and count anew, in the database.
    Vacuum,
    /// Forget the answers that are kept.
    ClearCache,
    /// Make somebody an admin or a moderator.
    GiveTier {
        /// Who.
        user: UserId,
        /// What Discord calls him.
        name: String,
        /// What he becomes.
        tier: Tier,
        /// Why.
        reason: String,
    },
    /// Take somebody's tier away.
    TakeTier {
        /// Who.
        user: UserId,
        /// Why.
        reason: String,
    },
    /// Who has which tier.
    ListTiers,
    /// Name the teams that played last in a session.
    NameTeams {
        /// A handle, a date, `last`.
        session: String,
        /// What teams A and B are called.
        names: [String; 2],
        /// Why; may be empty.
        reason: String,
    },
    /// Put a player into a team for a whole session.
    AssignPlayer {
        /// A handle, a date, `last`.
        session: String,
        /// His key.
        player: String,
        /// `A`, `B`, or what the team is called.
        team: String,
        /// Why; may be empty.
        reason: String,
    },
    /// The names from which teams can be drawn.
    ListPool,
    /// Put a name there.
    AddToPool {
        /// The name.
        name: String,
        /// A colour as in `#4c9aff`.
        colour: Option<String>,
        /// Why; may be empty.
        reason: String,
    },
    /// Draw names for the teams of a session that have none.
    DrawNames {
        /// A handle, a date, `last`.
        session: String,
    },
    /// Who gave and took tiers, the newest first.
    AuditTiers {
        /// So many entries.
        limit: usize,
    },
}

/// Who gives an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The user.
    pub user: UserId,
    /// What he is called.
    pub name: String,
}

impl By {
    /// As an author of decisions.
    pub fn author(&self) -> String {
        format!("{} (Discord {})", self.name, self.user)
    }
}

/// Is told how far an order is, in a line.
pub type Progress<'a> = &'a (dyn Fn(String) + Send + Sync);

/// A hub that takes orders.
#[async_trait]
pub trait Operations: Send + Sync {
    /// The tier that was given to somebody.
    async fn tier_of(&self, user: UserId) -> Result<Option<Tier>, ReportError>;

    /// Does it, and says what came of it; `progress` is told how far it is. Whether `by` may is settled before.
    async fn carry_out(&self, order: &Order, by: &By, progress: Progress<'_>) -> Result<Answer, ReportError>;
}
