//! For load balancers, service managers and monitoring: is it alive, and can it work?

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::serve::Source;

/// `/healthz`: the process answers. `/readyz`: the database answers, takes writes, and files are derived; else 503 with
/// one reason a line.
pub fn routes(source: Source) -> Router {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).with_state(source)
}

async fn ready(State(source): State<Source>) -> (StatusCode, String) {
    let obstacles = source.obstacles().await;
    if obstacles.is_empty() {
        return (StatusCode::OK, "ready\n".to_owned());
    }
    (StatusCode::SERVICE_UNAVAILABLE, obstacles.join("\n") + "\n")
}
