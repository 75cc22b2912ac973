//! The catalogue: every metric there is.

use super::{
    Metric, accuracy, alive_dead_ratio, counts, damage_efficiency, deaths_per_round, denied_playtime, denied_rate, dpm,
    efficiency, frag_potential, gib_rate, headshot_accuracy, headshot_kill_rate, kd, kills_per_round, multikills,
    objective_rate, revive_rate, survival_rate, team_damage_share, time_dead_ratio, useful_rate, useless_rate,
};

/// All metrics, in the order in which they are shown within their group.
pub const ALL: [Metric; 27] = [
    counts::GAMES,
    counts::KILLS,
    kd::METRIC,
    efficiency::METRIC,
    kills_per_round::METRIC,
    deaths_per_round::METRIC,
    dpm::METRIC,
    frag_potential::METRIC,
    damage_efficiency::METRIC,
    useful_rate::METRIC,
    useless_rate::METRIC,
    multikills::METRIC,
    counts::GIBS,
    gib_rate::METRIC,
    accuracy::METRIC,
    headshot_accuracy::METRIC,
    headshot_kill_rate::METRIC,
    survival_rate::METRIC,
    time_dead_ratio::METRIC,
    alive_dead_ratio::METRIC,
    denied_playtime::METRIC,
    denied_rate::METRIC,
    counts::REVIVES,
    revive_rate::METRIC,
    counts::OBJECTIVES,
    objective_rate::METRIC,
    team_damage_share::METRIC,
];

/// The metric with this name.
pub fn find(key: &str) -> Option<&'static Metric> {
    static REGISTRY: [Metric; ALL.len()] = ALL;
    REGISTRY.iter().find(|metric| metric.key == key)
}
