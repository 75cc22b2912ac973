//! Who is admin or moderator: decisions, with who decided and why, undone rather than removed.

use crate::discord::id::UserId;
use crate::discord::operations::By;
use crate::discord::tier::Tier;
use crate::reports::ReportError;
use crate::reports::answer::Answer;
use crate::store::decisions::{Decision, DecisionRow};
use crate::store::{Durability, Store, StoreError};

use super::decided::reason_of;
use super::said;

/// Decisions of this kind say which tier a Discord user has: about the user's id, `admin` or `moderator`, and after a
/// space what Discord called him then.
const TIER: &str = "tier";
/// Why, where nobody said so.
const NO_REASON: &str = "no reason given";

/// The tier that was given to somebody.
pub(super) async fn of(store: &Store, user: UserId) -> Result<Option<Tier>, StoreError> {
    let given = store.decided_about(TIER, &user.to_string()).await?;
    Ok(given.and_then(|given| named(&given).0.parse().ok()))
}

/// The tier that a decision gives, and the name of whom it is about; an empty one where it was not kept.
fn named(value: &str) -> (&str, &str) {
    value.split_once(' ').unwrap_or((value, ""))
}

/// Somebody as people know him.
fn called(user: &str, name: &str) -> String {
    if name.is_empty() { user.to_owned() } else { format!("{name} ({user})") }
}

/// Gives somebody a tier.
pub(super) async fn give(
    store: &Store,
    (user, name): (UserId, &str),
    tier: Tier,
    reason: &str,
    by: &By,
    now_ms: i64,
) -> Result<Answer, ReportError> {
    let before = of(store, user).await?;
    if before == Some(tier) {
        return Err(ReportError::Nothing(format!("{} is {tier} already.", called(&user.to_string(), name))));
    }
    let reason = reason_of(reason, NO_REASON)?;
    let value = format!("{tier} {name}").trim_end().to_owned();
    let decision = Decision { kind: TIER, target: user.to_string(), value, author: by.author(), reason };
    let mut tx = store.begin(Durability::Full).await?;
    tx.decide(&decision, now_ms).await?;
    tx.commit().await?;
    let was = before.map_or_else(String::new, |before| format!(", and was {before}"));
    Ok(said("Rights given", vec![format!("{} is {tier} now{was}.", called(&user.to_string(), name))]))
}

/// Takes somebody's tier away, and those that he had before it.
pub(super) async fn take(
    store: &Store,
    user: UserId,
    reason: &str,
    by: &By,
    now_ms: i64,
) -> Result<Answer, ReportError> {
    let reason = reason_of(reason, NO_REASON)?;
    let target = user.to_string();
    let standing: Vec<DecisionRow> =
        tiers(store).await?.into_iter().filter(|row| row.target == target && row.undone_ms.is_none()).collect();
    let Some(last) = standing.last() else {
        return Err(ReportError::Nothing(format!("{user} has no rights that could be taken; roles are Discord's.")));
    };
    let mut tx = store.begin(Durability::Full).await?;
    for row in &standing {
        tx.undo(row.id, &by.author(), &reason, now_ms).await?;
    }
    tx.commit().await?;
    let (tier, name) = named(&last.value);
    Ok(said("Rights taken", vec![format!("{} is {tier} no longer.", called(&target, name))]))
}

/// Who has which tier.
pub(super) async fn list(store: &Store) -> Result<Answer, ReportError> {
    let mut lines = Vec::new();
    let given = store.decided(TIER).await?;
    for (tier, heading) in [(Tier::Admin, "Admins"), (Tier::Moderator, "Moderators")] {
        let theirs = given.iter().map(|(user, value)| (user, named(value))).filter(|(_, (own, _))| *own == tier.name());
        let theirs: Vec<String> = theirs.map(|(user, (_, name))| called(user, name)).collect();
        if !theirs.is_empty() {
            lines.push(format!("{heading}: {}", theirs.join(", ")));
        }
    }
    if lines.is_empty() {
        lines.push("Nobody but the owner and whoever bears an admin's role.".to_owned());
    }
    Ok(said("Admins and moderators", lines))
}

/// Who gave and took tiers, the newest first.
pub(super) async fn audit(store: &Store, limit: usize) -> Result<Answer, ReportError> {
    let mut entries: Vec<(i64, String)> = Vec::new();
    for row in tiers(store).await? {
        let (tier, name) = named(&row.value);
        let who = called(&row.target, name);
        entries.push((
            row.made_ms,
            format!("{}: {who} made {tier} by {}, {}", minute(row.made_ms), row.author, row.reason),
        ));
        if let Some(undone) = row.undone_ms {
            let (by, why) = (&row.undone_by, &row.undone_because);
            entries.push((undone, format!("{}: {who} no longer {tier} by {by}, {why}", minute(undone))));
        }
    }
    entries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut lines: Vec<String> = entries.into_iter().take(limit).map(|(_, line)| line).collect();
    if lines.is_empty() {
        lines.push("Nobody was ever given rights.".to_owned());
    }
    Ok(said("Rights, the newest first", lines))
}

async fn tiers(store: &Store) -> Result<Vec<DecisionRow>, StoreError> {
    Ok(store.decisions().await?.into_iter().filter(|row| row.kind == TIER).collect())
}

/// A moment by UTC.
fn minute(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms);
    at.map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
