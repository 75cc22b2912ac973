use std::process::ExitCode;
use std::time::Duration;

use super::paint::Paint;
use super::{clock, now_ms, runtime};
use crate::config::Config;
use crate::home::Home;
use crate::join::{Manner, join as join_hub};

/// Joins a hub and says what to do next.
pub(super) fn join(home: &Home, token: &str, force: bool, config: &Config) -> anyhow::Result<ExitCode> {
    let patience = Duration::from_secs(10);
    let manner = Manner { force, now_ms: now_ms(), patience, fallback: config.fallback.clone() };
    let joined = runtime()?.block_on(join_hub(home, token, manner))?;
    let paint = Paint::for_stdout();
    println!("{} as `{}`, for the game server `{}`.", paint.good("Joined"), joined.name, joined.server);
    println!("Keys and certificate are in {}, closed to others.", home.path().display());
    if let Some(apart) = joined.clock_ms.and_then(|clock_ms| clock::apart(now_ms().saturating_sub(clock_ms))) {
        println!("{} {apart}.", paint.odd("Note:"));
    }
    println!("Next: slomix-agent run --stats-dir DIR");
    Ok(ExitCode::SUCCESS)
}
