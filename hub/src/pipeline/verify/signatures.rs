//! Checks that every batch is signed by its sender, and that it lists every file that came in it.
//!
//! Agents sign with keys of their own, which are kept for ever; what was imported is signed by the hub.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use slomix_shared::artifact::ContentHash;
use slomix_shared::identity::{Purpose, Signature, VerifyingKey};
use slomix_shared::wire::{BatchHead, verify_head};

use crate::archive::intake::verdict;
use crate::store::kept::KeptBatch;
use crate::store::{Store, StoreError};

/// Batches looked at together: the receipts are gone through once for each of these.
const TOGETHER: i64 = 5_000;

/// What a check of the signatures found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Signed {
    /// Batches that were looked at.
    pub batches: usize,
    /// Batches whose signature does not hold, in words.
    pub broken: Vec<String>,
    /// Files that their batch does not list, with the batch.
    pub unlisted: Vec<String>,
    /// Files of which the receipt tells another verdict of the agent's rules than the batch, with the batch.
    pub misjudged: Vec<String>,
    /// Imports that cannot be checked, since the hub's key is not there.
    pub unchecked: usize,
}

impl Signed {
    /// Whether nothing needs attention.
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty() && self.unlisted.is_empty() && self.misjudged.is_empty()
    }
}

/// A file of a batch: hash and name.
type File = (Vec<u8>, String);
/// What the agent's rules said of one: the verdict and the rules, as a receipt has them.
type Said = (String, String);
/// What a batch lists.
type Listed = BTreeMap<File, BTreeSet<Said>>;

/// Checks every batch. `hub` is the key that imports are signed with, where it is there. `progress` gets the number
/// of batches done.
pub async fn check_signatures(
    store: &Store,
    hub: Option<&VerifyingKey>,
    mut progress: impl FnMut(usize),
) -> Result<Signed, StoreError> {
    let mut keys: BTreeMap<String, (String, Option<VerifyingKey>)> = BTreeMap::new();
    for agent in store.agents().await? {
        keys.insert(agent.id, (agent.name, VerifyingKey::from_slice(&agent.signing_key).ok()));
    }
    // A database that was taken over has imports of the hubs before this one.
    let before = store.owners().await?;
    let before = before.iter().filter_map(|key| VerifyingKey::from_slice(&HEXLOWER.decode(key.as_bytes()).ok()?).ok());
    let hubs: Vec<VerifyingKey> = hub.copied().into_iter().chain(before).collect();
    let mut signed = Signed::default();
    let mut after = i64::MIN;
    loop {
        let batches = store.batches_after(after, TOGETHER).await?;
        let (Some(first), Some(last)) = (batches.first(), batches.last()) else { break };
        after = last.id;
        let mut files: BTreeMap<i64, Vec<(File, Said)>> = BTreeMap::new();
        for file in store.received_files(first.id, last.id).await? {
            // What is gone is told of elsewhere.
            let Some(name) = file.name else { continue };
            let said = (file.verdict, file.rules);
            files.entry(file.batch).or_default().push(((file.hash, first_line(&name)), said));
        }
        for batch in batches {
            let listed = if batch.agent == "import" {
                import(&batch, &hubs, &mut signed)
            } else {
                shipped(&batch, keys.get(&batch.agent), &mut signed)
            };
            let came = files.remove(&batch.id).unwrap_or_default();
            for (file, said) in came {
                let Some(listed) = &listed else { break };
                let told = || format!("{}, batch {}", file.1, batch.id);
                match listed.get(&file) {
                    None => signed.unlisted.push(told()),
                    Some(own) if !own.contains(&said) => signed.misjudged.push(told()),
                    Some(_) => {}
                }
            }
            signed.batches += 1;
            if signed.batches.is_multiple_of(100) {
                progress(signed.batches);
            }
        }
    }
    progress(signed.batches);
    Ok(signed)
}

/// What a batch of an agent lists, if its signature holds.
fn shipped(batch: &KeptBatch, key: Option<&(String, Option<VerifyingKey>)>, signed: &mut Signed) -> Option<Listed> {
    let id = batch.id;
    let mut broken = |why: String| {
        signed.broken.push(why);
        None
    };
    let Some((name, key)) = key else { return broken(format!("batch {id} is of an unknown agent, {}", batch.agent)) };
    let Some(key) = key else { return broken(format!("batch {id}: the key of {name} is damaged")) };
    let Some(signature) = Signature::from_slice(&batch.signature) else {
        return broken(format!("batch {id} of {name}: its signature is damaged"));
    };
    match verify_head(&batch.head, &signature, Purpose::Batch, key) {
        Ok(head) => Some(listed(&head)),
        Err(error) => broken(format!("batch {id} of {name}: {error}")),
    }
}

/// What an import lists, if a hub's signature holds.
fn import(batch: &KeptBatch, hubs: &[VerifyingKey], signed: &mut Signed) -> Option<Listed> {
    if hubs.is_empty() {
        signed.unchecked += 1;
        return None;
    }
    if !hubs.iter().any(|hub| is_import_of(batch, hub)) {
        signed.broken.push(format!("batch {}, an import, is not signed with this hub's key", batch.id));
        return None;
    }
    Some(match BatchHead::decode(&batch.head) {
        Ok(head) => listed(&head),
        Err(_) => listed_in_text(&String::from_utf8_lossy(&batch.head)),
    })
}

/// Whether a batch is an import that was signed with this key.
pub fn is_import_of(batch: &KeptBatch, hub: &VerifyingKey) -> bool {
    let signature = Signature::from_slice(&batch.signature);
    signature.is_some_and(|signature| hub.verify(Purpose::Import, &batch.head, &signature).is_ok())
}

fn listed(head: &BatchHead) -> Listed {
    let mut listed = Listed::new();
    for entry in &head.manifest {
        let rules = entry.verdict.as_ref().map(|verdict| verdict.rules.join(",")).unwrap_or_default();
        let file = (entry.hash.as_bytes().to_vec(), first_line(&entry.name));
        listed.entry(file).or_default().insert((verdict(entry.verdict.as_ref()).to_owned(), rules));
    }
    listed
}

/// An import's manifest: a first line that says what it is, then hash, size and name on a line each.
fn listed_in_text(text: &str) -> Listed {
    let file = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let hash: ContentHash = parts.next()?.parse().ok()?;
        let said = BTreeSet::from([(verdict(None).to_owned(), String::new())]);
        Some(((hash.as_bytes().to_vec(), parts.nth(1)?.to_owned()), said))
    };
    text.lines().skip(1).filter_map(file).collect()
}

/// A name as a line can hold it.
fn first_line(name: &str) -> String {
    name.lines().next().unwrap_or_default().to_owned()
}
