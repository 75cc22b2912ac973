//! A decision about a round holds wherever the round goes: a file that came under two names is the earlier one's round.

use slomix_hub::domain::decisions::{Correction, RoundKey};
use slomix_hub::pipeline::DecideError;
use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::store::read::RoundRow;
use slomix_shared::artifact::{ContentHash, LocalStamp};
use slomix_shared::game::Side;
use slomix_shared::sim::Accidents;

use super::table::{decide, key, one_of, rounds, undo};
use crate::pipeline::{Bench, evenings};

type File = (String, Vec<u8>);

/// Seconds before a file at which its copy is stamped: in the same block, and in one of its own.
const EARLIER: [i64; 2] = [7, 30 * 3600];

fn files() -> Vec<File> {
    evenings(7, 1, Accidents::default())
}

/// The name of a file if it had been written so many seconds earlier.
fn earlier(file: &str, seconds: i64) -> String {
    let stamp = LocalStamp::parse(&file[..17]).unwrap();
    format!("{}{}", LocalStamp::from_seconds(stamp.seconds() - seconds), &file[17..])
}

/// A bench to which bursts of files came, one after the other.
async fn bench(bursts: &[&[File]]) -> Bench {
    let bench = Bench::new().await;
    for burst in bursts {
        bench.keep(burst).await;
        bench.derive().await;
    }
    bench
}

/// The first round of the evening and a copy of its file.
async fn first_and_copy(seconds: i64) -> (RoundRow, File) {
    let bench = bench(&[&files()]).await;
    let round = rounds(&bench).await.remove(0);
    let content = bench.store.content(round.artifact).await.unwrap().unwrap();
    let copy = (earlier(&round.file, seconds), content);
    (round, copy)
}

async fn of_file(bench: &Bench, file: &str) -> Option<RoundRow> {
    bench.store.round_of_file(file).await.unwrap()
}

async fn rebuilt_is_the_same(bench: &Bench) {
    let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.rows, rebuilt.totals), (0, 0));
}

#[tokio::test]
async fn what_was_decided_follows_the_round_to_an_earlier_copy_in_any_order() {
    for seconds in EARLIER {
        let (round, copy) = first_and_copy(seconds).await;
        let known = bench(&[&files()]).await;
        let (player, _) = one_of(&known, &round, Side::Axis).await;
        let (other, _) = one_of(&known, &round, Side::Allies).await;
        let decisions = [
            Correction::Void { round: key(&round) },
            Correction::Winner { round: key(&round), side: Side::Axis },
            Correction::Side { round: key(&round), player, side: None },
            Correction::Team { round: key(&round), player: other, team: 1 },
        ];
        let copies = std::slice::from_ref(&copy);

        let all_first = bench(&[copies, &files()]).await;
        let clean = all_first.dump().await;
        let mut made = Vec::new();
        for decision in &decisions {
            made.push(decide(&all_first, decision).await);
        }
        let wanted = all_first.dump().await;
        assert_ne!(wanted, clean);

        for correction in &decisions {
            decide(&known, correction).await;
        }
        known.keep(copies).await;
        known.derive().await;
        assert!(known.dump().await == wanted, "{seconds}: the copy comes last");
        rebuilt_is_the_same(&known).await;

        assert_eq!(of_file(&known, &round.file).await, None, "a copy is no round");
        let now = of_file(&known, &copy.0).await.unwrap();
        for flag in ["voided", "manual_winner", "manual_side"] {
            assert!(now.has_flag(flag), "{}", now.flags);
        }
        // Said of the round by its new name, it is the same decision.
        let again = known.deriver.correct(&Correction::Void { round: key(&now) }, "ann", "again").await.unwrap_err();
        assert!(matches!(again, DecideError::Already(_)), "{again}");
        let otherwise = Correction::Winner { round: key(&now), side: Side::Allies };
        let otherwise = known.deriver.correct(&otherwise, "ann", "no").await.unwrap_err();
        assert!(matches!(otherwise, DecideError::Otherwise(_)), "{otherwise}");

        for id in made {
            undo(&all_first, id).await;
            undo(&known, id).await;
        }
        assert!(all_first.dump().await == clean && known.dump().await == clean, "{seconds}: nothing is left");
    }
}

