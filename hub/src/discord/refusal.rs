//! Discord's refusals and the network's failures in the words of [`SendError`].
//!
//! The numbers are Discord's JSON error codes (developer documentation, "Opcodes and Status Codes").

use std::time::Duration;

use serenity::Error;
use serenity::http::{ErrorResponse, HttpError};

use super::causes::causes;
use super::id::{ChannelId, MessageId};
use super::sink::SendError;

const UNKNOWN_CHANNEL: isize = 10_003;
const UNKNOWN_MESSAGE: isize = 10_008;
const NO_TEXT_CHANNEL: isize = 50_008;
const NOT_OUR_MESSAGE: isize = 50_005;

/// How long to wait when Discord is busy and does not say for how long.
const UNSAID_WAIT: Duration = Duration::from_mins(1);

/// What a failed call was about.
#[derive(Clone, Copy)]
pub(super) enum About {
    /// The bot itself.
    Bot,
    /// A channel.
    Channel(ChannelId),
    /// A message in a channel.
    Message(ChannelId, MessageId),
}

/// What a failed call means.
pub(super) fn read(error: &Error, about: About) -> SendError {
    match error {
        Error::Http(HttpError::UnsuccessfulRequest(answer)) => read_answer(answer, about),
        // the one header that comes from outside holds the token
        Error::Http(HttpError::InvalidHeader(_)) => SendError::TokenRefused,
        Error::Http(HttpError::Request(failure)) if failure.is_connect() || failure.is_builder() => {
            SendError::Unreachable { reason: failed(failure) }
        }
        Error::Http(HttpError::Request(failure)) => SendError::Unanswered { reason: failed(failure) },
        Error::Model(refused) => SendError::Refused { status: 0, code: 0, discord: refused.to_string() },
        other => SendError::Unanswered { reason: other.to_string() },
    }
}

fn read_answer(answer: &ErrorResponse, about: About) -> SendError {
    let status = answer.status_code.as_u16();
    match (status, answer.error.code, about) {
        (401, ..) => SendError::TokenRefused,
        (429, ..) => SendError::Busy { after: UNSAID_WAIT },
        (500.., ..) => SendError::Unanswered { reason: format!("status {status}") },
        (_, UNKNOWN_MESSAGE | NOT_OUR_MESSAGE, About::Message(channel, message)) => {
            SendError::MessageGone { channel, message }
        }
        (_, UNKNOWN_CHANNEL, About::Channel(channel) | About::Message(channel, _)) => {
            SendError::UnknownChannel { channel }
        }
        (_, NO_TEXT_CHANNEL, About::Channel(channel)) => SendError::NoTextChannel { channel },
        (403, _, About::Channel(channel) | About::Message(channel, _)) => {
            SendError::MissingPermission { channel, discord: details(answer) }
        }
        (_, code, _) => SendError::Refused { status, code: code as i64, discord: details(answer) },
    }
}

/// Discord's words, with the parts of the message that it complains about.
fn details(answer: &ErrorResponse) -> String {
    let parts = answer.error.errors.iter().map(|part| format!("; {}: {}", part.path, part.message));
    answer.error.message.clone() + &parts.collect::<String>()
}

/// Why a request failed. A failed request names its cause only deep down, and its own text holds the address, which
/// for an answer to a slash command is a secret.
fn failed(failure: &reqwest::Error) -> String {
    let what = if failure.is_timeout() { "timed out" } else { "request failed" };
    what.to_owned() + &causes(failure)
}
