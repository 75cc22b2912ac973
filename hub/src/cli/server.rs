use clap::{Args, Subcommand};
use jiff::Timestamp;
use slomix_shared::game::clean_name;
use slomix_shared::wire::{ControlAnswer, GamePlayer, Intent, Seat};

use super::correct::login_name;
use super::paint::{BAD, GOOD, QUIET, painted};
use super::progress::waiting;
use super::{Place, setup};
use crate::data_dir::DataDir;
use crate::serve::Asked;
use crate::serve::admin::{Ask, CallError, call, serves};
use crate::store::control::ControlRow;

/// Requests that are listed.
const LISTED: i64 = 20;

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct ServerArgs {
    /// Which configured server; needed when there are several
    #[arg(long, value_name = "KEY", global = true)]
    server: Option<String>,
    #[command(subcommand)]
    command: ServerCommand,
}

pub(super) const HELP: &str = "\
The agent beside the game server does it, if its configuration allows that (control.allow there), and both keep a record. \
It takes one request a second. A hub must serve, and the agent be connected.";

#[derive(Debug, Subcommand)]
enum ServerCommand {
    /// Map and players, as the server tells everybody
    Status,
    /// Who is in which slot
    Players,
    /// The maps that it has
    Maps,
    /// Say something in its chat
    Say {
        /// The line
        #[arg(required = true, value_name = "TEXT")]
        text: Vec<String>,
    },
    /// Have a player leave
    Kick {
        /// The slot, as `players` lists it
        slot: u8,
        /// How long the player may not come back, in seconds; the server's own time without it
        #[arg(long = "for", value_name = "SECONDS")]
        seconds: Option<u32>,
    },
    /// Load a map; a match under way is abandoned
    Map {
        /// One that `maps` lists
        map: String,
    },
    /// Begin the map anew; a match under way is abandoned
    Restart,
    /// Give its console a command, where the agent allows that
    Rcon {
        /// The command
        #[arg(required = true, value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// What was asked for last, by whom, and what came of it
    Log,
}

pub(super) async fn run(place: &Place, args: ServerArgs) -> anyhow::Result<u8> {
    let intent = match args.command {
        ServerCommand::Log => return log(place, args.server.as_deref()).await,
        ServerCommand::Status => Intent::Status,
        ServerCommand::Players => Intent::Players,
        ServerCommand::Maps => Intent::ListMaps,
        ServerCommand::Say { text } => Intent::Say { text: text.join(" ") },
        ServerCommand::Kick { slot, seconds } => Intent::Kick { slot, seconds },
        ServerCommand::Map { map } => Intent::ChangeMap { map },
        ServerCommand::Restart => Intent::Restart,
        ServerCommand::Rcon { command } => Intent::Rcon { command: command.join(" ") },
    };
    setup::config(place)?;
    let by = format!("{} (console)", login_name());
    let ask = Ask { server: args.server, intent, by };
    let data = DataDir::open(&place.data)?;
    let patience = if serves(&data).await { patience(&ask.intent).map(|line| waiting(&line)) } else { None };
    let called = call(&data, &ask, &|_| {}).await;
    drop(patience);
    let asked = match called {
        Err(CallError::NobodyServes(_)) => {
            anyhow::bail!("no hub serves {}, and agents are only connected to one that does", place.data.display())
        }
        asked => asked?,
    };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&asked)?);
    } else {
        print(&ask.intent, &asked);
    }
    Ok(u8::from(asked.answer.outcome() != "done"))
}

/// What is waited for, and for how long at most, where that is longer than people expect. The agent looks for as long.
fn patience(intent: &Intent) -> Option<String> {
    match intent {
        Intent::ChangeMap { map } => Some(format!("Waiting for {} to be loaded, for up to 45 s", plain(map))),
        Intent::Restart => Some("Waiting for the map to begin anew, for up to 45 s".to_owned()),
        _ => None,
    }
}

