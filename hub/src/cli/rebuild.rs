use crate::reports::words::plural;
use crate::serve::admin::Rebuild;

use super::paint::{BAD, GOOD, painted};
use super::work::work;
use super::{Place, setup};

pub(super) const HELP: &str = "\
Nobody needs it in everyday life: a new version of the program, a late file or a correction derives what it touches \
by itself. It mends what verify finds, and applies another zone or other rules of the configuration to what is \
there. It may run while the hub serves, and be broken off at any moment.";

pub(super) async fn run(place: &Place) -> anyhow::Result<u8> {
    setup::expect_hub(place)?;
    let rebuilt = work(place, Rebuild {}).await?;
    if place.json {
        println!("{}", serde_json::to_string(&rebuilt)?);
    } else {
        anstream::println!(
            "{} {} and {}; {} and {} differed and are right now",
            painted(GOOD, "Rebuilt"),
            plural(rebuilt.blocks as i64, "block", "blocks"),
            plural(rebuilt.lone as i64, "other file", "other files"),
            plural(rebuilt.rows as i64, "row", "rows"),
            plural(rebuilt.totals as i64, "total", "totals")
        );
    }
    if rebuilt.healed > 0 && !place.json {
        let rows = plural(rebuilt.healed as i64, "file was", "files were");
        anstream::println!("{} {rows} damaged, and could be made right by what is left", painted(GOOD, "Healed"));
    }
    if rebuilt.left_alone > 0 {
        anstream::eprintln!(
            "{} {}: a content or row in there is damaged; slomix-hub verify names it",
            painted(BAD, "Attention:"),
            plural(rebuilt.left_alone as i64, "block was left as it is", "blocks were left as they are")
        );
    }
    Ok(u8::from(rebuilt.left_alone > 0))
}
