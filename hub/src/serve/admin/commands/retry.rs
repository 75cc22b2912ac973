use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::{Command, CommandError, Progress, Site, Step};
use crate::pipeline::reason_as_kept;
use crate::reports::handle;
use crate::store::Durability;
use crate::store::counts::Quarantined;
use crate::store::decisions::Decision;

/// Tries quarantined files again with the program's version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Retry {
    /// A file's name or its artifact's id; all of them where none is named.
    pub file: Option<String>,
    /// Whether what the agent's rules refuse is taken all the same; needs a file.
    pub accept: bool,
    /// Why, for the record.
    pub reason: String,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Retried {
    /// Files that were in quarantine and were read anew.
    pub tried: usize,
    /// Those that are not in quarantine any more.
    pub freed: usize,
    /// Those that stay.
    pub still_quarantined: usize,
    /// How many of them came to what, by the state as in the `disposition` table.
    #[serde(default)]
    pub became: BTreeMap<String, usize>,
    /// Each of them.
    pub files: Vec<RetriedFile>,
}

/// What became of one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetriedFile {
    /// The artifact's id.
    pub artifact: String,
    /// The file's name.
    pub name: String,
    /// As in the `disposition` table.
    pub state: String,
    /// A stable name of the reason, where it stays.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// The round that its numbers are shown under, as people call it.
    #[serde(default)]
    pub round: Option<String>,
}

impl Command for Retry {
    const NAME: &'static str = "quarantine retry";
    type Answer = Retried;

    async fn run(self, site: &Site, progress: Progress<'_>) -> Result<Retried, CommandError> {
        let store = site.store();
        let files = store.quarantined(i64::MAX).await?;
        let chosen: Vec<&Quarantined> = match &self.file {
            Some(wanted) => vec![find_quarantined(&files, wanted)?],
            None => files.iter().collect(),
        };
        let mut tx = store.begin(Durability::Full).await?;
        for file in &chosen {
            if self.accept {
                if file.code != "rejected" {
                    let why = &file.reason;
                    return Err(format!(
                        "{} was not refused by a rule ({why}), so there is nothing to overrule",
                        file.name
                    )
                    .into());
                }
                let decision = Decision {
                    kind: "accept",
                    target: file.artifact.to_string(),
                    value: String::new(),
                    author: "command line".to_owned(),
                    reason: reason_as_kept(&self.reason)?,
                };
                tx.decide(&decision, (site.clock)()).await?;
            }
            tx.set_pending(file.artifact).await?;
        }
        tx.commit().await?;
        let told = |done: usize| progress(Step::of("files derived", done, done.max(chosen.len())));
        site.deriver.drive_all(told).await?;
        let mut files = Vec::with_capacity(chosen.len());
        for file in chosen {
            let (state, code, reason) = store.fate(file.artifact).await?.unwrap_or_default();
            let (artifact, name) = (file.artifact.to_string(), file.name.clone());
            let round = match store.round_of_artifact(file.artifact).await? {
                Some(round) if state != "quarantined" => Some(handle::of_round(store, &round).await?),
                _ => None,
            };
            files.push(RetriedFile { artifact, name, state, code, reason, round });
        }
        let mut became: BTreeMap<String, usize> = BTreeMap::new();
        for file in &files {
            *became.entry(file.state.clone()).or_default() += 1;
        }
        let still_quarantined = became.get("quarantined").copied().unwrap_or(0);
        Ok(Retried { tried: files.len(), freed: files.len() - still_quarantined, still_quarantined, became, files })
    }
}

/// The one file that a person means by its name or its artifact's id.
pub fn find_quarantined<'a>(files: &'a [Quarantined], wanted: &str) -> Result<&'a Quarantined, CommandError> {
    let mut found = files.iter().filter(|file| file.name == wanted || file.artifact.to_string() == wanted);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => {
            Err(format!("no quarantined file is called {wanted}; slomix-hub quarantine list shows them").into())
        }
        _ => {
            Err(format!("several contents are called {wanted}: name one by its id, as quarantine list prints it")
                .into())
        }
    }
}
