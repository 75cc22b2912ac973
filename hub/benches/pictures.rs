//! What one picture costs: its SVG, drawing it, and writing the PNG, each the middle of many.

use std::time::Instant;

use slomix_hub::charts::{self, ChartError};
use slomix_hub::reports::plot::{Cell, Column, Columns, Line, Lines, Order, Plot, Row, Span, Split, Team, Weapon};

/// How often each is made.
const TIMES: usize = 15;

fn main() -> Result<(), ChartError> {
    println!("{:<22}{:>8}{:>8}{:>8}{:>10}", "ms", "svg", "draw", "png", "bytes");
    for (name, plot) in [("sixteen in columns", columns()), ("sixteen lines", lines()), ("weapons", split())] {
        let (text, svg_ms) = middle(|| Ok(charts::svg(&plot)))?;
        let (pixels, draw_ms) = middle(|| charts::paint(&text))?;
        let (png, png_ms) = middle(|| pixels.png())?;
        println!("{name:<22}{svg_ms:>8.1}{draw_ms:>8.1}{png_ms:>8.1}{:>10}", png.len());
    }
    Ok(())
}

/// What is made, and the middle of the times that it took.
fn middle<T>(mut make: impl FnMut() -> Result<T, ChartError>) -> Result<(T, f64), ChartError> {
    let mut last = make()?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        last = make()?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((last, times[TIMES / 2]))
}

/// A value of a game, the same on every run.
fn value(one: usize, other: usize) -> f64 {
    ((one * 37 + other * 61 + one * other * 13) % 97) as f64 + 3.0
}

fn columns() -> Plot {
    let cell = |row: usize, column: usize| {
        let value = value(row, column);
        Cell { value: Some(value), text: format!("{value:.0}") }
    };
    let row = |at: usize| Row {
        name: format!("player number {at}"),
        team: Some(if at.is_multiple_of(2) { Team::A } else { Team::B }),
        cells: (0..6).map(|column| cell(at, column)).collect(),
    };
    Plot::Columns(Columns {
        title: "Most kills: player number 3 (98)".to_owned(),
        subtitle: "kd@1, dpm@1, damage given and received. 16 players, 18 rounds".to_owned(),
        teams: ["Team A".to_owned(), "Team B".to_owned()],
        columns: ["kills", "deaths", "K/D", "given", "received", "DPM"]
            .map(|label| Column { label: label.to_owned(), best: Order::MostFirst })
            .into(),
        rows: (0..16).map(row).collect(),
    })
}

fn lines() -> Plot {
    let span = |at: u32| Span {
        name: format!("map_{at}"),
        points: vec!["R1".to_owned(), "R2".to_owned()],
        gained: Some(Team::A),
        score: Some([at, 0]),
    };
    let line = |at: usize| Line {
        name: format!("player number {at}"),
        values: (0..18).map(|round| Some(value(at, round))).collect(),
    };
    Plot::Lines(Lines {
        title: "Best round: player number 1".to_owned(),
        subtitle: "Damage per minute by round, dpm@1. 16 players, 18 rounds".to_owned(),
        unit: "DPM".to_owned(),
        spans: (1..=9).map(span).collect(),
        reference: None,
        series: (0..16).map(line).collect(),
    })
}

fn split() -> Plot {
    let weapon = |at: u32| Weapon { name: format!("weapon {at}"), kills: Some(240 / (1 + at)), accuracy: Some(0.3) };
    Plot::Split(Split {
        title: "Every other kill with weapon 1".to_owned(),
        subtitle: "Share of kills; hits per shot, weapon_accuracy@1. 388 rounds".to_owned(),
        weapons: (0..12).map(weapon).collect(),
    })
}
