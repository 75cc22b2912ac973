//! Keeps labels apart.

/// The places of labels along a line, as near as can be to where they want to be, at least `gap` apart and from `low`
/// to `high`; when there is no room for the gap, evenly apart.
pub(super) fn apart(wanted: &[f64], gap: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let gap = gap.min((high - low).max(0.0) / (wanted.len().max(2) - 1) as f64);
    let mut places = wanted.to_vec();
    let mut next = low;
    for &at in &order {
        places[at] = places[at].max(next);
        next = places[at] + gap;
    }
    let mut last = high;
    for &at in order.iter().rev() {
        places[at] = places[at].min(last);
        last = places[at] - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay() {
        assert_eq!(apart(&[10.0, 50.0], 20.0, (0.0, 100.0)), [10.0, 50.0]);
    }

    #[test]
    fn labels_on_one_place_move_apart_in_order() {
        assert_eq!(apart(&[50.0, 50.0, 51.0], 20.0, (0.0, 100.0)), [50.0, 70.0, 90.0]);
        assert_eq!(apart(&[99.0, 100.0, 98.0], 20.0, (0.0, 100.0)), [80.0, 100.0, 60.0]);
    }

    #[test]
    fn without_room_they_are_even() {
        assert_eq!(apart(&[5.0, 5.0, 5.0], 20.0, (0.0, 20.0)), [0.0, 10.0, 20.0].map(|at| at + 0.0));
        assert!(apart(&[], 20.0, (0.0, 20.0)).is_empty());
    }
}
