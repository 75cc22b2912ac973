//! Who plays here: everybody by rounds, and whoever is called so.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::kd;
use crate::store::Store;
use crate::store::read::{Alias, NamedPlayer};
use crate::store::totals::ALL_TIME;

use super::ReportError;
use super::answer::Answer;
use super::columns::{cut, left, right};
use super::player::date;
use super::post::{Post, Table};
use super::words::{hundredths, plural, thousands};

/// Players on a page of the list.
const PAGE: usize = 15;
/// Pages that are made at most.
const MOST_PAGES: usize = 40;
/// Who played within so many days is active.
const ACTIVE_DAYS: i64 = 30;
/// Players that a search finds at most.
const MOST_FOUND: usize = 20;
/// Players on a page of a search.
const FOUND_PAGE: usize = 5;
/// Names that are told beside the current one.
const NAMES: usize = 3;

/// Everybody who has rounds that count, or whoever of them played in the last thirty days before an instant (Unix
/// milliseconds): who has the most rounds first, a player once whatever his names, from a page on.
pub(super) async fn answer(store: &Store, active: bool, page: u16, now_ms: i64) -> Result<Answer, ReportError> {
    let mut totals = store.totals_of_scope(ALL_TIME).await?;
    totals.sort_by_key(|(player, sums)| (-Number::Rounds.of(sums), *player));
    let since = Timestamp::from_millisecond(now_ms.saturating_sub(ACTIVE_DAYS * 86_400_000));
    let since = Offset::UTC.to_datetime(since.unwrap_or(Timestamp::UNIX_EPOCH)).date().to_string();
    let mut players = Vec::new();
    for (player, sums) in totals {
        if players.len() == PAGE * MOST_PAGES {
            break;
        }
        let Some(player) = store.player(player).await? else { continue };
        if !active || date(player.last_round) >= since {
            players.push((player, sums));
        }
    }
    match players.len() {
        0 if active => Err(ReportError::Nothing(format!("Nobody has played in the last {ACTIVE_DAYS} days."))),
        0 => Err(ReportError::Nothing("Nobody has played yet.".to_owned())),
        _ => from_page(list(&players, active), page),
    }
}

/// The pages from one on, counted from 1.
fn from_page(mut pages: Vec<Post>, page: u16) -> Result<Answer, ReportError> {
    let from = usize::from(page.max(1)) - 1;
    match pages.len() {
        1 if from > 0 => Err(ReportError::Nothing("There is one page.".to_owned())),
        many if from >= many => Err(ReportError::Nothing(format!("There are {many} pages."))),
        _ => Ok(Answer::pages(pages.split_off(from))),
    }
}

fn list(players: &[(NamedPlayer, Sums)], active: bool) -> Vec<Post> {
    let pages: Vec<&[(NamedPlayer, Sums)]> = players.chunks(PAGE).collect();
    let many = plural(players.len() as i64, "player", "players");
    let title = if active { format!("{many} in the last {ACTIVE_DAYS} days") } else { many };
    let mut bearers: HashMap<&str, usize> = HashMap::new();
    for (player, _) in players {
        *bearers.entry(&player.name).or_default() += 1;
    }
    // Two of one name are told apart by how their GUIDs begin.
    let shared = |player: &NamedPlayer| bearers.get(player.name.as_str()).is_some_and(|bearers| *bearers > 1);
    let post = |(index, page): (usize, &&[(NamedPlayer, Sums)])| {
        let mut rows = vec![format!("{}{}{}{}", left("", 12), right("RDS", 6), right("K/D", 5), right("LAST", 11))];
        rows.extend(page.iter().map(|(player, sums)| {
            let [kills, deaths, rounds] = [Number::Kills, Number::Deaths, Number::Rounds].map(|one| one.of(sums));
            let last = date(player.last_round);
            let ratio = right(&hundredths(kd::kd(kills, deaths)), 5);
            let name = if shared(player) {
                format!("{}#{}", cut(&player.name, 7), player.key.get(..4).unwrap_or(&player.key))
            } else {
                player.name.clone()
            };
            format!("{}{}{ratio} {last}", left(&name, 12), right(&thousands(rounds), 6))
        }));
        Post {
            tables: vec![Table { heading: String::new(), rows }],
            footer: format!("page {} of {} · most rounds first", index + 1, pages.len()),
            ..Post::titled(title.clone())
        }
    };
    pages.iter().enumerate().map(post).collect()
}