fn print(intent: &Intent, asked: &Asked) {
    match &asked.answer {
        ControlAnswer::Status(status) => {
            let of = status.most_players.map_or_else(String::new, |most| format!(" of {most}"));
            let map = status.map.as_deref().map_or_else(|| "no map".to_owned(), plain);
            anstream::println!("{}  {map}, {}{of} on it", painted(GOOD, &asked.server), status.players.len());
            for player in &status.players {
                anstream::println!("{}", player_line(player));
            }
        }
        ControlAnswer::Players { players } if players.is_empty() => anstream::println!("Nobody is on it"),
        ControlAnswer::Players { players } => {
            for seat in players {
                anstream::println!("{}", seat_line(seat));
            }
        }
        ControlAnswer::Maps { maps } => anstream::println!("{}", plain_lines(maps.iter().map(String::as_str))),
        ControlAnswer::Done { text } => anstream::println!("{}", done(intent, &asked.server, text)),
        ControlAnswer::Refused { reason } => anstream::println!("{}: {}", painted(BAD, "Refused"), plain(reason)),
        ControlAnswer::Failed { reason } => anstream::println!("{}: {}", painted(BAD, "Failed"), plain(reason)),
        ControlAnswer::Unrecognised => {
            anstream::println!("{}: the agent is newer than this hub", painted(BAD, "No answer that can be read"));
        }
    }
}

/// What was done, in words. Of a chat line the game server repeats what it sent to whom, in words of its own.
fn done(intent: &Intent, server: &str, text: &str) -> String {
    match intent {
        Intent::Say { text } => format!("Said on {}: {}", plain(server), plain(text)),
        _ => plain_lines(text.lines()),
    }
}

fn player_line(player: &GamePlayer) -> String {
    let team = player.team.map_or_else(String::new, |team| format!("{team:?}").to_lowercase());
    format!("  {:<9}  {:>5}  {:>4} ms  {}", team, player.score, player.ping, plain(&player.name))
}

fn seat_line(seat: &Seat) -> String {
    let ping = match (seat.bot, seat.ping) {
        (true, _) => "bot".to_owned(),
        (false, Some(ping)) => format!("{ping} ms"),
        (false, None) => "connects".to_owned(),
    };
    format!("{:>3}  {:>5}  {ping:>8}  {}", seat.slot, seat.score, plain(&seat.name))
}

/// Text of a game without its colours, and without what steers a terminal.
fn plain(text: &str) -> String {
    clean_name(text.as_bytes())
}

fn plain_lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(plain).collect::<Vec<_>>().join("\n")
}

async fn log(place: &Place, server: Option<&str>) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let rows = store.controls(server, LISTED).await?;
    store.close().await;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(0);
    }
    if rows.is_empty() {
        anstream::println!("Nothing was asked for");
    }
    for row in rows.iter().rev() {
        anstream::println!("{}", row_lines(row));
    }
    Ok(0)
}

fn row_lines(row: &ControlRow) -> String {
    let at = Timestamp::from_millisecond(row.asked_ms)
        .map_or_else(|_| row.asked_ms.to_string(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string());
    let outcome = row.outcome.as_deref().unwrap_or("no answer");
    let colour = if outcome == "done" { GOOD } else { BAD };
    let what = format!("{} {}", row.intent, plain(&row.detail));
    let words = row.words.lines().next().unwrap_or_default();
    let words = if words.is_empty() { String::new() } else { format!("\n    {}", painted(QUIET, &plain(words))) };
    format!("{at}  {}  {}  {}: {}{words}", row.server, plain(&row.author), what.trim_end(), painted(colour, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_told_as_people_say_it_and_long_waits_are_announced() {
        let say = Intent::Say { text: "^1five minutes".to_owned() };
        let raw = "broadcast: chat \"console: ^1five minutes\" 1";
        assert_eq!(done(&say, "main", raw), "Said on main: five minutes");
        assert_eq!(done(&Intent::Restart, "main", "supply began anew"), "supply began anew");
        let map = Intent::ChangeMap { map: "supply".to_owned() };
        assert_eq!(patience(&map).unwrap(), "Waiting for supply to be loaded, for up to 45 s");
        assert!(patience(&Intent::Restart).is_some() && patience(&say).is_none());
    }

    #[test]
    fn rows_and_seats_fit_a_terminal_and_steer_nothing() {
        let row = ControlRow {
            id: 1,
            asked_ms: 1_794_253_837_000,
            server: "main".to_owned(),
            author: "root (console)".to_owned(),
            intent: "say".to_owned(),
            detail: "^1five\u{1b}[2J minutes".to_owned(),
            answered_ms: Some(1_794_253_837_100),
            outcome: Some("done".to_owned()),
            words: "said\nmore".to_owned(),
        };
        let open = ControlRow { outcome: None, words: String::new(), detail: String::new(), ..row.clone() };
        let seat = Seat { slot: 7, name: "^1Al\u{1b}[2Jpha".to_owned(), score: -3, ping: Some(48), bot: false };
        let bot = Seat { bot: true, ..seat.clone() };
        let text = [row_lines(&row), row_lines(&open), seat_line(&seat), seat_line(&bot)].join("\n");
        insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
    }
}
