use anyhow::bail;
use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics;
use crate::domain::metrics::headshot_accuracy::headshot_accuracy;
use crate::domain::metrics::kd::kd;
use crate::reports::columns::cut;
use crate::reports::player::{PlayerReport, date, remark};
use crate::store::Store;
use crate::store::read::NamedPlayer;

use super::{decided, player_text};

/// How many of several that could be meant are named.
const MOST_CHOICES: usize = 10;

pub(super) async fn show(place: &Place, store: &Store, text: &str, all: bool) -> anyhow::Result<u8> {
    let found = store.find_players(text).await?;
    let player = match found.as_slice() {
        [] => bail!("nobody is or was called {text}; slomix-hub show leaderboard games lists who plays"),
        [only] => only.clone(),
        several => bail!("{text} could be any of {}:\n{}", several.len(), choices(several)),
    };
    let decided = decided::about_player(store, &player.key).await?;
    let report = PlayerReport::read(store, player).await?;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&report, &decided))?);
    } else {
        anstream::println!("{}", player_text::lines(&report, all).join("\n"));
        decided::print(&decided);
    }
    Ok(0)
}

fn choices(players: &[NamedPlayer]) -> String {
    let mut lines: Vec<String> = players
        .iter()
        .take(MOST_CHOICES)
        .map(|one| {
            let name = cut(&one.name, 32);
            format!("  slomix-hub show player {:<8}  {name}, last seen {}", one.key, date(one.last_round))
        })
        .collect();
    if players.len() > MOST_CHOICES {
        lines.push(format!("  and {} more; give more of the name", players.len() - MOST_CHOICES));
    }
    lines.join("\n")
}

fn totals(sums: &Sums) -> Map<String, Value> {
    Number::ALL.iter().map(|number| (number.name().to_owned(), json!(number.of(sums)))).collect()
}

/// Every metric's value, scaled by its decimals; null where unknown.
fn values(sums: &Sums) -> Map<String, Value> {
    metrics::ALL.iter().map(|metric| (metric.key.to_owned(), json!(metric.of(sums)))).collect()
}

/// Every metric with what it means.
fn career(sums: &Sums) -> Map<String, Value> {
    let explained = |metric: &metrics::Metric| {
        json!({
            "value": metric.of(sums), "decimals": metric.decimals, "unit": metric.unit, "label": metric.label,
            "formula": metric.formula_id(), "definition": metric.definition,
            "enough_sample": metric.has_sample(sums),
        })
    };
    metrics::ALL.iter().map(|metric| (metric.key.to_owned(), explained(metric))).collect()
}

fn as_json(report: &PlayerReport, decided: &[String]) -> Value {
    let player = &report.player;
    let names: Vec<Value> = report
        .names
        .iter()
        .map(|one| {
            json!({
                "name": one.name, "rounds": one.rounds, "first_seen": date(one.first_session),
                "last_seen": date(one.last_round),
            })
        })
        .collect();
    let maps: Vec<Value> = report
        .maps
        .iter()
        .map(|(map, sums)| json!({ "map": map, "totals": totals(sums), "metrics": values(sums) }))
        .collect();
    let weapons: Vec<Value> = report
        .weapons
        .iter()
        .map(|(weapon, sums)| {
            json!({
                "weapon": weapon.name(), "label": weapon.label(), "rounds": sums.rounds, "kills": sums.kills,
                "deaths_by": sums.deaths, "hits": sums.hits, "shots": sums.shots, "headshots": sums.headshots,
                "accuracy_permille": sums.accuracy(),
                "headshot_permille":
                    weapon.has_headshots().then(|| headshot_accuracy(sums.headshots, sums.hits)).flatten(),
            })
        })
        .collect();
    let sessions: Vec<Value> = report
        .evenings
        .iter()
        .map(|one| {
            json!({
                "handle": one.handle, "id": one.session.to_string(), "totals": totals(&one.sums),
                "metrics": values(&one.sums),
            })
        })
        .collect();
    let rounds: Vec<Value> = report
        .rounds
        .iter()
        .map(|(round, numbers)| {
            json!({
                "id": round.id.to_string(), "file": round.file, "map": round.map, "number": round.number, "half": round.half(),
                "status": round.status, "origin": numbers.origin, "remark": remark(round, numbers),
                "name": numbers.name, "side": numbers.side, "team": numbers.team, "seconds": numbers.seconds,
                "kills": numbers.kills, "deaths": numbers.deaths,
                "kd_hundredths": kd(numbers.kills, numbers.deaths), "damage_given": numbers.damage_given,
                "damage_received": numbers.damage_received, "revives_given": numbers.revives_given,
                "flags": numbers.flags,
            })
        })
        .collect();
    json!({
        "id": player.player.to_string(), "key": player.key, "guids": report.guids, "name": player.name,
        "names": names, "first_seen": report.seen.map(|(first, _)| date(first)),
        "last_seen": report.seen.map(|(_, last)| date(last)), "sessions": report.sessions,
        "totals": report.totals.as_ref().map(totals), "metrics": report.totals.as_ref().map(career), "maps": maps,
        "weapons": weapons, "recent_sessions": sessions, "recent_rounds": rounds, "decided": decided,
    })
}
