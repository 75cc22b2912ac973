use crate::pipeline::verify::verify;
use crate::store::tables;

use super::paint::{BAD, GOOD, painted};
use super::{Place, progress, setup};

pub(super) async fn run(place: &Place) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let bar = progress::bar(store.count(tables::DISPOSITION).await? as u64, "files");
    let verified = verify(&store, |done| bar.set_position(done as u64)).await?;
    bar.finish_and_clear();
    if place.json {
        println!("{}", serde_json::to_string(&verified)?);
        return Ok(u8::from(!verified.is_sound()));
    }
    for name in &verified.damaged {
        anstream::println!("{} {name}: its content is not what arrived; restore a backup", painted(BAD, "damaged"));
    }
    for name in &verified.forgotten {
        anstream::println!("{} {name}: kept but never derived; run slomix-hub rebuild", painted(BAD, "forgotten"));
    }
    for name in &verified.altered {
        anstream::println!("{} {name}: its numbers were changed; run slomix-hub rebuild", painted(BAD, "altered"));
    }
    if verified.wrong_totals > 0 {
        let totals = verified.wrong_totals;
        anstream::println!(
            "{} {totals} totals differ from their rounds; run slomix-hub rebuild",
            painted(BAD, "wrong")
        );
    }
    if verified.is_sound() {
        anstream::println!(
            "{} {} files are what arrived, all totals follow from their rounds, {} files wait to be derived",
            painted(GOOD, "Sound:"),
            verified.artifacts,
            verified.waiting
        );
    }
    Ok(u8::from(!verified.is_sound()))
}
