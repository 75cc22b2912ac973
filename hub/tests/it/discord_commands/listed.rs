//! The commands as `docs/commands.md` lists them, which a unit test holds to the catalogue.

/// A row of the table.
pub(crate) struct Listed {
    /// The text form with its arguments, as in `stats [player]`.
    usage: String,
    aliases: Vec<String>,
    /// The slash form, as in `player stats`.
    pub(crate) slash: String,
    /// Who may use it.
    pub(crate) tier: String,
}

/// What somebody could type for an argument.
fn example(argument: &str) -> &'static str {
    match argument {
        "user" => "304",
        "tier" => "moderator",
        "limit" | "page" | "days" | "count" | "hours" | "round" => "5",
        "period" => "14d",
        "board" => "dpm",
        "over" => "season",
        "date" | "session" => "2026-11-09",
        "month" => "2026-11",
        "view" => "top",
        "map" => "supply",
        _ => "bob",
    }
}

impl Listed {
    /// The name and the aliases.
    pub(crate) fn names(&self) -> Vec<&str> {
        let name = self.usage.split(' ').next().unwrap_or_default();
        [name].into_iter().chain(self.aliases.iter().map(String::as_str)).collect()
    }

    /// What its arguments are called.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.usage.split(' ').skip(1).map(|argument| argument.trim_matches(['[', ']']))
    }

    /// Every argument with something to type for it.
    pub(super) fn example(&self) -> String {
        self.arguments().flat_map(|argument| [" ", example(argument)]).collect()
    }

    /// The same as options.
    pub(super) fn options(&self) -> Vec<(&str, &str)> {
        self.arguments().map(|argument| (argument, example(argument))).collect()
    }
}

/// All rows.
pub(crate) fn listed() -> Vec<Listed> {
    let text = include_str!("../../../../docs/commands.md");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [usage, aliases, slash, tier, _] = cells.as_slice() else { return None };
        let plain = |cell: &str, sign: char| cell.trim_matches('`').trim_start_matches(sign).to_owned();
        usage.starts_with("`!").then(|| Listed {
            usage: plain(usage, '!'),
            aliases: aliases.split_whitespace().map(|alias| plain(alias, '!')).collect(),
            slash: plain(slash, '/'),
            tier: (*tier).to_owned(),
        })
    };
    let rows: Vec<Listed> = text.lines().filter_map(row).collect();
    assert!(!rows.is_empty(), "docs/commands.md lists no command");
    rows
}
