//! The REST side: one door for all calls, so that checks and faults are the same for each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde_json::{Value, json};

use super::Shared;
use super::buckets::Standing;
use super::calls::Call;
use super::faults::Fault;
use super::form::{self, File, Form};
use super::messages::Reply;
use super::refusal::Refusal;
use super::tls::{Cut, Listener};
use super::world::World;
use super::{BOT, interactions, messages, shapes};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// When it had come.
    pub at: Instant,
    /// Which call it is.
    pub call: Call,
    /// Its method.
    pub method: Method,
    /// Its path with the query.
    pub path: String,
    /// Its JSON, of a form the `payload_json`.
    pub json: Value,
    /// Its files.
    pub files: Vec<File>,
    /// With which status it was answered; `None` while it is not, or when the connection was cut.
    pub status: Option<u16>,
}

pub(super) async fn serve(listener: Listener, shared: Arc<Shared>) {
    let doors = Router::new().fallback(answer).with_state(shared);
    let served = axum::serve(listener, doors.into_make_service_with_connect_info::<Cut>()).await;
    served.expect("the listener goes on for ever");
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let token = request.headers().get("authorization").and_then(|token| token.to_str().ok()).map(str::to_owned);
    let form = form::read(request).await;
    let call = Call::of(&method, uri.path());
    let note = Request {
        at: Instant::now(),
        call: call.clone(),
        method,
        path: uri.to_string(),
        json: form.json.clone(),
        files: form.files.clone(),
        status: None,
    };
    let query = uri.query().unwrap_or_default().to_owned();
    let gateway = format!("ws://{}", shared.gateway);
    let (number, fault, reply) = shared.change(|world| {
        world.requests.push(note);
        let asked = Asked { call: &call, form: &form, query: &query, token: token.as_deref(), gateway: &gateway };
        let fault = world.faults.take(&call);
        let reply = asked.answered(world, fault.as_ref());
        (world.requests.len() - 1, fault, reply)
    });
    match fault {
        Some(Fault::CutBefore | Fault::CutAfter) => {
            line.now();
            return Response::new(Body::empty());
        }
        Some(Fault::Slow(delay)) => tokio::time::sleep(delay).await,
        _ => {}
    }
    shared.change(|world| world.requests[number].status = Some(reply.status().as_u16()));
    reply
}

struct Asked<'a> {
    call: &'a Call,
    form: &'a Form,
    query: &'a str,
    token: Option<&'a str>,
    gateway: &'a str,
}

impl Asked<'_> {
    fn answered(&self, world: &mut World, fault: Option<&Fault>) -> Response {
        let standing = world.buckets.count(self.call);
        match fault {
            Some(Fault::RateLimited { retry_after, global }) => return too_many(&standing, *retry_after, *global),
            Some(Fault::Status(status)) => return plain(*status),
            Some(Fault::CutBefore) => return plain(500),
            Some(Fault::Refuse { status, code, message }) => {
                let refusal = Refusal::new(*status, *code, message);
                return respond(refusal.status, &refusal.body, |headers| standing.write(headers));
            }
            _ if !standing.allowed => return too_many(&standing, standing.reset_after, false),
            _ => {}
        }
        let reply = self.done(world);
        if let Some(Fault::DoneButStatus(status)) = fault {
            return plain(*status);
        }
        let (status, body) = reply.unwrap_or_else(|refusal| (refusal.status, refusal.body));
        respond(status, &body, |headers| standing.write(headers))
    }

    fn done(&self, world: &mut World) -> Reply {
        if !self.call.needs_no_token() && self.token != Some(format!("Bot {}", world.token).as_str()) {
            return Err(Refusal::unauthorized());
        }
        match self.call {
            Call::GetGateway => Ok((200, json!({ "url": self.gateway }))),
            Call::GetGatewayBot => {
                let limit = json!({ "total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1 });
                Ok((200, json!({ "url": self.gateway, "shards": 1, "session_start_limit": limit })))
            }
            Call::GetMe => Ok((200, shapes::user(BOT))),
            Call::GetApplication => Ok((200, shapes::application())),
            Call::SetCommands => interactions::set_commands(world, self.form),
            Call::GetChannel(channel) => messages::get_channel(world, *channel),
            Call::ListMessages(channel) => messages::list(world, *channel, self.query),
            Call::CreateMessage(channel) => messages::create(world, *channel, self.form),
            Call::GetMessage(channel, message) => messages::get(world, *channel, *message),
            Call::EditMessage(channel, message) => messages::edit(world, *channel, *message, self.form),
            Call::DeleteMessage(channel, message) => messages::delete(world, *channel, *message),
            Call::Typing(channel) => messages::typing(world, *channel),
            Call::InteractionCallback(id, token) => interactions::callback(world, *id, token, self.form),
            Call::FollowUp(token) => interactions::follow_up(world, token, self.form),
            Call::EditFollowUp(token, message) => interactions::edit_follow_up(world, token, *message, self.form),
            Call::GetUser(user) => Ok((200, shapes::user(*user))),
            Call::EditOriginal(token) => interactions::edit_original(world, token, self.form),
            Call::Unknown => Err(Refusal::no_such_route()),
        }
    }
}

fn respond(status: u16, body: &Value, headers: impl FnOnce(&mut HeaderMap)) -> Response {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body)
        .expect("a status that exists");
    headers(response.headers_mut());
    response
}

/// Discord's 429 has no code in its body.
fn too_many(standing: &Standing, retry_after: Duration, global: bool) -> Response {
    let seconds = retry_after.as_secs_f64();
    let body = json!({ "message": "You are being rate limited.", "retry_after": seconds, "global": global });
    respond(429, &body, |headers| {
        standing.write(headers);
        headers.insert("retry-after", format!("{seconds:.3}").parse().expect("a number is a header value"));
        if global {
            headers.insert("x-ratelimit-global", "true".parse().expect("a word is a header value"));
        }
    })
}

/// What a broken gateway in front of Discord says.
fn plain(status: u16) -> Response {
    let page = Body::from("<html>something is wrong</html>");
    Response::builder().status(status).header("content-type", "text/html").body(page).expect("a status that exists")
}
