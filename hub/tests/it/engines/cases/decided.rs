use slomix_hub::store::Durability;
use slomix_hub::store::decisions::{Decision, ZONE};

use crate::pipeline::Bench;

pub(in crate::engines) async fn the_newest_decision_holds(bench: Bench) {
    let decide = |kind: &'static str, target: &str, value: &str| Decision {
        kind,
        target: target.to_owned(),
        value: value.to_owned(),
        author: "configuration".to_owned(),
        reason: String::new(),
    };
    let mut tx = bench.store.begin(Durability::Full).await.unwrap();
    for (kind, target, value) in
        [(ZONE, "b", "UTC"), (ZONE, "a", "Europe/Paris"), (ZONE, "b", "Europe/Berlin"), ("accept", "b", "")]
    {
        tx.decide(&decide(kind, target, value), 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    let zones = bench.store.decided(ZONE).await.unwrap();
    let zones: Vec<_> = zones.iter().map(|(target, value)| (target.as_str(), value.as_str())).collect();
    assert_eq!(zones, [("a", "Europe/Paris"), ("b", "Europe/Berlin")]);
    assert!(bench.store.decided("other").await.unwrap().is_empty());
}
