use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::paint::{GOOD, painted};
use crate::cli::work::work;
use crate::domain::decisions::Correction;
use crate::serve::admin::Correct;
use crate::store::Store;

use super::Record;
use super::about::About;
use super::replaced::replaced;
use super::told::{self, Deed, Standing};

/// Decides, and tells what came of it.
pub(super) async fn run(
    place: &Place,
    store: &Store,
    correction: &Correction,
    record: Record,
    insists: bool,
) -> anyhow::Result<u8> {
    // A merged player has a name of his own only before.
    let about = About::read(store, correction).await?;
    let replaces = replaced(place, store, correction).await?;
    let ask = Correct::new(correction, record.by.author(), record.reason, record.by.dry_run);
    let ask = Correct { even_though_together: insists, ..ask };
    if record.by.dry_run {
        work(place, ask).await?;
        let says = about.say(correction);
        if place.json {
            let mut value = json!({ "says": says, "dry_run": true, "replaces": replaces });
            if let Value::Object(fields) = &mut value {
                fields.extend(about.json());
            }
            println!("{value}");
        } else {
            anstream::println!("{} that {says}; nothing stands against it", painted(GOOD, "Would decide"));
            for line in &replaces {
                anstream::println!("  {line}");
            }
        }
        return Ok(0);
    }
    let before = Standing::read(store, correction).await?;
    let corrected = work(place, ask).await?;
    let after = Standing::read(store, correction).await?;
    let says = match correction {
        Correction::Void { .. } => format!("round {} no longer counts", about.round()),
        _ => about.say(correction),
    };
    let deed = Deed { correction: Some(correction), undone: false, says, about: about.json(), replaces };
    told::print(place, store, &corrected, &deed, &before, &after).await
}
