//! For the operator. It names hosts and agents, so it has a listener of its own.

use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::status_text::status_text;
use crate::serve::Source;

/// What Prometheus asks for.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `/status`: JSON, or for people where they ask for `text/plain`; with code 503, and without what only the database
/// knows, while that does not answer. `/metrics`: for Prometheus, which then reads `slomix_hub_ready 0`.
pub fn routes(source: Source) -> Router {
    Router::new().route("/status", get(status)).route("/metrics", get(metrics)).with_state(source)
}

async fn status(State(source): State<Source>, headers: HeaderMap) -> Response {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let status = source.status().await;
    // Whoever only looks at the code sees that something is wrong; what is known is told all the same.
    let code = if status.posts.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    if accepted.contains("text/plain") {
        return (code, [(CACHE_CONTROL, "no-store")], status_text(&status)).into_response();
    }
    (code, [(CACHE_CONTROL, "no-store")], Json(status)).into_response()
}

async fn metrics(State(source): State<Source>) -> Response {
    ([(CONTENT_TYPE, PROMETHEUS)], source.metrics().await).into_response()
}
