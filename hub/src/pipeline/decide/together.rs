use crate::domain::decisions::{Correction, RoundKey};
use crate::pipeline::deriver::Deriver;

use super::DecideError;

impl Deriver {
    /// Fails for a merge of two players who both stand in one round: two clients at once are two people, or one who
    /// has to be asked about.
    pub async fn never_together(&self, correction: &Correction) -> Result<(), DecideError> {
        let Correction::Merge { player, into } = correction else { return Ok(()) };
        let identities = self.identities().await?;
        let ends = [player, into].map(|key| identities.identities().resolve(key));
        let pairs = [(player.as_str(), into.as_str()), (player, ends[1]), (ends[0], into), (ends[0], ends[1])];
        let mut rounds = std::collections::BTreeSet::new();
        for (one, other) in pairs {
            if one != other {
                rounds.extend(self.store().rounds_with_both(one, other).await?);
            }
        }
        if rounds.is_empty() {
            return Ok(());
        }
        let words = |(_, server, file): &(i64, String, String)| match RoundKey::of_file(server, file) {
            Some(key) => key.words(),
            None => file.clone(),
        };
        let rounds = rounds.iter().map(words).collect();
        Err(DecideError::Together { player: player.clone(), into: into.clone(), rounds })
    }
}
