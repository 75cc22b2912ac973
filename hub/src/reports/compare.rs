//! Two players side by side: what each has, how far that is to be believed, who leads, and the five axes of a picture.

use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{self, Better, Metric};
use crate::store::Store;
use crate::store::read::NamedPlayer;
use crate::store::totals::ALL_TIME;

use super::ReportError;
use super::answer::{Answer, Sheet};

mod picture;
mod post;
mod radar;
mod ranges;

pub use radar::{RadarAxes, RadarAxis};
pub use ranges::Range;

/// Two players with everything that is compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Both.
    pub players: [NamedPlayer; 2],
    /// Their sums of all time.
    pub sums: [Sums; 2],
    /// Number by number.
    pub lines: Vec<Line>,
    /// The axes of a picture.
    pub axes: RadarAxes,
}

/// One number of both, scaled as its metric is.
#[derive(Debug, Clone)]
pub struct Line {
    /// What.
    pub metric: Metric,
    /// As measured; unknown without a sample.
    pub values: [Option<i64>; 2],
    /// Between which ends the true values lie, nine times in ten, where that is known.
    pub ranges: Option<[Range; 2]>,
    /// Who leads, 0 or 1; none where both are equal or one is unknown, and of plain counts: who plays more is not better.
    pub leader: Option<usize>,
}

impl Line {
    /// Whether the leader leads by more than chance: the ranges of both do not overlap. Where none is known nothing is
    /// clear.
    pub fn is_clear(&self) -> bool {
        let apart = |[one, other]: [Range; 2]| one.high < other.low || other.high < one.low;
        self.leader.is_some() && self.ranges.is_some_and(apart)
    }
}

/// What is compared.
const RATES: [Metric; 9] = [
    metrics::kd::METRIC,
    metrics::dpm::METRIC,
    metrics::accuracy::METRIC,
    metrics::headshot_accuracy::METRIC,
    metrics::survival_rate::METRIC,
    metrics::damage_efficiency::METRIC,
    metrics::revive_rate::METRIC,
    metrics::gib_rate::METRIC,
    metrics::objective_rate::METRIC,
];
/// What is counted, for the size of it.
const COUNTS: [Metric; 2] = [metrics::GAMES, metrics::KILLS];

/// The comparison of two players.
pub(super) async fn answer(store: &Store, one: i64, other: i64) -> Result<Answer, ReportError> {
    if one == other {
        return Err(ReportError::Nothing("That is one player twice; name two.".to_owned()));
    }
    let compared = Comparison::read(store, [one, other]).await?;
    let post = post::post(&compared);
    let plot = picture::plot(&compared);
    Ok(Answer::from(vec![Sheet::with_picture(post, "compare", plot)]))
}

impl Comparison {
    /// Reads two players, and everybody's sums to see theirs against.
    pub async fn read(store: &Store, ids: [i64; 2]) -> Result<Self, ReportError> {
        let pool = store.totals_of_scope(ALL_TIME).await?;
        let [one, other] = ids;
        let (one, other) = (side(store, one).await?, side(store, other).await?);
        Ok(Self::of([one.0, other.0], &[one.1, other.1], &pool))
    }

    fn of(players: [NamedPlayer; 2], sums: &[Sums; 2], pool: &[(i64, Sums)]) -> Self {
        let counted = COUNTS.iter().map(|metric| Line { leader: None, ..line(*metric, sums) });
        let lines = RATES.iter().map(|metric| line(*metric, sums)).chain(counted).collect();
        Self { axes: RadarAxes::of(sums, pool), players, sums: *sums, lines }
    }
}

async fn side(store: &Store, player: i64) -> Result<(NamedPlayer, Sums), ReportError> {
    let Some(named) = store.player(player).await? else {
        return Err(ReportError::Nothing("One of them has no rounds any more.".to_owned()));
    };
    match store.totals(ALL_TIME, player).await? {
        Some(sums) if Number::Rounds.of(&sums) > 0 => Ok((named, sums)),
        _ => Err(ReportError::Nothing(format!(
            "None of {}'s rounds counts yet, so there is nothing to compare.",
            named.name
        ))),
    }
}

fn line(metric: Metric, sums: &[Sums; 2]) -> Line {
    let values = [metric.of(&sums[0]), metric.of(&sums[1])];
    let leader = match values {
        [Some(one), Some(other)] if one != other => {
            Some(usize::from((one < other) == (metric.better == Better::Higher)))
        }
        _ => None,
    };
    let ranges = ranges::of(&metric, &sums[0]).zip(ranges::of(&metric, &sums[1])).map(<[Range; 2]>::from);
    Line { metric, values, ranges, leader }
}
