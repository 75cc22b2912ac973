//! The names that a player bore, with rounds and days.

use unicode_width::UnicodeWidthStr;

use crate::reports::columns::{cut, left, right};
use crate::reports::player::date;
use crate::reports::post::{Post, TABLE_COLUMNS, Table};
use crate::reports::words::{count, plural};
use crate::store::read::{Alias, NamedPlayer};

/// Names on a page.
const PAGE: usize = 15;
/// The room of a name beside its numbers.
const NAME: usize = 18;

/// Pages of a player's names, which come the newest first.
pub(super) fn posts(player: &NamedPlayer, names: &[Alias]) -> Vec<Post> {
    let title = format!("{} has borne {}", player.name, plural(names.len() as i64, "name", "names"));
    let most = names.iter().max_by_key(|alias| alias.rounds);
    let most = most.filter(|_| names.len() > 1).map(|most| format!("Most often {}.", most.name));
    let pages: Vec<&[Alias]> = names.chunks(PAGE).collect();
    let post = |(index, page): (usize, &&[Alias])| {
        let mut rows = vec![format!("{}{}{}", left("", NAME), right("RND", 5), right("LAST", 11))];
        rows.extend(page.iter().flat_map(|alias| {
            let numbers = format!("{}{}", right(&count(Some(alias.rounds)), 5), right(&date(alias.last_round), 11));
            // A name is what is asked for: a long one has a line of its own.
            if alias.name.width() <= NAME {
                return vec![format!("{}{numbers}", left(&alias.name, NAME))];
            }
            vec![cut(&alias.name, TABLE_COLUMNS), format!("{}{numbers}", left("", NAME))]
        }));
        let of = (pages.len() > 1).then(|| format!("page {} of {}", index + 1, pages.len()));
        Post {
            lines: most.clone().into_iter().collect(),
            notes: vec!["RND: all rounds under the name, also those that count for no numbers".to_owned()],
            tables: vec![Table { heading: String::new(), rows }],
            footer: [Some(player.key.clone()), of].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            ..Post::titled(title.clone())
        }
    };
    pages.iter().enumerate().map(post).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_with_rounds_and_days() {
        let day = |days: i64| ((9_440 + days) * 86_400) << 32;
        let alias = |name: &str, rounds, first, last| Alias {
            name: name.to_owned(),
            rounds,
            first_session: day(first),
            last_round: day(last),
        };
        let player =
            NamedPlayer { player: 1, key: "A1000000".to_owned(), name: "anna".to_owned(), last_round: day(30) };
        let names = [alias("anna", 7, 20, 30), alias("日本語の長い名前です", 1234, 0, 19)];
        insta::assert_debug_snapshot!(posts(&player, &names));
    }
}
