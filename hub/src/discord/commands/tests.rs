use std::collections::BTreeSet;

use super::*;

#[test]
fn discord_takes_the_slash_commands() {
    let slash: Vec<Command> = all().into_iter().filter(|command| command.slash_action.is_some()).collect();
    assert!(slash.len() <= 100, "{}", slash.len());
    for command in &slash {
        assert!(command.create_as_slash_command().is_some(), "{}", command.name);
        assert!(command.subcommands.len() <= 25, "{}", command.name);
        let names: BTreeSet<&str> = command.subcommands.iter().map(|one| &*one.name).collect();
        assert_eq!(names.len(), command.subcommands.len(), "{}: two of one name", command.name);
        for one in command.subcommands.iter().chain([command]) {
            assert!((1..=32).contains(&one.name.len()) && one.name.to_lowercase() == *one.name, "{}", one.name);
            let about = one.description.as_deref().unwrap_or_default();
            assert!((1..=100).contains(&about.chars().count()), "{}: {about:?}", one.name);
            for parameter in &one.parameters {
                let about = parameter.description.as_deref().unwrap_or_default();
                assert!((1..=100).contains(&about.chars().count()), "{} {}: {about:?}", one.name, parameter.name);
            }
        }
    }
    let names: BTreeSet<&str> = slash.iter().map(|command| &*command.name).collect();
    assert_eq!(names.len(), slash.len(), "two slash commands of one name");
}

#[test]
fn every_text_name_means_one_command() {
    let mut known = BTreeSet::new();
    for command in CATALOGUE.iter().flat_map(Entry::text) {
        for name in command.aliases.iter().chain([&command.name]) {
            assert!(known.insert(name.to_string()), "{name} means two commands");
        }
    }
}

/// `docs/commands.md` is made from the catalogue. Where it is not what the catalogue says,
/// `SLOMIX_WRITE_DOCS=1 cargo test --workspace --lib the_documentation` writes it anew.
#[test]
fn the_documentation_lists_every_command() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/commands.md");
    let wanted = help::document();
    if std::env::var_os("SLOMIX_WRITE_DOCS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "docs/commands.md is not what the catalogue says: SLOMIX_WRITE_DOCS=1 writes it");
}
