//! The fun awards of a session.

use slomix_shared::formats::stats::Field;

use crate::domain::fun_awards::{Evening, Given, given};
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody};
use crate::reports::words::scaled;

/// Every award, a line each.
pub(in crate::reports) fn lines(numbers: &SessionNumbers) -> Vec<String> {
    let everybody = numbers.everybody();
    of(&everybody).iter().map(|given| line(given, &everybody)).collect()
}

/// One award a line.
pub(in crate::reports) fn post(numbers: &SessionNumbers) -> Post {
    let everybody = numbers.everybody();
    let awards = of(&everybody);
    let title = most_decorated(&awards, &everybody)
        .map(|(who, count)| format!("{}: most awards for {who}, {count}", numbers.report.handle));
    let mut post = super::of_everybody(numbers, title, "Awards", Vec::new());
    post.lines.extend(awards.iter().map(|given| line(given, &everybody)));
    if post.lines.is_empty() {
        post.lines.push("Nobody earned one: they ask for a little more of something.".to_owned());
    }
    post.notes.push("Per 10 minutes played, so a long night does not decide; equal values share.".to_owned());
    post
}

fn of(everybody: &[Somebody<'_>]) -> Vec<Given> {
    let evening = |one: &Somebody<'_>| Evening { sums: one.sums, best_spree: one.most(Field::KillingSpree) };
    given(&everybody.iter().map(evening).collect::<Vec<_>>())
}

fn line(given: &Given, everybody: &[Somebody<'_>]) -> String {
    let says = given.award.says.replace("{}", &scaled(Some(given.value), given.award.decimals));
    format!("{} {}: {}, {says}", given.award.sign, given.award.title, names(given, everybody))
}

fn names(given: &Given, everybody: &[Somebody<'_>]) -> String {
    let names: Vec<&str> = given.holders.iter().filter_map(|place| everybody.get(*place)).map(|one| one.name).collect();
    match names.as_slice() {
        // What so many share is nobody's own.
        [first, rest @ ..] if rest.len() > 2 => format!("{first} and {} more", rest.len()),
        names => listed(names),
    }
}

/// Who got most awards, and how many; nobody where half the server shares that.
fn most_decorated(awards: &[Given], everybody: &[Somebody<'_>]) -> Option<(String, usize)> {
    let count = |place: usize| awards.iter().filter(|given| given.holders.contains(&place)).count();
    let most = (0..everybody.len()).map(count).max().filter(|most| *most > 0)?;
    let names: Vec<&str> =
        everybody.iter().enumerate().filter(|(place, _)| count(*place) == most).map(|(_, one)| one.name).collect();
    (names.len() <= 2).then(|| (listed(&names), most))
}

/// As in `bob, ann and cat`.
fn listed(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
