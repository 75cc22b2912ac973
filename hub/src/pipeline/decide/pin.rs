use slomix_shared::artifact::ContentHash;

use crate::pipeline::deriver::Deriver;

use super::DecideError;

impl Deriver {
    /// Whether a content of a file can count.
    pub(super) async fn can_be_pinned(&self, server: &str, file: &str, hash: &ContentHash) -> Result<(), DecideError> {
        let contents = self.store().contents_of(server, file).await?;
        let wanted = contents.iter().find(|content| content.hash == hash.as_bytes());
        let Some(wanted) = wanted else {
            let known = contents.iter().filter_map(|one| ContentHash::from_slice(&one.hash)).map(|one| one.short());
            return Err(DecideError::NotAContent {
                file: file.to_owned(),
                wanted: hash.short(),
                known: known.collect(),
            });
        };
        if let Some((state, code, reason)) = self.store().fate(wanted.artifact).await?
            && state == "quarantined"
        {
            return Err(DecideError::Unreadable { file: file.to_owned(), code, reason });
        }
        let content = self.store().content(wanted.artifact).await?.unwrap_or_default();
        match slomix_shared::formats::stats::parse(&content) {
            Ok(_) => Ok(()),
            Err(error) => Err(DecideError::Unreadable {
                file: file.to_owned(),
                code: error.code().to_owned(),
                reason: error.to_string(),
            }),
        }
    }
}
