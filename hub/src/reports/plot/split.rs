//! What somebody kills with.

/// The share that each weapon has in the kills, with its accuracy.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The answer in a sentence.
    pub title: String,
    /// The definition with formula id@version, and the sample.
    pub subtitle: String,
    /// The weapons, in any order; shown by kills, most first.
    pub weapons: Vec<Weapon>,
}

/// One weapon.
#[derive(Debug, Clone, PartialEq)]
pub struct Weapon {
    /// Its name as people know it.
    pub name: String,
    /// Kills with it.
    pub kills: Option<u32>,
    /// Hits by shots, from 0 to 1; unknown for what is not aimed, or was never fired.
    pub accuracy: Option<f64>,
}
