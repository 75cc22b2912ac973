//! Everything made anew from what is kept, while people read on.

use super::said;
use crate::discord::operations::Progress;
use crate::pipeline::Deriver;
use crate::pipeline::rebuild::{Rebuilt, rebuild};
use crate::reports::ReportError;
use crate::reports::answer::Answer;
use crate::reports::words::plural;

/// Rebuilds and says what differed.
pub(super) async fn answer(deriver: &Deriver, progress: Progress<'_>) -> Result<Answer, ReportError> {
    let told = |done, all| progress(format!("{done} of {} rebuilt", plural(all as i64, "evening", "evenings")));
    let rebuilt = rebuild(deriver, told).await.map_err(|error| ReportError::Failed(Box::new(error)))?;
    Ok(said("Rebuilt", lines(&rebuilt)))
}

fn lines(rebuilt: &Rebuilt) -> Vec<String> {
    let mut lines = vec![
        format!("{} read again.", plural(rebuilt.blocks as i64, "evening was", "evenings were")),
        match (rebuilt.rows, rebuilt.totals) {
            (0, 0) => "All was as it should be.".to_owned(),
            (rows, totals) => format!(
                "{} and {} differed and are right now.",
                plural(rows as i64, "row", "rows"),
                plural(totals as i64, "total", "totals")
            ),
        },
    ];
    if rebuilt.healed > 0 {
        lines.push(format!("{} damaged and could be healed.", plural(rebuilt.healed as i64, "file was", "files were")));
    }
    if rebuilt.left_alone > 0 {
        let left = plural(rebuilt.left_alone as i64, "evening was", "evenings were");
        lines.push(format!("⚠️ {left} left as they are, since a file is damaged: slomix-hub verify names it."));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differed_is_told_and_what_could_not_be_mended() {
        let sound = Rebuilt { blocks: 12, lone: 3, ..Rebuilt::default() };
        assert_eq!(lines(&sound), ["12 evenings were read again.", "All was as it should be."]);
        let ill = Rebuilt { blocks: 1, rows: 1, totals: 2, healed: 1, left_alone: 2, lone: 0 };
        assert_eq!(
            lines(&ill),
            [
                "1 evening was read again.",
                "1 row and 2 totals differed and are right now.",
                "1 file was damaged and could be healed.",
                "⚠️ 2 evenings were left as they are, since a file is damaged: slomix-hub verify names it.",
            ]
        );
    }
}
