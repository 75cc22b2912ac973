use super::ratio;

/// 100 · Σ hits / Σ shots with one weapon, in tenths of a percent. What bursts can hit several at once, so it may exceed
/// 100 %.
pub fn weapon_accuracy(hits: i64, shots: i64) -> Option<i64> {
    ratio(hits, 1000, shots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_may_hit_more_often_than_it_was_fired() {
        assert_eq!(weapon_accuracy(12, 7), Some(1714));
        assert_eq!(weapon_accuracy(0, 0), None);
    }
}
