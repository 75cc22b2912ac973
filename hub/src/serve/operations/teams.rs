//! What the teams of a session are called, and who is in them.

use super::decided::{Made, decide, reason_of, refused, undoing};
use super::{Place, said};
use crate::discord::operations::By;
use crate::domain::decisions::{Correction, one_line, same_name};
use crate::domain::round::TeamSign;
use crate::pipeline::{DecideError, name_of_team, team_of_player};
use crate::reports::answer::Answer;
use crate::reports::session::{EpochReport, SessionReport};
use crate::reports::{ReportError, which_session, words};

/// Teams A and B.
const TEAMS: [TeamSign; 2] = [1, -1];

/// Names both teams that played last in a session.
pub(super) async fn name(
    place: Place<'_>,
    session: &str,
    names: &[String; 2],
    reason: &str,
    by: &By,
) -> Result<Answer, ReportError> {
    if same_name(&names[0], &names[1]) {
        return Err(ReportError::Nothing("Give the two teams different names.".to_owned()));
    }
    let reason = reason_of(reason, "named on Discord")?;
    let row = which_session::one(place.store, session, place.now_ms).await?;
    let mut corrections = Vec::new();
    for (team, name) in TEAMS.into_iter().zip(names) {
        let correction = name_of_team(place.store, row.id, team, name).await?;
        corrections.push(correction.ok_or_else(|| ReportError::Nothing("That session has no rounds.".to_owned()))?);
    }
    let made = both(place, &corrections, &by.author(), &reason).await?;
    let report = SessionReport::read(place.store, row).await?;
    let line = |(made, (team, name)): (&Made, (TeamSign, &String))| {
        format!("{} is called {}: {}", words::team(i64::from(team)), one_line(name), made.words())
    };
    let mut lines: Vec<String> = made.iter().zip(TEAMS.into_iter().zip(names)).map(line).collect();
    lines.extend(how_to_undo(&made));
    Ok(said(&format!("{}: {} and {}", report.handle, one_line(&names[0]), one_line(&names[1])), lines))
}

/// Decides two names, or neither. A name that the other team has yet is given after that one has another.
async fn both(
    place: Place<'_>,
    corrections: &[Correction],
    author: &str,
    reason: &str,
) -> Result<Vec<Made>, ReportError> {
    let mut order = [0, 1];
    for team in [0, 1] {
        match place.deriver.check(&corrections[team]).await {
            Ok(()) | Err(DecideError::Already(_) | DecideError::Otherwise(_)) => {}
            Err(DecideError::NameOfOther { .. }) if team == 0 => order = [1, 0],
            // Once the first one has its new name.
            Err(DecideError::NameOfOther { .. }) if order == [0, 1] => {}
            Err(error) => return Err(refused(error)),
        }
    }
    let mut made: [Option<Made>; 2] = [None, None];
    for team in order {
        match decide(place.deriver, &corrections[team], author, reason).await {
            Ok(one) => made[team] = Some(one),
            Err(error) => {
                for one in made.iter().flatten().filter(|one| one.is_new()) {
                    place.deriver.undo(one.id(), author, "the other team could not be named").await.map_err(refused)?;
                }
                return Err(refused(error));
            }
        }
    }
    Ok(made.into_iter().flatten().collect())
}

/// Puts a player (by key) into a team for a whole session.
pub(super) async fn assign(
    place: Place<'_>,
    session: &str,
    player: &str,
    team: &str,
    reason: &str,
    by: &By,
) -> Result<Answer, ReportError> {
    let reason = reason_of(reason, "assigned on Discord")?;
    let row = which_session::one(place.store, session, place.now_ms).await?;
    let id = row.id;
    let report = SessionReport::read(place.store, row).await?;
    let now = report.epochs.last().cloned().unwrap_or_default();
    let Some(sign) = team_of(&now, team) else {
        return Err(ReportError::Nothing(format!(
            "There is no team {team} in {}: say A for {} or B for {}.",
            report.handle,
            now.name(1),
            now.name(-1)
        )));
    };
    let called = place.store.player_of_key(player).await?.map_or_else(|| player.to_owned(), |player| player.name);
    let correction = team_of_player(place.store, id, player, sign).await?;
    let correction = correction.ok_or_else(|| ReportError::Nothing("That session has no rounds.".to_owned()))?;
    let made = decide(place.deriver, &correction, &by.author(), &reason).await.map_err(|error| match error {
        DecideError::NotThere(_) => ReportError::Nothing(format!("{called} did not play in {}.", report.handle)),
        error => refused(error),
    })?;
    let session = place.store.session(id).await?;
    let mut lines = vec![format!("For the whole session, whatever the sides say: {}", made.words())];
    if let Some(session) = session {
        let after = SessionReport::read(place.store, session).await?;
        let after = after.epochs.last().cloned().unwrap_or_default();
        let ((a, b), (was_a, was_b)) = (after.score(), now.score());
        let was = if (a, b) == (was_a, was_b) { String::new() } else { format!(", and was {was_a} - {was_b}") };
        lines.push(format!("The score is {} {a} - {b} {}{was}.", after.name(1), after.name(-1)));
    }
    lines.extend(how_to_undo(&[made]));
    Ok(said(&format!("{}: {called} is in {}", report.handle, now.name(i64::from(sign))), lines))
}

/// The team that a text means: a letter, or a name.
fn team_of(epoch: &EpochReport, text: &str) -> Option<TeamSign> {
    let letter = |team: TeamSign| if team > 0 { "a" } else { "b" };
    TEAMS.into_iter().find(|team| {
        same_name(text, letter(*team))
            || same_name(text, words::team(i64::from(*team)))
            || same_name(text, epoch.name(i64::from(*team)))
    })
}

fn how_to_undo(made: &[Made]) -> Option<String> {
    let ids: Vec<i64> = made.iter().filter(|one| one.is_new()).map(Made::id).collect();
    (!ids.is_empty()).then(|| undoing(&ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_meant_by_letter_or_name() {
        let epoch = EpochReport { names: [Some("^1Night".to_owned()), None], ..EpochReport::default() };
        for (text, team) in [
            ("a", Some(1)),
            ("B", Some(-1)),
            ("team a", Some(1)),
            ("night", Some(1)),
            ("Team B", Some(-1)),
            ("c", None),
        ] {
            assert_eq!(team_of(&epoch, text), team, "{text}");
        }
    }
}
