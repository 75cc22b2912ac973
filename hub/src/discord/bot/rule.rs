use std::time::Duration;

use crate::discord::tier::Tier;

/// What is asked of whoever uses a command. A command carries it as its custom data.
#[derive(Debug, Clone, Copy)]
pub(in crate::discord) struct Rule {
    /// What he must be.
    pub(in crate::discord) tier: Tier,
    /// How long he waits before he may use it again.
    pub(in crate::discord) pause: Duration,
}

impl Rule {
    /// The rule of a command, where it has one.
    pub(super) fn of<U, E>(command: &poise::Command<U, E>) -> Option<&Self> {
        command.custom_data.downcast_ref()
    }
}
