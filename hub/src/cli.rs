//! What an admin types.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

mod agent;
mod backup;
mod correct;
mod doctor;
mod dump;
mod frame;
mod import;
pub(crate) mod paint;
pub(crate) mod posts;
mod progress;
mod quarantine;
mod rebuild;
mod restore;
pub(crate) mod serve;
mod server;
pub(crate) mod setup;
mod show;
mod verify;
mod work;
mod zones;

/// Competitive stats for ET:Legacy: receives what game servers play, scores it, keeps it, posts it.
#[derive(Debug, Parser)]
#[command(name = "slomix-hub", version, about, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
First look:        slomix-hub demo
Years of files:    slomix-hub import /path/to/gamestats
Every evening:     slomix-hub serve
Every night:       slomix-hub backup FILE
What is wrong:     slomix-hub doctor
A game server:     slomix-hub agent invite NAME, then on its host slomix-agent join TOKEN";

/// The heading of what every command takes, so that its own options stand out.
const EVERYWHERE: &str = "For every command";

/// Where things are, for every command.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// Configuration file; without one the defaults hold
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "SLOMIX_HUB_CONFIG",
        hide_env_values = true,
        help_heading = EVERYWHERE
    )]
    config: Option<PathBuf>,
    /// Data directory: database and keys
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "SLOMIX_HUB_DATA",
        hide_env_values = true,
        default_value = "slomix-data/hub",
        help_heading = EVERYWHERE
    )]
    data: PathBuf,
    /// Print data as JSON
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive from agents, derive, post and serve status until stopped
    Serve(serve::ServeArgs),
    /// Show everything at work, with a simulated evening or your own files: no setup, nothing left behind
    Demo(crate::demo::DemoArgs),
    /// Bring files of a stats directory in; safe to repeat and to interrupt
    Import(import::ImportArgs),
    /// Make every derived row again from the kept files, block by block while people go on reading
    #[command(after_help = rebuild::HELP)]
    Rebuild,
    /// Check that what is kept is what arrived and is signed, and that numbers follow from it
    Verify(verify::VerifyArgs),
    /// Files that could not be read
    #[command(after_help = quarantine::HELP)]
    Quarantine {
        #[command(subcommand)]
        command: quarantine::QuarantineCommand,
    },
    /// Decide what the files cannot know: void a round, fix a side or a team, merge players; with undo
    Correct {
        #[command(subcommand)]
        command: correct::CorrectCommand,
    },
    /// The agents beside the game servers
    Agent {
        #[command(subcommand)]
        command: agent::AgentCommand,
    },
    /// The game servers themselves: who plays, chat, kicks, maps
    Server(server::ServerArgs),
    /// Show a round, a session, a player or a leaderboard
    Show {
        #[command(subcommand)]
        what: show::What,
    },
    /// Print every derived row as a line of JSON, sorted; two equal hubs print the same
    #[command(after_help = "\
No clock and no order of arrival is in it: compare two hubs, or one before and after a rebuild, with cmp or diff. Each \
line begins with its table, {\"table\": …}.")]
    Dump,
    /// Look for what keeps the hub from working, and say what to do about it
    #[command(after_help = doctor::HELP)]
    Doctor,
    /// Write one file with everything that cannot be made again, while the hub serves
    Backup(backup::BackupArgs),
    /// Make a hub of a backup, checked from end to end
    Restore(restore::RestoreArgs),
}

impl Cli {
    /// Runs the command; the answer is the exit code.
    pub async fn run(self) -> anyhow::Result<u8> {
        let Self { place, command } = self;
        match command {
            Command::Serve(args) => serve::run(&place, args).await,
            Command::Demo(_) if place.json => anyhow::bail!("the demo is to be looked at and prints no JSON"),
            Command::Demo(args) => crate::demo::run(args).await,
            Command::Correct { command } => correct::run(&place, command).await,
            Command::Agent { command } => agent::run(&place, command).await,
            Command::Server(args) => server::run(&place, args).await,
            Command::Import(args) => import::run(&place, args).await,
            Command::Rebuild => rebuild::run(&place).await,
            Command::Verify(args) => verify::run(&place, args).await,
            Command::Quarantine { command } => quarantine::run(&place, command).await,
            Command::Show { what } => show::run(&place, what).await,
            Command::Dump => dump::run(&place).await,
            Command::Doctor => doctor::run(&place).await,
            Command::Backup(args) => backup::run(&place, args).await,
            Command::Restore(args) => restore::run(&place, args).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// What `--help` says of a command, 100 columns wide.
    fn help(path: &[&str]) -> String {
        let mut command = Cli::command().term_width(100);
        command.build();
        let mut found = &mut command;
        for name in path {
            found = found.find_subcommand_mut(name).expect("a command of this name");
        }
        found.clone().term_width(100).render_long_help().to_string()
    }

    #[test]
    fn help_teaches() {
        Cli::command().debug_assert();
        for path in [
            &["serve"][..],
            &["rebuild"],
            &["verify"],
            &["quarantine"],
            &["quarantine", "show"],
            &["quarantine", "retry"],
            &["agent", "invite"],
            &["agent", "approve"],
            &["backup"],
            &["restore"],
            &["doctor"],
            &["import"],
            &["show", "player"],
            &["show", "leaderboard"],
        ] {
            insta::assert_snapshot!(format!("help_{}", path.join("_")), help(path));
        }
    }
}
