//! The labels that agree with most play time.

use std::collections::BTreeMap;

/// From so many rows at most, evenly spread over the session, the search starts.
const STARTS: usize = 16;
/// Beyond this many players the exact search is left out; the alternation alone is right in practice.
const EXACT_UP_TO: usize = 16;

/// Signed play time by row (a match, or a half that stands apart) and player.
pub(super) struct Sheet {
    /// The columns, ascending.
    pub(super) players: Vec<i64>,
    /// Thousandths of a half, positive on Axis.
    pub(super) cells: Vec<Vec<i64>>,
    /// For each half: its row, and whether it stands in it turned round.
    pub(super) rows: Vec<(usize, bool)>,
}

/// The best labels found.
pub(super) struct Solved {
    /// +1 or −1 for each player.
    pub(super) labels: BTreeMap<i64, i8>,
    /// Which team is Axis in each row.
    pub(super) signs: Vec<i8>,
    /// As in the sheet.
    pub(super) rows: Vec<(usize, bool)>,
    /// J.
    pub(super) agreement: i64,
}

/// Alternates between the best players' labels for given rows and the best rows' for given players, starting from
/// many a row in turn; where there are few players, looks at every labelling as well. The earliest start wins ties.
pub(super) fn solve(sheet: &Sheet) -> Solved {
    let columns = sheet.players.len();
    let mut best: Vec<i8> = vec![1; columns];
    let mut most = -1;
    for start in sheet.cells.iter().step_by(sheet.cells.len().div_ceil(STARTS).max(1)) {
        let labels = alternate(sheet, start.iter().map(|&cell| sign(cell)).collect());
        let agreement = agreement(sheet, &labels);
        if agreement > most {
            (best, most) = (labels, agreement);
        }
    }
    if columns <= EXACT_UP_TO
        && let Some((labels, agreement)) = exact(sheet)
        && agreement > most
    {
        (best, most) = (labels, agreement);
    }
    Solved {
        signs: sheet.cells.iter().map(|row| sign(row_sum(row, &best))).collect(),
        labels: sheet.players.iter().copied().zip(best).collect(),
        rows: sheet.rows.clone(),
        agreement: most.max(0),
    }
}

/// A player's label before people decided, and what they decided about him.
pub(super) struct Label {
    /// As it was found.
    pub(super) was: i8,
    /// As it stands.
    pub(super) fixed: Option<i8>,
}

/// The best labels around some that stand. What was found wins ties, so that nobody moves without need. Labels turned
/// round altogether agree as well as before but for those that stand: so most play time keeps its label, unless that of
/// most was decided to be another one. `axis` is which team was Axis in each row.
pub(super) fn solve_around(sheet: &Sheet, labels: &[Label], axis: &[i8]) -> Solved {
    let signs_for = |labels: &[i8]| -> Vec<i8> {
        let of = |(row, &was): (&Vec<i64>, &i8)| match row_sum(row, labels) {
            0 => was,
            sum => sign(sum),
        };
        sheet.cells.iter().zip(axis).map(of).collect()
    };
    let free: Vec<usize> = (0..labels.len()).filter(|&column| labels[column].fixed.is_none()).collect();
    let mut best: Vec<i8> = labels.iter().map(|label| label.fixed.unwrap_or(label.was)).collect();
    for _ in 0..100 {
        let signs = signs_for(&best);
        let mut next = best.clone();
        for &column in &free {
            let sum: i64 = sheet.cells.iter().zip(&signs).map(|(row, &sign)| row[column] * i64::from(sign)).sum();
            if sum != 0 {
                next[column] = sign(sum);
            }
        }
        if next == best {
            break;
        }
        best = next;
    }
    if free.len() <= EXACT_UP_TO {
        let played: Vec<i64> =
            (0..labels.len()).map(|column| sheet.cells.iter().map(|row| row[column].abs()).sum()).collect();
        let turned = |tried: &[i8]| -> i64 {
            let of = |column: &usize| tried[*column] != labels[*column].was;
            (0..labels.len()).filter(of).map(|column| played[column]).sum()
        };
        let half = played.iter().sum::<i64>() / 2;
        let may_turn = labels.iter().zip(&played).map(|(label, &played)| match label.fixed {
            Some(fixed) if fixed != label.was => played,
            _ => 0,
        });
        let most_turned = if may_turn.sum::<i64>() > half { i64::MAX } else { half };
        let mut most = agreement(sheet, &best);
        let mut tried = best.clone();
        for step in 1_u32..1 << free.len() {
            let column = free[step.trailing_zeros() as usize];
            tried[column] = -tried[column];
            let agreement = agreement(sheet, &tried);
            if agreement > most && turned(&tried) <= most_turned {
                (best, most) = (tried.clone(), agreement);
            }
        }
    }
    Solved {
        signs: signs_for(&best),
        agreement: agreement(sheet, &best),
        labels: sheet.players.iter().copied().zip(best).collect(),
        rows: sheet.rows.clone(),
    }
}

fn alternate(sheet: &Sheet, mut labels: Vec<i8>) -> Vec<i8> {
    // Each turn can only raise J, which is bounded; the count is a belt for the braces.
    for _ in 0..100 {
        let signs: Vec<i64> = sheet.cells.iter().map(|row| i64::from(sign(row_sum(row, &labels)))).collect();
        let next: Vec<i8> = (0..labels.len())
            .map(|column| {
                let sum: i64 = sheet.cells.iter().zip(&signs).map(|(row, sign)| row[column] * sign).sum();
                if sum == 0 { labels[column] } else { sign(sum) }
            })
            .collect();
        if next == labels {
            break;
        }
        labels = next;
    }
    labels
}

/// Every labelling, one player turned at a time (a Gray code), so that each step costs one column.
fn exact(sheet: &Sheet) -> Option<(Vec<i8>, i64)> {
    let columns = sheet.players.len();
    let free = columns.checked_sub(1)?;
    let mut labels: Vec<i8> = vec![1; columns];
    let mut sums: Vec<i64> = sheet.cells.iter().map(|row| row_sum(row, &labels)).collect();
    let total = |sums: &[i64]| sums.iter().map(|sum| sum.abs()).sum::<i64>();
    let (mut best, mut most) = (labels.clone(), total(&sums));
    for step in 1_u32..1 << free {
        let column = step.trailing_zeros() as usize;
        labels[column] = -labels[column];
        for (sum, row) in sums.iter_mut().zip(&sheet.cells) {
            *sum += 2 * row[column] * i64::from(labels[column]);
        }
        let agreement = total(&sums);
        if agreement > most {
            (best, most) = (labels.clone(), agreement);
        }
    }
    Some((best, most))
}

fn agreement(sheet: &Sheet, labels: &[i8]) -> i64 {
    sheet.cells.iter().map(|row| row_sum(row, labels).abs()).sum()
}

fn row_sum(row: &[i64], labels: &[i8]) -> i64 {
    row.iter().zip(labels).map(|(cell, &label)| cell * i64::from(label)).sum()
}

fn sign(value: i64) -> i8 {
    if value < 0 { -1 } else { 1 }
}
