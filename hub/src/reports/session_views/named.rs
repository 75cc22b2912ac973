//! What people call the views of a session, and what they type to see one.

use crate::reports::question::SessionView;

/// A view with its names.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// Which.
    pub view: SessionView,
    /// What it is called.
    pub name: &'static str,
    /// What else it is called.
    pub aliases: &'static [&'static str],
    /// What it shows.
    pub about: &'static str,
}

const fn named(view: SessionView, name: &'static str, aliases: &'static [&'static str], about: &'static str) -> Named {
    Named { view, name, aliases, about }
}

/// All views, in the order in which people read of them.
pub const ALL: [Named; 18] = [
    named(SessionView::Overview, "overview", &["all"], "score, maps, both teams"),
    named(SessionView::Top, "top", &["top10"], "everybody by kills"),
    named(SessionView::Combat, "combat", &["fight"], "damage, gibs, self kills"),
    named(SessionView::Objectives, "obj", &["objectives", "objective"], "objectives, dynamite, revives"),
    named(SessionView::Weapons, "weapons", &["weapon", "weap"], "which weapons killed, and whose"),
    named(SessionView::Support, "support", &["medic"], "revives given and taken"),
    named(SessionView::Sprees, "sprees", &["spree"], "runs of kills and of deaths"),
    named(SessionView::Maps, "maps", &["map"], "a page for each map"),
    named(SessionView::MapsFull, "maps full", &["maps_full", "mapsfull"], "the same, and each half"),
    named(SessionView::Graphs, "graphs", &["graph", "charts"], "everybody's numbers as pictures"),
    named(SessionView::Time, "time", &["timing", "times"], "time played, dead and denied"),
    named(
        SessionView::TimeRaw,
        "time_raw",
        &["timeraw", "time-raw", "timecsv", "time_csv"],
        "the same by round, as a file",
    ),
    named(SessionView::Score, "score", &["scores"], "the score, map by map"),
    named(SessionView::Teams, "teams", &["team"], "who played for whom"),
    named(SessionView::Awards, "awards", &["fun"], "fun awards"),
    named(SessionView::Medals, "endstats", &["medals"], "the awards of each round's endstats"),
    named(SessionView::Endstats, "endstats_audit", &["endstats_check"], "which rounds have endstats"),
    named(SessionView::Debug, "debug", &[], "how each map came to its result"),
];

/// The view with this name or alias.
pub fn find(text: &str) -> Option<SessionView> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let fits = |named: &&Named| named.name == text || named.aliases.contains(&text.as_str());
    ALL.iter().find(fits).map(|named| named.view)
}

/// What somebody asks who types `text` of a session and a view, each of which may be missing: `2026-11-09b top`,
/// `yesterday maps full`, `2026 11 09`, `combat`. An error is in people's words.
pub fn asked(text: &str) -> Result<(String, SessionView), String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // The longest name of a view that the text ends with.
    let view = (0..words.len()).find_map(|at| Some((at, find(&words[at..].join(" "))?)));
    let (session, view) = view.map_or((words.as_slice(), SessionView::Overview), |(at, view)| (&words[..at], view));
    match session {
        [] => Ok(("last".to_owned(), view)),
        [one] => Ok(((*one).to_owned(), view)),
        [year, month, day] if [year, month, day].iter().all(|part| part.parse::<u16>().is_ok()) => {
            Ok((format!("{year}-{month:0>2}-{day:0>2}"), view))
        }
        [_, rest @ ..] => Err(unknown(&rest.join(" "))),
    }
}

/// The view that a text names, the overview without one. An error is in people's words.
pub fn view(text: &str) -> Result<SessionView, String> {
    if text.trim().is_empty() { Ok(SessionView::Overview) } else { find(text).ok_or_else(|| unknown(text.trim())) }
}

fn unknown(text: &str) -> String {
    let names: Vec<&str> = ALL.iter().map(|named| named.name).collect();
    format!("There is no view {text}. There are {}.", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_and_a_view_may_each_be_missing() {
        for (text, session, view) in [
            ("", "last", SessionView::Overview),
            ("combat", "last", SessionView::Combat),
            ("2026-11-09b", "2026-11-09b", SessionView::Overview),
            ("2026-11-09 TOP10", "2026-11-09", SessionView::Top),
            ("yesterday maps  full", "yesterday", SessionView::MapsFull),
            ("maps", "last", SessionView::Maps),
            ("2026 11 9", "2026-11-09", SessionView::Overview),
            ("2026 11 09 obj", "2026-11-09", SessionView::Objectives),
            ("last time-raw", "last", SessionView::TimeRaw),
        ] {
            assert_eq!(asked(text), Ok((session.to_owned(), view)), "{text}");
        }
    }

    #[test]
    fn what_is_no_view_is_told_with_those_that_there_are() {
        let told = asked("2026-11-09 nonsense").unwrap_err();
        assert!(told.starts_with("There is no view nonsense. There are overview, top, combat, "), "{told}");
        assert_eq!(view("nonsense"), Err(told));
        assert_eq!(view(" "), Ok(SessionView::Overview));
    }

    #[test]
    fn every_name_means_one_view() {
        let names: Vec<&str> = ALL.iter().flat_map(|named| named.aliases.iter().copied().chain([named.name])).collect();
        let once: std::collections::BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(once.len(), names.len());
    }
}
