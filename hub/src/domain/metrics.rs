//! Every published rate, each a pure function with one definition, a formula id and a version.
//!
//! Rates are ratios of sums, never means of ratios. A rate without a denominator is unknown, not 0. Values are in
//! tenths or hundredths, as each says, rounded half up; they are computed when shown and never stored.

/// Accuracy.
pub mod accuracy;
/// Damage per minute.
pub mod dpm;
/// Headshot accuracy.
pub mod headshot_accuracy;
/// Kills per death.
pub mod kd;

pub use accuracy::accuracy;
pub use dpm::dpm;
pub use headshot_accuracy::headshot_accuracy;
pub use kd::kd;

/// Name and version of a formula, shown where its value is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula {
    /// Stable name.
    pub id: &'static str,
    /// Raised whenever the definition changes.
    pub version: u32,
    /// The definition in players' words.
    pub definition: &'static str,
}

/// `part · scale / whole`, rounded half up; unknown without a whole.
fn ratio(part: i64, scale: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * scale * 2 + whole).div_euclid(whole * 2))
}
