//! Over what a leaderboard is: all time, a season, a month, a map.

use crate::store::totals::{ALL_TIME, map_scope};
use crate::store::{Store, StoreError};

/// What a text names among the scopes that have totals: `all`; `season` or `month`, the last one played; `2026-Q4`,
/// `2026-11`, or a map, each with or without `season:`, `month:`, `map:` before it.
pub async fn find(store: &Store, text: &str) -> Result<Option<String>, StoreError> {
    let text = text.trim().to_lowercase();
    if text == ALL_TIME {
        return Ok(Some(text));
    }
    Ok(choose(&store.scopes().await?, &text))
}

fn choose(known: &[String], text: &str) -> Option<String> {
    if matches!(text, "season" | "month") {
        // Their names sort as they were played.
        return known.iter().filter(|scope| scope.split(':').next() == Some(text)).max().cloned();
    }
    let wanted = [text.to_owned(), format!("season:{text}"), format!("month:{text}"), map_scope(text)];
    wanted.iter().find_map(|wanted| known.iter().find(|scope| scope.eq_ignore_ascii_case(wanted))).cloned()
}

/// A scope as people say it.
pub fn label(scope: &str) -> String {
    match scope.split_once(':') {
        Some((kind, name)) => format!("{kind} {name}"),
        None => "all time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_mean_what_was_played() {
        let known = ["all", "map:supply", "month:2026-02", "month:2026-11", "season:2026-Q1", "season:2026-Q4"];
        let known = known.map(str::to_owned);
        for (text, scope) in [
            ("season", Some("season:2026-Q4")),
            ("month", Some("month:2026-11")),
            ("2026-q1", Some("season:2026-Q1")),
            ("month:2026-02", Some("month:2026-02")),
            ("2026-02", Some("month:2026-02")),
            ("supply", Some("map:supply")),
            ("map:supply", Some("map:supply")),
            ("2026-03", None),
            ("map:radar", None),
        ] {
            assert_eq!(choose(&known, text).as_deref(), scope, "{text}");
        }
        assert_eq!((label("all"), label("map:supply")), ("all time".to_owned(), "map supply".to_owned()));
    }
}
