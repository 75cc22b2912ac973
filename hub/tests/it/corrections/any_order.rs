//! Law: derived = f(artifacts, decisions), whatever the order in which both came.

use std::collections::BTreeSet;

use proptest::prelude::*;
use slomix_hub::domain::decisions::{Bound, Correction};
use slomix_hub::pipeline::rebuild::rebuild;
use slomix_shared::artifact::LocalStamp;
use slomix_shared::game::Side;
use slomix_shared::sim::Accidents;

use super::table::{key, players};
use crate::pipeline::{Bench, evenings};

/// A decision of each kind about what is in these files.
async fn decisions(files: &[(String, Vec<u8>)]) -> Vec<Correction> {
    let bench = Bench::new().await;
    bench.keep(files).await;
    bench.derive().await;
    let session = bench.store.newest_sessions(1).await.unwrap().pop().unwrap();
    let rounds = bench.store.rounds_of_session(session.id).await.unwrap();
    let real: Vec<String> = players(&bench, &rounds[0])
        .await
        .into_iter()
        .filter(|(key, row)| !key.contains('#') && !row.bot && row.participant)
        .map(|(key, _)| key)
        .collect();
    let [a, b, c] = [0, 1, 2].map(|index| real[index % real.len()].clone());
    let last = rounds.last().unwrap();
    let mut all = vec![
        Correction::Void { round: key(last) },
        Correction::Side { round: key(&rounds[0]), player: a.clone(), side: Some(Side::Allies) },
        Correction::Winner { round: key(&rounds[0]), side: Side::Axis },
        Correction::Team { round: key(&rounds[0]), player: b.clone(), team: -1 },
        Correction::Split { guid: c.clone(), bound: Bound::From(key(last).stamp) },
        Correction::Zone { server: "main".to_owned(), zone: "America/New_York".to_owned() },
    ];
    if a != b {
        all.push(Correction::Merge { player: a, into: b });
    }
    all
}

/// The files of decided rounds once more, stamped a little earlier: the decisions have to follow.
fn copies(files: &[(String, Vec<u8>)], decisions: &[Correction]) -> Vec<(String, Vec<u8>)> {
    let decided: BTreeSet<String> =
        decisions.iter().filter_map(Correction::round).map(|round| round.stamp.to_string()).collect();
    let copied = |(name, content): &(String, Vec<u8>)| {
        let stamp = LocalStamp::parse(name.get(..17)?).filter(|stamp| decided.contains(&stamp.to_string()))?;
        let earlier = LocalStamp::from_seconds(stamp.seconds() - 5);
        Some((format!("{earlier}{}", &name[17..]), content.clone()))
    };
    files.iter().filter_map(copied).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_and_decisions_in_any_order_give_the_same_rows(
        seed in 0_u64..200,
        order in proptest::collection::vec(any::<u32>(), 200),
        burst in 3_usize..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut files = evenings(seed, 2, Accidents::storm());
            let decisions = decisions(&files).await;
            files.extend(copies(&files, &decisions));

            let together = Bench::new().await;
            together.keep(&files).await;
            together.derive().await;
            let clean = together.dump().await;
            let mut made = Vec::new();
            for correction in &decisions {
                made.push(together.deriver.correct_even_though_together(correction, "ann", "so").await.unwrap().id);
            }
            let wanted = together.dump().await;
            assert!(wanted != clean);

            let apart = Bench::new().await;
            let mut shuffled: Vec<_> = files.iter().cloned().enumerate().collect();
            shuffled.sort_by_key(|(index, _)| order[index % order.len()]);
            let shuffled: Vec<_> = shuffled.into_iter().map(|(_, file)| file).collect();
            // Each decision as soon as there is what it is about, the last ones first.
            let mut open: Vec<&Correction> = decisions.iter().collect();
            for chunk in shuffled.chunks(burst) {
                apart.keep(chunk).await;
                apart.derive().await;
                if let Some(correction) = open.pop()
                    && apart.deriver.correct_even_though_together(correction, "bob", "so").await.is_err()
                {
                    open.insert(0, correction);
                }
            }
            for correction in open.into_iter().rev() {
                apart.deriver.correct_even_though_together(correction, "bob", "so").await.unwrap();
            }
            assert!(apart.dump().await == wanted, "seed {seed}");
            let rebuilt = rebuild(&apart.deriver, |_, _| {}).await.unwrap();
            assert_eq!((rebuilt.rows, rebuilt.totals), (0, 0));
            assert_eq!(apart.store.wrong_totals().await.unwrap(), 0);

            // Undone in any order, nothing is left of them.
            made.sort_by_key(|id| order[*id as usize % order.len()]);
            for id in made {
                together.deriver.undo(id, "ann", "not so").await.unwrap();
            }
            assert!(together.dump().await == clean, "seed {seed}");
        });
    }
}
