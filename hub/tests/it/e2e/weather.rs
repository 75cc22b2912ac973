//! The road between the programs is bad, and an evening still arrives whole, once, and is posted once.

use super::chaos::{self, Mishap, Weather};
use super::kills::number;
use super::*;

const SECOND_OF_WAIT: Duration = Duration::from_secs(1);

/// Plays an evening while the road is like that, and looks whether all of it came. What the agent said.
async fn an_evening(weather: Weather, configuration: Option<&str>, way: &str) -> String {
    let (road, storm) = chaos::open(weather).await;
    let mut stage = Stage::begin_on(road, configuration).await;
    let mut played = evenings();
    played.truncate(1);
    eventually("the agent", async || {
        let status = stage.hub.status().await;
        let agent = &status["agents"][0];
        if agent["connected"] == true && agent["way"] == way { Ok(()) } else { Err(status) }
    })
    .await;
    storm.send_replace(true);
    for number in 0..6 {
        let round = round(&played, FIRST, number).clone();
        stage.game.play(stats(&round));
        stage.game.play(endstats(&round));
        // A little apart, so that not all of it is one batch.
        tokio::time::sleep(SECOND_OF_WAIT / 2).await;
    }
    stage.nothing_is_left_to_do().await;
    let Stage { fake, mut hub, mut agent, .. } = stage;
    agent.stop().await;
    hub.stop().await;
    let status = agent.status().await;
    assert_eq!((&status["unacked_files"], &status["complaint_count"]), (&0.into(), &0.into()), "{status:#}");
    let said = agent.said();
    assert!(!said.contains("ERROR"), "nothing went wrong that the agent calls an error:\n{said}");
    let text = hub.run(&["dump"]).await;
    let dump = Dump::read(&text);
    oracle::check(&dump, &played);
    posts::check(&fake.messages(CHANNEL), &played);
    assert_eq!(count(&dump.fates(), "stored", ""), 12, "six rounds with their endstats: {:?}", dump.fates());
    hub.run(&["verify"]).await;
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_datagrams_of_ten_are_lost() {
    an_evening(Weather { seed: 1, lost: 30, ..Weather::default() }, None, "udp").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn datagrams_come_twice_late_and_in_another_order() {
    an_evening(Weather { seed: 2, lost: 5, twice: 40, late: 40, ..Weather::default() }, None, "udp").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_agent_comes_from_another_port_every_few_datagrams() {
    let said = an_evening(Weather { seed: 3, rebound_after: Some(7), ..Weather::default() }, None, "udp").await;
    assert_eq!(said.matches("connected hub=").count(), 1, "the connection outlives that:\n{said}");
}

/// Longer than the agent waits for an ack; the programs' idle times are theirs. `SLOMIX_HOLE_SECONDS` says how long the
/// first of the two is; with 60 both sides have given the connection up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_a_while_nothing_gets_through() {
    let hole = |from: u32, length: u32| (SECOND_OF_WAIT * from, SECOND_OF_WAIT * (from + length));
    let first = number("SLOMIX_HOLE_SECONDS", 24) as u32;
    let holes = vec![hole(1, first), hole(first + 4, 3)];
    an_evening(Weather { seed: 4, holes, ..Weather::default() }, None, "udp").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn udp_is_closed_and_connections_over_tcp_are_cut_reset_and_closed_on_one_side() {
    // Joining, and then what befalls the agent that runs: in the middle of a handshake, of a frame, and later.
    let mishaps = vec![
        Mishap::None,
        Mishap::Cut(700),
        Mishap::Reset(4_000),
        Mishap::HalfClose(4_500),
        Mishap::Cut(6_001),
        Mishap::Reset(9_000),
        Mishap::HalfClose(1),
        Mishap::Cut(12_345),
    ];
    let weather = Weather { no_udp: true, tcp: Some(mishaps), ..Weather::default() };
    let said = an_evening(weather, Some("[hub]\ntcp_after = 1\n"), "tcp").await;
    assert!(said.contains("going on over TCP"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn udp_is_closed_and_a_connection_over_tcp_stalls() {
    let mishaps = vec![Mishap::None, Mishap::Stall(5_000)];
    let weather = Weather { no_udp: true, tcp: Some(mishaps), ..Weather::default() };
    let said = an_evening(weather, Some("[hub]\ntcp_after = 1\n"), "tcp").await;
    assert!(said.contains("no ack came"), "{said}");
}
