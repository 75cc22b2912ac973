//! Who came, went and changed teams since the session before.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::lineups::{Change, compare};
use crate::store::Store;

use super::answer::Answer;
use super::post::{Accent, Post};
use super::session::{EpochReport, SessionReport};
use super::words::plural;
use super::{ReportError, which_session};

/// The changes between two sessions: the teams that played last in each.
pub(super) async fn answer(
    store: &Store,
    session: &str,
    previous: Option<&str>,
    now_ms: i64,
) -> Result<Answer, ReportError> {
    let now = which_session::one(store, session, now_ms).await?;
    let before = match previous.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Some(which_session::one(store, text, now_ms).await?),
        None => store.session_before(&now).await?,
    };
    let now = SessionReport::read(store, now).await?;
    let Some(before) = before else {
        return Err(ReportError::Nothing(format!("{} is the first session, so nothing changed.", now.handle)));
    };
    let before = SessionReport::read(store, before).await?;
    Ok(post(&before, &now).into())
}

fn post(before: &SessionReport, now: &SessionReport) -> Post {
    let ends = [before, now].map(|report| report.epochs.last().cloned().unwrap_or_default());
    let rosters = ends.each_ref().map(cores);
    let found = compare(&rosters[0], &rosters[1]);
    let names: BTreeMap<&str, &str> =
        ends.iter().flat_map(|end| &end.members).map(|member| (member.key.as_str(), member.name.as_str())).collect();
    let mut lines = Vec::new();
    for (change, team) in found.changes.iter().zip([1, -1]) {
        let was = ends[0].name(if found.crossed { -team } else { team });
        let own = ends[1].name(team);
        let own = if own == was { own.to_owned() } else { format!("{own} (was {was})") };
        lines.push(format!("{own}: {}", plural(change.stayed.len() as i64, "player stayed", "players stayed")));
        lines.extend(told(change, &names));
    }
    let moved: usize = found.changes.iter().map(|one| one.came.len() + one.went.len() + one.switched.len()).sum();
    let title = match moved {
        0 => format!("{}: the same teams as in {}", now.handle, before.handle),
        moved => {
            let changes = plural(moved as i64, "change", "changes");
            format!("{}: {changes} of the teams since {}", now.handle, before.handle)
        }
    };
    Post {
        title,
        accent: Accent::Neutral,
        lines,
        tables: Vec::new(),
        notes: vec!["Teams are matched by who is in them, whatever they are called; guests are left out.".to_owned()],
        footer: format!("{} and {}", before.handle, now.handle),
        timestamp_ms: Some(now.session.end_ms),
    }
}

fn told(change: &Change, names: &BTreeMap<&str, &str>) -> Vec<String> {
    let list = |sign: &str, what: &str, players: &BTreeSet<String>| {
        let names: Vec<&str> =
            players.iter().map(|key| names.get(key.as_str()).copied().unwrap_or(key.as_str())).collect();
        (!names.is_empty()).then(|| format!("{sign} {what}: {}", names.join(", ")))
    };
    [
        list("➕", "new", &change.came),
        list("➖", "gone", &change.went),
        list("🔁", "from the other team", &change.switched),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The keys of both teams' cores.
fn cores(epoch: &EpochReport) -> [BTreeSet<String>; 2] {
    [1, -1].map(|team| epoch.core(team))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{member, report, shown};

    fn evening(a: &[(i64, &str)], b: &[(i64, &str)]) -> SessionReport {
        let of = |players: &[(i64, &str)], team| -> Vec<_> {
            players.iter().map(|(player, name)| member(*player, name, team)).collect()
        };
        report(Vec::new(), EpochReport { members: [of(a, 1), of(b, -1)].concat(), ..EpochReport::default() })
    }

    #[test]
    fn changes_are_told_by_team_and_never_by_name() {
        let before = evening(&[(1, "ann"), (2, "bob"), (3, "cat")], &[(4, "dan"), (5, "eve"), (6, "fay")]);
        let mut now = evening(&[(5, "EVE"), (6, "fay"), (7, "gus")], &[(1, "ann"), (2, "bob"), (4, "dan")]);
        now.handle = "2026-11-10a".to_owned();
        let same = evening(&[(4, "x"), (5, "y"), (6, "z")], &[(1, "ann"), (2, "bob"), (3, "cat")]);
        insta::assert_snapshot!(format!("{}\n----\n{}", shown(&post(&before, &now)), shown(&post(&before, &same))));
    }
}
