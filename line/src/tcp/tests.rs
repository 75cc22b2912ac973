//! Connections over a pipe instead of a socket, in a time of their own.

use std::time::Duration;

use slomix_shared::wire::{CloseCode, ResetCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::Instant;

use super::Limits;
use super::connection::About;
use super::handshake::begin;
use super::record::{LEN, Record};
use crate::{Connection, ConnectionError, ReadError, WriteError};

const LIMITS: Limits =
    Limits { bi: 4, uni: 4, window: 256 * 1024, idle: Duration::from_mins(1), keep_alive: Duration::from_secs(15) };

fn side(stream: DuplexStream, accepted: bool) -> Connection {
    let about = About {
        remote: "192.0.2.1:27999".parse().unwrap(),
        alpn: b"slomix/1".to_vec(),
        chain: None,
        binding: [7; 32],
        rtt: Duration::ZERO,
    };
    begin(stream, accepted, about, LIMITS)
}

/// Two ends of a connection whose pipe holds so many bytes.
fn pair(holds: usize) -> (Connection, Connection) {
    let (one, other) = duplex(holds);
    (side(one, false), side(other, true))
}

/// One end, and the bare pipe at the other.
fn half(holds: usize) -> (Connection, DuplexStream) {
    let (one, other) = duplex(holds);
    (side(one, false), other)
}

fn grants(streams: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    Record::GrantBi { streams }.write(&mut bytes);
    Record::GrantUni { streams }.write(&mut bytes);
    bytes
}

#[tokio::test(start_paused = true)]
async fn large_contents_cross_in_both_directions_through_a_pipe_that_holds_little() {
    let (one, other) = pair(700);
    let content: Vec<u8> = (0..1_500_000_u32).map(|at| (at % 251) as u8).collect();
    let send = async |from: &Connection| {
        let mut stream = from.open_uni().await.unwrap();
        stream.write_all(&content).await.unwrap();
        stream.finish();
        assert_eq!(stream.stopped().await, Ok(None), "the other side has it all");
    };
    let take = async |at: &Connection| {
        let mut stream = at.accept_uni().await.unwrap();
        let mut got = Vec::new();
        while stream.read(&mut got, 10_000).await.unwrap() {}
        got
    };
    let ((), (), got, got_too) = tokio::join!(send(&one), send(&other), take(&one), take(&other));
    assert!(got == content && got_too == content);
}

#[tokio::test(start_paused = true)]
async fn codes_of_streams_and_of_the_connection_arrive() {
    let (one, other) = pair(64 * 1024);
    let (mut asking, mut answer) = one.open_bi().await.unwrap();
    asking.write_all(b"half of a mess").await.unwrap();
    let (mut answering, mut question) = other.accept_bi().await.unwrap();
    question.stop(ResetCode::Malformed);
    answering.reset(ResetCode::NotStored);
    assert_eq!(asking.stopped().await, Ok(Some(ResetCode::Malformed)));
    let written = asking.write_all(b"the rest").await;
    assert_eq!(written, Err(WriteError::Stopped(ResetCode::Malformed)));
    let read = answer.read(&mut Vec::new(), 10).await;
    assert_eq!(read, Err(ReadError::Reset(ResetCode::NotStored)));

    other.close(CloseCode::Revoked);
    assert_eq!(one.closed().await, ConnectionError::Closed(CloseCode::Revoked));
    assert_eq!(other.closed().await, ConnectionError::ClosedHere);
    assert_eq!(one.open_uni().await.unwrap_err(), ConnectionError::Closed(CloseCode::Revoked));
    assert_eq!(one.accept_bi().await.unwrap_err(), ConnectionError::Closed(CloseCode::Revoked));
    tokio::join!(one.gone(), other.gone());
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_closes_and_streams_are_handles() {
    let (one, other) = pair(64 * 1024);
    let mut stream = one.open_uni().await.unwrap();
    drop(one);
    stream.write_all(b"last words").await.unwrap();
    stream.finish();
    let mut read = other.accept_uni().await.unwrap();
    let mut words = Vec::new();
    while read.read(&mut words, 100).await.unwrap() {}
    assert_eq!(words, b"last words");
    drop(stream);
    assert_eq!(other.closed().await, ConnectionError::Closed(CloseCode::Done));
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_lasts_and_a_silent_one_does_not() {
    let (one, other) = pair(64 * 1024);
    tokio::time::sleep(Duration::from_hours(24)).await;
    let mut stream = one.open_uni().await.unwrap();
    stream.write_all(b"still here").await.unwrap();
    other.accept_uni().await.unwrap();

    // The other end is there, and says nothing.
    let (one, mut other) = half(64 * 1024);
    let since = Instant::now();
    let swallow = async {
        let mut pings = Vec::new();
        let _ = other.read_buf(&mut pings).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = swallow => {}
        ended = one.closed() => assert_eq!(ended, ConnectionError::Silent),
    }
    assert!((LIMITS.idle..LIMITS.idle * 2).contains(&since.elapsed()), "{:?}", since.elapsed());
}

#[tokio::test(start_paused = true)]
async fn one_that_speaks_and_never_listens_is_given_up() {
    let (one, mut other) = half(1_000);
    other.write_all(&grants(4)).await.unwrap();
    let mut stream = one.open_uni().await.unwrap();
    let much = vec![0; 10_000_000];
    let talk = async {
        loop {
            let mut ping = Vec::new();
            Record::Ping.write(&mut ping);
            if other.write_all(&ping).await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    };
    tokio::select! {
        () = talk => {}
        written = stream.write_all(&much) => assert_eq!(written, Err(ConnectionError::Silent.into())),
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_cut_in_the_middle_of_a_record_loses_what_was_not_whole() {
    let (one, mut other) = half(64 * 1024);
    let mut bytes = Vec::new();
    Record::Data { stream: 1, bytes: 5 }.write(&mut bytes);
    bytes.extend_from_slice(b"whole");
    Record::Data { stream: 1, bytes: 100 }.write(&mut bytes);
    bytes.extend_from_slice(b"cut");
    // Its grant of streams comes first.
    let mut granted = [0; 2 * LEN];
    other.read_exact(&mut granted).await.unwrap();
    other.write_all(&bytes).await.unwrap();
    let (_answer, mut stream) = one.accept_bi().await.unwrap();
    drop(other);
    let mut read = Vec::new();
    let ended = loop {
        match stream.read(&mut read, 1_000).await {
            Ok(more) => assert!(more),
            Err(ended) => break ended,
        }
    };
    assert_eq!(read, b"whole");
    assert!(matches!(ended, ReadError::Lost(ConnectionError::Other(_))), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_ends_its_side_is_gone() {
    let (one, mut other) = half(64 * 1024);
    other.write_all(&grants(1)).await.unwrap();
    let (_stream, mut answer) = one.open_bi().await.unwrap();
    other.shutdown().await.unwrap();
    let ended = answer.read(&mut Vec::new(), 1).await.unwrap_err();
    assert!(matches!(&ended, ReadError::Lost(ConnectionError::Other(why)) if why.contains("hung up")), "{ended:?}");
}
