//! The game servers as they are, pushed to whoever looks: server-sent events.
//!
//! `GET /api/v1/live` begins with one event for each server and goes on with one whenever an agent told something. A
//! reader that is slow skips what has changed again meanwhile; each event says everything. Between events comments show
//! that the hub is there.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderName, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;

use super::accept::Peer;
use crate::link::Change;
use crate::serve::LiveView;

mod places;

use places::{Full, Place, Places};

/// Readers at one time; each holds a connection.
const READERS: usize = 64;
/// So many of them from one address.
const READERS_OF_ONE: usize = 16;
/// Between two comments: proxies give up after about a minute of silence.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Keeps proxies from holding events back.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What the route works with.
#[derive(Clone)]
struct Feed {
    view: LiveView,
    places: Arc<Places>,
    heartbeat: Duration,
}

/// The route over what is known.
pub fn routes(view: LiveView) -> Router {
    with(view, READERS, HEARTBEAT)
}

fn with(view: LiveView, readers: usize, heartbeat: Duration) -> Router {
    let feed = Feed { view, places: Places::new(readers, READERS_OF_ONE), heartbeat };
    Router::new().route("/api/v1/live", get(live)).with_state(feed)
}

async fn live(State(feed): State<Feed>, Extension(Peer(from)): Extension<Peer>) -> Response {
    let place = match feed.places.take(from.ip()) {
        Ok(place) => place,
        Err(Full::All) => {
            let why = "too many readers at once; try again in a moment\n";
            return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "30")], why).into_response();
        }
        Err(Full::OfOne) => {
            let why = "too many readers from your address; close one and try again\n";
            return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "30")], why).into_response();
        }
    };
    let alive = KeepAlive::new().interval(feed.heartbeat).text("alive");
    let events = Sse::new(events(feed.view, place)).keep_alive(alive);
    ([(CACHE_CONTROL, "no-store"), (BUFFERING, "no")], events).into_response()
}

/// One reader.
struct Reader {
    view: LiveView,
    changes: watch::Receiver<Change>,
    /// The change of each server that was told last.
    told: BTreeMap<String, u64>,
    waiting: VecDeque<Event>,
    _place: Place,
}

fn events(view: LiveView, place: Place) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let changes = view.live().watch();
    let reader = Reader { view, changes, told: BTreeMap::new(), waiting: VecDeque::new(), _place: place };
    unfold(reader, |mut reader| async { reader.next().await.map(|event| (Ok(event), reader)) })
}

