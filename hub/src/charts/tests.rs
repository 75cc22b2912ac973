//! What must hold for every picture, and how each kind looks as text.

use proptest::prelude::*;
use resvg::usvg::roxmltree::{Document, Node};

use crate::reports::plot::{
    Axis, Bar, Bars, Cell, Column, Columns, Half, Line, Lines, Order, Outcome, Pair, Pairs, Panel, Panels, Played,
    Plot, Radar, Reading, Reference, Row, Span, Split, Team, Timeline, Weapon,
};

use super::fonts::Weight;
use super::{HEIGHT, WIDTH, png, sample, svg, text};

/// Where a drawn text lies: its left, top, right and bottom.
struct Drawn {
    text: String,
    size: f64,
    ends: [f64; 4],
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// Reads a picture as a viewer would, fails when a number of it is none, and gives its texts.
fn read(svg: &str) -> Vec<Drawn> {
    let document = Document::parse(svg).unwrap();
    let numeric = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "rx", "font-size"];
    let mut drawn = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes() {
            if numeric.contains(&attribute.name()) {
                assert!(attribute.value().parse::<f64>().unwrap().is_finite());
            }
            if attribute.name() == "points" {
                for part in attribute.value().split([' ', ',']) {
                    assert!(part.parse::<f64>().unwrap().is_finite());
                }
            }
        }
        if node.has_tag_name("rect") {
            assert!(number(node, "width") >= 0.0 && number(node, "height") >= 0.0);
        }
        if node.has_tag_name("text") {
            let (x, y, size) = (number(node, "x"), number(node, "y"), number(node, "font-size"));
            let weight = if node.attribute("font-weight").is_some() { Weight::Bold } else { Weight::Regular };
            let text = node.text().unwrap().to_owned();
            let wide = text::width(&text, size, weight);
            let left = match node.attribute("text-anchor") {
                None => x,
                Some("middle") => x - wide / 2.0,
                Some(_) => x - wide,
            };
            drawn.push(Drawn { text, size, ends: [left, y - size * 0.74, left + wide, y + size * 0.2] });
        }
    }
    drawn
}

/// Fails when a text leaves the canvas or is too small to be read.
fn check(svg: &str) -> Vec<Drawn> {
    let drawn = read(svg);
    for Drawn { text, size, ends: [left, top, right, bottom] } in &drawn {
        assert!(*left >= -0.1 && *right <= f64::from(WIDTH) + 0.1, "{text:?} from {left} to {right}");
        assert!(*top >= 0.0 && *bottom <= f64::from(HEIGHT), "{text:?} from {top} to {bottom}");
        assert!(*size >= 16.0, "{text:?} is {size} high");
    }
    drawn
}

#[test]
fn the_kinds_look_so() {
    let shown = ["radar", "bars", "bars-intervals", "pairs", "lines", "lines-career", "timeline", "split", "columns"];
    for (name, plot) in sample::all() {
        if shown.contains(&name) || name == "panels-advanced" {
            insta::assert_snapshot!(name, svg(&plot));
        }
    }
}

/// The picture as text and as PNG, in which no two texts touch. `SLOMIX_WRITE_PICTURES=DIR` writes both there, to be looked
/// at: other modules show with it what they make of rows.
pub(crate) fn look(name: &str, plot: &Plot) -> (String, Vec<u8>) {
    let text = svg(plot);
    let drawn = png(&text).unwrap();
    if let Some(directory) = std::env::var_os("SLOMIX_WRITE_PICTURES") {
        let path = std::path::PathBuf::from(directory).join(format!("{name}.png"));
        std::fs::write(path.with_extension("svg"), &text).unwrap();
        std::fs::write(path, &drawn).unwrap();
    }
    check_apart(name, &text);
    (text, drawn)
}

#[test]
fn a_picture_is_small_enough_for_a_phone() {
    for (name, plot) in sample::all() {
        let (_, png) = look(name, &plot);
        assert!(png.len() < 250_000, "{name} has {} bytes", png.len());
    }
}

#[test]
fn no_two_texts_touch() {
    for (name, plot) in sample::all() {
        check_apart(name, &svg(&plot));
    }
}

/// Fails when two texts touch, or one leaves the canvas.
pub(crate) fn check_apart(name: &str, svg: &str) {
    let drawn = check(svg);
    for (at, one) in drawn.iter().enumerate() {
        for other in &drawn[at + 1..] {
            let [left, top, right, bottom] = one.ends;
            let apart = right <= other.ends[0] || other.ends[2] <= left;
            let above = bottom <= other.ends[1] || other.ends[3] <= top;
            assert!(apart || above, "{:?} and {:?} touch in {name}", one.text, other.text);
        }
    }
}

