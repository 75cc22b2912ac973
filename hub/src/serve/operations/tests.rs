use std::sync::Arc;

use jiff::civil::date;
use jiff::tz::TimeZone;
use slomix_shared::sim::{self, Plan};

use super::*;
use crate::archive::{Archive, Delivery};
use crate::domain::input::Rules;
use crate::pipeline::Announcer;
use crate::reports::session::SessionReport;
use crate::store::archive::{Arrival, Envelope};

const NOW_MS: i64 = 1_790_000_000_000;

/// A hub's database with one evening of three against three, 2026-03-02.
struct Bench {
    store: Store,
    deriver: Deriver,
    _directory: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("hub.db")).await.unwrap();
        let clock: Clock = Arc::new(|| NOW_MS);
        let (archive, _) = Archive::start(store.clone(), Arc::clone(&clock));
        let rules = Arc::new(|server: &str| Rules::new(server, TimeZone::UTC));
        let deriver = Deriver::new(store.clone(), rules, Announcer::silent(), clock);
        let mut plan = Plan::new(7, date(2026, 3, 2).at(20, 0, 0, 0));
        (plan.evenings, plan.maps_per_evening, plan.players_per_side) = (1, 2, 3);
        let arrival = |file: &sim::SimFile| Arrival::of_file(&file.name, file.bytes.clone(), 0);
        let arrivals = sim::play(&plan).unwrap().flat_map(|evening| evening.files().map(arrival).collect::<Vec<_>>());
        let envelope = Envelope { agent: "test".to_owned(), ..Envelope::import("test", 1, 0) };
        let delivery = Delivery { server: "main".to_owned(), envelope, arrivals: arrivals.collect() };
        archive.receive(delivery).await.unwrap();
        while deriver.drive().await.unwrap().files > 0 {}
        Self { store, deriver, _directory: directory }
    }

    fn place(&self) -> Place<'_> {
        Place { store: &self.store, deriver: &self.deriver, now_ms: NOW_MS }
    }

    async fn report(&self) -> SessionReport {
        let session = self.store.newest_sessions(1).await.unwrap().remove(0);
        SessionReport::read(&self.store, session).await.unwrap()
    }

    async fn names(&self) -> [Option<String>; 2] {
        self.report().await.epochs.last().unwrap().names.clone()
    }

    async fn name(&self, a: &str, b: &str) -> Result<Answer, ReportError> {
        teams::name(self.place(), "2026-03-02", &[a.to_owned(), b.to_owned()], "", &by()).await
    }
}

fn by() -> By {
    By { user: UserId::new(42).unwrap(), name: "mod".to_owned() }
}

fn some(a: &str, b: &str) -> [Option<String>; 2] {
    [Some(a.to_owned()), Some(b.to_owned())]
}

