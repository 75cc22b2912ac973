use super::Command;
use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;
use crate::reports::ReportError;

/// Days that are asked for without a number.
const USUAL: u32 = 14;

/// Commands that ask for a stretch of their own: how they are called, what they say, and the days; none is all.
const STRETCHES: [(&str, &[&str], &str, Option<u32>); 5] = [
    ("sync_today", &["sync1day"], "Asks the agents for what they have of today and yesterday", Some(1)),
    ("sync_week", &["sync1week"], "Asks the agents for what they have of the last week", Some(7)),
    ("sync_month", &["sync1month"], "Asks the agents for what they have of the last month", Some(30)),
    ("sync_all", &[], "Asks the agents for all they have", None),
    ("sync_historical", &["sync_missing", "backfill"], "Asks the agents for all they have", None),
];

/// All of them.
pub(super) fn all() -> Vec<Command> {
    let of = |(name, aliases, about, _): &(&'static str, &'static [&'static str], &'static str, Option<u32>)| Command {
        name: (*name).into(),
        description: Some((*about).into()),
        aliases: aliases.iter().map(|alias| (*alias).into()).collect::<Vec<_>>().into(),
        ..stretch()
    };
    [sync_stats()].into_iter().chain(STRETCHES.iter().map(of)).collect()
}

/// Asks the agents for files again, in case the hub lacks some
#[poise::command(prefix_command, slash_command, aliases("syncstats", "sync_logs"))]
async fn sync_stats(
    ctx: Context<'_>,
    #[description = "How far back: 14 days, 2w, 3m, 1y, or all"]
    #[rest]
    period: Option<String>,
) -> Result<(), CommandError> {
    let days = match period.as_deref().map(str::trim).filter(|period| !period.is_empty()) {
        None => Some(USUAL),
        Some(period) if is_all(period) => None,
        Some(period) => Some(days(period).ok_or_else(|| {
            ReportError::Nothing(format!("{period} is no stretch of time: say 14 days, 2w, 3m, 1y, or all."))
        })?),
    };
    reply::order(ctx, Order::Sync { days }).await
}

#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
async fn stretch(ctx: Context<'_>) -> Result<(), CommandError> {
    let name = &ctx.command().name;
    let days = STRETCHES.iter().find(|(known, ..)| known == name).and_then(|(.., days)| *days);
    reply::order(ctx, Order::Sync { days }).await
}

fn is_all(period: &str) -> bool {
    period.eq_ignore_ascii_case("all") || period.eq_ignore_ascii_case("everything")
}

/// The days that a text such as `14`, `14 days`, `2w`, `3 months`, `1y` means.
fn days(period: &str) -> Option<u32> {
    let period = period.to_lowercase();
    let digits = period.find(|c: char| !c.is_ascii_digit()).unwrap_or(period.len());
    let number: u32 = period[..digits].parse().ok().filter(|number| *number > 0)?;
    let unit = match period[digits..].trim() {
        "" | "d" | "day" | "days" => 1,
        "w" | "week" | "weeks" => 7,
        "m" | "month" | "months" => 30,
        "y" | "year" | "years" => 365,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_time() {
        for (text, wanted) in [
            ("14", Some(14)),
            ("14 days", Some(14)),
            ("2W", Some(14)),
            ("3 months", Some(90)),
            ("1y", Some(365)),
            ("all", None),
            ("0", None),
            ("soon", None),
            ("5 fortnights", None),
            ("99999999999", None),
            ("4000000000y", None),
        ] {
            assert_eq!(days(text), wanted, "{text}");
        }
        assert!(is_all("ALL") && !is_all("14"));
    }
}
