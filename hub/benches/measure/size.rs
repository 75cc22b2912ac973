//! How much is measured.

/// A number from the environment, or what is good for about a minute.
pub(crate) fn size(variable: &str, otherwise: usize) -> usize {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is a whole number, not `{text}`")),
        Err(_) => otherwise,
    }
}
