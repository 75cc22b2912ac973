//! The gateway: sessions that identify, resume, heartbeat and are told of events.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{Shared, shapes};

const INTENT_GUILD_MESSAGES: u64 = 1 << 9;
const INTENT_MESSAGE_CONTENT: u64 = 1 << 15;

const BAD_TOKEN: u16 = 4004;
const DISALLOWED_INTENTS: u16 = 4014;

/// What is told to a connection.
pub(super) enum Tell {
    /// A payload.
    Say(Value),
    /// A close frame with this code.
    Close(u16),
    /// The socket goes without a word.
    Drop,
}

/// All sessions, and the rules for them.
pub(super) struct Sessions {
    by_id: HashMap<String, Session>,
    pub(super) message_content_allowed: bool,
    pub(super) heartbeat_ms: u64,
    pub(super) heartbeats: usize,
    pub(super) identified: usize,
    pub(super) resumed: usize,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            by_id: HashMap::new(),
            message_content_allowed: true,
            heartbeat_ms: 41_250,
            heartbeats: 0,
            identified: 0,
            resumed: 0,
        }
    }
}

/// One session outlives its connections: what happens in between is told when it resumes.
struct Session {
    intents: u64,
    told: Vec<Value>,
    line: Option<mpsc::UnboundedSender<Tell>>,
}

impl Session {
    fn tell(&mut self, kind: &str, data: &Value) {
        let payload = json!({ "op": 0, "t": kind, "s": self.told.len() + 1, "d": data });
        self.told.push(payload.clone());
        if let Some(line) = &self.line {
            let _ = line.send(Tell::Say(payload));
        }
    }
}

impl Sessions {
    /// Tells every session of an event.
    pub(super) fn tell(&mut self, kind: &str, data: &Value) {
        for session in self.by_id.values_mut() {
            session.tell(kind, data);
        }
    }

    /// Tells of a message those that asked for messages; its text only those that may see it.
    pub(super) fn tell_message(&mut self, data: &Value) {
        let blank = {
            let mut blank = data.clone();
            blank["content"] = json!("");
            blank
        };
        for session in self.by_id.values_mut().filter(|session| session.intents & INTENT_GUILD_MESSAGES != 0) {
            let sees_text = session.intents & INTENT_MESSAGE_CONTENT != 0;
            session.tell("MESSAGE_CREATE", if sees_text { data } else { &blank });
        }
    }

    /// Ends every connection in the same way.
    pub(super) fn end_connections(&mut self, end: impl Fn() -> Tell) {
        for line in self.by_id.values_mut().filter_map(|session| session.line.take()) {
            let _ = line.send(end());
        }
    }

    pub(super) fn connections(&self) -> usize {
        self.by_id.values().filter(|s| s.line.as_ref().is_some_and(|line| !line.is_closed())).count()
    }
}

pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let doors = Router::new().route("/", get(open)).with_state(shared);
    axum::serve(listener, doors).await.expect("the listener goes on for ever");
}

async fn open(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| Connection::run(socket, shared))
}

struct Connection {
    shared: Arc<Shared>,
    line: mpsc::UnboundedSender<Tell>,
}

impl Connection {
    async fn run(mut socket: WebSocket, shared: Arc<Shared>) {
        let (line, mut told) = mpsc::unbounded_channel();
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": shared.world().sessions.heartbeat_ms } });
        let _ = line.send(Tell::Say(hello));
        let connection = Self { shared: Arc::clone(&shared), line };
        loop {
            tokio::select! {
                frame = socket.recv() => match frame {
                    Some(Ok(Frame::Text(text))) => connection.hear(&serde_json::from_str(&text).unwrap_or_default()),
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => {}
                },
                Some(tell) = told.recv() => match tell {
                    Tell::Say(payload) => {
                        if socket.send(Frame::Text(payload.to_string().into())).await.is_err() { break }
                    }
                    Tell::Close(code) => {
                        let _ = socket.send(Frame::Close(Some(CloseFrame { code, reason: "".into() }))).await;
                    }
                    Tell::Drop => break,
                },
            }
        }
        drop(told);
        shared.change(|_| ());
    }

    fn hear(&self, payload: &Value) {
        match payload["op"].as_u64() {
            Some(1) => {
                self.shared.change(|world| world.sessions.heartbeats += 1);
                self.say(json!({ "op": 11 }));
            }
            Some(2) => self.identify(&payload["d"]),
            Some(6) => self.resume(&payload["d"]),
            _ => {}
        }
    }

    fn say(&self, payload: Value) {
        let _ = self.line.send(Tell::Say(payload));
    }

    fn identify(&self, data: &Value) {
        let gateway = format!("ws://{}", self.shared.gateway);
        self.shared.change(|world| {
            let intents = data["intents"].as_u64().unwrap_or(0);
            if data["token"].as_str().map(|token| token.trim_start_matches("Bot ")) != Some(world.token.as_str()) {
                let _ = self.line.send(Tell::Close(BAD_TOKEN));
                return;
            }
            if intents & INTENT_MESSAGE_CONTENT != 0 && !world.sessions.message_content_allowed {
                let _ = self.line.send(Tell::Close(DISALLOWED_INTENTS));
                return;
            }
            let id = format!("session{}", world.new_id());
            let mut session = Session { intents, told: Vec::new(), line: Some(self.line.clone()) };
            session.tell("READY", &shapes::ready(&id, &gateway));
            session.tell("GUILD_CREATE", &shapes::guild(world));
            world.sessions.by_id.insert(id, session);
            world.sessions.identified += 1;
        });
    }

    fn resume(&self, data: &Value) {
        self.shared.change(|world| {
            let known = data["session_id"].as_str().and_then(|id| world.sessions.by_id.get_mut(id));
            let Some(session) = known else {
                self.say(json!({ "op": 9, "d": false }));
                return;
            };
            let seen = data["seq"].as_u64().unwrap_or(0) as usize;
            session.line = Some(self.line.clone());
            for missed in session.told.iter().skip(seen) {
                self.say(missed.clone());
            }
            session.tell("RESUMED", &json!({}));
            world.sessions.resumed += 1;
        });
    }
}
