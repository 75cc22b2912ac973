use std::collections::BTreeMap;

use anyhow::bail;
use clap::Subcommand;
use serde_json::json;
use slomix_shared::artifact::FileName;

use crate::domain::metrics::accuracy::accuracy;
use crate::domain::metrics::dpm::dpm;
use crate::reports::columns::fold;
use crate::reports::handle;
use crate::reports::round::RoundReport;
use crate::reports::round_post;
use crate::reports::session::SessionReport;
use crate::reports::uncounted::unfair;
use crate::store::Store;

use super::frame::print_post;
use super::paint::{QUIET, painted, width};
use super::zones::missing_zone;
use super::{Place, setup};

mod decided;
mod leaderboard;
mod leaderboard_text;
mod lost_half;
mod player;
mod player_text;
mod round_text;
mod session_json;
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
        /// With `list`: every session, not only the newest 50
        #[arg(long)]
        all: bool,
    },
    /// One player's career
    Player {
        /// A name or a part of one, case and accents aside, or the first eight characters of a GUID or all of it
        player: String,
        /// Show every name, map and weapon; without it the twelve that matter most
        #[arg(long)]
        all: bool,
    },
    /// Who leads, and in what
    Leaderboard(leaderboard::LeaderboardArgs),
}

pub(super) async fn run(place: &Place, what: What) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    match what {
        What::Round { round } => show_round(place, &store, &round).await,
        What::Session { session, all } if session == "list" => list_sessions(place, &store, all).await,
        What::Session { session, .. } => show_session(place, &store, &session).await,
        What::Player { player, all } => player::show(place, &store, &player, all).await,
        What::Leaderboard(args) => leaderboard::show(place, &store, &args).await,
    }
}

async fn show_round(place: &Place, store: &Store, text: &str) -> anyhow::Result<u8> {
    let Some(round) = handle::find_round(store, text).await? else {
        if handle::find_session(store, text).await?.is_some() {
            bail!(
                "{text} is a session; its rounds are {text}.1, {text}.2 and so on, as show session {text} lists them"
            );
        }
        if FileName::parse(text).is_ok() {
            bail!(
                "no round stands for {text}: it is a copy of another file, in quarantine (slomix-hub quarantine list), \
                 or never came"
            );
        }
        bail!("there is no round {text}; slomix-hub show session lists the rounds of the last evening");
    };
    let decided = decided::about_rounds(store, std::slice::from_ref(&round)).await?;
    let report = RoundReport::read(store, round).await?;
    let duels = store.round_duels(report.round.id).await?;
    let half = lost_half::of(store, &report.round).await?;
    // A round that has its event needs no zone.
    let zone = match report.round.pauses {
        None => missing_zone(&setup::config(place)?, store, &report.round.server).await?,
        Some(_) => None,
    };
    if place.json {
        let post = round_post::post(&report);
        let mut keys = BTreeMap::new();
        for player in &report.players {
            keys.extend(store.player(player.player).await?.map(|one| (one.player, one.key)));
        }
        let players: Vec<_> = report
            .players
            .iter()
            .map(|p| {
                json!({
                    "id": p.player.to_string(), "key": keys.get(&p.player), "name": p.name, "team": p.team, "side": p.side,
                    "kills": p.kills, "dpm_tenths": p.damage_given.zip(p.seconds).and_then(|(d, s)| dpm(d, s)),
                    "accuracy_tenths": accuracy(p.bullet_hits, p.bullet_shots),
                    "deaths": p.deaths, "damage_given": p.damage_given, "damage_received": p.damage_received,
                    "seconds": p.seconds, "headshots": p.headshots, "revives_given": p.revives_given,
                    "origin": p.origin, "flags": p.flags,
                })
            })
            .collect();
        let round = &report.round;
        let value = json!({
            "handle": report.handle, "id": round.id.to_string(), "file": round.file, "map": round.map,
            "number": round.number, "half": round.half(), "status": round.status, "outcome": round.outcome, "valid": round.valid,
            "duration_s": round.duration, "clock_s": round.clock, "title": post.title,
            "teams": { "a": report.called(1), "b": report.called(-1) }, "players": players,
            "flags": round.flags, "not_fair": unfair(round), "end_reason": round.end_reason, "surrendered": round.surrendered,
            "pauses": round.pauses, "pause_s": round.pause_seconds, "decided": decided,
            "other_half_in_quarantine": half.iter().map(lost_half::as_json).collect::<Vec<_>>(), "zone_missing": zone,
            "awards": round_text::awards_as_json(&report.awards), "duels": round_text::duels_as_json(&duels),
        });
        println!("{}", serde_json::to_string_pretty(&value)?);
    } else {
        print_post(&round_post::post(&report), "");
        round_text::print(&report, &duels);
        for line in half.iter().map(lost_half::line).chain(zone) {
            anstream::println!("\n{}", fold(&line, width()).join("\n"));
        }
        decided::print(&decided);
    }
    Ok(0)
}

async fn show_session(place: &Place, store: &Store, text: &str) -> anyhow::Result<u8> {
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
        if handle::find_round(store, text).await?.is_some() {
            bail!("{text} is a round: slomix-hub show round {text}");
        }
        bail!("there is no session {text}; {hint}");
    };
    let report = SessionReport::read(store, session).await?;
    let decided = decided::about_rounds(store, &report.rounds).await?;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&session_json::as_json(&report, &decided))?);
    } else {
        anstream::println!("{}", session_text::lines(&report, &decided, width()).join("\n"));
        if let Some(why) = missing_zone(&setup::config(place)?, store, &report.session.server).await? {
            anstream::println!("\n{}", fold(&why, width()).join("\n"));
        }
    }
    Ok(0)
}

/// Sessions that a list has unless all are asked for.
const MOST_LISTED: usize = 50;

/// The newest sessions, a line each, or all.
async fn list_sessions(place: &Place, store: &Store, all: bool) -> anyhow::Result<u8> {
    let mut rows = Vec::new();
    let most = if all { i64::MAX } else { MOST_LISTED as i64 + 1 };
    let mut sessions = store.newest_sessions(most).await?;
    let more = !all && sessions.len() > MOST_LISTED;
    sessions.truncate(if all { usize::MAX } else { MOST_LISTED });
    for session in sessions {
        let (a, b) = session.score();
        let handle = handle::of_session(store, &session).await?;
        let rounds = store.rounds_of_session(session.id).await?.len();
        if place.json {
            rows.push(json!({ "handle": handle, "id": session.id.to_string(), "server": session.server,
                              "rounds": rounds, "score": { "a": a, "b": b } }));
        } else {
            let scoreless = session.uncounted > 0 && session.uncounted == session.plays();
            let note = if scoreless { painted(QUIET, "  no map counts; show session says why") } else { String::new() };
            let word = if rounds == 1 { "round" } else { "rounds" };
            anstream::println!("{handle:<13} {a:>2} - {b:<2}  {rounds:>3} {word:<6}  {}{note}", session.server);
        }
    }
    if place.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    if more {
        anstream::eprintln!("There are older ones: slomix-hub show session list --all");
    }
    Ok(0)
}
