//! `slomix-agent`, beside the game server. All that it does is in the library.

use std::process::ExitCode;

use clap::Parser;
use slomix_agent::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            slomix_agent::cli::print_error(&error);
            ExitCode::FAILURE
        }
    }
}
