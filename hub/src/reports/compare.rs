//! Two players side by side: what each has, what is likely of it, who leads, and the five axes of a picture.

use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{self, Better, Metric};
use crate::store::Store;
use crate::store::read::NamedPlayer;
use crate::store::totals::ALL_TIME;

use super::ReportError;
use super::answer::{Answer, Sheet};
use super::leaderboard::{self, Likely, Ranked, category};

mod picture;
mod post;
mod radar;

pub use radar::{RadarAxes, RadarAxis};

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
    /// Between which ends the true values probably lie, where that is estimated.
    pub likely: Option<[Likely; 2]>,
    /// Who leads, 0 or 1; none where both are equal or one is unknown.
    pub leader: Option<usize>,
}

impl Line {
    /// Whether the leader leads by more than chance: what is likely of both does not overlap. A plain count is what it
    /// is; where nothing is estimated of a rate, nothing is clear.
    pub fn is_clear(&self) -> bool {
        match (self.leader, self.likely) {
            (Some(_), Some([one, other])) => one.high < other.low || other.high < one.low,
            (Some(_), None) => COUNTS.iter().any(|count| count.key == self.metric.key),
            (None, _) => false,
        }
    }
}

/// The boards whose estimates are shown as ranges.
const ESTIMATED: [&str; 4] = ["kd", "dpm", "accuracy", "headshots"];
/// Rates of which no range is known.
const RATES: [Metric; 5] = [
    metrics::survival_rate::METRIC,
    metrics::damage_efficiency::METRIC,
    metrics::revive_rate::METRIC,
    metrics::gib_rate::METRIC,
    metrics::objective_rate::METRIC,
];
/// What is counted.
const COUNTS: [Metric; 2] = [metrics::GAMES, metrics::KILLS];

/// The comparison of two players.
pub(super) async fn answer(store: &Store, one: i64, other: i64) -> Result<Answer, ReportError> {
    if one == other {
        return Err(ReportError::Nothing("That is one player twice; name two.".to_owned()));
    }
    let compared = Comparison::read(store, [one, other]).await?;
    let post = post::post(&compared);
    let plot = picture::plot(&compared, &post.title);
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
        let mut lines = Vec::new();
        for key in ESTIMATED {
            let Some(category) = category::find(key) else { continue };
            let board = leaderboard::placed(category, pool);
            let likely = |player: i64| board.iter().find(|one: &&Ranked| one.player == player)?.likely;
            let likely = likely(players[0].player).zip(likely(players[1].player)).map(<[Likely; 2]>::from);
            lines.push(line(category.metric, sums, likely));
        }
        lines.extend(RATES.iter().chain(&COUNTS).map(|metric| line(*metric, sums, None)));
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

fn line(metric: Metric, sums: &[Sums; 2], likely: Option<[Likely; 2]>) -> Line {
    let values = [metric.of(&sums[0]), metric.of(&sums[1])];
    let leader = match values {
        [Some(one), Some(other)] if one != other => {
            Some(usize::from((one < other) == (metric.better == Better::Higher)))
        }
        _ => None,
    };
    Line { metric, values, likely, leader }
}
