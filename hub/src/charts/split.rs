//! What somebody kills with: the share of each weapon as a bar, and its accuracy beside it.

use crate::reports::plot::{Split, Weapon};

use super::fonts::Weight;
use super::frame::TEXT;
use super::rows::{self, Rows};
use super::scale::{Scale, drawable};
use super::writer::{Label, Rect, Svg};
use super::{frame, palette, text};

/// Weapons that have a row of their own; the rest is one row.
const MOST: usize = 9;
const HEAD: f64 = 34.0;
const ACCURACY: f64 = 170.0;
const KILLS: f64 = 120.0;

pub(super) fn draw(svg: &mut Svg, plot: &Split) {
    let place = frame::draw(svg, &plot.title, &plot.subtitle);
    let weapons = folded(&plot.weapons);
    if weapons.is_empty() {
        return frame::empty(svg, place);
    }
    let total: u64 = weapons.iter().filter_map(|weapon| weapon.kills).map(u64::from).sum();
    let share = |kills: u32| if total == 0 { 0.0 } else { f64::from(kills) / total as f64 };
    let greatest = weapons.iter().filter_map(|weapon| weapon.kills).max().map_or(1.0, share);
    let best = weapons.iter().filter_map(|weapon| drawable(weapon.accuracy)).reduce(f64::max);

    let inner = Rect { y: place.y + HEAD, h: place.h - HEAD, ..place };
    let layout = Rows::new(inner, weapons.len());
    let size = layout.text;
    let names: Vec<String> = weapons.iter().map(|weapon| text::name(&weapon.name)).collect();
    let name_room = rows::widest(names.iter().map(String::as_str), size, Weight::Regular).min(place.w * 0.3);
    let from = place.x + name_room + 14.0;
    let (accuracy, kills) = (place.right(), place.right() - ACCURACY);
    let to = kills - KILLS - 90.0;
    let scale = Scale::new((0.0, greatest), (from, to));

    let head = layout.ends().0.min(inner.y + 400.0) - 10.0;
    for (x, label) in [(kills, "kills"), (accuracy, "accuracy")] {
        svg.text((x, head), &Label::new(label, TEXT).colour(palette::QUIET).end());
    }
    svg.text((from, head), &Label::new("share of kills", TEXT).colour(palette::QUIET));
    for (row, (weapon, name)) in weapons.iter().zip(&names).enumerate().take(layout.shown) {
        let (middle, baseline) = (layout.middle(row), layout.baseline(row));
        svg.text((from - 14.0, baseline), &Label::new(name, size).end().within(name_room));
        if let Some(kills) = weapon.kills {
            let (at, thick) = (scale.at(share(kills)), layout.bar());
            let colour = if row == 0 { palette::ACCENT } else { palette::PLAIN };
            let long = Rect { x: from, y: middle - thick / 2.0, w: (at - from).max(2.0), h: thick };
            svg.rect(long, 5.0, colour, 1.0);
            let percent = share(kills) * 100.0;
            let percent = if kills > 0 && percent < 0.5 { "<1%".to_owned() } else { format!("{percent:.0}%") };
            svg.text((at + 10.0, baseline), &Label::new(&percent, size).bold());
        }
        let count = weapon.kills.map_or_else(|| "–".to_owned(), |kills| kills.to_string());
        svg.text((kills, baseline), &Label::new(&count, size).end().within(KILLS));
        let (hit, colour) = match drawable(weapon.accuracy) {
            Some(hit) if Some(hit) == best && weapons.len() > 1 => (hit_text(hit), palette::ACCENT),
            Some(hit) => (hit_text(hit), palette::TEXT),
            None => ("–".to_owned(), palette::QUIET),
        };
        svg.text((accuracy, baseline), &Label::new(&hit, size).bold().colour(colour).end().within(ACCURACY - 20.0));
    }
}

fn hit_text(share: f64) -> String {
    format!("{:.0}%", share.clamp(0.0, 1.0) * 100.0)
}

/// Most kills first, and the tail as one row.
fn folded(weapons: &[Weapon]) -> Vec<Weapon> {
    let mut weapons = weapons.to_vec();
    weapons.sort_by_key(|weapon| std::cmp::Reverse(weapon.kills.map_or(-1, i64::from)));
    if weapons.len() > MOST + 1 {
        let tail = weapons.split_off(MOST);
        let kills = tail.iter().filter_map(|weapon| weapon.kills).reduce(u32::saturating_add);
        weapons.push(Weapon { name: format!("{} others", tail.len()), kills, accuracy: None });
    }
    weapons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_one_row() {
        let weapon = |at: u32| Weapon { name: format!("w{at}"), kills: Some(at), accuracy: None };
        let rows = folded(&(0..14).map(weapon).collect::<Vec<_>>());
        assert_eq!(rows.len(), 10);
        assert_eq!((rows[0].name.as_str(), rows[9].name.as_str(), rows[9].kills), ("w13", "5 others", Some(10)));
        assert_eq!(folded(&(0..10).map(weapon).collect::<Vec<_>>()).len(), 10);
    }
}