fn lines(answer: &Answer) -> Vec<&str> {
    answer.sheets[0].post.lines.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn teams_are_named_renamed_and_named_back() {
    let bench = Bench::new().await;
    let answer = bench.name("Night", "Day").await.unwrap();
    assert_eq!(answer.sheets[0].post.title, "2026-03-02a: Night and Day");
    assert_eq!(
        lines(&answer),
        [
            "Team A is called Night: decision 1",
            "Team B is called Day: decision 2",
            "To take it back: slomix-hub correct undo 1 --reason WHY, then slomix-hub correct undo 2 --reason WHY",
        ]
    );
    let kept = bench.store.decision(1).await.unwrap().unwrap();
    assert_eq!((&*kept.kind, &*kept.author, &*kept.reason), ("name", "mod (Discord 42)", "named on Discord"));
    assert_eq!(bench.names().await, some("Night", "Day"));

    // A takes what B was called, as B gets another name.
    let answer = bench.name("day", "Dusk").await.unwrap();
    assert_eq!(bench.names().await, some("day", "Dusk"));
    assert!(lines(&answer)[0].ends_with("in place of 1 by mod (Discord 42)"), "{answer:?}");
    let answer = bench.name("day", "Dusk").await.unwrap();
    assert_eq!(lines(&answer).len(), 2, "nothing new to take back: {answer:?}");
    let standing: Vec<i64> = bench.store.standing_decisions().await.unwrap().iter().map(|row| row.id).collect();
    for id in standing {
        bench.deriver.undo(id, "me", "a test").await.unwrap();
    }
    assert_eq!(bench.names().await, [None, None]);
}

#[tokio::test]
async fn what_cannot_be_a_name_changes_neither_team() {
    let bench = Bench::new().await;
    bench.name("Night", "Day").await.unwrap();
    for (a, b) in [("Same", "^1same"), ("Fine", "  "), ("Day", "Night"), (&*"x".repeat(65), "Fine")] {
        assert!(matches!(bench.name(a, b).await, Err(ReportError::Nothing(_))), "{a} {b}");
        assert_eq!(bench.names().await, some("Night", "Day"), "{a} {b}");
    }
    let session = teams::name(bench.place(), "2026-03-09", &["x".to_owned(), "y".to_owned()], "", &by()).await;
    let Err(ReportError::Nothing(told)) = session else { panic!("{session:?}") };
    assert!(told.starts_with("There is no session 2026-03-09. The newest are 2026-03-02a. Say a day"), "{told}");
}

#[tokio::test]
async fn a_player_goes_where_he_is_put_and_back() {
    let bench = Bench::new().await;
    bench.name("Night", "Day").await.unwrap();
    let report = bench.report().await;
    let own = report.epochs[0].members.iter().find(|member| member.team == 1).unwrap();
    let team = |report: &SessionReport| {
        report.epochs[0].members.iter().find(|member| member.player == own.player).unwrap().team
    };
    let assign =
        async |team: &'static str| teams::assign(bench.place(), "last", &own.key, team, "a mercenary", &by()).await;
    let answer = assign("day").await.unwrap();
    assert_eq!(answer.sheets[0].post.title, format!("2026-03-02a: {} is in Day", own.name));
    assert_eq!(team(&bench.report().await), -1);
    assert!(lines(&answer).iter().any(|line| line.contains("slomix-hub correct undo 3")), "{answer:?}");
    // Told otherwise, the earlier decision gives way.
    let answer = assign("a").await.unwrap();
    assert!(lines(&answer)[0].contains("decision 4, in place of 3"), "{answer:?}");
    assert_eq!(team(&bench.report().await), 1);
    let Err(ReportError::Nothing(told)) = assign("c").await else { panic!("there is no team c") };
    assert_eq!(told, "There is no team c in 2026-03-02a: say A for Night or B for Day.");
    let stranger = teams::assign(bench.place(), "last", "FFFFFFFF", "a", "", &by()).await;
    let Err(ReportError::Nothing(told)) = stranger else { panic!("{stranger:?}") };
    assert_eq!(told, "FFFFFFFF did not play in 2026-03-02a.");
}

#[tokio::test]
async fn names_are_drawn_for_teams_without_one_and_the_same_each_time() {
    let bench = Bench::new().await;
    let add = async |name: &'static str, colour: Option<&'static str>| {
        pool::add(&bench.store, name, colour, "", &by(), NOW_MS).await
    };
    let draw = async || pool::draw_names(bench.place(), "last", &by()).await;
    assert!(pool::list(&bench.store).await.is_err() && draw().await.is_err(), "an empty pool");
    add("Reds", Some("#FF0000")).await.unwrap();
    add("Blues", None).await.unwrap();
    add("Greens", None).await.unwrap();
    for (name, colour) in [("Reds", Some("ff0000")), ("", None), ("Whites", Some("white"))] {
        assert!(matches!(add(name, colour).await, Err(ReportError::Nothing(_))), "{name}");
    }
    add("reds", Some("#aa0000")).await.unwrap();
    let listed = pool::list(&bench.store).await.unwrap();
    assert_eq!(listed.sheets[0].post.title, "3 names to draw from");
    assert_eq!(lines(&listed), ["Blues", "Greens", "Reds #aa0000"]);

    let drawn = draw().await.unwrap();
    let names = bench.names().await;
    assert!(names.iter().all(Option::is_some), "{drawn:?}");
    assert!(matches!(draw().await, Err(ReportError::Nothing(told)) if told.contains("have names")));
    let [first, second] = [5, 6];
    for id in [first, second] {
        bench.deriver.undo(id, "me", "again").await.unwrap();
    }
    draw().await.unwrap();
    assert_eq!(bench.names().await, names, "the session is the seed");
}
