//! The commands.

mod check;
mod clock;
mod directory_doctor;
mod doctor;
mod finding;
mod game_doctor;
mod join;
mod paint;
mod run;
mod spool_doctor;
mod status;
mod words;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::Config;
use crate::home::Home;

/// Ships what the game server's scripts write to a Slomix hub.
///
/// The agent runs beside an ET:Legacy server and watches the directories into which its Lua scripts write. A file
/// that the game closes is at the hub milliseconds later; while the hub is away files wait here. The agent never
/// changes or deletes a file of the game server.
#[derive(Debug, Parser)]
#[command(name = "slomix-agent", version, after_help = AFTER_HELP, max_term_width = 110)]
pub struct Cli {
    /// The configuration file (slomix-agent.toml here, if it is there)
    #[arg(long, global = true, value_name = "FILE", env = "SLOMIX_AGENT_CONFIG")]
    config: Option<PathBuf>,

    /// The agent's own directory: its keys, what it knows and safe copies
    #[arg(long, global = true, value_name = "DIR", env = "SLOMIX_AGENT_DATA", default_value = "./slomix-data/agent")]
    data: PathBuf,

    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
The first steps:
  on the hub's host     slomix-hub agent invite NAME     prints a token
  on this host          slomix-agent join TOKEN
                        slomix-agent run --stats-dir ~/.etlegacy/legacy/gamestats
  and should something be amiss
                        slomix-agent doctor";

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch, and ship what is finished, until told to stop (SIGTERM or Ctrl-C)
    Run(RunArgs),
    /// Join the hub whose operator made TOKEN
    Join(JoinArgs),
    /// Say what the hub would make of files, without sending them
    Check(CheckArgs),
    /// Say how the agent on this data directory is doing
    Status(OutputArgs),
    /// Look for what keeps the agent from working, and say how to mend it
    Doctor(OutputArgs),
}

#[derive(Debug, Args)]
struct RunArgs {
    /// Watch this directory, too (may be given more than once; all kinds of files may lie in one)
    #[arg(long, value_name = "DIR")]
    stats_dir: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct JoinArgs {
    /// What `slomix-hub agent invite NAME` printed; good for one agent, for a short time
    token: String,

    /// Join anew although this agent has joined: with new keys, as another agent
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Files as the game server named them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Args)]
struct OutputArgs {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Cli {
    /// Does what the command line says.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref(), environment())?;
        start_log(&config.log)?;
        let home = Home::at(&self.data);
        match self.command {
            Command::Run(args) => run::run(&home, config, &args.stats_dir),
            Command::Join(args) => join::join(&home, &args.token, args.force, &config),
            Command::Check(args) => check::check(&config, &args.files, args.output.json),
            Command::Status(args) => status::status(&home, args.json),
            Command::Doctor(args) => doctor::doctor(&home, &config, args.json),
        }
    }
}

/// Prints an error and what led to it, each on its line.
pub fn print_error(error: &anyhow::Error) {
    eprintln!("{} {error}", paint::Paint::for_stderr().bad("error:"));
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

/// Variables whose names or values are no text are not ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
}

fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| anyhow::anyhow!("`log` is set to `{filter}`: {error}"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .with_target(false)
        .init();
    Ok(())
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// One thread for everything, and two more for what may block, since a name server that hangs must not hold up a safe
/// copy. With the watch's own there are four.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(2).build()
}