/// Somebody whom a search found.
struct Hit {
    player: NamedPlayer,
    names: Vec<Alias>,
    sums: Option<Sums>,
}

/// Players one of whose names holds a text, or whose key it is.
pub(super) async fn find(store: &Store, text: &str, page: u16) -> Result<Answer, ReportError> {
    let text = text.trim();
    let mut found = store.players_like(text, MOST_FOUND).await?;
    if let Some(player) =
        store.player_of_key(text).await?.filter(|one| found.iter().all(|known| known.player != one.player))
    {
        found.insert(0, player);
    }
    if found.is_empty() {
        return Err(ReportError::Nothing(format!("Nobody's name holds {text}. !list_players lists everybody.")));
    }
    let mut hits = Vec::new();
    for player in found {
        let (names, sums) = (store.aliases(player.player).await?, store.totals(ALL_TIME, player.player).await?);
        hits.push(Hit { player, names, sums });
    }
    from_page(search(text, &hits), page)
}

fn search(text: &str, hits: &[Hit]) -> Vec<Post> {
    let pages: Vec<&[Hit]> = hits.chunks(FOUND_PAGE).collect();
    let most = if hits.len() >= MOST_FOUND { "At least " } else { "" };
    let title = format!("{most}{} for {text}", plural(hits.len() as i64, "player", "players"));
    let post = |(index, page): (usize, &&[Hit])| Post {
        tables: page.iter().map(table).collect(),
        footer: if pages.len() > 1 { format!("page {} of {}", index + 1, pages.len()) } else { String::new() },
        ..Post::titled(title.clone())
    };
    pages.iter().enumerate().map(post).collect()
}

fn table(hit: &Hit) -> Table {
    let numbers = hit.sums.as_ref().map_or_else(
        || "no round counts".to_owned(),
        |sums| {
            let [kills, deaths, rounds] = [Number::Kills, Number::Deaths, Number::Rounds].map(|one| one.of(sums));
            format!("{}, K/D {}", plural(rounds, "round", "rounds"), hundredths(kd::kd(kills, deaths)))
        },
    );
    let mut rows = vec![numbers, format!("{}  last {}", left(&hit.player.key, 12), date(hit.player.last_round))];
    let others = hit.names.iter().filter(|alias| alias.name != hit.player.name).take(NAMES);
    rows.extend(others.map(|alias| format!("also {}", cut(&alias.name, 29))));
    Table { heading: hit.player.name.clone(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(days: i64) -> i64 {
        ((9_440 + days) * 86_400) << 32
    }

    fn player(id: i64, name: &str) -> (NamedPlayer, Sums) {
        let mut sums = [0; Number::COUNT];
        sums[Number::Rounds as usize] = 2_000 / id;
        sums[Number::Kills as usize] = 30_000 / id;
        sums[Number::Deaths as usize] = 20_000;
        (NamedPlayer { player: id, key: format!("A{id:07}"), name: name.to_owned(), last_round: day(id) }, sums)
    }

    #[test]
    fn a_list_turns_pages() {
        let players: Vec<_> = (1..=17).map(|id| player(id, &format!("player {id}"))).collect();
        let mut posts = list(&players, true);
        assert_eq!((posts.len(), posts[0].tables[0].rows.len()), (2, 16));
        insta::assert_debug_snapshot!(posts.pop());
    }

    #[test]
    fn a_search_tells_who_is_who() {
        let alias = |name: &str| Alias { name: name.to_owned(), rounds: 1, first_session: 0, last_round: 0 };
        let ((anna, sums), (ann, _)) = (player(1, "anna"), player(2, "ann"));
        let hits = [
            Hit {
                names: vec![alias("anna"), alias("a name that is far too long for a phone")],
                player: anna,
                sums: Some(sums),
            },
            Hit { names: vec![alias("ann")], player: ann, sums: None },
        ];
        insta::assert_debug_snapshot!(search("ann", &hits));
    }
}
