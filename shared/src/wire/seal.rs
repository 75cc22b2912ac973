use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::list::at_most;
use super::{BatchHead, ManifestEntry, Message, PROTOCOL_VERSION, WireError, limits};
use crate::artifact::MAX_FILE_BYTES;
use crate::identity::{Purpose, Signature, SigningKey, VerifyingKey};

/// A batch as it travels: the signed head and the contents of the files it lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The `MessagePack` of a [`BatchHead`], exactly the bytes that were signed.
    head: ByteBuf,
    /// Made by the agent's signing key over `head` for [`Purpose::Batch`].
    signature: Signature,
    /// The files' contents, in the order of the manifest.
    #[serde(deserialize_with = "at_most::<{ limits::BATCH_FILES }, _, _>")]
    contents: Vec<ByteBuf>,
}

impl Message for Batch {
    const TYPE: u8 = 1;
    const LIMIT: usize = limits::BATCH;
    const NAME: &'static str = "batch";
}

impl Batch {
    /// Signs `head` and puts the contents behind it. They must be what the manifest says and within the caps:
    /// 1 to [`limits::BATCH_FILES`] files, [`MAX_FILE_BYTES`] each, [`limits::BATCH_CONTENT`] together.
    pub fn seal(head: &BatchHead, contents: Vec<Vec<u8>>, key: &SigningKey) -> Result<Self, WireError> {
        check_counts(head, contents.len(), contents.iter().map(Vec::len).sum())?;
        for (entry, content) in head.manifest.iter().zip(&contents) {
            if let Some(problem) = entry.problem_with(content) {
                return Err(WireError::File { name: entry.name.clone(), problem });
            }
        }
        let head = head.encode()?;
        let signature = key.sign(Purpose::Batch, &head);
        Ok(Self { head: head.into(), signature, contents: contents.into_iter().map(ByteBuf::from).collect() })
    }

    /// The head as sent, for an answer to a batch that does not open. Nothing in it is proven.
    pub fn unproven_head(&self) -> Result<BatchHead, WireError> {
        BatchHead::decode(&self.head)
    }

    /// Verifies the batch strictly under the sender's `key` and splits it into files.
    ///
    /// The signature, the version and the counts hold or nothing does. A single file whose size, hash or name is not
    /// what the manifest says is refused alone, so that it cannot hold up its neighbours for ever.
    pub fn open(self, key: &VerifyingKey) -> Result<OpenBatch, WireError> {
        let head = verify_head(&self.head, &self.signature, Purpose::Batch, key)?;
        check_counts(&head, self.contents.len(), self.contents.iter().map(|content| content.len()).sum())?;
        let files = head.manifest.iter().zip(self.contents).map(|(entry, content)| {
            let problem = entry.problem_with(&content);
            OpenFile { entry: entry.clone(), content: content.into_vec(), problem }
        });
        Ok(OpenBatch { files: files.collect(), head, head_bytes: self.head.into_vec(), signature: self.signature })
    }
}

/// Verifies stored head bytes with their signature, years later too, and reads them. Imports are signed by the hub
/// for [`Purpose::Import`].
pub fn verify_head(
    head: &[u8],
    signature: &Signature,
    purpose: Purpose,
    key: &VerifyingKey,
) -> Result<BatchHead, WireError> {
    key.verify(purpose, head, signature).map_err(|_| WireError::Signature)?;
    let head = BatchHead::decode(head)?;
    if head.version == PROTOCOL_VERSION { Ok(head) } else { Err(WireError::Version { found: head.version }) }
}

fn check_counts(head: &BatchHead, contents: usize, bytes: usize) -> Result<(), WireError> {
    let listed = head.manifest.len();
    if listed != contents {
        return Err(WireError::Count { listed, held: contents });
    }
    if listed == 0 || listed > limits::BATCH_FILES {
        return Err(WireError::Files(listed));
    }
    if bytes > limits::BATCH_CONTENT {
        return Err(WireError::TooLarge { bytes, limit: limits::BATCH_CONTENT });
    }
    Ok(())
}

// One file of the largest size always fits into a batch of its own.
const _: () = assert!(limits::BATCH_CONTENT >= MAX_FILE_BYTES);

/// A batch whose signature holds, ready for the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBatch {
    /// The head, decoded.
    pub head: BatchHead,
    /// The head, exactly as it was signed. To be stored verbatim.
    pub head_bytes: Vec<u8>,
    /// The signature over [`Self::head_bytes`] for [`Purpose::Batch`]. To be stored verbatim.
    pub signature: Signature,
    /// The files, in the order of the manifest.
    pub files: Vec<OpenFile>,
}

/// One file of an opened batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFile {
    /// What the manifest says of it.
    pub entry: ManifestEntry,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Why it must be refused, where entry and content do not belong together.
    pub problem: Option<String>,
}
