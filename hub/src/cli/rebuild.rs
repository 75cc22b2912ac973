use crate::serve::admin::Rebuild;

use super::Place;
use super::paint::{BAD, GOOD, painted};
use super::work::work;

pub(super) const HELP: &str = "\
Nobody needs it in everyday life: a new version of the program, a late file or a correction derives what it touches \
by itself. It mends what verify finds, and applies another zone or other rules of the configuration to what is \
there. It may run while the hub serves, and be broken off at any moment.";

pub(super) async fn run(place: &Place) -> anyhow::Result<u8> {
    let rebuilt = work(place, Rebuild {}).await?;
    if place.json {
        println!("{}", serde_json::to_string(&rebuilt)?);
    } else {
        anstream::println!(
            "{} {} blocks and {} other files; {} rows and {} totals differed and are right now",
            painted(GOOD, "Rebuilt"),
            rebuilt.blocks,
            rebuilt.lone,
            rebuilt.rows,
            rebuilt.totals
        );
    }
    if rebuilt.left_alone > 0 {
        anstream::eprintln!(
            "{} {} blocks were left as they are: a content kept for them is damaged; slomix-hub verify names it",
            painted(BAD, "Attention:"),
            rebuilt.left_alone
        );
    }
    Ok(u8::from(rebuilt.left_alone > 0))
}
