use std::error::Error;
use std::fmt::Write as _;

/// What caused `error`, all the way down, as `: cause: its cause`; empty where nothing did.
pub(super) fn causes(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        // writing to a String cannot fail
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}
