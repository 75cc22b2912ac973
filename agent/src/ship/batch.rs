use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use slomix_shared::artifact::{ContentHash, MAX_FILE_BYTES};
use slomix_shared::identity::{AgentId, BootId, SigningKey};
use slomix_shared::wire::{self, Batch, BatchHead, ManifestEntry, Verdict, VerdictOutcome, WireError};

use crate::spool::{Copies, CopyFault, Disk, DiskFile, Pending, What, read_whole};
use crate::validate::{Judgement, Opinion, Rules, Subject};
use crate::watch::{Cause, FileState};

/// Why a waiting file cannot travel as it is.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is not there any more.
    #[error("it is gone")]
    Gone,
    /// It is another version than the one that waited, or changed while it was read.
    #[error("it changed")]
    Changed,
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
}

/// A file ready to be put into a batch.
#[derive(Debug)]
pub struct Loaded {
    /// What waited.
    pub pending: Pending,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Their hash.
    pub hash: ContentHash,
    /// What the rules say.
    pub judgement: Option<Judgement>,
}

/// What came of reading a waiting file.
#[derive(Debug)]
pub struct Load {
    /// The file, or why it cannot travel as it is.
    pub file: Result<Loaded, LoadError>,
    /// Why its safe copy could not be used, where it has one that never will be.
    pub bad_copy: Option<String>,
}

/// Reads a waiting file, its safe copy if it has one, and has it judged. `now` in Unix seconds.
pub fn load(disk: &dyn Disk, pending: &Pending, rules: &Mutex<Rules>, now: i64) -> Load {
    let mut bad_copy = None;
    let copied = pending.copy.as_deref().map(|copy| Copies::read(disk, copy, &pending.key()));
    let content = match copied {
        None => read(disk, &pending.file.path, pending.file.state),
        Some(Ok(content)) => Ok(content),
        // A copy that somebody removed or that the disk damaged is no reason to give the file up.
        Some(Err(fault)) => match (original(disk, pending), fault) {
            // Not now, which says nothing of what is there.
            (Err(LoadError::Gone), CopyFault::Io(problem)) => Err(LoadError::Unreadable(problem)),
            (original, CopyFault::Io(_)) => original,
            (original, fault) => {
                bad_copy = Some(fault.to_string());
                original
            }
        },
    };
    Load { file: content.map(|content| judged(pending, content, rules, now)), bad_copy }
}

fn judged(pending: &Pending, content: Vec<u8>, rules: &Mutex<Rules>, now: i64) -> Loaded {
    let subject = Subject { kind: pending.file.kind, name: &pending.file.name, content: &content, now };
    // A kind without rules does not wait for a script that is at work on another file.
    let judgement = Rules::cover(subject.kind)
        .then(|| rules.lock().unwrap_or_else(PoisonError::into_inner).judge(&subject))
        .flatten();
    let hash = ContentHash::of(&content);
    Loaded { pending: pending.clone(), content, hash, judgement }
}

/// Reads the file in its own directory, where that is known.
fn original(disk: &dyn Disk, pending: &Pending) -> Result<Vec<u8>, LoadError> {
    if pending.copy.as_ref() == Some(&pending.file.path) {
        return Err(LoadError::Gone);
    }
    read(disk, &pending.file.path, pending.file.state)
}

/// Reads a file that must be in `state` before and after: a writer that is at work is noticed.
fn read(disk: &dyn Disk, path: &Path, state: FileState) -> Result<Vec<u8>, LoadError> {
    let problem = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::Gone,
        _ => LoadError::Unreadable(error),
    };
    let file = disk.open(path).map_err(problem)?;
    check(&*file, state)?;
    let content = read_whole(&*file, MAX_FILE_BYTES + 1).map_err(problem)?;
    check(&*file, state)?;
    if content.len() as u64 == state.size { Ok(content) } else { Err(LoadError::Changed) }
}

fn check(file: &dyn DiskFile, state: FileState) -> Result<(), LoadError> {
    let place = file.look().map_err(LoadError::Unreadable)?;
    if place.what == What::File && place.state == state { Ok(()) } else { Err(LoadError::Changed) }
}

/// Signs files as one batch. `created_at_ms` in Unix milliseconds.
pub(super) fn seal(
    agent: AgentId,
    boot: BootId,
    key: &SigningKey,
    sequence: u64,
    created_at_ms: i64,
    loaded: Vec<Loaded>,
) -> Result<Vec<u8>, WireError> {
    let mut manifest = Vec::with_capacity(loaded.len());
    let mut contents = Vec::with_capacity(loaded.len());
    for file in loaded {
        let observed = &file.pending.file;
        manifest.push(ManifestEntry {
            kind: observed.kind,
            name: observed.name.clone(),
            size: file.content.len() as u64,
            hash: file.hash,
            modified_at_ms: observed.state.modified_ms(),
            closed_at_us: closed_at_us(file.pending.cause),
            verdict: file.judgement.map(verdict),
        });
        contents.push(file.content);
    }
    let head = BatchHead::new(agent, boot, sequence, created_at_ms, manifest);
    wire::encode(&Batch::seal(&head, contents, key)?)
}

