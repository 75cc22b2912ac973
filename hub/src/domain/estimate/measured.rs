//! What a player's own numbers leave open, with nothing learnt from others: the ends between which his true value lies
//! with a probability of nine in ten. What was measured is always between them.

/// The normal's quantile beyond which one in twenty lies, on either side.
const Z: f64 = 1.644_853_626_951_472_7;

/// A player's rounds differ by about twice what chance alone would make them: maps, sides and opponents are not the same.
const OVERDISPERSION: f64 = 2.0;

/// The ends of what a value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// The lower one.
    pub low: f64,
    /// The upper one.
    pub high: f64,
}

impl Ends {
    fn around(value: f64, low: f64, high: f64) -> Self {
        Self { low: low.min(value), high: high.max(value) }
    }
}

/// Of a share (Wilson's interval); none of nothing.
pub fn share(part: f64, whole: f64) -> Option<Ends> {
    if whole <= 0.0 {
        return None;
    }
    let (share, z2) = (part / whole, Z * Z);
    let middle = (share + z2 / (2.0 * whole)) / (1.0 + z2 / whole);
    let reach = Z / (1.0 + z2 / whole) * (share * (1.0 - share) / whole + z2 / (4.0 * whole * whole)).max(0.0).sqrt();
    Some(Ends::around(share, middle - reach, middle + reach))
}

/// Of one count per another, as in kills per death: the logarithm of the ratio is nearly normal. Without any of the
/// other the one stands for the ratio.
pub fn ratio(one: f64, other: f64) -> Ends {
    let (more, per) = (one + 0.5, other + 0.5);
    let reach = Z * (OVERDISPERSION * (1.0 / more + 1.0 / per)).sqrt();
    Ends::around(one / other.max(1.0), more / per * (-reach).exp(), more / per * reach.exp())
}

/// Of a count per time; none without time.
pub fn rate(count: f64, time: f64) -> Option<Ends> {
    if time <= 0.0 {
        return None;
    }
    let more = count + 0.5;
    let reach = Z * (OVERDISPERSION / more).sqrt();
    Some(Ends::around(count / time, more / time * (-reach).exp(), more / time * reach.exp()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_values() {
        // Wilson's own formula for 45 of 100 at 90 %.
        let Ends { low, high } = share(45.0, 100.0).unwrap();
        assert!((low - 0.370_6).abs() < 1e-3 && (high - 0.532_0).abs() < 1e-3, "{low} {high}");
        assert_eq!(share(0.0, 0.0), None);
        assert_eq!(rate(3.0, 0.0), None);
        let even = ratio(100.0, 100.0);
        assert!((even.low * even.high - 1.0).abs() < 1e-9 && (1.35..1.45).contains(&even.high), "{even:?}");
    }

    #[test]
    fn a_hundred_against_none_is_no_chance_and_two_against_one_may_be() {
        let (medic, never) = (rate(100.0, 6_000.0).unwrap(), rate(0.0, 234_000.0).unwrap());
        assert!(never.low == 0.0 && never.high < medic.low, "{never:?} {medic:?}");
        let (two, one) = (rate(2.0, 600.0).unwrap(), rate(1.0, 600.0).unwrap());
        assert!(one.high > two.low);
    }

    proptest! {
        #[test]
        fn what_was_measured_is_within_and_more_of_it_is_narrower(
            part in 0_u32..5_000, rest in 0_u32..5_000, time in 1_u32..100_000,
        ) {
            let (part, rest, time) = (f64::from(part), f64::from(rest), f64::from(time));
            let within = |ends: Ends, value: f64| ends.low <= value && value <= ends.high;
            prop_assert!(within(ratio(part, rest), part / rest.max(1.0)));
            let (own, more) = (rate(part, time).unwrap(), rate(part * 4.0, time * 4.0).unwrap());
            prop_assert!(within(own, part / time) && more.high - more.low <= own.high - own.low);
            if let Some(ends) = share(part, part + rest) {
                prop_assert!(within(ends, part / (part + rest)) && ends.low >= 0.0 && ends.high <= 1.0);
            }
        }
    }
}
