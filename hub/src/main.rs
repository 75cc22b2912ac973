//! The hub's program.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use slomix_hub::cli::Cli;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    end_quietly_without_a_reader();
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,slomix_hub=info,serenity=error,quinn=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    // One provider for TLS in the whole program, so that no library falls back to another.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("slomix-hub: the runtime could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.run()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            anstream::eprintln!("slomix-hub: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// The chain of causes, each said once: some errors tell their cause themselves.
fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
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
            anstream::eprintln!("slomix-hub: {text}");
            std::process::exit(1);
        }
        usual(panic);
    }));
}