#[tokio::test]
async fn a_copy_of_the_lines_alone_takes_the_decisions_along_too() {
    let (round, (name, content)) = first_and_copy(EARLIER[0]).await;
    let text = String::from_utf8_lossy(&content).into_owned();
    let (header, lines) = text.split_once('\n').unwrap();
    let copy = (name, format!("another {header}\n{lines}").into_bytes());
    let bench = bench(&[&files()]).await;
    let id = decide(&bench, &Correction::Void { round: key(&round) }).await;
    bench.keep(std::slice::from_ref(&copy)).await;
    bench.derive().await;
    assert!(of_file(&bench, &copy.0).await.unwrap().has_flag("voided"));
    let now = bench.store.round_of_key(&key(&round)).await.unwrap().unwrap();
    assert_eq!(now.file, copy.0);
    rebuilt_is_the_same(&bench).await;
    undo(&bench, id).await;
    assert!(!of_file(&bench, &copy.0).await.unwrap().has_flag("voided"));
}

#[tokio::test]
async fn a_file_that_gets_a_content_of_its_own_takes_its_decisions_back() {
    for seconds in EARLIER {
        let (round, copy) = first_and_copy(seconds).await;
        // The same and one line more: by the rule of revisions the better content.
        let mut longer = copy.1.clone();
        let last = longer[..longer.len() - 1].rsplit(|byte| *byte == b'\n').next().unwrap().to_vec();
        longer.extend(b"5EE10009");
        longer.extend(&last[8..]);
        longer.push(b'\n');
        let own = (round.file.clone(), longer);
        let steps = [vec![copy.clone()], vec![own]];

        let bench = bench(&[&files()]).await;
        decide(&bench, &Correction::Void { round: key(&round) }).await;
        bench.keep(&steps[0]).await;
        bench.derive().await;
        assert!(of_file(&bench, &copy.0).await.unwrap().has_flag("voided"), "{seconds}");
        bench.keep(&steps[1]).await;
        bench.derive().await;
        assert!(!of_file(&bench, &copy.0).await.unwrap().has_flag("voided"), "{seconds}");
        assert!(of_file(&bench, &round.file).await.unwrap().has_flag("voided"), "{seconds}");
        rebuilt_is_the_same(&bench).await;

        let together = self::bench(&[&steps.concat(), &files()]).await;
        decide(&together, &Correction::Void { round: key(&round) }).await;
        assert!(together.dump().await == bench.dump().await, "{seconds}");
    }
}

#[tokio::test]
async fn a_pinned_content_counts_in_an_earlier_copy_too() {
    for seconds in EARLIER {
        let (round, best) = first_and_copy(seconds).await;
        let text = String::from_utf8_lossy(&best.1).into_owned();
        let worse = (text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n").into_bytes();
        let late = vec![(round.file.clone(), worse.clone())];
        let copies = vec![best.clone(), (best.0.clone(), worse.clone())];
        let hash = ContentHash::of(&worse);
        let pin = Correction::Pin { server: "main".to_owned(), file: round.file.clone(), hash };

        let first = bench(&[&files(), &late]).await;
        let id = decide(&first, &pin).await;
        let now = of_file(&first, &round.file).await.unwrap();
        assert_eq!((now.humans, now.has_flag("pinned")), (round.humans - 1, true));
        for copy in &copies {
            first.keep(std::slice::from_ref(copy)).await;
            first.derive().await;
        }
        let now = of_file(&first, &best.0).await.unwrap();
        assert_eq!((now.humans, now.has_flag("pinned")), (round.humans - 1, true), "{seconds}");
        rebuilt_is_the_same(&first).await;

        let last = bench(&[&copies, &late, &files()]).await;
        let clean = last.dump().await;
        decide(&last, &pin).await;
        assert!(last.dump().await == first.dump().await, "{seconds}");
        undo(&first, id).await;
        assert!(first.dump().await == clean, "{seconds}");
    }
}

#[tokio::test]
async fn a_team_s_name_stays_with_the_session_of_the_copy() {
    let (round, copy) = first_and_copy(EARLIER[0]).await;
    let bench = bench(&[&files()]).await;
    let name = Correction::Name { round: key(&round), team: 1, name: "Night Shift".to_owned(), roster: Vec::new() };
    decide(&bench, &name).await;
    bench.keep(std::slice::from_ref(&copy)).await;
    bench.derive().await;
    let here = [RoundKey::of_file("main", &copy.0).unwrap()];
    let names = bench.store.team_names().await.unwrap().of(&here, &[[].into(), [].into()]);
    assert_eq!(names, [Some("Night Shift".to_owned()), None]);
}
