//! How a player's last sessions went, next to his own average.

use jiff::civil::Date;

use super::habits::signed;
use crate::domain::habits::consistency::relative_variance;
use crate::domain::habits::form::{self, Played};
use crate::domain::habits::{Estimate, percent};
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{dpm, kd};
use crate::reports::ReportError;
use crate::reports::answer::{Answer, Sheet};
use crate::reports::columns::right;
use crate::reports::player::date;
use crate::reports::plot::{Line, Lines, Plot, Reference, Span};
use crate::reports::post::{Post, Table};
use crate::reports::words::{hundredths, plural, whole};
use crate::store::Store;
use crate::store::read::NamedPlayer;
use crate::store::totals::ALL_TIME;

/// Sessions that are shown.
const SESSIONS: i64 = 20;
/// Sessions that stand in the table.
const TOLD: usize = 8;
/// A session of fewer rounds is no point of the line.
const LEAST_ROUNDS: i64 = 3;

/// The answer about a player's form.
pub(super) async fn answer(store: &Store, player: &NamedPlayer) -> Result<Answer, ReportError> {
    let mut sessions = store.sessions_of_player(player.player, SESSIONS).await?;
    sessions.reverse();
    let all = store.totals(ALL_TIME, player.player).await?.filter(|_| !sessions.is_empty());
    let Some(all) = all else {
        return Err(ReportError::Nothing(format!("None of {}'s rounds counts yet, so he has no form.", player.name)));
    };
    Ok(Answer::from(vec![sheet(player, &sessions, &all)]))
}

/// `sessions` in order of play.
fn sheet(player: &NamedPlayer, sessions: &[(i64, Sums)], all: &Sums) -> Sheet {
    let average = dpm::METRIC.of(all);
    let found = found(sessions, all);
    let title = title(player, sessions, found.as_ref());
    let rounds: i64 = sessions.iter().map(|(_, sums)| Number::Rounds.of(sums)).sum();
    let sample =
        format!("{}, {}", plural(sessions.len() as i64, "session", "sessions"), plural(rounds, "round", "rounds"));
    let plot = Plot::Lines(Lines {
        title: title.clone(),
        subtitle: format!(
            "DPM by session, form@{}, {}; below each its rounds, a gap where under {LEAST_ROUNDS}. {sample}",
            form::VERSION,
            dpm::METRIC.formula_id()
        ),
        unit: "DPM".to_owned(),
        spans: sessions.iter().map(|(session, sums)| span(*session, sums)).collect(),
        reference: average.map(|tenths| Reference {
            value: tenths as f64 / 10.0,
            label: format!("own average {}", whole(Some(tenths))),
        }),
        series: vec![Line {
            name: player.name.clone(),
            values: sessions.iter().map(|(_, sums)| value(sums)).collect(),
        }],
    });
    let thin = sessions.iter().filter(|(_, sums)| is_thin(sums)).count() as i64;
    let mut lines = vec![match &found {
        Some(found) => {
            let found = found.in_percent();
            format!(
                "Lately {} % against his average of {} DPM, likely {} to {} % (the newest sessions count most).",
                signed(found.value),
                whole(average),
                signed(found.low),
                signed(found.high)
            )
        }
        None => format!("Average {} DPM. A form would take {} sessions.", whole(average), form::LEAST_SESSIONS),
    }];
    if thin > 0 {
        let few = plural(thin, "session has", "sessions have");
        lines.push(format!("~ {few} under {LEAST_ROUNDS} rounds: too few for a point."));
    }
    let post = Post {
        lines,
        tables: vec![table(sessions)],
        footer: format!("{} · form@{} · {sample}", player.key, form::VERSION),
        ..Post::titled(title)
    };
    if sessions.iter().all(|(_, sums)| value(sums).is_none()) {
        return post.into();
    }
    Sheet::with_picture(post, "form", plot)
}

fn title(player: &NamedPlayer, sessions: &[(i64, Sums)], found: Option<&Estimate>) -> String {
    let name = &player.name;
    match found {
        Some(found) if !found.is_clear() => format!("{name}: no clear change lately"),
        Some(found) if found.value > 0.0 => {
            format!("{name} is in form: {} % over his average", signed(percent(found.value)))
        }
        Some(found) => format!("{name} is below his average: {} %", signed(percent(found.value))),
        None => format!("{name}: {} so far", plural(sessions.len() as i64, "session", "sessions")),
    }
}

