//! A session in the terminal, wide enough for a table that says more than a post. It fits from 60 columns on.

use crate::cli::paint::{QUIET, STRONG, accent, painted};
use crate::domain::metrics::kd::kd;
use crate::reports::columns::{cut, left, right, wrap};
use crate::reports::numbers_table::Line;
use crate::reports::post::Accent;
use crate::reports::session::{EpochReport, SessionReport, verdict};
use crate::reports::uncounted::NOT_FAIR_MEANS;
use crate::reports::words::{clock, count, hundredths, plural, thousands, whole};

/// From this width on everything has its room.
const WIDE: usize = 76;
/// From this width on the damage stands beside the damage per minute.
const WITH_DAMAGE: usize = 66;

/// How wide the columns of the maps are.
struct Columns {
    gap: &'static str,
    map: usize,
    halves: usize,
    verdict: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        if width >= WIDE {
            Self { gap: "  ", map: 18, halves: 22, verdict: 14 }
        } else {
            // `A 12:00 · B 12:00`, `teams unclear`; map names can be cut.
            Self { gap: " ", map: 12, halves: 17, verdict: 13 }
        }
    }
}

/// The session, line by line, for a terminal of this width.
pub(super) fn lines(report: &SessionReport, decided: &[String], width: usize) -> Vec<String> {
    let session = &report.session;
    let columns = Columns::of(width);
    let mut lines = vec![painted(STRONG, &format!("Session {}", report.handle))];
    let minutes = (session.end_ms - session.start_ms) / 60_000;
    // One round whose file tells no time is all that takes none.
    let length = (minutes > 0).then(|| format!("{} h {:02} min", minutes / 60, minutes % 60));
    let rounds = plural(report.rounds.len() as i64, "round", "rounds");
    let facts: Vec<String> = [session.server.clone(), rounds, report.turnout()].into_iter().chain(length).collect();
    let facts = facts.join(" · ");
    lines.extend(quiet(&facts, width));
    lines.extend(report.nobody_counts().into_iter().flat_map(|why| wrap(&why, width)));
    for (number, epoch) in report.epochs.iter().enumerate() {
        if number > 0 {
            lines.push(painted(STRONG, "After a shuffle: new teams, a score of their own"));
        }
        lines.extend(maps(report, epoch, &columns));
        for side in [1, -1] {
            lines.extend(team(side, epoch.name(side), &epoch.team(side), width >= WITH_DAMAGE));
        }
    }
    lines.extend(loose_rounds(report, &columns));
    let uncounted = report.uncounted();
    if !uncounted.is_empty() {
        let is_unfair = uncounted.iter().any(|line| line.contains("not fair"));
        let means = is_unfair.then(|| NOT_FAIR_MEANS.to_owned());
        lines.extend(uncounted.iter().flat_map(|line| wrap(line, width)));
        lines.extend(means.iter().flat_map(|means| quiet(means, width)));
        lines.push(String::new());
    }
    for feat in &report.feats {
        let told = cut(&format!("{} {}", feat.name, feat.value), width.saturating_sub(25));
        lines.push(format!("{} {told}", painted(QUIET, &left(feat.what, 24))));
    }
    lines.extend(decided.iter().flat_map(|line| quiet(line, width)));
    let more = format!(
        "A round: slomix-hub show round {}.1. K kills, D deaths, DPM damage per minute, ACC accuracy of bullets, REV \
         revives given, DMG damage given",
        report.handle
    );
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    lines.extend(quiet(&more, width));
    lines
}

fn quiet(text: &str, width: usize) -> Vec<String> {
    wrap(text, width).iter().map(|line| painted(QUIET, line)).collect()
}

