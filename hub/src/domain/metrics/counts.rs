//! Plain counts: one sum each, unknown where no file told it.

use super::{Better, Group, Metric, TOTAL_MINIMUM};
use crate::domain::leaf::Number;

/// Σ kills.
pub const KILLS: Metric = Metric {
    key: "kills",
    version: 1,
    label: "Kills",
    column: "KILLS",
    group: Group::Fighting,
    definition: "kills with any weapon",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: TOTAL_MINIMUM,
    formula: |sums| Some(Number::Kills.of(sums)),
};

/// Rounds that count.
pub const GAMES: Metric = Metric {
    key: "games",
    version: 1,
    label: "Rounds played",
    column: "ROUNDS",
    group: Group::Fighting,
    definition: "rounds that count, each half of a map for itself",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: &[],
    formula: |sums| Some(Number::Rounds.of(sums)),
};

/// Σ revives given.
pub const REVIVES: Metric = Metric {
    key: "revives",
    version: 1,
    label: "Revives",
    column: "REV",
    group: Group::Team,
    definition: "team mates revived, in rounds that tell",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: TOTAL_MINIMUM,
    formula: |sums| (Number::RevivesKnownSeconds.of(sums) > 0).then(|| Number::RevivesGiven.of(sums)),
};

/// Σ gibs.
pub const GIBS: Metric = Metric {
    key: "gibs",
    version: 1,
    label: "Gibs",
    column: "GIBS",
    group: Group::Fighting,
    definition: "enemies gibbed",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: TOTAL_MINIMUM,
    formula: |sums| (Number::KnownRounds.of(sums) > 0).then(|| Number::Gibs.of(sums)),
};

/// Σ objectives stolen or returned.
pub const OBJECTIVES: Metric = Metric {
    key: "objectives",
    version: 1,
    label: "Objectives",
    column: "OBJ",
    group: Group::Team,
    definition: "objectives stolen or returned; files tell of no others, and old ones never of these",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: TOTAL_MINIMUM,
    formula: |sums| (Number::KnownRounds.of(sums) > 0).then(|| Number::Objectives.of(sums)),
};

/// Σ kills, taken over the sums with grenades alone.
pub const GRENADE_KILLS: Metric = Metric {
    key: "grenade_kills",
    version: 1,
    label: "Grenade kills",
    column: "KILLS",
    group: Group::Fighting,
    definition: "kills with hand grenades",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: TOTAL_MINIMUM,
    formula: |sums| Some(Number::Kills.of(sums)),
};
