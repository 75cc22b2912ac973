//! How fast files are read, derived and kept, how large the database gets, and whether a long history makes a round
//! dearer.
//!
//! `SLOMIX_BENCH_ROUNDS` says how many rounds are imported (3,000), `SLOMIX_BENCH_HISTORY` how long the history of the
//! live path is (10,000), `TMPDIR` on which disk, `SLOMIX_BENCH_DATABASE_URL` where an empty PostgreSQL database is.

use std::time::{Duration, Instant};

mod measure {
    pub(crate) mod history;
    pub(crate) mod import;
    pub(crate) mod parse;
    #[expect(dead_code, reason = "only the bot is asked about evenings")]
    pub(crate) mod played;
    pub(crate) mod size;
}

use measure::history::Window;
use measure::import::Imported;
use measure::played::files;
use measure::size::size;

/// What the system before this one did with the same files.
const OLD_PARSE: f64 = 213.0;
const OLD_IMPORT: f64 = 21.0;
const OLD_BYTES: f64 = 30_000.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let begun = Instant::now();
    let played = files(size("SLOMIX_BENCH_ROUNDS", 3_000));
    println!("played {} simulated rounds in {:.1} s", played.len(), begun.elapsed().as_secs_f64());

    let parsed = measure::parse::parse(&played, Duration::from_secs(3));
    println!("parse, simulated, one core:  {}", parsed.line(OLD_PARSE));
    match measure::parse::real_files() {
        Some(real) => {
            let parsed = measure::parse::parse(&real, Duration::from_secs(3));
            println!("parse, real, one core:       {}", parsed.line(OLD_PARSE));
        }
        None => println!("parse, real: skipped, the recorded files are not here"),
    }
    println!("derive, one core:            {:.0} rounds/s", measure::parse::derive(&played, Duration::from_secs(3)));

    tell("SQLite", &measure::import::import(&played, None).await);
    match std::env::var("SLOMIX_BENCH_DATABASE_URL") {
        Ok(url) => tell("PostgreSQL", &measure::import::import(&played, Some(&url)).await),
        Err(_) => println!("import into PostgreSQL: skipped, SLOMIX_BENCH_DATABASE_URL names no empty database"),
    }

    let history = measure::history::history(size("SLOMIX_BENCH_HISTORY", 10_000)).await;
    println!(
        "live path, one file at a time, a server that never pauses, some files days late, the same files each time:"
    );
    for Window { in_time, late, behind } in [&history.short, &history.long] {
        println!("  behind {behind} rounds:");
        println!("    {:.2} ms/round for {} rounds in their time", in_time.mean_ms(), in_time.rounds);
        println!("    {:.2} ms/round for {} rounds that came late", late.mean_ms(), late.rounds);
    }
    let ratio = |of: fn(&Window) -> f64| of(&history.long) / of(&history.short);
    println!("  ratio {:.2} in time, {:.2} late", ratio(|one| one.in_time.mean_ms()), ratio(|one| one.late.mean_ms()));
}

fn tell(engine: &str, import: &Imported) {
    let rate = import.rounds as f64 / import.seconds;
    let bytes = import.bytes as f64 / import.rounds as f64;
    println!(
        "import, all rows, {engine}: {rate:.0} rounds/s ({} in {:.1} s), {:.0} times the {OLD_IMPORT} of before",
        import.rounds,
        import.seconds,
        rate / OLD_IMPORT
    );
    println!("  most resident memory:      {:.1} MiB", import.most_resident as f64 / 1024.0 / 1024.0);
    println!("  database:                  {bytes:.0} bytes/round ({OLD_BYTES:.0} before)");
}