#[test]
fn without_data_a_sentence_says_so() {
    let (title, subtitle) = (String::new(), String::new());
    let plots = [
        Plot::Bars(Bars { rows: Vec::new(), ..sample::dpm(1) }),
        Plot::Pairs(Pairs { rows: Vec::new(), ..sample::damage(1) }),
        Plot::Columns(Columns { rows: Vec::new(), ..sample::table(1) }),
        Plot::Columns(Columns { columns: Vec::new(), ..sample::table(1) }),
        Plot::Radar(Radar { axes: Vec::new(), ..sample::radar(2) }),
        Plot::Radar(Radar { players: Vec::new(), ..sample::radar(2) }),
        Plot::Lines(Lines { series: Vec::new(), ..sample::rounds(2, 2) }),
        Plot::Lines(Lines { spans: Vec::new(), ..sample::rounds(2, 2) }),
        Plot::Timeline(Timeline { maps: Vec::new(), ..sample::evening(1) }),
        Plot::Split(Split { weapons: Vec::new(), ..sample::weapons(1) }),
        Plot::Panels(Panels { title, subtitle, parts: Vec::new() }),
    ];
    for plot in plots {
        let texts = check(&svg(&plot));
        assert!(texts.iter().any(|drawn| drawn.text.starts_with("No numbers yet")), "{plot:?}");
    }
}

#[test]
fn nothing_but_zeros_is_a_picture_too() {
    let mut bars = sample::dpm(3);
    bars.rows.iter_mut().for_each(|bar| bar.value = Some(0.0));
    bars.reference = None;
    let mut pairs = sample::damage(3);
    pairs.rows.iter_mut().for_each(|pair| pair.values = [Some(0.0); 2]);
    let mut lines = sample::rounds(2, 1);
    lines.series.iter_mut().for_each(|line| line.values = vec![Some(0.0)]);
    let mut split = sample::weapons(2);
    split.weapons.iter_mut().for_each(|weapon| weapon.kills = Some(0));
    let split = svg(&Plot::Split(split));
    assert!(split.contains(">0%<"), "{split}");
    for svg in [svg(&Plot::Bars(bars)), svg(&Plot::Pairs(pairs)), svg(&Plot::Lines(lines)), split] {
        check(&svg);
    }
}

#[test]
fn an_unknown_value_is_a_dash_and_never_zero() {
    let mut bars = sample::dpm(2);
    bars.reference = None;
    bars.rows[1].value = None;
    let texts = check(&svg(&Plot::Bars(bars)));
    assert_eq!(texts.iter().filter(|drawn| drawn.text == "–").count(), 1);
    assert!(!texts.iter().any(|drawn| drawn.text == "0"));
}

#[test]
fn a_png_has_the_size_of_a_post() {
    let png = png(&svg(&Plot::Bars(sample::dpm(2)))).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(png[16..20], WIDTH.to_be_bytes());
    assert_eq!(png[20..24], HEIGHT.to_be_bytes());
}

#[test]
fn letters_are_really_drawn_and_so_are_boxes_for_unknown_ones() {
    let named = |name: &str| {
        let mut bars = sample::dpm(1);
        name.clone_into(&mut bars.rows[0].name);
        png(&svg(&Plot::Bars(bars))).unwrap()
    };
    assert_eq!(named("kestrel"), named("kestrel"));
    // Of one width, so that nothing but the letters differs.
    assert_ne!(named("bbb"), named("ddd"));
    assert_ne!(named("漢漢"), named("漢漢漢"));
    let of_nothing = png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>").unwrap();
    let letter = |letter: char| {
        png(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"99\" height=\"99\" font-family=\"DejaVu Sans Condensed, \
             DejaVu Sans\"><text x=\"9\" y=\"50\" font-size=\"40\" fill=\"#fff\">{letter}</text></svg>"
        ))
        .unwrap()
    };
    assert_ne!(letter('漢'), of_nothing);
    assert_ne!(letter('Ž'), letter('Z'));
}

#[test]
fn what_is_no_svg_is_an_error() {
    assert!(png("<svg").is_err());
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::collection::vec(any::<char>(), 0..40).prop_map(|letters| letters.into_iter().collect()),
        Just(String::new()),
        Just("W".repeat(300)),
        Just("one two & <three> ".repeat(20)),
    ]
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![proptest::num::f64::ANY, Just(0.0), Just(f64::MAX), -1000.0..1000.0, 0.0..1.0]
}

fn maybe() -> impl Strategy<Value = Option<f64>> {
    proptest::option::of(value())
}

fn team() -> impl Strategy<Value = Option<Team>> {
    prop_oneof![Just(None), Just(Some(Team::A)), Just(Some(Team::B))]
}

fn reference() -> impl Strategy<Value = Option<Reference>> {
    proptest::option::of((value(), words()).prop_map(|(value, label)| Reference { value, label }))
}

fn bars() -> impl Strategy<Value = Bars> {
    let order = prop_oneof![Just(Order::MostFirst), Just(Order::LeastFirst), Just(Order::Given)];
    let row =
        (words(), team(), maybe(), words(), proptest::option::of((value(), value())), proptest::option::of(words()));
    let row = row.prop_map(|(name, team, value, text, interval, note)| Bar { name, team, value, text, interval, note });
    (words(), words(), order, reference(), proptest::collection::vec(row, 0..20))
        .prop_map(|(title, subtitle, order, reference, rows)| Bars { title, subtitle, order, reference, rows })
}

