use crate::store::Store;
use crate::store::sql::{StoreError, Value};

/// A round that has not got its other half.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unpaired {
    /// Its file.
    pub file: String,
    /// What became of it: `orphan`, `abandoned`, `cancelled`, `substitution` or `aborted`.
    pub status: String,
    /// Why, by the flag that tells most; empty where no other half was near.
    pub code: String,
    /// In words.
    pub reason: &'static str,
}

impl Store {
    /// The rounds of some artifacts that did not find their other half, in order of time.
    pub async fn unpaired(&self, artifacts: &[i64]) -> Result<Vec<Unpaired>, StoreError> {
        let sql = "select file, status, flags from round where artifact = any($1) and status <> 'complete' order by id";
        let artifacts = vec![Value::Ints(artifacts.to_owned())];
        let rows = self.fetch("list rounds without their other half", sql, artifacts).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let (status, flags) = (row.text(1), row.text(2));
                let code = ["limit_mismatch", "counters_mismatch"];
                let code = code.into_iter().find(|code| flags.split(',').any(|flag| flag == *code)).unwrap_or_default();
                Unpaired {
                    file: row.text(0).to_owned(),
                    status: status.to_owned(),
                    code: code.to_owned(),
                    reason: reason(status, code),
                }
            })
            .collect())
    }
}

fn reason(status: &str, code: &str) -> &'static str {
    match (status, code) {
        ("orphan", "limit_mismatch") => {
            "the first half nearby set another clock than this second half was played under"
        }
        ("orphan", "counters_mismatch") => "its counters go on from another first half than the one nearby",
        ("orphan", _) => "a second half without a first half nearby; its numbers are totals of both",
        ("abandoned", _) => "a first half that no second half follows",
        ("cancelled", _) => "played again right after by the same players",
        ("substitution", _) => "played again right after with other players",
        ("aborted", _) => "cut off before its end",
        _ => "without its other half",
    }
}
