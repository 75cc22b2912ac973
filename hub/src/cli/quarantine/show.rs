use std::fmt::Write as _;

use serde::Serialize;

use crate::reports::words::plural;
use crate::serve::admin::find_quarantined;
use crate::store::StoreError;
use crate::store::counts::Quarantined;

use super::super::paint::{BAD, QUIET, painted};
use super::super::{Place, setup};
use super::visible;

/// Lines that are shown unless all are asked for.
const FIRST: usize = 20;
/// The longest line that is shown whole unless all is asked for, in bytes.
const LONGEST: usize = 400;

/// A quarantined file with what it holds.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    file: &'a Quarantined,
    receipts: Vec<Came>,
    /// Whether the content is what arrived.
    damaged: bool,
    /// With what steers a terminal escaped, as in `\x1b`.
    lines: Vec<String>,
    /// Lines in all.
    line_count: usize,
}

/// One arrival.
#[derive(Debug, Serialize)]
struct Came {
    agent: String,
    received_ms: i64,
    modified_ms: i64,
    verdict: String,
    rules: String,
}

pub(super) async fn run(place: &Place, wanted: &str, all: bool) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let files = store.quarantined(i64::MAX).await?;
    let file = find_quarantined(&files, wanted).map_err(anyhow::Error::from_boxed)?;
    let (content, damaged) = match store.content(file.artifact).await {
        Ok(content) => (content.unwrap_or_default(), false),
        Err(StoreError::Inconsistent { .. }) => (Vec::new(), true),
        Err(error) => return Err(error.into()),
    };
    let mut receipts = Vec::new();
    for receipt in store.receipts(file.artifact).await? {
        receipts.push(Came {
            agent: receipt.agent,
            received_ms: receipt.received_ms,
            modified_ms: receipt.modified_ms,
            verdict: receipt.verdict,
            rules: receipt.rules,
        });
    }
    let (lines, line_count) = lines(&content, all || place.json);
    let shown = Shown { file, receipts, damaged, lines, line_count };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&shown)?);
    } else {
        print(&shown)?;
    }
    Ok(0)
}

fn print(shown: &Shown<'_>) -> anyhow::Result<()> {
    let Shown { file, receipts, lines, line_count, .. } = shown;
    anstream::println!("{}  {}", painted(BAD, &file.code), visible(&file.name));
    anstream::println!("    {}", visible(&file.reason));
    let facts = format!(
        "{} of {}, server {}, id {}",
        file.kind,
        plural(file.size, "byte", "bytes"),
        file.server,
        file.artifact
    );
    anstream::println!("    {}", painted(QUIET, &facts));
    for came in receipts {
        let when = jiff::Timestamp::from_millisecond(came.received_ms)?.strftime("%Y-%m-%d %H:%M UTC");
        // An import runs no rules.
        let verdict = match (came.verdict.as_str(), came.rules.as_str()) {
            ("none", _) => String::new(),
            (verdict, "") => format!(", its rules: {verdict}"),
            (verdict, rules) => format!(", its rules: {verdict} ({})", visible(rules)),
        };
        anstream::println!("    {}", painted(QUIET, &format!("came {when} from {}{verdict}", came.agent)));
    }
    if shown.damaged || !lines.is_empty() {
        anstream::println!();
    }
    if shown.damaged {
        anstream::println!("{} what is kept is not what arrived; import the file again", painted(BAD, "Damaged:"));
    }
    for line in lines {
        // Not through the colours: what looks like one is the file's.
        println!("{line}");
    }
    let left = line_count - lines.len();
    if left > 0 {
        let left = plural(left as i64, "more line", "more lines");
        anstream::println!("{}", painted(QUIET, &format!("… {left}; --all shows all of it")));
    }
    let accept = if file.code == "rejected" { " --accept --reason WHY" } else { "" };
    let again = format!("Read it anew: slomix-hub quarantine retry {}{accept}", file.artifact);
    anstream::println!("\n{}", painted(QUIET, &again));
    Ok(())
}

/// The first lines, or all, fit for a terminal; and how many there are.
fn lines(content: &[u8], all: bool) -> (Vec<String>, usize) {
    let lines: Vec<&[u8]> = content.strip_suffix(b"\n").unwrap_or(content).split(|&byte| byte == b'\n').collect();
    if content.is_empty() {
        return (Vec::new(), 0);
    }
    let most = if all { lines.len() } else { FIRST };
    let shown = lines.iter().take(most).map(|line| {
        let cut = if all { line } else { line.get(..LONGEST).unwrap_or(line) };
        let end = if cut.len() < line.len() { format!("… ({} bytes)", line.len()) } else { String::new() };
        format!("{}{end}", harmless(cut))
    });
    (shown.collect(), lines.len())
}

/// What steers a terminal is shown, not obeyed; so is what is not plain text.
fn harmless(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\t' | b' '..=b'~' => text.push(char::from(byte)),
            // Writing into a text cannot fail.
            other => drop(write!(text, "\\x{other:02x}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_file_steers_the_terminal() {
        let hostile = b"\x1b]0;title\x07\ttab \xff\r\nsecond \x9b31m\n";
        let (shown, count) = lines(hostile, false);
        assert_eq!(count, 2);
        assert_eq!(shown, ["\\x1b]0;title\\x07\ttab \\xff\\x0d", "second \\x9b31m"]);
    }

    #[test]
    fn long_files_are_cut_and_say_so() {
        let long = [b"x".repeat(1000), b"\n".repeat(30)].concat();
        let (shown, count) = lines(&long, false);
        assert_eq!((shown.len(), count), (FIRST, 30));
        assert_eq!(shown[0].len(), LONGEST + "… (1000 bytes)".len());
        assert_eq!(lines(&long, true).0[0].len(), 1000);
        assert_eq!(lines(b"", false), (vec![], 0));
    }
}
