//! The pool of names from which teams are drawn that nobody named: decisions, undone rather than removed.

use super::decided::{Made, decide, reason_of, refused, undoing};
use super::{Place, said};
use crate::discord::operations::By;
use crate::domain::decisions::{one_line, same_name};
use crate::domain::draw::draw;
use crate::domain::round::TeamSign;
use crate::pipeline::name_of_team;
use crate::reports::answer::Answer;
use crate::reports::session::SessionReport;
use crate::reports::words::plural;
use crate::reports::{ReportError, which_session, words};
use crate::store::decisions::Decision;
use crate::store::{Durability, Store};

/// Decisions of this kind put a name into the pool: about the name, its colour (`#4c9aff`, or nothing).
const POOL: &str = "pool";

/// The names in the pool.
pub(super) async fn list(store: &Store) -> Result<Answer, ReportError> {
    let pool = store.decided(POOL).await?;
    if pool.is_empty() {
        return Err(ReportError::Nothing("The pool is empty; a moderator puts names there with !add_team.".to_owned()));
    }
    let line = |(name, colour): (&String, &String)| {
        if colour.is_empty() { name.clone() } else { format!("{name} {colour}") }
    };
    Ok(said(&format!("{} to draw from", plural(pool.len() as i64, "name", "names")), pool.iter().map(line).collect()))
}

/// Puts a name there, or gives it another colour.
pub(super) async fn add(
    store: &Store,
    name: &str,
    colour: Option<&str>,
    reason: &str,
    by: &By,
    now_ms: i64,
) -> Result<Answer, ReportError> {
    let reason = reason_of(reason, "added on Discord")?;
    let name = one_line(name);
    if name.is_empty() || name.len() > 64 {
        return Err(ReportError::Nothing("A team's name has 1 to 64 letters.".to_owned()));
    }
    let Some(colour) = colour.map_or_else(|| Some(String::new()), colour_of) else {
        return Err(ReportError::Nothing("A colour is six hexadecimal digits, as in #4c9aff.".to_owned()));
    };
    let pool = store.decided(POOL).await?;
    let known = pool.iter().find(|(known, _)| same_name(known, &name));
    if known.is_some_and(|(known, old)| *known == name && *old == colour) {
        return Err(ReportError::Nothing(format!("{name} is in the pool already.")));
    }
    let target = known.map_or_else(|| name.clone(), |(known, _)| known.clone());
    let decision = Decision { kind: POOL, target: target.clone(), value: colour, author: by.author(), reason };
    let mut tx = store.begin(Durability::Full).await?;
    let id = tx.decide(&decision, now_ms).await?;
    tx.commit().await?;
    let count = pool.len() + usize::from(known.is_none());
    let lines =
        vec![format!("The pool has {} now: decision {id}", plural(count as i64, "name", "names")), undoing(&[id])];
    Ok(said(&format!("{target} can be drawn"), lines))
}

/// Draws names for the teams of a session that have none. The session's id is the seed, so that drawing again draws the
/// same.
pub(super) async fn draw_names(place: Place<'_>, session: &str, by: &By) -> Result<Answer, ReportError> {
    let row = which_session::one(place.store, session, place.now_ms).await?;
    let id = row.id;
    let report = SessionReport::read(place.store, row).await?;
    let now = report.epochs.last().cloned().unwrap_or_default();
    let teams: [TeamSign; 2] = [1, -1];
    let unnamed: Vec<TeamSign> =
        teams.into_iter().zip(&now.names).filter(|(_, name)| name.is_none()).map(|(team, _)| team).collect();
    if unnamed.is_empty() {
        let names = format!("{} and {}", now.name(1), now.name(-1));
        return Err(ReportError::Nothing(format!("The teams of {} have names: {names}.", report.handle)));
    }
    let pool = place.store.decided(POOL).await?;
    let free = pool.keys().filter(|name| !now.names.iter().flatten().any(|taken| same_name(taken, name)));
    let drawn = draw(free.map(String::as_str), id, unnamed.len());
    if drawn.len() < unnamed.len() {
        return Err(ReportError::Nothing(
            "The pool has too few names; a moderator puts more there with !add_team.".to_owned(),
        ));
    }
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for (team, name) in unnamed.into_iter().zip(drawn) {
        let correction = name_of_team(place.store, id, team, name).await?;
        let correction = correction.ok_or_else(|| ReportError::Nothing("That session has no rounds.".to_owned()))?;
        let made: Made =
            decide(place.deriver, &correction, &by.author(), "drawn from the pool").await.map_err(refused)?;
        lines.push(format!("{} is called {name}: {}", words::team(i64::from(team)), made.words()));
        ids.push(made.id());
    }
    lines.push(undoing(&ids));
    Ok(said(&format!("Names for {}", report.handle), lines))
}

/// A colour as it is kept: `#4c9aff`.
fn colour_of(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let is_colour = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_colour.then(|| format!("#{}", digits.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour_of("#4C9AFF").as_deref(), Some("#4c9aff"));
        assert_eq!(colour_of("4c9aff").as_deref(), Some("#4c9aff"));
        for wrong in ["", "#fff", "red", "#4c9aff0", "#4c9afé"] {
            assert_eq!(colour_of(wrong), None, "{wrong}");
        }
    }
}
