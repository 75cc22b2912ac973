//! The buttons under posts, and what Discord knows them by: ids that hold all that is needed to answer, so that they
//! work after any restart.

use crate::reports::question::{PostKind, PostView, Question};

/// A button as it will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What Discord knows it by, at most 100 characters and once in a message.
    pub id: String,
    /// What people read.
    pub label: &'static str,
    /// Whether it can not be pressed.
    pub off: bool,
}

/// What somebody wants who presses a button of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Press {
    /// The artifact that the post is anchored to.
    artifact: i64,
    about: PostKind,
    view: PostView,
    /// The page of an answer that is there already; none for a new answer.
    pub(super) page: Option<usize>,
}

const VIEWS: [(PostView, &str, &str); 5] = [
    (PostView::Details, "details", "Details"),
    (PostView::Weapons, "weapons", "Weapons"),
    (PostView::Awards, "awards", "Awards"),
    (PostView::Graphs, "graphs", "Graphs"),
    (PostView::Explain, "explain", "Explain"),
];

/// The buttons under the post of a kind about an anchor; none where the hub does not know such posts.
pub fn under(kind: &str, anchor: &str) -> Vec<Button> {
    let (Some(about), Ok(artifact)) = (PostKind::from_name(kind), anchor.parse()) else { return Vec::new() };
    let button = |(view, _, label): &(PostView, &str, &'static str)| {
        let press = Press { artifact, about, view: *view, page: None };
        Button { id: press.id(""), label, off: false }
    };
    VIEWS.iter().map(button).collect()
}

/// The buttons that turn the pages of something that shows one of them. `id` makes what Discord knows a button by, from
/// its name and the page that it leads to.
pub(super) fn turns(page: usize, pages: usize, id: impl Fn(&str, usize) -> String) -> Vec<Button> {
    let last = pages.saturating_sub(1);
    let turn = |name, label, to, off| Button { id: id(name, to), label, off };
    vec![
        turn("first", "«", 0, page == 0),
        turn("back", "‹", page.saturating_sub(1), page == 0),
        turn("next", "›", (page + 1).min(last), page >= last),
        turn("last", "»", last, page >= last),
    ]
}

impl Press {
    /// What a button of ours means; none for other buttons.
    pub(super) fn read(id: &str) -> Option<Self> {
        let mut parts = id.split(':');
        let ours = parts.next()?;
        let about = PostKind::from_name(parts.next()?)?;
        let artifact = parts.next()?.parse().ok()?;
        let view = parts.next()?;
        let (view, ..) = VIEWS.iter().find(|(_, name, _)| *name == view)?;
        let page = match (ours, parts.next()) {
            ("post", None) => None,
            ("page", Some(page)) => Some(page.parse().ok()?),
            _ => return None,
        };
        Some(Self { artifact, about, view: *view, page })
    }

    /// What is asked.
    pub(super) fn question(&self) -> Question {
        Question::Posted { artifact: self.artifact, about: self.about, view: self.view }
    }

    /// The buttons that turn the pages of the answer, of which one is shown.
    pub(super) fn turns(&self, page: usize, pages: usize) -> Vec<Button> {
        turns(page, pages, |name, to| Self { page: Some(to), ..*self }.id(name))
    }

    /// What Discord knows it by; `name` tells buttons apart that lead to one page.
    fn id(&self, name: &str) -> String {
        let view = VIEWS.iter().find(|(view, ..)| *view == self.view).map_or("", |(_, name, _)| name);
        let (about, artifact) = (self.about.as_str(), self.artifact);
        match self.page {
            None => format!("post:{about}:{artifact}:{view}"),
            Some(page) => format!("page:{about}:{artifact}:{view}:{page}:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_button_leads_back_to_its_post() {
        for kind in PostKind::ALL {
            for button in under(kind.as_str(), &i64::MIN.to_string()) {
                let press = Press::read(&button.id).expect("a button of ours");
                assert_eq!((press.about, press.artifact, press.page), (kind, i64::MIN, None));
                assert!(button.id.len() <= 100 && !button.off);
                let turns = press.turns(1, 3);
                let pages: Vec<_> =
                    turns.iter().map(|turn| Press::read(&turn.id).and_then(|press| press.page)).collect();
                assert_eq!(pages, [Some(0), Some(0), Some(2), Some(2)]);
                let ids: BTreeSet<&str> = turns.iter().map(|turn| turn.id.as_str()).collect();
                assert!(ids.len() == 4 && ids.iter().all(|id| id.len() <= 100));
            }
        }
        let labels: Vec<&str> = under("round", "7").iter().map(|button| button.label).collect();
        assert!(labels.starts_with(&["Details", "Weapons", "Awards"]) && labels.ends_with(&["Explain"]), "{labels:?}");
    }

    #[test]
    fn other_buttons_are_none_of_ours() {
        let others = [
            "",
            "123:next",
            "post",
            "post:round",
            "post:round:x:details",
            "post:round:7:nonsense",
            "post:moon:7:details",
            "post:round:7:details:1",
            "page:round:7:details",
            "page:round:7:details:x:next",
            "page:round:7:details:-1:back",
        ];
        for other in others {
            assert_eq!(Press::read(other), None, "{other}");
        }
        assert!(under("moon", "7").is_empty() && under("round", "an anchor").is_empty());
    }
}
