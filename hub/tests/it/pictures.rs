//! Every answer with pictures, out of a store with simulated evenings: what it shows, and that it can be drawn.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use slomix_hub::charts;
use slomix_hub::reports::answer::{Answer, Shown};
use slomix_hub::reports::desk::Desk;
use slomix_hub::reports::plot::Plot;
use slomix_hub::reports::question::{PlayerView, Question, SessionView};
use slomix_hub::reports::{ReportError, Reports};
use slomix_shared::sim::Accidents;

use super::pipeline::{Bench, evenings};

async fn desk(files: &[(String, Vec<u8>)]) -> (Bench, Desk) {
    let bench = Bench::new().await;
    bench.keep(files).await;
    bench.derive().await;
    let desk = Desk::new(bench.store.clone(), Arc::new(|| 1_772_600_000_000));
    (bench, desk)
}

/// The pictures of an answer, each of which can be drawn.
fn pictures(answer: &Answer) -> Vec<(&'static str, &Plot)> {
    let pictures = answer.sheets.iter().filter_map(|sheet| sheet.picture.as_ref());
    let seen = |plot: &Plot| assert!(charts::png(&charts::svg(plot)).unwrap().starts_with(b"\x89PNG"));
    pictures.inspect(|picture| seen(&picture.plot)).map(|picture| (picture.name, &picture.plot)).collect()
}

#[tokio::test]
async fn an_evening_has_its_pictures() {
    let (_bench, desk) = desk(&evenings(7, 1, Accidents::default())).await;
    let ask = async |view| desk.answer(&Question::Session { session: "last".to_owned(), view }).await.unwrap();

    let graphs = ask(SessionView::Graphs).await;
    let shown = pictures(&graphs);
    let names: Vec<&str> = shown.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["offence", "defence", "advanced", "styles", "rounds"]);
    assert_eq!((graphs.shown, graphs.sheets.len()), (Shown::BySheet, 5));
    let Plot::Columns(offence) = shown[0].1 else { panic!("no columns") };
    assert_eq!(offence.rows.len(), 6);
    assert!(offence.rows.iter().all(|row| row.team.is_some()), "{:?}", offence.rows);
    let Plot::Lines(rounds) = shown[4].1 else { panic!("no lines") };
    assert_eq!(rounds.spans.iter().map(|span| span.points.len()).collect::<Vec<_>>(), [2, 2, 2]);
    assert!(rounds.spans.iter().all(|span| span.score.is_some()), "{:?}", rounds.spans);

    let maps = ask(SessionView::Maps).await;
    let shown = pictures(&maps);
    let [("maps", Plot::Timeline(timeline))] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((timeline.maps.len(), maps.sheets.len()), (3, 4));
    let halves = || timeline.maps.iter().flat_map(|map| &map.halves).flatten();
    assert!(halves().count() == 6 && halves().all(|half| half.attacker.is_some() && half.seconds.is_some()));
    let last = timeline.maps.iter().rev().find_map(|map| map.score).unwrap();
    assert_eq!(rounds.spans.last().unwrap().score, Some(last));

    let weapons = ask(SessionView::Weapons).await;
    let shown = pictures(&weapons);
    let [("weapons", Plot::Split(split))] = shown.as_slice() else { panic!("{shown:?}") };
    assert!(split.weapons.len() > 1);
}

#[tokio::test]
async fn a_player_has_his_form_and_his_weapons() {
    let (bench, desk) = desk(&evenings(8, 30, Accidents::default())).await;
    let players = bench.store.newest_players(8).await.unwrap();
    let mut formed = 0;
    for player in &players {
        let ask = async |view| desk.answer(&Question::Player { player: player.player, view }).await.unwrap();
        let form = ask(PlayerView::Form).await;
        let shown = pictures(&form);
        let [("form", Plot::Lines(lines))] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!(lines.spans.len(), lines.series[0].values.len());
        assert!(lines.reference.is_some());
        formed += usize::from(lines.spans.len() >= 6);
        let weapons = ask(PlayerView::Weapons).await;
        let shown = pictures(&weapons);
        assert!(matches!(shown.as_slice(), [("weapons", Plot::Split(_))]), "{shown:?}");
    }
    assert!(formed > 0, "nobody came often enough");
    let nobody = desk.answer(&Question::Player { player: 1 << 40, view: PlayerView::Form }).await;
    assert!(matches!(nobody, Err(ReportError::Nothing(_))));
}
