//! Imports beside a hub that serves: the caller reads the files and sends them, since the hub may run as a user who
//! cannot. Each delivery is kept as one batch, so an import that is broken off goes on where it was when it is begun
//! again.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use slomix_shared::artifact::MAX_FILE_BYTES;
use slomix_shared::identity::Purpose;

use super::super::{Command, CommandError, Progress, Site, Step};
use crate::archive::Delivery;
use crate::pipeline::import::manifest;
use crate::store::archive::{Arrival, Envelope};

/// Keeps some files of an import.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Keep {
    /// The key of the server that they come from.
    pub server: String,
    /// The import's own name.
    pub boot: String,
    /// The delivery's number within it, from 1.
    pub sequence: i64,
    /// The files.
    pub files: Vec<SentFile>,
}

/// One file as it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SentFile {
    name: String,
    modified_ms: i64,
    /// Base64.
    content: String,
}

impl From<&Arrival> for SentFile {
    fn from(arrival: &Arrival) -> Self {
        let (name, modified_ms) = (arrival.name.clone(), arrival.modified_ms);
        Self { name, modified_ms, content: BASE64.encode(&arrival.content) }
    }
}

impl SentFile {
    fn arrival(self) -> Result<Arrival, CommandError> {
        let content = BASE64.decode(self.content.as_bytes())?;
        if content.len() > MAX_FILE_BYTES {
            return Err(format!("{} has more than the {MAX_FILE_BYTES} bytes that are kept", self.name).into());
        }
        Ok(Arrival::of_file(&self.name, content, self.modified_ms))
    }
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Files kept for the first time.
    pub new: usize,
    /// Files that the archive held already.
    pub known: usize,
}

impl Command for Keep {
    const NAME: &'static str = "import";
    type Answer = Kept;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Kept, CommandError> {
        if site.config.server(&self.server).is_none() {
            return Err(format!("the hub that serves has no server `{}` in its configuration", self.server).into());
        }
        let arrivals = self.files.into_iter().map(SentFile::arrival).collect::<Result<Vec<_>, _>>()?;
        let head = manifest(&self.server, &arrivals);
        let signature = site.keys().await?.signing_key.sign(Purpose::Import, &head).as_bytes().to_vec();
        let envelope = Envelope { head, signature, ..Envelope::import(&self.boot, self.sequence, (site.clock)()) };
        let kept = site.archive.receive(Delivery { server: self.server, envelope, arrivals }).await?;
        let new = kept.iter().filter(|new| **new).count();
        Ok(Kept { new, known: kept.len() - new })
    }
}

/// Derives until nothing waits.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Settle {}

impl Command for Settle {
    const NAME: &'static str = "settle";
    /// How many files were derived here; the hub's own deriver takes some as well.
    type Answer = usize;

    async fn run(self, site: &Site, progress: Progress<'_>) -> Result<usize, CommandError> {
        let all = site.store().pending_count().await? as usize;
        let mut files = 0;
        loop {
            let driven = site.deriver.drive().await?.files;
            if driven == 0 {
                return Ok(files);
            }
            files += driven;
            let left = site.store().pending_count().await? as usize;
            let all = all.max(left);
            progress(Step::of("files derived", all - left, all));
        }
    }
}
