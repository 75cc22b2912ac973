use slomix_hub::store::archive::Arrival;
use slomix_shared::sim::Accidents;

use super::kept::{arrival, keep_of};
use crate::pipeline::{Bench, evenings, events};

/// Every order of some things.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..things.len() {
        let mut rest = things.to_vec();
        let first = rest.remove(at);
        all.extend(orders(&rest).into_iter().map(|behind| [vec![first.clone()], behind].concat()));
    }
    all
}

/// Whose receipts there are of a file, and what each says of it, is all that counts.
pub(in crate::engines) async fn in_any_order_they_come_to_the_same(bench: Bench) {
    let files = [evenings(5, 1, Accidents::default()), events(5, 1, Accidents::default())].concat();
    let one_of = |part: &str| files.iter().find(|(name, _)| name.contains(part)).unwrap();
    let told = [one_of("-round-2.txt"), one_of("gametime"), one_of("endstats")];
    let verdicts = |verdict: &'static str| -> Vec<(Arrival, Vec<u8>)> {
        told.iter().map(|(name, content)| arrival(name, content, verdict)).collect()
    };
    let rest: Vec<_> = files.iter().filter(|file| !told.contains(file)).cloned().collect();
    for senders in [
        &[("a", "reject"), ("import", "none")][..],
        &[("a", "reject"), ("b", "none"), ("c", "reject")],
        &[("a", "reject"), ("b", "suspect"), ("import", "none")],
        &[("a", "reject"), ("b", "reject")],
    ] {
        let mut dumps = Vec::new();
        for order in orders(senders) {
            let own = Bench::announcing().await;
            // One order on the engine that is looked at, all of them on a file: statements are the same.
            let on = if dumps.is_empty() && senders.len() == 2 && senders[1].0 == "import" { &bench } else { &own };
            on.keep(&rest).await;
            for (sender, verdict) in &order {
                keep_of(sender, &on.store, 1, &verdicts(verdict)).await;
                on.derive().await;
            }
            dumps.push((order, on.dump().await));
        }
        let together = Bench::announcing().await;
        together.keep(&rest).await;
        for (sender, verdict) in senders {
            keep_of(sender, &together.store, 1, &verdicts(verdict)).await;
        }
        together.derive().await;
        let wanted = together.dump().await;
        for (order, dump) in dumps {
            assert!(dump == wanted, "{order:?}");
        }
    }
}