/// The score and the maps of one pair of teams.
fn maps(report: &SessionReport, epoch: &EpochReport, columns: &Columns) -> Vec<String> {
    let (a, b) = epoch.score();
    let (wins_a, wins_b, ties) = epoch.wins;
    let score = format!(
        "{} {a} - {b} {}  {}",
        painted(accent(Accent::TeamA), epoch.name(1)),
        painted(accent(Accent::TeamB), epoch.name(-1)),
        painted(QUIET, &format!("W-L-T {wins_a}-{wins_b}-{ties}")),
    );
    let mut lines = vec![String::new(), score, String::new()];
    let (mut a, mut b) = (0, 0);
    for play in &epoch.plays {
        if play.counted {
            match play.winner_team {
                1 => a += 1,
                -1 => b += 1,
                _ => (a, b) = (a + 1, b + 1),
            }
        }
        let style = match play.winner_team {
            1 => accent(Accent::TeamA),
            -1 => accent(Accent::TeamB),
            _ => QUIET,
        };
        let Columns { gap, map, halves, verdict: word } = columns;
        lines.push(format!(
            "  {}{gap}{}{gap}{}{gap}{}{gap}{}",
            painted(QUIET, &left(&places(report, &[play.first_half, play.second_half]), 7)),
            left(&play.map, *map),
            left(&report.halves(play), *halves),
            painted(style, &left(&verdict(play), *word)),
            painted(QUIET, &format!("{a}-{b}")),
        ));
    }
    lines.push(String::new());
    lines
}

/// The places of rounds in the session, as `show round HANDLE.PLACE` takes them.
fn places(report: &SessionReport, rounds: &[Option<i64>]) -> String {
    let place = |id: &i64| report.rounds.iter().position(|round| round.id == *id);
    let places: Vec<String> =
        rounds.iter().flatten().filter_map(place).map(|index| format!(".{}", index + 1)).collect();
    places.join(" ")
}

