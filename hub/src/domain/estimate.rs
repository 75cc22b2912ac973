//! What a player's rate is likely to be, when his sample is small: estimates drawn towards everybody's mean, with the
//! ends between which they probably lie.
//!
//! A board that sorted by plain rates would put whoever fired three lucky shots on top. Instead everybody's rates tell how
//! much players differ at all (the prior, fitted by moments), each player's own sample tells how far he is to be
//! believed (the posterior), and boards sort by the end of the interval that is worse for him: the value that he
//! exceeds with a probability of four in five. No hard minimum is needed.
//!
//! Proportions (hits per shot, kills per kills and deaths) have a Beta prior, counts per time a Gamma prior. Results are
//! computed when shown and never stored; they are rounded to the value's decimals before anything is compared, so ties
//! are ties on every machine.

mod proportion;
mod quantile;
mod rate;
mod special;

pub use proportion::Proportions;
pub use rate::{Rates, Sample};

/// The ends of an estimate: with a probability of three in five the true value lies between them, and with one of one in
/// five beyond either.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The 20 % quantile.
    pub low: f64,
    /// The 80 % quantile.
    pub high: f64,
}

/// With this probability the true value lies below the lower end.
const LOW: f64 = 0.2;
/// With this probability the true value lies below the upper end.
const HIGH: f64 = 0.8;
