//! Which player a command is about. Where that is not clear, the bot asks back.

use super::{CommandError, Context, choice};
use crate::discord::id::UserId;
use crate::reports::ReportError;
use crate::reports::resolver::{Candidate, Found, Whom};

/// The player that a text means: a mention, a GUID, a name or a part of one; without a text whoever asks. None where
/// somebody was asked which one is meant and did not say.
pub(in crate::discord) async fn player(
    ctx: Context<'_>,
    text: Option<&str>,
) -> Result<Option<Candidate>, CommandError> {
    let own = ctx.author().id.get();
    let whom = match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Whom::User(own),
        Some(text) => mention(text).map_or_else(|| Whom::Text(text.to_owned()), Whom::User),
    };
    match ctx.data().reports.who(&whom).await? {
        Found::One(player) => Ok(Some(player)),
        Found::Several(players) => choice::among(ctx, players).await,
        Found::Nobody { alike } => Err(nobody(text.unwrap_or_default(), &alike)),
        Found::NotLinked => Err(not_linked(&whom, own)),
    }
}

/// The user that a text mentions, as Discord writes it: `<@123>`, or `<@!123>` from older programs.
fn mention(text: &str) -> Option<u64> {
    let id = text.strip_prefix("<@")?.strip_suffix('>')?;
    id.strip_prefix('!').unwrap_or(id).parse::<UserId>().ok().map(UserId::get)
}

fn nobody(text: &str, alike: &[String]) -> CommandError {
    let text = text.trim();
    let perhaps = if alike.is_empty() { String::new() } else { format!(" Perhaps {}?", alike.join(", ")) };
    ReportError::Nothing(format!("Nobody called {text} has played here.{perhaps}")).into()
}

fn not_linked(whom: &Whom, own: u64) -> CommandError {
    ReportError::Nothing(if *whom == Whom::User(own) {
        "Say whose, by name: which player you are is not known here yet.".to_owned()
    } else {
        "Which player that is, is not known here; say the name he plays under.".to_owned()
    })
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_a_user() {
        assert_eq!(mention("<@42>"), Some(42));
        assert_eq!(mention("<@!42>"), Some(42));
        for wrong in ["42", "<@>", "<@0>", "<#42>", "<@42", "<@&42>", "<@x>"] {
            assert_eq!(mention(wrong), None, "{wrong}");
        }
    }
}