impl Reader {
    /// The next event; none when the hub stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let closed = self.changes.borrow_and_update().closed;
            if closed {
                return None;
            }
            for (change, line) in self.view.lines() {
                if self.told.get(&line.server) != Some(&change) {
                    let event = Event::default().event("server").id(change.to_string()).json_data(&line);
                    self.told.insert(line.server, change);
                    // Text and numbers have a form in JSON.
                    self.waiting.extend(event.ok());
                }
            }
            if self.waiting.is_empty() {
                self.changes.changed().await.ok()?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use slomix_shared::identity::AgentId;
    use slomix_shared::wire::{GamePlayer, GameTeam, LiveState};

    use super::*;
    use crate::config::Config;
    use crate::link::Live;
    use crate::web::Listener;

    struct Page {
        live: Arc<Live>,
        url: String,
        listener: Listener,
    }

    impl Page {
        async fn serve(readers: usize, heartbeat: Duration) -> Self {
            Self::serve_as(|routes| routes, readers, heartbeat).await
        }

        async fn serve_as(routes: impl Fn(Router) -> Router, readers: usize, heartbeat: Duration) -> Self {
            let live = Arc::new(Live::default());
            let view = LiveView::new(live.clone(), Arc::new(|| 5_000), &Config::load(None, |_| None).unwrap());
            let bound = Listener::bind("http", ([127, 0, 0, 1], 0).into()).await.unwrap();
            let url = format!("http://{}/api/v1/live", bound.address());
            Self { live, url, listener: bound.serve(routes(with(view, readers, heartbeat))) }
        }

        fn tell(&self, map: &str) {
            let player = GamePlayer { name: "^1Al\u{7}pha".to_owned(), team: Some(GameTeam::Axis), score: 1, ping: 9 };
            let state = LiveState {
                answers: Some(true),
                answered_age_ms: Some(1_000),
                map: Some(map.to_owned()),
                timelimit_thousandths: Some(12_000),
                players: Some(vec![player]),
                ..LiveState::default()
            };
            self.live.hear(AgentId::from_bytes([1; 16]), "main", state, 4_000);
        }

        async fn read(&self) -> Reading {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            Reading { answer: client.get(&self.url).send().await.unwrap(), text: String::new() }
        }
    }

    struct Reading {
        answer: reqwest::Response,
        text: String,
    }

    impl Reading {
        /// Reads on until `words` have come; what came before them, with them.
        async fn until(&mut self, words: &str) -> String {
            loop {
                if let Some(at) = self.text.find(words) {
                    let rest = self.text.split_off(at + words.len());
                    return std::mem::replace(&mut self.text, rest);
                }
                let chunk = tokio::time::timeout(Duration::from_secs(30), self.answer.chunk()).await;
                let chunk = chunk.expect("something comes").unwrap().expect("it goes on");
                self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        }
    }

    #[tokio::test]
    async fn what_is_known_comes_first_and_then_what_changes() {
        let page = Page::serve(4, Duration::from_mins(1)).await;
        let mut reading = page.read().await;
        assert_eq!(reading.answer.headers()["content-type"], "text/event-stream");
        let first = reading.until("\n\n").await;
        assert!(first.contains("\"server\":\"main\"") && first.contains("\"map\":null"), "{first}");
        page.tell("supply");
        insta::assert_snapshot!(reading.until("\n\n").await);
        page.tell("oasis");
        assert!(reading.until("\n\n").await.contains("\"map\":\"oasis\""));
        let mut late = page.read().await;
        assert!(late.until("\n\n").await.contains("\"map\":\"oasis\""), "one that comes later knows at once");
    }

    #[tokio::test]
    async fn comments_come_while_nothing_happens() {
        let page = Page::serve(4, Duration::from_millis(20)).await;
        let mut reading = page.read().await;
        reading.until("\n\n").await;
        assert_eq!(reading.until("\n\n").await, ": alive\n\n");
    }

    #[tokio::test]
    async fn only_so_many_read_and_a_place_becomes_free() {
        let page = Page::serve(1, Duration::from_millis(20)).await;
        let mut first = page.read().await;
        first.until("\n\n").await;
        let second = page.read().await;
        assert_eq!(
            (second.answer.status().as_u16(), second.answer.headers()["retry-after"].to_str().unwrap()),
            (503, "30")
        );
        drop(first);
        for _ in 0..500 {
            if page.read().await.answer.status().is_success() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the place of a reader that left stays taken");
    }

    #[tokio::test]
    async fn one_address_has_a_part_of_the_places_and_a_proxy_on_this_host_all() {
        let far = |routes: Router| routes.layer(Extension(Peer(([192, 0, 2, 7], 4_000).into())));
        let page = Page::serve_as(far, READERS, Duration::from_mins(1)).await;
        let mut readings = Vec::new();
        for _ in 0..READERS_OF_ONE {
            readings.push(page.read().await);
        }
        assert!(readings.iter().all(|reading| reading.answer.status().is_success()));
        let refused = page.read().await.answer;
        assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (429, "30"));
        assert!(refused.text().await.unwrap().contains("from your address"));

        let page = Page::serve(READERS, Duration::from_mins(1)).await;
        let mut readings = Vec::new();
        for _ in 0..=READERS_OF_ONE {
            readings.push(page.read().await);
        }
        assert!(readings.iter().all(|reading| reading.answer.status().is_success()));
    }

    #[tokio::test]
    async fn readers_are_let_go_when_the_hub_stops() {
        let page = Page::serve(4, Duration::from_mins(1)).await;
        let mut reading = page.read().await;
        reading.until("\n\n").await;
        page.live.close();
        let end = tokio::time::timeout(Duration::from_secs(30), reading.answer.chunk()).await;
        assert_eq!(end.expect("it ends").expect("and ends well"), None);
        page.listener.stop().await;
    }
}
