//! A table of a name and some numbers a row, at most as wide as a phone shows.

use unicode_width::UnicodeWidthStr;

use super::columns::{left, right};
use super::post::{TABLE_COLUMNS, Table};

/// The widest that names are shown.
const MOST_OF_A_NAME: usize = 12;

/// Lays names and columns out: each column as wide as its widest text asks, the names taking what is left. A column is
/// a heading and a text for each name.
pub fn grid<'a>(heading: &str, names: impl IntoIterator<Item = &'a str>, columns: &[(&str, Vec<String>)]) -> Table {
    let width = |(title, texts): &(&str, Vec<String>)| {
        texts.iter().map(|text| text.width()).chain([title.width()]).max().unwrap_or(0) + 1
    };
    let widths: Vec<usize> = columns.iter().map(width).collect();
    let numbers: usize = widths.iter().sum();
    let room = MOST_OF_A_NAME.min(TABLE_COLUMNS.saturating_sub(numbers));
    let row = |name: &str, texts: &mut dyn Iterator<Item = &str>| {
        let numbers: String = widths.iter().zip(texts).map(|(width, text)| right(text, *width)).collect();
        format!("{}{numbers}", left(name, room)).trim_end().to_owned()
    };
    let mut rows = vec![row("", &mut columns.iter().map(|(title, _)| *title))];
    for (place, name) in names.into_iter().enumerate() {
        let mut texts = columns.iter().map(|(_, texts)| texts.get(place).map_or("", String::as_str));
        rows.push(row(name, &mut texts));
    }
    Table { heading: heading.to_owned(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_what_numbers_leave() {
        let column = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        let names = ["日本語の名前です長い", "bob"];
        let table = grid("Team A", names, &[("K", column(["30", "5"])), ("DPM", column(["432", "–"]))]);
        assert_eq!(table.rows, ["              K DPM", "日本語の名…  30 432", "bob           5   –"]);
        let many: Vec<(&str, Vec<String>)> = (0..5).map(|_| ("NUMBER", column(["123.4", "1"]))).collect();
        assert!(grid("", names, &many[..4]).rows.iter().all(|row| row.width() <= TABLE_COLUMNS));
    }
}
