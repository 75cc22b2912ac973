//! The same evenings come out the same.

use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::verify;
use slomix_shared::sim::Accidents;

use super::OnServer;
use crate::pipeline::{Bench, evenings};

/// Stormy evenings through the whole way, on one engine in order and at once, on the other backwards and in bursts.
#[tokio::test]
async fn the_same_evenings_give_the_same_dump_and_a_rebuild_changes_nothing() {
    let Some(place) = OnServer::new().await else { return };
    let files = evenings(21, 4, Accidents::storm());
    let sqlite = Bench::announcing().await;
    sqlite.keep(&files).await;
    sqlite.derive().await;

    let postgres = place.bench().await;
    let mut backwards = files.clone();
    backwards.reverse();
    for burst in backwards.chunks(7) {
        postgres.keep(burst).await;
        postgres.keep(&burst[..1]).await;
        postgres.derive().await;
    }
    let (here, there) = (sqlite.dump().await, postgres.dump().await);
    assert!(here.len() > 500, "{}", here.len());
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(here, there);
    }
    assert_eq!(here.len(), there.len());

    for bench in [&sqlite, &postgres] {
        let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
        assert_eq!((rebuilt.rows, rebuilt.totals, rebuilt.left_alone), (0, 0, 0));
        let verified = verify(&bench.store, |_| {}).await.unwrap();
        assert!(verified.is_sound(), "{verified:?}");
    }
    assert_eq!(postgres.dump().await, here);
}

/// So many rounds at once that PostgreSQL gets their rows as a copy, and not by statements.
#[tokio::test]
async fn a_long_backlog_comes_out_the_same() {
    let Some(place) = OnServer::new().await else { return };
    let files = evenings(22, 12, Accidents::real());
    assert!(files.len() > 110, "{}", files.len());
    let (sqlite, postgres) = (Bench::new().await, place.bench().await);
    for bench in [&sqlite, &postgres] {
        bench.keep(&files).await;
        bench.derive().await;
    }
    assert_eq!(sqlite.dump().await, postgres.dump().await);
}