fn found(sessions: &[(i64, Sums)], all: &Sums) -> Option<Estimate> {
    let of = |number: Number, sums: &Sums| number.of(sums) as f64;
    let played: Vec<Played> = sessions
        .iter()
        .filter_map(|(_, sums)| {
            let dpm = dpm::METRIC.of(sums)? as f64 / 10.0;
            Some(Played { rounds: of(Number::KnownRounds, sums), dpm })
        })
        .collect();
    let spread = relative_variance(
        of(Number::KnownRounds, all),
        of(Number::Seconds, all),
        of(Number::DamageGiven, all),
        of(Number::DamageSpread, all),
    )?;
    form::form(&played, dpm::METRIC.of(all)? as f64 / 10.0, spread)
}

fn is_thin(sums: &Sums) -> bool {
    Number::KnownRounds.of(sums) < LEAST_ROUNDS
}

fn value(sums: &Sums) -> Option<f64> {
    dpm::METRIC.of(sums).filter(|_| !is_thin(sums)).map(|tenths| tenths as f64 / 10.0)
}

fn span(session: i64, sums: &Sums) -> Span {
    let day = date(session);
    let day = day.parse::<Date>().map_or(day, |date| date.strftime("%-d %b").to_string());
    Span { name: day, points: vec![Number::Rounds.of(sums).to_string()], gained: None, score: None }
}

/// The newest sessions, the last first.
fn table(sessions: &[(i64, Sums)]) -> Table {
    let mut rows = vec![format!("{:10}{}{}{}", "", right("DPM", 7), right("K/D", 7), right("ROUNDS", 8))];
    rows.extend(sessions.iter().rev().take(TOLD).map(|(session, sums)| {
        let mark = if is_thin(sums) { "~" } else { "" };
        format!(
            "{}{}{}{}",
            date(*session),
            right(&whole(dpm::METRIC.of(sums)), 7),
            right(&hundredths(kd::METRIC.of(sums)), 7),
            right(&format!("{mark}{}", Number::Rounds.of(sums)), 8)
        )
    }));
    Table { heading: "His last sessions".to_owned(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(rounds: i64, dpm: i64) -> Sums {
        let mut sums = [0; Number::COUNT];
        for (number, value) in [
            (Number::Rounds, rounds),
            (Number::KnownRounds, rounds),
            (Number::Kills, rounds * 12),
            (Number::Deaths, rounds * 10),
            (Number::Seconds, rounds * 600),
            (Number::DamageGiven, rounds * dpm * 10),
            // Rounds differ by about a fifth.
            (Number::DamageSpread, rounds * dpm * dpm * 104 / 600),
        ] {
            sums[number as usize] = value;
        }
        sums
    }

    fn day(days: i64) -> i64 {
        ((9_440 + days) * 86_400) << 32
    }

    fn anna() -> NamedPlayer {
        NamedPlayer { player: 1, key: "A1000000".to_owned(), name: "anna".to_owned(), last_round: day(90) }
    }

    fn sessions(dpm: &[(i64, i64)]) -> Vec<(i64, Sums)> {
        dpm.iter().zip(0..).map(|(&(rounds, dpm), at)| (day(at * 5), sums(rounds, dpm))).collect()
    }

    fn shown(dpm: &[(i64, i64)]) -> Sheet {
        let mut all = [0; Number::COUNT];
        let sessions = sessions(dpm);
        for (_, sums) in &sessions {
            all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum);
        }
        let sheet = sheet(&anna(), &sessions, &all);
        if let Some(picture) = &sheet.picture {
            crate::charts::tests::look(&format!("form-{}", dpm.len()), &picture.plot);
        }
        sheet
    }

    #[test]
    fn a_form_comes_with_its_range_and_what_it_is_taken_from() {
        let rising = [(12, 280), (10, 300), (14, 290), (2, 420), (12, 310), (16, 300), (12, 350), (14, 430), (15, 450)];
        let sheet = shown(&rising);
        insta::assert_snapshot!(crate::reports::sample::shown(&sheet.post));
        let Plot::Lines(lines) = &sheet.picture.as_ref().unwrap().plot else { panic!("no lines") };
        assert_eq!(lines.series[0].values[3], None, "two rounds are no point");
        assert_eq!((lines.spans[3].points[0].as_str(), lines.spans.len()), ("2", 9));
    }

    #[test]
    fn few_sessions_make_no_form_and_equal_ones_none_either() {
        assert_eq!(shown(&[(12, 300), (11, 340)]).post.title, "anna: 2 sessions so far");
        assert_eq!(
            shown(&[(12, 300), (11, 302), (9, 299), (12, 300), (10, 303), (12, 298)]).post.title,
            "anna: no clear change lately"
        );
        let new = shown(&[(1, 300)]);
        assert_eq!(new.post.title, "anna: 1 session so far");
        assert!(new.picture.is_none(), "there is no point to draw");
    }
}