/// Rounds that belong to no map play.
fn loose_rounds(report: &SessionReport, columns: &Columns) -> Vec<String> {
    let loose = report.rounds.iter().filter(|round| round.map_play.is_none());
    let mut lines: Vec<String> = loose
        .map(|round| {
            let word = match round.status.as_str() {
                "aborted" => "cut off before its end",
                "cancelled" => "played again right after",
                "substitution" => "played again with other players",
                other => other,
            };
            let shown = format!("{} R{}", round.map, round.half());
            let place = left(&places(report, &[Some(round.id)]), 7);
            let (place, word) = (painted(QUIET, &place), painted(QUIET, word));
            format!("  {place}{}{}{}{word}", columns.gap, left(&shown, columns.map), columns.gap)
        })
        .collect();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

fn team(side: i64, name: &str, players: &[&Line], with_damage: bool) -> Vec<String> {
    if players.is_empty() {
        return Vec::new();
    }
    let style = accent(if side == 1 { Accent::TeamA } else { Accent::TeamB });
    let damage = |text: &str| if with_damage { format!(" {}", right(text, 6)) } else { String::new() };
    let heading = format!("  K    D   K/D   DPM  ACC%  REV{}   TIME", damage("DMG"));
    let mut lines = vec![format!("{}  {}", painted(style, &left(name, 18)), painted(QUIET, &heading))];
    for line in players {
        lines.push(format!(
            "{}  {} {} {} {} {} {}{} {}",
            left(&line.name, 18),
            right(&line.kills.to_string(), 3),
            right(&line.deaths.to_string(), 4),
            right(&hundredths(kd(line.kills, line.deaths)), 5),
            right(&whole(line.dpm()), 5),
            right(&whole(line.accuracy()), 5),
            right(&count(line.revives), 4),
            damage(&line.damage.map_or_else(|| "–".to_owned(), thousands)),
            right(&clock(line.seconds), 6),
        ));
    }
    lines.push(String::new());
    lines
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::reports::feats::Feat;
    use crate::reports::sample::{play, round, session};
    use crate::store::read::{MapPlayRow, MemberRow, RoundRow};

    fn plain(report: &SessionReport, width: usize) -> String {
        let decided =
            ["decision 4: void 2026-11-09-200500-supply-round-1 (root: played with a wrong config)".to_owned()];
        anstream::adapter::strip_str(&lines(report, &decided, width).join("\n")).to_string()
    }

    /// An evening with a bit of everything.
    fn evening() -> SessionReport {
        let of_play = |round: RoundRow| RoundRow { map_play: Some(1), ..round };
        let unfair = |round: RoundRow| RoundRow { valid: false, humans: 10, bots: 2, ..of_play(round) };
        let aborted = RoundRow { status: "substitution".to_owned(), ..round(5, "etl_adlernest_v2", 1) };
        let mut rounds: Vec<RoundRow> = (1..=4).map(|id| of_play(round(id, "etl_sw_oasis_b3", 2 - id % 2))).collect();
        rounds[0] = RoundRow { outcome: "completed".to_owned(), set_time: Some(719), ..rounds[0].clone() };
        rounds.extend([
            aborted,
            unfair(round(6, "supply", 1)),
            unfair(round(7, "supply", 2)),
            of_play(round(8, "te_escape2", 2)),
        ]);
        rounds.extend((9..=12).map(|id| of_play(round(id, "radar", 2 - id % 2))));
        let uncounted = |play: MapPlayRow, why: &str| MapPlayRow { counted: false, uncounted: why.to_owned(), ..play };
        let won = |play: MapPlayRow, winner_team| MapPlayRow { winner_team, result: "first".to_owned(), ..play };
        let plays = vec![
            won(play(1, "etl_sw_oasis_b3", [Some(1), Some(2)]), 1),
            play(2, "etl_sw_oasis_b3", [Some(3), Some(4)]),
            uncounted(play(3, "supply", [Some(6), Some(7)]), "not_fair"),
            uncounted(play(4, "te_escape2", [None, Some(8)]), "unknown"),
            uncounted(play(5, "radar", [Some(9), Some(10)]), "teams_unclear"),
            MapPlayRow { inferred: true, ..won(play(6, "radar", [Some(11), Some(12)]), -1) },
        ];
        let names = ["bob", "a very long name indeed", "日本語の名前です長いですよね"];
        let line = |name: &str, kills| Line {
            name: name.to_owned(),
            kills,
            deaths: 1_120,
            damage: Some(123_400),
            seconds: Some(10_800),
            bullet_hits: 1_000,
            bullet_shots: 3_100,
            revives: Some(31),
        };
        let member = |player: i64, team| MemberRow {
            epoch: 0,
            player,
            key: String::new(),
            name: String::new(),
            team,
            halves: 4,
            core: true,
        };
        let lines = names.iter().zip(1..).map(|(name, player)| (player, line(name, 300 - player))).collect();
        let members = vec![member(1, 1), member(2, 1), member(3, -1)];
        let epoch = EpochReport { plays, members, lines, wins: (1, 1, 1), names: [None, Some("Night".to_owned())] };
        let name = "a very long name indeed and another one that is longer still".to_owned();
        SessionReport {
            session: session(),
            handle: "2026-11-09a".to_owned(),
            rounds,
            epochs: vec![epoch],
            feats: vec![Feat { name, what: "most dynamites planted", value: "12".to_owned() }],
            humans: 12,
            bots: 2,
            counts: true,
        }
    }

    #[test]
    fn an_evening_fits_its_terminal() {
        for width in [80, 60] {
            let text = plain(&evening(), width);
            assert!(text.lines().all(|line| line.width() <= width), "{text}");
            insta::assert_snapshot!(format!("evening_{width}"), text);
        }
    }

    #[test]
    fn an_evening_without_players_says_why() {
        let bots = |id, number| RoundRow {
            valid: false,
            humans: 0,
            bots: 6,
            map_play: Some(1),
            ..round(id, "supply", number)
        };
        let plays = vec![MapPlayRow {
            counted: false,
            uncounted: "not_fair".to_owned(),
            ..play(1, "supply", [Some(1), Some(2)])
        }];
        let epoch = EpochReport { plays, ..EpochReport::default() };
        let of_bots = SessionReport {
            rounds: vec![bots(1, 1), bots(2, 2)],
            epochs: vec![epoch],
            feats: vec![],
            humans: 0,
            bots: 6,
            counts: false,
            ..evening()
        };
        let lone = RoundRow { status: "orphan".to_owned(), map_play: Some(1), ..round(1, "supply", 2) };
        let unknown =
            MapPlayRow { counted: false, uncounted: "unknown".to_owned(), ..play(1, "supply", [None, Some(1)]) };
        let epoch = EpochReport { plays: vec![unknown], ..EpochReport::default() };
        let of_one_half =
            SessionReport { rounds: vec![lone], epochs: vec![epoch], humans: 12, bots: 0, ..of_bots.clone() };
        insta::assert_snapshot!([plain(&of_bots, 80), plain(&of_one_half, 80)].join("\n\n"));
    }
}
