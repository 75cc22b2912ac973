use proptest::prelude::*;

use super::limits::{EMBEDS, NAME};
use super::*;
use crate::discord::id::ChannelId;
use crate::reports::post::{Accent, Table};

fn id() -> ShortId {
    ShortId::of_post(ChannelId::new(1).unwrap(), "artifact", "round")
}

fn round() -> Post {
    Post {
        title: "supply R1: Team A set 8:40".to_owned(),
        accent: Accent::TeamA,
        lines: vec!["Time to beat: 8:40".to_owned(), "**tricky** left @everyone behind".to_owned()],
        tables: vec![
            Table {
                heading: "Team A".to_owned(),
                rows: vec!["name           K  D DPM".to_owned(), "br`ck```      12  3 412".to_owned()],
            },
            Table { heading: "Team_B".to_owned(), rows: vec!["  indented     1  2 99".to_owned()] },
        ],
        notes: vec!["Most revives: tricky, 9".to_owned()],
        footer: "main · arrived 14 min late".to_owned(),
        timestamp_ms: Some(1_761_080_400_000),
    }
}

#[test]
fn a_round_as_an_embed() {
    let sent = crate::discord::rest::to_serenity(&lay_out(&round(), Some(&id())));
    insta::assert_snapshot!(serde_json::to_string_pretty(&sent).unwrap());
}

#[test]
fn a_table_that_is_too_long_says_how_much_is_missing() {
    let rows: Vec<String> = (0..400).map(|n| format!("row {n:>4} of a table of 34 columns")).collect();
    let post = Post { tables: vec![Table { heading: "Everybody".to_owned(), rows }], ..round() };
    let embed = lay_out(&post, Some(&id()));
    let shown: usize = embed.fields.iter().map(|field| field.value.matches("row ").count()).sum();
    let names: Vec<&str> = embed.fields.iter().map(|field| field.name.as_str()).take(2).collect();
    assert_eq!(names, ["Everybody", "Everybody (2)"]);
    assert!(embed.fields.iter().any(|field| field.value == format!("… {} more rows", 400 - shown)), "{embed:#?}");
    assert!(embed.length() > TOTAL - 100, "{}", embed.length());
}

#[test]
fn lines_that_do_not_fit_are_counted() {
    let post = Post { lines: vec!["x".repeat(1000); 9], tables: Vec::new(), ..round() };
    assert!(lay_out(&post, None).description.ends_with("\n… 5 more"));
    let post = Post { lines: vec!["*".repeat(9000)], ..post };
    assert!(lay_out(&post, None).description.ends_with(r"\*…"));
}

#[test]
fn an_empty_post_is_still_something() {
    let empty = Post {
        title: " ".to_owned(),
        lines: Vec::new(),
        tables: vec![Table { heading: String::new(), rows: Vec::new() }],
        notes: Vec::new(),
        footer: String::new(),
        ..round()
    };
    let embed = lay_out(&empty, Some(&id()));
    assert_eq!((embed.title.as_str(), embed.footer.as_str()), ("–", id().as_str()));
    assert!(embed.fields.is_empty());
}

#[test]
fn messages_hold_what_discord_takes() {
    let small = lay_out(&round(), None);
    let large = lay_out(&Post { lines: vec!["x".repeat(4000)], ..round() }, None);
    let sizes: Vec<usize> = into_messages(vec![small; 12]).iter().map(Vec::len).collect();
    assert_eq!(sizes, [EMBEDS, 2]);
    assert_eq!(into_messages(vec![large; 3]).len(), 3);
}

fn text(longest: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::char::any(), 0..longest).prop_map(String::from_iter),
        1 => "[*_` ]{0,60}",
        1 => (0..longest * 4).prop_map(|n| "\u{1f4a3}".repeat(n)),
    ]
}

fn texts(most: usize, longest: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(longest), 0..most)
}

prop_compose! {
    fn any_post()(
        title in text(400),
        lines in texts(12, 900),
        tables in prop::collection::vec((text(300), texts(60, 60)), 0..30),
        notes in texts(5, 500),
        footer in text(700),
    ) -> Post {
        let tables = tables.into_iter().map(|(heading, rows)| Table { heading, rows }).collect();
        Post { title, accent: Accent::Neutral, lines, tables, notes, footer, timestamp_ms: None }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_post_becomes_an_embed_that_discord_takes(post in any_post()) {
        let embed = lay_out(&post, Some(&id()));
        prop_assert!(!embed.title.trim().is_empty() && escape::length(&embed.title) <= TITLE);
        prop_assert!(escape::length(&embed.description) <= DESCRIPTION);
        prop_assert!(escape::length(&embed.footer) <= FOOTER && id().is_in_footer(&embed.footer));
        prop_assert!(embed.fields.len() <= FIELDS);
        prop_assert!(embed.length() <= TOTAL, "{}", embed.length());
        for field in &embed.fields {
            prop_assert!(!field.name.is_empty() && escape::length(&field.name) <= NAME);
            prop_assert!(!field.value.trim().is_empty() && escape::length(&field.value) <= VALUE);
            prop_assert!(matches!(field.value.matches("```").count(), 0 | 2), "{}", field.value);
        }
    }

    #[test]
    fn no_row_is_lost_unseen(post in any_post()) {
        let embed = lay_out(&post, None);
        let rows: usize = post.tables.iter().map(|table| table.rows.len()).sum();
        let inside = |field: &Field| field.value.strip_prefix("```\n").map_or(0, |block| block.lines().count() - 1);
        let shown: usize = embed.fields.iter().map(inside).sum();
        let said = embed.fields.iter().find_map(|f| f.value.strip_prefix("… ")?.strip_suffix(" more rows")?.parse().ok());
        prop_assert_eq!(rows, shown + said.unwrap_or(0));
    }
}
