use slomix_hub::domain::leaf::{self, Number};
use slomix_hub::domain::round::CountsFor;
use slomix_shared::formats::stats::Field;
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

pub(in crate::engines) async fn whole_lines_come_back_as_they_were_derived(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    let session = store.newest_sessions(1).await.unwrap().remove(0);
    let lines = store.session_lines(session.id).await.unwrap();
    let short = store.session_players(session.id).await.unwrap();
    assert_eq!(lines.len(), short.len());
    for (line, short) in lines.iter().zip(&short) {
        let numbers = &line.numbers;
        assert_eq!((line.round, numbers.player, line.team), (short.round, short.player, short.team));
        assert_eq!((numbers.kills(), numbers.deaths(), numbers.seconds), (short.kills, short.deaths, short.seconds));
        assert_eq!((&numbers.name, line.counted), (&short.name, short.counted));
        let of = |field| numbers.fields.get(field);
        assert_eq!((of(Field::DamageGiven), of(Field::RevivesGiven)), (short.damage_given, short.revives_given));
        assert_eq!((of(Field::KillingSpree), of(Field::DeniedPlaytime)), (short.killing_spree, short.denied_seconds));
        assert_eq!(numbers.origin.as_str(), short.origin);
    }
    assert!(store.session_lines(1).await.unwrap().is_empty());

    // Their sums are what totals are made of, to the last unit.
    let rounds = store.rounds_of_session(session.id).await.unwrap();
    let counts = |id: i64| rounds.iter().any(|round| round.id == id && round.counts_for(CountsFor::LIFETIME));
    let player = lines[0].numbers.player;
    let mut sums = [0; Number::COUNT];
    for line in lines.iter().filter(|line| line.numbers.player == player && line.counted && counts(line.round)) {
        let winner = rounds.iter().find(|round| round.id == line.round).and_then(|round| round.winner);
        leaf::add(&mut sums, &line.numbers, winner.and_then(slomix_shared::game::Side::from_number));
    }
    assert_eq!(store.totals("all", player).await.unwrap(), Some(sums));
}

pub(in crate::engines) async fn evenings_are_listed_sized_and_followed(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(7, 2, Accidents::default())).await;
    bench.derive().await;
    let sessions = store.newest_sessions(9).await.unwrap();
    let [newer, older] = sessions.as_slice() else { panic!("{sessions:?}") };
    assert_eq!(store.sessions_between(&older.date, &newer.date).await.unwrap(), sessions);
    assert_eq!(store.sessions_between(&newer.date, "9999-12-31").await.unwrap(), sessions[..1]);
    assert!(store.sessions_between("1999-01-01", "1999-12-31").await.unwrap().is_empty());
    assert_eq!(store.session_before(newer).await.unwrap().as_ref(), Some(older));
    assert_eq!(store.session_before(older).await.unwrap(), None);

    let sizes = store.session_sizes(&[newer.id, older.id, 1]).await.unwrap();
    assert_eq!(sizes.len(), 2);
    assert_eq!((sizes[&newer.id].rounds, sizes[&newer.id].maps), (6, 3));
    assert!(sizes[&older.id].players >= 6);
    assert!(store.session_sizes(&[]).await.unwrap().is_empty());

    let with = store.rounds_with_endstats(newer.id).await.unwrap();
    assert!(!with.is_empty() && with.len() <= 6, "{with:?}");
    assert!(store.rounds_with_endstats(1).await.unwrap().is_empty());

    let epochs = store.epochs_since(&older.date).await.unwrap();
    assert_eq!(epochs.iter().map(|epoch| epoch.session).collect::<Vec<_>>(), [older.id, newer.id]);
    assert_eq!((epochs[1].wins_a, epochs[1].wins_b, epochs[1].ties), (newer.wins_a, newer.wins_b, newer.ties));
    for epoch in &epochs {
        assert!(epoch.cores.iter().all(|core| core.len() >= 3) && epoch.cores[0].is_disjoint(&epoch.cores[1]));
    }
    assert_eq!(store.epochs_since(&newer.date).await.unwrap(), epochs[1..]);
}
