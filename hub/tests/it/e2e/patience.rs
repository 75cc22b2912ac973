//! Waiting for a state to be reached, never for time to pass.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long anything may take before the test fails: far more than a busy machine needs.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Looks again and again until it sees `what`. A look that saw something else says what it saw.
pub(crate) async fn eventually<T, E: Display>(what: &str, mut look: impl AsyncFnMut() -> Result<T, E>) -> T {
    let started = Instant::now();
    loop {
        match look().await {
            Ok(seen) => return seen,
            Err(instead) if started.elapsed() > PATIENCE => panic!("waited in vain for {what}; instead: {instead}"),
            Err(_) => sleep(LOOK_AGAIN).await,
        }
    }
}
