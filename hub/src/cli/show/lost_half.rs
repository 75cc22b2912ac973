//! The other half of a map where it lies in quarantine.

use serde_json::{Value, json};
use slomix_shared::artifact::{FileName, RoundNumber};

use crate::store::read::RoundRow;
use crate::store::{Store, StoreError};

/// How far apart the halves of a map are at most, in seconds of the server's clock.
const NEAR: i64 = 90 * 60;

/// A file that may be the missing half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LostHalf {
    artifact: i64,
    file: String,
    code: String,
    half: i64,
}

/// The nearest stats file in quarantine that may be the half which a round misses, if it misses one.
pub(super) async fn of(store: &Store, round: &RoundRow) -> Result<Option<LostHalf>, StoreError> {
    if !matches!(round.status.as_str(), "orphan" | "abandoned") {
        return Ok(None);
    }
    let (from, to, half) = if round.number == 2 { (-NEAR, 0, RoundNumber::One) } else { (0, NEAR, RoundNumber::Two) };
    let near = store.quarantined_between(&round.server, round.stamp + from, round.stamp + to).await?;
    let fits = near.into_iter().filter_map(|(artifact, file, code)| {
        let FileName::Round(name) = FileName::parse(&file).ok()? else { return None };
        let is_other = name.round == half && name.map.as_str().eq_ignore_ascii_case(&round.map);
        let distance = (name.stamp.seconds() - round.stamp).abs();
        is_other.then_some((distance, LostHalf { artifact, file, code, half: half.number().into() }))
    });
    Ok(fits.min_by_key(|(distance, half)| (*distance, half.artifact)).map(|(_, half)| half))
}

pub(super) fn line(half: &LostHalf) -> String {
    let LostHalf { artifact, file, code, half } = half;
    format!(
        "R{half} of this map may be {file}, which lies in quarantine ({code}): slomix-hub quarantine show {artifact}"
    )
}

pub(super) fn as_json(half: &LostHalf) -> Value {
    json!({ "artifact": half.artifact.to_string(), "file": half.file, "code": half.code, "half": half.half })
}
