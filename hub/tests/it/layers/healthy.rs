//! A pair of halves as a healthy server writes them, and what became of files.

use std::collections::BTreeMap;

use slomix_hub::values;

use crate::pipeline::Bench;

/// The name of the first half.
pub(super) const FIRST: &str = "2026-03-02-200000-supply-round-1.txt";
/// The name of the second half.
pub(super) const SECOND: &str = "2026-03-02-201000-supply-round-2.txt";

/// Six players' lines, `halves` halves into a map; `xp` makes one round's numbers differ from another's.
fn lines(halves: i64, xp: i64) -> String {
    let line = |number: i64| {
        let k = halves;
        let team = if (number <= 3) == (halves == 1) { 1 } else { 2 };
        let mut fields = vec!["0".to_owned(); 38];
        for (field, value) in [(0, k * 500), (1, k * 400), (9, xp), (14, 1), (20, k * 90)] {
            fields[field] = value.to_string();
        }
        fields[22] = format!("{}.0", k * 5);
        "1.5".clone_into(&mut fields[26]);
        let sums = format!("{} {} {} {} {}", k * 30, k * 90, k * 3, k * 2, k);
        format!("A000000{number}\\p{number}\\{}\\{team}\\16 {sums} \t{}\n", k - 1, fields.join("\t"))
    };
    (1..=6).map(line).collect()
}

/// The first half, with its players' score.
pub(super) fn first(xp: i64) -> String {
    format!("host\\supply\\legacy3\\1\\1\\2\\12:00\\5:00\n{}", lines(1, xp))
}

/// The second half of it: held.
pub(super) fn second(xp: i64) -> String {
    format!("host\\supply\\legacy3\\2\\1\\1\\5:00\\5:00\n{}", lines(2, xp))
}

/// A file as the bench takes it.
pub(super) fn file(name: &str, text: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    (name.to_owned(), text.into())
}

/// Both halves.
pub(super) fn pair() -> Vec<(String, Vec<u8>)> {
    vec![file(FIRST, first(66)), file(SECOND, second(31))]
}

/// A bench that has taken and derived these files.
pub(super) async fn derived(files: &[(String, Vec<u8>)]) -> Bench {
    let bench = Bench::new().await;
    bench.keep(files).await;
    bench.derive().await;
    bench
}

/// What became of every artifact: its name with its state and code, in the order of names.
pub(super) async fn fates(bench: &Bench) -> Vec<(String, String)> {
    let sql = "select a.name, d.state, d.code from artifact a join disposition d on d.artifact = a.id \
               order by a.name, d.state, d.code";
    let rows = bench.store.fetch("read fates", sql, vec![]).await.unwrap();
    rows.iter()
        .map(|row| {
            let (state, code) = (row.text(1), row.text(2));
            (row.text(0).to_owned(), if code.is_empty() { state.to_owned() } else { format!("{state}: {code}") })
        })
        .collect()
}

/// One integer column of every player's row of a file, by player's name; none where it is unknown.
pub(super) async fn numbers(bench: &Bench, file: &str, column: &str) -> BTreeMap<String, Option<i64>> {
    let sql = format!("select p.name, p.{column} from round_player p join round r on r.id = p.round where r.file = $1");
    let rows = bench.store.fetch("read numbers", &sql, values![file]).await.unwrap();
    rows.iter().map(|row| (row.text(0).to_owned(), row.maybe_int(1))).collect()
}

/// The flags of every player's row of a file that has any, by player's name.
pub(super) async fn flags(bench: &Bench, file: &str) -> BTreeMap<String, String> {
    let sql = "select p.name, p.flags from round_player p join round r on r.id = p.round where r.file = $1";
    let rows = bench.store.fetch("read flags", sql, values![file]).await.unwrap();
    let all = rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned()));
    all.filter(|(_, flags)| !flags.is_empty()).collect()
}

/// The flags of a file's round.
pub(super) async fn round_flags(bench: &Bench, file: &str) -> String {
    let rows = bench.store.fetch("read flags", "select flags from round where file = $1", values![file]).await.unwrap();
    assert_eq!(rows.len(), 1, "{file}");
    rows[0].text(0).to_owned()
}
