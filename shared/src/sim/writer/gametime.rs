use serde_json::{Value, json};

use super::endstats::cleaned;
use crate::game::Side;
use crate::sim::delivery::SimFile;
use crate::sim::truth::{PlayerTruth, RoundKind, RoundTruth};

/// The round event that the webhook script leaves in its own directory at the round's end, with the script's own
/// guesses at the end reason. `start_unix` is the evening's start in Unix seconds, which a server's local clock does
/// not tell.
///
/// A round that was cut off has one, too: with its inverted label, and with the winner that the map script had named
/// for the case that nothing happens.
pub fn gametime(truth: &RoundTruth, start_unix: i64) -> SimFile {
    let unix = |ms: u64| start_unix + (ms / 1000) as i64;
    let (end, pause) = (unix(truth.ended_ms), i64::from(truth.paused_ms / 1000));
    let measured = (end - unix(truth.started_ms) - pause).max(0);
    let limit = i64::from(truth.limit_seconds);
    let seconds = if limit > 0 { measured.min(limit) } else { measured };
    let start = end - pause - seconds;
    let winner = truth.winner.unwrap_or(truth.defender);
    let reason = if seconds * 10 >= limit * 9 {
        "time_expired"
    } else if truth.kind == RoundKind::Surrender {
        "surrender"
    } else {
        "objective"
    };
    let (map, number) = (truth.map.as_str(), truth.label.number());
    let pauses = i64::from(pause > 0);
    let side = |side: Option<Side>| side.map_or(0, Side::number).to_string();
    let caller = truth.surrendered.and_then(|side| on(truth, side).next());
    let score = |side: Side| i64::from(winner == side).to_string();
    let events =
        if pause > 0 { json!([{ "n": 1, "start": start, "end": start + pause, "sec": pause }]) } else { json!([]) };
    let texts = [
        ("Map", map.to_owned()),
        ("Round", number.to_string()),
        ("Winner", winner.number().to_string()),
        ("Defender", truth.defender.number().to_string()),
        ("Lua_Playtime", format!("{seconds} sec")),
        ("Lua_Timelimit", minutes(limit)),
        ("Lua_Pauses", format!("{pauses} ({pause} sec)")),
        ("Lua_EndReason", reason.to_owned()),
        ("Lua_Warmup", "0 sec".to_owned()),
        ("Lua_WarmupStart", start.to_string()),
        ("Lua_RoundStart", start.to_string()),
        ("Lua_RoundEnd", end.to_string()),
        ("Lua_SurrenderTeam", side(truth.surrendered)),
        ("Lua_SurrenderCaller", caller.map_or_else(String::new, |player| player.guid.clone())),
        ("Lua_SurrenderCallerName", caller.map_or_else(String::new, name)),
        ("Lua_AxisScore", score(Side::Axis)),
        ("Lua_AlliesScore", score(Side::Allies)),
        ("Axis_JSON", roster(truth, Side::Axis).to_string()),
        ("Allies_JSON", roster(truth, Side::Allies).to_string()),
        ("Lua_Pauses_JSON", events.to_string()),
        ("Lua_SpawnSummary", "Players:0 | Spawns:0 | AvgRespawn:0s | MaxRespawn:0s".to_owned()),
    ];
    let fields: Vec<Value> = texts.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let document = json!({
        "meta": {
            "map": map, "round": number, "round_start_unix": start, "round_end_unix": end,
            "actual_duration_seconds": seconds, "warmup_seconds": 0, "pause_seconds": pause, "pause_count": pauses,
            "server_ip": "0.0.0.0", "server_port": "27960", "match_id": end.to_string(), "spawn_stats": [],
        },
        "payload": {
            "username": "ET:Legacy Stats", "content": "STATS_READY",
            "embeds": [{
                "title": format!("Round Complete: {map} R{number}"), "color": 3_447_003, "fields": fields,
                "footer": { "text": "Slomix Lua Webhook v1.7.2" },
            }],
        },
    });
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' };
    let file_map: String = map.chars().map(plain).collect();
    SimFile::at_once(
        format!("gametime-{file_map}-R{number}-{end}.json"),
        document.to_string().into_bytes(),
        truth.ended_ms + 50,
    )
}

/// Who was in a team at the end.
fn on(truth: &RoundTruth, side: Side) -> impl Iterator<Item = &PlayerTruth> {
    truth.players.iter().filter(move |player| player.side == side && !player.listed_as_spectator)
}

fn name(player: &PlayerTruth) -> String {
    String::from_utf8_lossy(&cleaned(&player.name)).into_owned()
}

fn roster(truth: &RoundTruth, side: Side) -> Value {
    on(truth, side).map(|player| json!({ "guid": player.guid, "name": name(player) })).collect()
}

/// Minutes with at most three decimals, without needless noughts.
fn minutes(seconds: i64) -> String {
    let thousandths = (seconds * 1000 + 30) / 60;
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    format!("{} min", text.trim_end_matches('0').trim_end_matches('.'))
}
