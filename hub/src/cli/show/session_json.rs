//! A session as data.

use serde_json::{Value, json};

use crate::reports::feats::Feat;
use crate::reports::numbers_table::Line;
use crate::reports::session::SessionReport;
use crate::reports::uncounted::unfair;
use crate::store::read::MemberRow;

pub(super) fn as_json(report: &SessionReport, decided: &[String]) -> Value {
    let session = &report.session;
    let line = |(member, line): (&MemberRow, &Line)| {
        json!({
            "id": member.player.to_string(), "key": member.key, "name": line.name, "kills": line.kills, "deaths": line.deaths, "damage_given": line.damage,
            "seconds": line.seconds, "dpm_tenths": line.dpm(), "accuracy_permille": line.accuracy(),
            "revives_given": line.revives,
        })
    };
    let epochs: Vec<Value> = report
        .epochs
        .iter()
        .map(|epoch| {
            let (a, b) = epoch.score();
            let maps: Vec<Value> = epoch
                .plays
                .iter()
                .map(|play| {
                    json!({
                        "map": play.map, "result": play.result, "winner_team": play.winner_team,
                        "counted": play.counted, "inferred": play.inferred, "halves": report.halves(play),
                        "uncounted": play.uncounted, "uncounted_because": report.unscored(play),
                    })
                })
                .collect();
            json!({
                "score": { "a": a, "b": b, "wins_a": epoch.wins.0, "wins_b": epoch.wins.1, "ties": epoch.wins.2 },
                "maps": maps, "names": { "a": epoch.names[0], "b": epoch.names[1] },
                "team_a": epoch.players(1).into_iter().map(line).collect::<Vec<_>>(),
                "team_b": epoch.players(-1).into_iter().map(line).collect::<Vec<_>>(),
            })
        })
        .collect();
    let rounds: Vec<Value> = report
        .rounds
        .iter()
        .zip(1..)
        .map(|(round, place)| {
            json!({
                "handle": format!("{}.{place}", report.handle), "id": round.id.to_string(), "file": round.file, "map": round.map, "number": round.number, "half": round.half(),
                "status": round.status, "outcome": round.outcome, "valid": round.valid, "winner": round.winner,
                "defender": round.defender, "duration_s": round.duration, "axis_team": round.axis_team,
                "flags": round.flags, "not_fair": unfair(round),
            })
        })
        .collect();
    let feat = |feat: &Feat| json!({ "name": feat.name, "what": feat.what, "value": feat.value });
    json!({
        "handle": report.handle, "id": session.id.to_string(), "server": session.server, "date": session.date,
        "confidence": session.confidence, "players": report.player_count(), "humans": report.humans,
        "bots": report.bots, "nobody_counts_because": report.nobody_counts(), "epochs": epochs, "rounds": rounds,
        "highlights": report.feats.iter().map(feat).collect::<Vec<_>>(), "decided": decided,
    })
}
