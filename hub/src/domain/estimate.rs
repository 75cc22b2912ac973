//! What a player's rate is likely to be, when his sample is small: estimates drawn towards everybody's mean, with the
//! ends between which they probably lie.
//!
//! A board that sorted by plain rates would put whoever fired three lucky shots on top. Instead everybody's rates tell how
//! much players differ at all (the prior, fitted by moments), each player's own sample tells how far he is to be
//! believed (the posterior), and boards sort by the end of the interval that is worse for him: the value that he
//! exceeds with a probability of four in five. No hard minimum is needed.
//!
//! Where players' rates are spread no more than chance would spread them, that does not mean that players are alike:
//! they may differ by as much as chance hides. The spread of the prior is therefore never taken for less than its own
//! standard error; else everybody would be told to be the mean, exactly.
//!
//! Proportions (hits per shot, kills per kills and deaths) have a Beta prior, counts per time a Gamma prior. Results are
//! computed when shown and never stored; they are rounded to the value's decimals before anything is compared, so ties
//! are ties on every machine.

pub mod measured;

mod proportion;
mod quantile;
mod rate;
mod special;
mod tails;

pub use proportion::Proportions;
pub use rate::{Rates, Sample};
pub use tails::{chi_squared, f_below, student};

/// An estimate and its ends: the true value is as probably above the middle as below it, lies between the ends with a
/// probability of three in five, and beyond either with one of one in five.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The 20 % quantile.
    pub low: f64,
    /// The median, the estimate itself; a mean could lie outside the ends where a sample is next to nothing.
    pub middle: f64,
    /// The 80 % quantile.
    pub high: f64,
}

impl Interval {
    /// The interval of what grows with the value, or, where `falls`, of what falls with it.
    #[must_use]
    fn map(self, to: impl Fn(f64) -> f64, falls: bool) -> Self {
        let (low, high) = if falls { (self.high, self.low) } else { (self.low, self.high) };
        Self { low: to(low), middle: to(self.middle), high: to(high) }
    }

    /// The interval of a value that grows with this one.
    #[must_use]
    pub fn grown(self, to: impl Fn(f64) -> f64) -> Self {
        self.map(to, false)
    }
}

/// With this probability the true value lies below the lower end.
const LOW: f64 = 0.2;
/// With this probability the true value lies below the upper end.
const HIGH: f64 = 0.8;
