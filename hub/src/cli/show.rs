use anyhow::bail;
use clap::Subcommand;
use serde_json::json;

use crate::reports::handle;
use crate::reports::player::{PlayerReport, Rates};
use crate::reports::round::RoundReport;
use crate::reports::round_post;
use crate::reports::session::SessionReport;
use crate::store::Store;

use super::frame::print_post;
use super::{Place, setup};

mod player_text;
mod round_text;
mod session_text;

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// One round: result, both teams, what there is to beat
    Round {
        /// A handle as in 2026-11-09a.3, a file name, an id, or `last`
        #[arg(default_value = "last")]
        round: String,
    },
    /// One evening: the score, map by map, and everybody's numbers
    Session {
        /// A handle as in 2026-11-09a, a date, an id, `last`, or `list` for the newest ones
        #[arg(default_value = "last")]
        session: String,
    },
    /// One player's career
    Player {
        /// A name or a part of one, or the eight characters of a GUID
        player: String,
    },
}

pub(super) async fn run(place: &Place, what: What) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    match what {
        What::Round { round } => show_round(place, &store, &round).await,
        What::Session { session } => show_session(place, &store, &session).await,
        What::Player { player } => show_player(place, &store, &player).await,
    }
}

async fn show_round(place: &Place, store: &Store, text: &str) -> anyhow::Result<u8> {
    let Some(round) = handle::find_round(store, text).await? else {
        if handle::find_session(store, text).await?.is_some() {
            bail!(
                "{text} is a session; its rounds are {text}.1, {text}.2 and so on, as show session {text} lists them"
            );
        }
        bail!("there is no round {text}; slomix-hub show session lists the rounds of the last evening");
    };
    let report = RoundReport::read(store, round).await?;
    let duels = store.round_duels(report.round.id).await?;
    if place.json {
        let post = round_post::post(&report);
        let players: Vec<_> = report
            .players
            .iter()
            .map(|p| {
                json!({
                    "id": p.player.to_string(), "name": p.name, "team": p.team, "side": p.side, "kills": p.kills,
                    "deaths": p.deaths, "damage_given": p.damage_given, "damage_received": p.damage_received,
                    "seconds": p.seconds, "headshots": p.headshots, "revives_given": p.revives_given,
                    "origin": p.origin, "flags": p.flags,
                })
            })
            .collect();
        let round = &report.round;
        let value = json!({
            "handle": report.handle, "id": round.id.to_string(), "file": round.file, "map": round.map,
            "number": round.number, "status": round.status, "outcome": round.outcome, "valid": round.valid,
            "duration_s": round.duration, "clock_s": round.clock, "title": post.title, "players": players,
            "flags": round.flags, "end_reason": round.end_reason, "surrendered": round.surrendered,
            "pauses": round.pauses, "pause_s": round.pause_seconds,
            "awards": round_text::awards_as_json(&report.awards), "duels": round_text::duels_as_json(&duels),
        });
        println!("{}", serde_json::to_string_pretty(&value)?);
    } else {
        print_post(&round_post::post(&report), "");
        round_text::print(&report, &duels);
    }
    Ok(0)
}

async fn show_session(place: &Place, store: &Store, text: &str) -> anyhow::Result<u8> {
    if text == "list" {
        return list_sessions(place, store).await;
    }
    let Some(session) = handle::find_session(store, text).await? else {
        let known = store.newest_sessions(5).await?;
        let mut handles = Vec::new();
        for session in &known {
            handles.push(handle::of_session(store, session).await?);
        }
        let hint = match handles.as_slice() {
            [] => bail!("no session has been played yet; slomix-hub import brings files in"),
            handles => format!("the newest are {}", handles.join(", ")),
        };
        bail!("there is no session {text}; {hint}");
    };
    let report = SessionReport::read(store, session).await?;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&session_text::as_json(&report))?);
    } else {
        session_text::print(&report);
    }
    Ok(0)
}

/// The newest sessions, a line each.
async fn list_sessions(place: &Place, store: &Store) -> anyhow::Result<u8> {
    let mut rows = Vec::new();
    for session in store.newest_sessions(50).await? {
        let (a, b) = session.score();
        let handle = handle::of_session(store, &session).await?;
        let rounds = store.rounds_of_session(session.id).await?.len();
        if place.json {
            rows.push(json!({ "handle": handle, "id": session.id.to_string(), "server": session.server,
                              "rounds": rounds, "score": { "a": a, "b": b } }));
        } else {
            anstream::println!("{handle:<13} {a:>2} - {b:<2}  {rounds:>3} rounds  {}", session.server);
        }
    }
    if place.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    Ok(0)
}

async fn show_player(place: &Place, store: &Store, text: &str) -> anyhow::Result<u8> {
    let found = store.find_players(text, 10).await?;
    let player = match found.as_slice() {
        [] => bail!("nobody is or was called {text}"),
        [only] => only.clone(),
        several => {
            let names: Vec<String> = several.iter().map(|one| format!("{} ({})", one.name, one.key)).collect();
            bail!("{text} could be {}; give the eight characters of the GUID", names.join(", "));
        }
    };
    let report = PlayerReport::read(store, player).await?;
    if place.json {
        let sums = report.totals.as_ref().map(|totals| {
            crate::domain::leaf::NUMBERS.iter().map(|name| ((*name).to_owned(), json!(totals.get(name)))).collect()
        });
        let sums: Option<serde_json::Map<String, serde_json::Value>> = sums;
        let value = json!({
            "id": report.player.player.to_string(), "key": report.player.key, "name": report.player.name,
            "names": report.names, "full_guids": report.guids, "totals": sums, "rates": report.totals.as_ref().map(Rates::of),
        });
        println!("{}", serde_json::to_string_pretty(&value)?);
    } else {
        player_text::print(&report);
    }
    Ok(0)
}
