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
    let whom = whom(text.unwrap_or_default(), own);
    let found = match ctx.data().reports.who(&whom).await? {
        // Some put names into quotes, and some names have them.
        Found::Nobody { alike } => match text.and_then(unquoted) {
            Some(inner) => ctx.data().reports.who(&self::whom(inner, own)).await?,
            None => Found::Nobody { alike },
        },
        found => found,
    };
    match found {
        Found::One(player) => Ok(Some(player)),
        Found::Several(players) => choice::among(ctx, players).await,
        Found::Nobody { alike } => Err(nobody(text.unwrap_or_default(), &alike)),
        Found::NotLinked => Err(not_linked(&whom, own)),
    }
}

/// The two players that two texts mean. Typed as text without quotes, `the heron quicklime` is split where both parts
/// mean one player each.
pub(in crate::discord) async fn two(
    ctx: Context<'_>,
    one: &str,
    other: &str,
) -> Result<Option<[Candidate; 2]>, CommandError> {
    let words: Vec<&str> = one.split_whitespace().chain(other.split_whitespace()).collect();
    let (mut one, mut other) = (one.to_owned(), other.to_owned());
    if matches!(ctx, Context::Prefix(_)) && (3..=MOST_WORDS).contains(&words.len()) && unquoted(&other).is_none() {
        for at in 1..words.len() {
            let parts = [words[..at].join(" "), words[at..].join(" ")];
            let [first, second] = [whom(&parts[0], 0), whom(&parts[1], 0)];
            let found = (ctx.data().reports.who(&first).await?, ctx.data().reports.who(&second).await?);
            if let (Found::One(_), Found::One(_)) = found {
                [one, other] = parts;
                break;
            }
        }
    }
    let Some(one) = player(ctx, Some(&one)).await? else { return Ok(None) };
    let Some(other) = player(ctx, Some(&other)).await? else { return Ok(None) };
    Ok(Some([one, other]))
}

/// Two names of more words than this are not looked for.
const MOST_WORDS: usize = 8;

/// Without a text whoever asks.
fn whom(text: &str, own: u64) -> Whom {
    match text.trim() {
        "" => Whom::User(own),
        text => mention(text).map_or_else(|| Whom::Text(text.to_owned()), Whom::User),
    }
}

/// What stands between quotes.
fn unquoted(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = text.strip_prefix(['"', '“', '„'])?.strip_suffix(['"', '”', '“'])?.trim();
    (!inner.is_empty()).then_some(inner)
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
    fn quotes_are_no_part_of_a_name() {
        assert_eq!(unquoted(" \"the heron\" "), Some("the heron"));
        assert_eq!(unquoted("„the heron“"), Some("the heron"));
        for plain in ["the heron", "\"", "\"\"", "\"half"] {
            assert_eq!(unquoted(plain), None, "{plain}");
        }
    }

    #[test]
    fn a_mention_is_a_user() {
        assert_eq!(mention("<@42>"), Some(42));
        assert_eq!(mention("<@!42>"), Some(42));
        for wrong in ["42", "<@>", "<@0>", "<#42>", "<@42", "<@&42>", "<@x>"] {
            assert_eq!(mention(wrong), None, "{wrong}");
        }
    }
}
