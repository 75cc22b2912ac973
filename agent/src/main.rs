//! `slomix-agent`, beside the game server. All that it does is in the library.

use std::process::ExitCode;

use clap::Parser;
use slomix_agent::cli::Cli;

fn main() -> ExitCode {
    end_quietly_without_a_reader();
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            slomix_agent::cli::print_error(&error);
            ExitCode::FAILURE
        }
    }
}

/// Printing where nobody can read (a closed pipe, a full disk) ends the program with one line.
fn end_quietly_without_a_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if text.starts_with("failed printing to stdout") {
            // Whoever read has seen enough.
            if text.contains("Broken pipe") {
                std::process::exit(0);
            }
            eprintln!("slomix-agent: {text}");
            std::process::exit(1);
        }
        usual(panic);
    }));
}
