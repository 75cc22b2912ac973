use super::Command;

/// What somebody types of a command's arguments, as in ` player [view]`: in brackets what may be left out.
pub(in crate::discord) fn arguments(command: &Command) -> String {
    let one = |parameter: &poise::CommandParameter<_, _>| {
        if parameter.required { format!(" {}", parameter.name) } else { format!(" [{}]", parameter.name) }
    };
    command.parameters.iter().map(one).collect()
}
