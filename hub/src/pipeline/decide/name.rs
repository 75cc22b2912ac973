use std::collections::BTreeSet;

use crate::domain::decisions::{RoundKey, one_line, same_name};
use crate::domain::round::TeamSign;
use crate::pipeline::deriver::Deriver;
use crate::store::StoreError;
use crate::store::read::RoundRow;

use super::DecideError;

/// What a team is called that has no name.
const UNNAMED: [&str; 2] = ["Team A", "Team B"];

impl Deriver {
    /// Whether the team of a session can bear a name: a line of text, and not what the other team is called.
    pub(super) async fn can_be_named(&self, round: &RoundKey, team: TeamSign, name: &str) -> Result<(), DecideError> {
        let row = self.there(round).await?;
        if name.trim().is_empty() || name.len() > 64 || one_line(name) != name {
            return Err(DecideError::NotAName(one_line(name)));
        }
        let other = usize::from(team > 0);
        let called = self.called(&row).await?[other].take();
        let called = called.unwrap_or_else(|| UNNAMED[other].to_owned());
        if same_name(&called, name) {
            return Err(DecideError::NameOfOther { name: name.to_owned(), other: UNNAMED[other] });
        }
        Ok(())
    }

    /// What teams A and B are called in the stretch of a session that a round lies in.
    async fn called(&self, round: &RoundRow) -> Result<[Option<String>; 2], StoreError> {
        let rounds = self.store().rounds_of_session(round.session).await?;
        let own = rounds.iter().filter(|other| other.epoch == round.epoch);
        let keys: Vec<RoundKey> = own.filter_map(|row| RoundKey::of_file(&row.server, &row.file)).collect();
        let members = self.store().members(round.session).await?;
        let core = |team: i64| -> BTreeSet<String> {
            let core = members.iter().filter(|one| one.epoch == round.epoch && one.core && one.team == team);
            core.map(|one| one.key.clone()).collect()
        };
        Ok(self.store().team_names().await?.of(&keys, &[core(1), core(-1)]))
    }
}
