//! For the operator. It names hosts and agents, so it has a listener of its own.

use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::status_text::status_text;
use crate::serve::Source;
use crate::store::StoreError;

/// What Prometheus asks for.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `/status`: JSON, or for people where they ask for `text/plain`. `/metrics`: for Prometheus.
pub fn routes(source: Source) -> Router {
    Router::new().route("/status", get(status)).route("/metrics", get(metrics)).with_state(source)
}

async fn status(State(source): State<Source>, headers: HeaderMap) -> Response {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match source.status().await {
        Ok(status) if accepted.contains("text/plain") => {
            ([(CACHE_CONTROL, "no-store")], status_text(&status)).into_response()
        }
        Ok(status) => ([(CACHE_CONTROL, "no-store")], Json(status)).into_response(),
        Err(error) => failed(&error),
    }
}

async fn metrics(State(source): State<Source>) -> Response {
    match source.metrics().await {
        Ok(text) => ([(CONTENT_TYPE, PROMETHEUS)], text).into_response(),
        Err(error) => failed(&error),
    }
}

/// The operator's own page may say what the database said.
fn failed(error: &StoreError) -> Response {
    tracing::error!("the status cannot be read: {error}");
    (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
}