fn pairs() -> impl Strategy<Value = Pairs> {
    let row = (words(), team(), [maybe(), maybe()], [words(), words()]);
    let row = row.prop_map(|(name, team, values, texts)| Pair { name, team, values, texts });
    (words(), words(), [words(), words()], proptest::collection::vec(row, 0..20))
        .prop_map(|(title, subtitle, labels, rows)| Pairs { title, subtitle, labels, rows })
}

fn columns() -> impl Strategy<Value = Columns> {
    let best = prop_oneof![Just(Order::MostFirst), Just(Order::LeastFirst), Just(Order::Given)];
    let column = (words(), best).prop_map(|(label, best)| Column { label, best });
    let cell = (maybe(), words()).prop_map(|(value, text)| Cell { value, text });
    let row = (words(), team(), proptest::collection::vec(cell, 0..9));
    let row = row.prop_map(|(name, team, cells)| Row { name, team, cells });
    let rows = proptest::collection::vec(row, 0..20);
    (words(), words(), [words(), words()], proptest::collection::vec(column, 0..9), rows)
        .prop_map(|(title, subtitle, teams, columns, rows)| Columns { title, subtitle, teams, columns, rows })
}

fn radar() -> impl Strategy<Value = Radar> {
    let reading = || proptest::option::of((value(), words()).prop_map(|(share, text)| Reading { share, text }));
    let axis = (words(), words(), proptest::collection::vec(reading(), 0..4), reading());
    let axis = axis.prop_map(|(label, unit, readings, median)| Axis { label, unit, readings, median });
    let players = proptest::collection::vec(words(), 0..4);
    (words(), words(), players, proptest::collection::vec(axis, 0..12))
        .prop_map(|(title, subtitle, players, axes)| Radar { title, subtitle, players, axes })
}

fn lines() -> impl Strategy<Value = Lines> {
    let span = (words(), proptest::collection::vec(words(), 0..4), team(), proptest::option::of(any::<[u32; 2]>()));
    let span = span.prop_map(|(name, points, gained, score)| Span { name, points, gained, score });
    let line = (words(), proptest::collection::vec(maybe(), 0..20));
    let line = line.prop_map(|(name, values)| Line { name, values });
    let texts = (words(), words(), words());
    (texts, proptest::collection::vec(span, 0..24), reference(), proptest::collection::vec(line, 0..14)).prop_map(
        |((title, subtitle, unit), spans, reference, series)| Lines { title, subtitle, unit, spans, reference, series },
    )
}

fn timeline() -> impl Strategy<Value = Timeline> {
    let outcome = prop_oneof![Just(Outcome::Set), Just(Outcome::Held), Just(Outcome::Unknown)];
    let half = (team(), outcome, any::<Option<u32>>(), any::<Option<u32>>())
        .prop_map(|(attacker, outcome, seconds, limit)| Half { attacker, outcome, seconds, limit });
    let halves = proptest::collection::vec(proptest::option::of(half), 2);
    let map = (words(), halves, team(), any::<Option<[u32; 2]>>()).prop_map(|(map, halves, gained, score)| Played {
        map,
        halves: [halves[0].clone(), halves[1].clone()],
        gained,
        score,
    });
    (words(), words(), [words(), words()], proptest::collection::vec(map, 0..20))
        .prop_map(|(title, subtitle, teams, maps)| Timeline { title, subtitle, teams, maps })
}

fn split() -> impl Strategy<Value = Split> {
    let weapon = (words(), any::<Option<u32>>(), maybe());
    let weapon = weapon.prop_map(|(name, kills, accuracy)| Weapon { name, kills, accuracy });
    (words(), words(), proptest::collection::vec(weapon, 0..16)).prop_map(|(title, subtitle, weapons)| Split {
        title,
        subtitle,
        weapons,
    })
}

fn plot() -> impl Strategy<Value = Plot> {
    let panel = prop_oneof![bars().prop_map(Panel::Bars), pairs().prop_map(Panel::Pairs)];
    let panels = (words(), words(), proptest::collection::vec(panel, 0..8));
    prop_oneof![
        radar().prop_map(Plot::Radar),
        bars().prop_map(Plot::Bars),
        pairs().prop_map(Plot::Pairs),
        columns().prop_map(Plot::Columns),
        lines().prop_map(Plot::Lines),
        timeline().prop_map(Plot::Timeline),
        split().prop_map(Plot::Split),
        panels.prop_map(|(title, subtitle, parts)| Plot::Panels(Panels { title, subtitle, parts })),
    ]
}

proptest! {
    /// Whatever the names and numbers are, there is a picture, and all its text is inside of it.
    #[test]
    fn any_values_give_a_picture(plot in plot()) {
        check(&svg(&plot));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// And the renderer takes it.
    #[test]
    fn any_picture_can_be_rendered(plot in plot()) {
        prop_assert!(png(&svg(&plot)).is_ok());
    }
}
