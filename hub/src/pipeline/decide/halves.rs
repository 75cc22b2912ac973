use crate::domain::decisions::Correction;
use crate::domain::outcome::Outcome;
use crate::pipeline::deriver::Deriver;
use crate::store::read::RoundRow;

use super::DecideError;

impl Deriver {
    /// Fails where a correction makes the two halves of a map tell different stories: both attacked by one team, or a
    /// second half whose clock is not what the first one left of it. What told so before is no reason.
    pub async fn fits_other_half(&self, correction: &Correction) -> Result<(), DecideError> {
        let (Correction::Defender { round, .. } | Correction::Winner { round, .. }) = correction else { return Ok(()) };
        let round = self.there(round).await?;
        let plays = self.store().map_plays(round.session).await?;
        let Some(play) = plays.into_iter().find(|play| Some(play.id) == round.map_play) else { return Ok(()) };
        let ids = [play.first_half, play.second_half];
        let Some(other) = ids.into_iter().flatten().find(|id| *id != round.id) else { return Ok(()) };
        let Some(other) = self.store().round(other).await? else { return Ok(()) };
        let corrected = corrected(&round, correction);
        let is_first = play.first_half == Some(round.id);
        let against = |one: &RoundRow| {
            let (first, second) = if is_first { (one, &other) } else { (&other, one) };
            disagreement(first, second)
        };
        match against(&corrected) {
            Some(why) if against(&round).is_none() => {
                Err(DecideError::OtherHalf { half: other.half(), file: other.file.clone(), why })
            }
            _ => Ok(()),
        }
    }
}

/// The round as it would stand.
fn corrected(round: &RoundRow, correction: &Correction) -> RoundRow {
    let mut round = round.clone();
    match correction {
        Correction::Defender { side, .. } => round.defender = Some(i64::from(side.number())),
        Correction::Winner { side, .. } => round.winner = Some(i64::from(side.number())),
        _ => {}
    }
    if let (Some(defender), Some(winner)) = (round.defender, round.winner) {
        let outcome = if defender == winner { Outcome::Held } else { Outcome::Completed };
        outcome.as_str().clone_into(&mut round.outcome);
    }
    round
}

/// What keeps two halves from being of one map, in words; none if nothing does.
fn disagreement(first: &RoundRow, second: &RoundRow) -> Option<String> {
    let team = first.attackers();
    if team != 0 && team == second.attackers() {
        let (attacked, defended) = if team == 1 { ("A", "B") } else { ("B", "A") };
        return Some(format!("team {attacked} would attack in both halves and team {defended} defend in both"));
    }
    let (before, after) = first.clock.zip(second.clock)?;
    match first.outcome.as_str() {
        "held" if after < before => {
            Some("the first half would be held, and the second was played under a shorter clock".to_owned())
        }
        "completed" if after == before => {
            Some("the first half would be completed, and the second was played under the full clock".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use slomix_shared::game::Side;

    use super::*;
    use crate::domain::decisions::RoundKey;
    use crate::reports::sample::round;

    #[test]
    fn halves_agree_on_who_attacked_and_on_the_clock() {
        let (first, second) = (round(1, "supply", 1), round(2, "supply", 2));
        assert_eq!(disagreement(&first, &second), None);
        let key = RoundKey::of_file("main", &first.file).unwrap();
        let defender = |side| corrected(&first, &Correction::Defender { round: key.clone(), side });
        assert_eq!(disagreement(&defender(Side::Axis), &second), None);
        let told = disagreement(&defender(Side::Allies), &second).unwrap();
        assert_eq!(told, "team A would attack in both halves and team B defend in both");
        let won = corrected(&first, &Correction::Winner { round: key, side: Side::Allies });
        assert_eq!(won.outcome, "completed");
        assert!(disagreement(&won, &second).unwrap().ends_with("under the full clock"));
        let shorter = RoundRow { clock: Some(500), ..second };
        assert_eq!(disagreement(&won, &shorter), None);
        assert!(disagreement(&first, &shorter).unwrap().ends_with("under a shorter clock"));
    }
}
