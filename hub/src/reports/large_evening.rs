//! Posts and answers about the largest evening that anybody may play stay within what Discord takes, and lose nothing that
//! matters.

use std::collections::BTreeMap;

use crate::discord::embed::limits::{DESCRIPTION, FIELDS, TITLE, TOTAL, VALUE};
use crate::discord::embed::{Embed, lay_out};
use crate::discord::id::ChannelId;
use crate::discord::short_id::ShortId;
use crate::domain::milestones;
use crate::store::read::{AwardRow, LineRow, MapPlayRow, MemberRow, RoundRow};

use super::feats::Feat;
use super::milestones_reached::Reached;
use super::numbers_table::Line;
use super::post::Post;
use super::sample::{line, member, play, report, round};
use super::session::EpochReport;
use super::session_numbers::SessionNumbers;
use super::session_views::{details, maps, medals, weapons};
use super::{digest_post, explain, map_post, session_post};

const PLAYERS: i64 = 64;
const MAPS: i64 = 30;

/// Thirty-two characters of which most mean something to Discord.
fn name(player: i64) -> String {
    format!("{player:02}{}", "*_~`|<@#>[x](y)\\-:^1$%&/=?!{}+.,".chars().cycle().take(30).collect::<String>())
}

fn evening() -> SessionNumbers {
    let (mut rounds, mut plays, mut lines): (Vec<RoundRow>, Vec<MapPlayRow>, Vec<LineRow>) = Default::default();
    let team = |player: i64| if player % 2 == 0 { 1 } else { -1 };
    for map in 1..=MAPS {
        let name_of_map = format!("a_map_with_a_long_name_{map}");
        let [first, second] = [map * 2 - 1, map * 2];
        for (id, number) in [(first, 1), (second, 2)] {
            let flags = "held_early,no_swap,sides_from_event,limit_mismatch".to_owned();
            rounds.push(RoundRow { map_play: Some(map), flags, ..round(id, &name_of_map, number) });
            let present = (1..=PLAYERS).filter(|player| (player + map) % 7 > 0);
            lines.extend(present.map(|player| LineRow { team: team(player), ..line(id, player, &name(player), 100) }));
        }
        plays.push(MapPlayRow { winner_team: map % 3 - 1, ..play(map, &name_of_map, [Some(first), Some(second)]) });
    }
    let players = 1..=PLAYERS;
    let shown = |player: i64| Line { name: name(player), kills: 9_999, deaths: 9_999, ..Line::default() };
    let members: Vec<MemberRow> = players.clone().map(|player| member(player, &name(player), team(player))).collect();
    let lines_by_player = players.map(|player| (player, shown(player))).collect();
    let names = [Some(name(98)), Some(name(99))];
    let epoch = EpochReport { plays, members, lines: lines_by_player, wins: (10, 10, 10), names };
    let mut report = report(rounds, epoch);
    report.feats =
        (1..=6).map(|n| Feat { name: name(n), what: "most headshot kills", value: "9999".to_owned() }).collect();
    SessionNumbers { report, lines }
}

/// Every award there is, in every round.
fn awards(numbers: &SessionNumbers) -> BTreeMap<i64, Vec<AwardRow>> {
    let known = slomix_shared::formats::endstats::AWARDS.iter().zip(1..);
    let rows: Vec<AwardRow> = known
        .map(|(award, player)| AwardRow {
            award: award.key.to_owned(),
            scope: award.scope.as_str().to_owned(),
            holder: name(player),
            name: name(player),
            player: None,
            value: "9999 kills in 99.99s".to_owned(),
            amount: Some(9_999_000),
        })
        .collect();
    numbers.report.rounds.iter().map(|round| (round.id, rows.clone())).collect()
}

fn laid_out(post: &Post) -> Embed {
    let id = ShortId::of_post(ChannelId::new(u64::MAX).expect("an id"), &i64::MIN.to_string(), "digest");
    let embed = lay_out(post, Some(&id));
    let length = |text: &str| text.encode_utf16().count();
    assert!(length(&embed.title) <= TITLE && length(&embed.description) <= DESCRIPTION, "{}", post.title);
    assert!(embed.fields.len() <= FIELDS && embed.length() <= TOTAL, "{}", post.title);
    assert!(embed.fields.iter().all(|field| (1..=VALUE).contains(&length(&field.value))), "{}", post.title);
    assert!(id.is_in_footer(&embed.footer));
    embed
}

/// Whether anything of a post had to be left out but the last of its notes.
fn lost(post: &Post) -> bool {
    let embed = laid_out(post);
    let marks = |text: &str| text.lines().any(|line| line.starts_with("… ") && line.contains("more"));
    marks(&embed.description) || embed.fields.iter().rev().skip(1).any(|field| marks(&field.value))
}

#[test]
fn posts_lose_nothing_that_matters() {
    let numbers = evening();
    let awards = awards(&numbers);
    let milestone = &milestones::ALL[5];
    let reached = numbers.everybody().into_iter().map(|one| Reached { name: one.name.to_owned(), milestone });
    let digest = digest_post::post(&numbers, &awards, &reached.collect::<Vec<_>>());
    let map = map_post::post(&numbers, &numbers.report.rounds[59], &awards);
    assert!(!lost(&digest), "{:#?}", laid_out(&digest));
    assert!(!lost(&map), "{:#?}", laid_out(&map));
    laid_out(&session_post::post(&numbers.report));
    laid_out(&explain::round(&numbers.report, &numbers.report.rounds[59], "2026-11-09a.60"));
    laid_out(&explain::map(&numbers.report, &numbers.report.epochs[0].plays[29], "2026-11-09a"));
}

#[test]
fn answers_to_buttons_fit() {
    let numbers = evening();
    let awards = awards(&numbers);
    let everybody = numbers.everybody();
    assert_eq!(everybody.len() as i64, PLAYERS);
    let answers =
        [details(&numbers), medals::pages(&numbers.report, &awards), weapons::pages_of(&numbers, &everybody, "it")];
    let pages = maps::of_plays(&numbers, true).into_iter().flat_map(|(_, pages)| pages);
    for post in answers.iter().flat_map(|answer| &answer.sheets).map(|sheet| sheet.post.clone()).chain(pages) {
        laid_out(&post);
        for row in post.tables.iter().flat_map(|table| &table.rows) {
            let width = unicode_width::UnicodeWidthStr::width(row.as_str());
            assert!(width <= super::post::TABLE_COLUMNS, "{row}");
        }
    }
}
