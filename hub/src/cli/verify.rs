use clap::Args;
use serde::Serialize;

use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::pipeline::verify::deep::Compared;
use crate::pipeline::verify::signatures::{Signed, check_signatures};
use crate::pipeline::verify::{Verified, verify};
use crate::reports::words::plural;
use crate::serve::admin::{Compare, Step};

use super::paint::{BAD, GOOD, QUIET, painted};
use super::progress::Bars;
use super::work::work;
use super::{Place, setup};

#[derive(Debug, Args)]
#[command(after_help = "\
Hashes every kept content, checks the signature of every batch, that nothing is missing between files, receipts \
and what became of them, and that numbers and totals are as they were derived. The exit code is 1 if anything is unsound. \
Nothing is changed, and a hub may serve meanwhile.")]
pub(super) struct VerifyArgs {
    /// Derive everything anew as well, and compare it with what stands
    #[arg(long)]
    deep: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Findings {
    sound: bool,
    #[serde(flatten)]
    verified: Verified,
    signatures: Signed,
    /// Only if it was asked for.
    deep: Option<Compared>,
}

pub(super) async fn run(place: &Place, args: VerifyArgs) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let directory = DataDir::open(&place.data)?;
    let key = HubKeys::public_signing_key(directory.path())?;
    let bars = Bars::default();
    let files = store.artifact_count().await? as usize;
    let verified = verify(&store, |done| bars.show(&Step::of("files", done, files))).await?;
    let batches = store.newest_batch().await? as usize;
    let signatures =
        check_signatures(&store, key.as_ref(), |done| bars.show(&Step::of("signatures", done, batches))).await?;
    bars.clear();
    store.close().await;
    let deep = if args.deep { Some(work(place, Compare {}).await?) } else { None };
    let compared = deep.as_ref().is_none_or(|deep| deep.differing.is_empty());
    let findings =
        Findings { sound: verified.is_sound() && signatures.is_sound() && compared, verified, signatures, deep };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        print_findings(&findings.verified, &findings.signatures);
        findings.deep.iter().for_each(print_deep);
    }
    Ok(u8::from(!findings.sound))
}

/// What a check found, a line each.
pub(super) fn print_findings(verified: &Verified, signatures: &Signed) {
    let bad = |label: &str, text: &str| anstream::println!("{} {text}", painted(BAD, label));
    for name in &verified.damaged {
        bad("damaged", &format!("{name}: its content is not what arrived; import the file again, or restore a backup"));
    }
    for what in &verified.damaged_rows {
        bad(
            "damaged",
            &format!("{what} is not what was kept; run slomix-hub rebuild, import the file again, or restore a backup"),
        );
    }
    for name in &verified.unreceived {
        bad("unknown", &format!("{name}: nothing says how it came"));
    }
    for what in &verified.vanished {
        bad("vanished", &format!("{what}: restore a backup"));
    }
    for name in &verified.forgotten {
        bad("forgotten", &format!("{name}: kept but never derived; run slomix-hub rebuild"));
    }
    for name in &verified.altered {
        bad("altered", &format!("{name}: its numbers were changed; run slomix-hub rebuild"));
    }
    for what in &verified.orphans {
        bad("orphaned", &format!("{what}; run slomix-hub rebuild"));
    }
    if verified.wrong_totals > 0 {
        let totals = plural(verified.wrong_totals as i64, "total differs", "totals differ");
        bad("wrong", &format!("{totals} from the rounds; run slomix-hub rebuild"));
    }
    for what in &signatures.broken {
        bad("unsigned", what);
    }
    for what in &signatures.unlisted {
        bad("unsigned", &format!("{what}: the batch does not list it"));
    }
    for what in &signatures.misjudged {
        bad(
            "altered",
            &format!("{what}: what the agent's rules said of it was changed; restore a backup, or import it"),
        );
    }
    if signatures.unchecked > 0 {
        let imports = plural(signatures.unchecked as i64, "import", "imports");
        let unchecked = format!("{imports} could not be checked: the hub's key is not there");
        anstream::println!("{} {unchecked}", painted(QUIET, "note"));
    }
    if verified.is_sound() && signatures.is_sound() {
        anstream::println!(
            "{} {} what arrived, {} signed, all totals follow from their rounds, {} to be derived",
            painted(GOOD, "Sound:"),
            plural(verified.artifacts as i64, "file is", "files are"),
            plural(signatures.batches as i64, "batch is", "batches are"),
            plural(verified.waiting, "file waits", "files wait")
        );
    }
}

fn print_deep(compared: &Compared) {
    for block in &compared.differing {
        anstream::println!(
            "{} {} from {} on, server {}: not what is derived now; run slomix-hub rebuild",
            painted(BAD, "differs"),
            plural(block.rows as i64, "row", "rows"),
            block.first,
            block.server
        );
    }
    if compared.left_alone > 0 {
        let blocks = plural(compared.left_alone as i64, "block", "blocks");
        let alone = format!("{blocks} could not be compared: a content or row in there is damaged");
        anstream::println!("{} {alone}", painted(QUIET, "note"));
    }
    // Where nothing could be compared, nothing is known.
    if compared.differing.is_empty() && (compared.blocks > 0 || compared.left_alone == 0) {
        let same = plural(compared.blocks as i64, "block was derived anew and is", "blocks were derived anew and are");
        anstream::println!("{} {same} the same", painted(GOOD, "Sound:"));
    }
}