fn closed_at_us(cause: Cause) -> Option<i64> {
    match cause {
        Cause::Closed(at) => Some(at.duration_since(UNIX_EPOCH).ok()?.as_micros() as i64),
        Cause::Found(_) => None,
    }
}

fn verdict(judgement: Judgement) -> Verdict {
    let outcome = match judgement.opinion {
        Opinion::Accept => VerdictOutcome::Accept,
        Opinion::Suspect => VerdictOutcome::Suspect,
        Opinion::Reject => VerdictOutcome::Reject,
    };
    Verdict { outcome, rules: judgement.rules }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::spool::{Packed, SystemDisk};
    use crate::validate::Limits;
    use crate::watch::observe;

    const NAME: &str = "2026-11-09-195037-supply-round-1.txt";

    fn pending(path: &Path) -> Pending {
        let file = observe(path).unwrap().unwrap();
        let cause = Cause::Found(crate::watch::Look::Start);
        Pending { file, cause, fresh: true, copy: None, alone: false, since_ms: 0 }
    }

    fn load_now(pending: &Pending) -> Load {
        load(&SystemDisk, pending, &Mutex::new(Rules::new(None, Limits::default())), 1_800_000_000)
    }

    fn loaded(pending: &Pending) -> Result<Loaded, LoadError> {
        load_now(pending).file
    }

    #[test]
    fn a_batch_opens_under_the_senders_key_and_holds_the_files() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join(NAME);
        fs::write(&path, "content").unwrap();
        let at = UNIX_EPOCH + std::time::Duration::from_micros(1_800_000_000_123_456);
        let file = loaded(&Pending { cause: Cause::Closed(at), ..pending(&path) }).unwrap();
        let key = SigningKey::from_seed(&[7; 32]);
        let public = key.verifying_key();
        let (agent, boot) = (AgentId::from_bytes([1; 16]), BootId::from_bytes([2; 16]));
        let frame = seal(agent, boot, &key, 5, 1_800_000_000_200, vec![file]).unwrap();

        let header: [u8; 10] = frame[..10].try_into().unwrap();
        let header = wire::FrameHeader::parse(&header, wire::limits::BATCH).unwrap();
        let batch: Batch = wire::decode(&header, &frame[10..]).unwrap();
        let open = batch.open(&public).unwrap();
        assert_eq!((open.head.sequence, open.head.boot), (5, BootId::from_bytes([2; 16])));
        let [file] = open.files.as_slice() else { panic!("one file") };
        assert_eq!((file.entry.name.as_str(), file.content.as_slice()), (NAME, b"content".as_slice()));
        assert_eq!(file.entry.closed_at_us, Some(1_800_000_000_123_456));
        assert_eq!(file.problem, None);
    }

    #[test]
    fn a_round_event_carries_its_verdict() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("gametime-supply-R1-1780000490.json");
        fs::write(&path, "{}").unwrap();
        let judgement = loaded(&pending(&path)).unwrap().judgement.unwrap();
        assert_eq!((judgement.opinion, judgement.rules), (Opinion::Reject, vec!["S2".to_owned()]));
    }

    #[test]
    fn a_file_that_is_gone_or_another_does_not_travel() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join(NAME);
        fs::write(&path, "content").unwrap();
        let waiting = pending(&path);
        fs::write(&path, "content and more").unwrap();
        assert!(matches!(loaded(&waiting), Err(LoadError::Changed)));
        fs::remove_file(&path).unwrap();
        assert!(matches!(loaded(&waiting), Err(LoadError::Gone)));
        let other = top.path().join("other");
        fs::write(&other, "content").unwrap();
        std::os::unix::fs::symlink(&other, &path).unwrap();
        assert!(matches!(loaded(&waiting), Err(LoadError::Unreadable(_))), "links are not followed");
    }

    #[test]
    fn a_copy_goes_before_its_original_and_its_loss_is_no_harm() {
        let top = tempfile::tempdir().unwrap();
        let (path, spool) = (top.path().join(NAME), top.path().join("spool"));
        fs::write(&path, "content").unwrap();
        let waiting = pending(&path);
        let packed = Packed::make(&SystemDisk, waiting.file.clone()).unwrap();
        packed.write(&SystemDisk, &spool).unwrap();
        let copy = Copies::open(std::sync::Arc::new(SystemDisk), &spool, 1 << 20).0.path(&waiting.key()).unwrap();
        let waiting = Pending { copy: Some(copy.clone()), ..waiting };
        fs::remove_file(&path).unwrap();
        assert_eq!(loaded(&waiting).unwrap().content, b"content");

        let mut bytes = fs::read(&copy).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&copy, bytes).unwrap();
        let lost = load_now(&waiting);
        assert!(matches!(lost.file, Err(LoadError::Gone)) && lost.bad_copy.unwrap().contains("not what was put there"));
        fs::remove_file(&copy).unwrap();
        fs::write(&path, "content").unwrap();
        let again = Pending { copy: Some(copy), ..pending(&path) };
        let found = load_now(&again);
        assert_eq!((found.file.unwrap().content.as_slice(), found.bad_copy.is_some()), (b"content".as_slice(), true));
    }
}
