//! All commands, with what is asked of whoever uses them.

use std::borrow::Cow;
use std::time::Duration;

use super::{
    Command, Rule, admin, careers, evenings, help, last_session, leaderboard, ping, replaced, session, stats, sync, top,
};
use crate::discord::tier::Tier::{self, Admin, Member, Moderator, Owner};

/// A command in both its forms.
pub(in crate::discord) struct Entry {
    /// Makes what belongs together: one command, or one for each leaderboard.
    make: fn() -> Vec<Command>,
    /// Where its slash form stands.
    pub(in crate::discord) group: Group,
    /// Its name there; empty: as in its text form.
    slash: &'static str,
    rule: Rule,
}

/// Where a slash command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::discord) enum Group {
    /// By itself.
    Alone,
    /// `/session`
    Session,
    /// `/player`
    Player,
    /// `/top`
    Top,
    /// `/admin`
    Admin,
}

const fn entry(make: fn() -> Vec<Command>, group: Group, slash: &'static str, tier: Tier, seconds: u64) -> Entry {
    Entry { make, group, slash, rule: Rule { tier, pause: Duration::from_secs(seconds) } }
}

/// Every command there is, in the order in which people read of them.
pub(in crate::discord) static CATALOGUE: &[Entry] = &[
    entry(|| vec![last_session::last_session()], Group::Session, "last", Member, 5),
    entry(|| vec![session::session()], Group::Session, "show", Member, 5),
    entry(|| vec![evenings::rounds::rounds()], Group::Session, "list", Member, 0),
    entry(|| vec![evenings::session_score::session_score()], Group::Session, "score", Member, 0),
    entry(|| vec![evenings::teams::teams()], Group::Session, "teams", Member, 0),
    entry(|| vec![evenings::lineup_changes::lineup_changes()], Group::Session, "lineup_changes", Member, 0),
    entry(|| vec![evenings::team_record::team_record()], Group::Session, "team_record", Member, 0),
    entry(|| vec![evenings::head_to_head::head_to_head()], Group::Session, "head_to_head", Member, 0),
    entry(|| vec![evenings::team_history::team_history()], Group::Session, "team_history", Member, 0),
    entry(|| vec![evenings::awards::awards()], Group::Session, "awards", Member, 0),
    entry(|| vec![evenings::endstats_audit::endstats_audit()], Group::Session, "endstats", Member, 0),
    entry(|| vec![evenings::set_team_names::set_team_names()], Group::Session, "name_teams", Moderator, 0),
    entry(|| vec![evenings::set_teams::set_teams()], Group::Session, "name_latest_teams", Moderator, 0),
    entry(|| vec![evenings::assign_player::assign_player()], Group::Session, "assign_player", Moderator, 0),
    entry(|| vec![evenings::team_pool::team_pool()], Group::Session, "team_pool", Member, 0),
    entry(|| vec![evenings::add_team::add_team()], Group::Session, "add_team", Moderator, 0),
    entry(|| vec![evenings::assign_teams::assign_teams()], Group::Session, "draw_names", Moderator, 0),
    entry(|| vec![stats::stats()], Group::Player, "stats", Member, 5),
    entry(|| vec![careers::compare::compare()], Group::Player, "compare", Member, 15),
    entry(|| vec![careers::aliases::aliases()], Group::Player, "aliases", Member, 0),
    entry(|| vec![careers::find_player::find_player()], Group::Player, "find", Member, 0),
    entry(|| vec![careers::list_players::list_players()], Group::Player, "list", Member, 0),
    entry(|| vec![careers::check_achievements::check_achievements()], Group::Player, "check_achievements", Member, 10),
    entry(|| vec![careers::achievements::achievements()], Group::Player, "achievements", Member, 0),
    entry(|| vec![careers::badges::badges()], Group::Player, "badges", Member, 10),
    entry(|| vec![careers::season_info::season_info()], Group::Player, "season", Member, 10),
    entry(|| vec![careers::form::form()], Group::Player, "form", Member, 5),
    entry(|| vec![careers::weapons::weapons()], Group::Player, "weapons", Member, 5),
    entry(|| vec![careers::consistency::consistency()], Group::Player, "consistency", Member, 0),
    entry(|| vec![careers::map_stats::map_stats()], Group::Player, "maps", Member, 0),
    entry(|| vec![careers::playstyle::playstyle()], Group::Player, "playstyle", Member, 0),
    entry(|| vec![careers::fatigue::fatigue()], Group::Player, "fatigue", Member, 0),
    entry(|| vec![leaderboard::leaderboard()], Group::Alone, "", Member, 10),
    entry(top::all, Group::Top, "", Member, 10),
    entry(|| vec![help::help()], Group::Alone, "", Member, 5),
    entry(|| vec![ping::ping()], Group::Alone, "", Member, 5),
    entry(|| vec![admin::health::health()], Group::Admin, "health", Admin, 0),
    entry(|| vec![admin::automation_status::automation_status()], Group::Admin, "automation", Admin, 0),
    entry(|| vec![admin::metrics_summary::metrics_summary()], Group::Admin, "metrics", Admin, 0),
    entry(|| vec![admin::metrics_report::metrics_report()], Group::Admin, "report", Admin, 0),
    entry(sync::all, Group::Admin, "", Admin, 0),
    entry(|| vec![admin::rebuild_sessions::rebuild_sessions()], Group::Admin, "rebuild", Admin, 0),
    entry(|| vec![admin::backup_db::backup_db()], Group::Admin, "backup", Admin, 0),
    entry(|| vec![admin::vacuum_db::vacuum_db()], Group::Admin, "vacuum", Admin, 0),
    entry(|| vec![admin::cache_clear::cache_clear()], Group::Admin, "cache_clear", Admin, 0),
    entry(|| vec![careers::weapon_diag::weapon_diag()], Group::Admin, "weapons", Moderator, 0),
    entry(|| vec![admin::admin_add::admin_add()], Group::Admin, "add", Owner, 0),
    entry(|| vec![admin::admin_remove::admin_remove()], Group::Admin, "remove", Owner, 0),
    entry(|| vec![admin::admin_list::admin_list()], Group::Admin, "list", Admin, 0),
    entry(|| vec![admin::admin_audit::admin_audit()], Group::Admin, "audit", Owner, 0),
    entry(replaced::all, Group::Admin, "", Admin, 0),
];

impl Entry {
    fn made(&self) -> impl Iterator<Item = Command> {
        let rule = self.rule;
        (self.make)().into_iter().map(move |mut command| {
            command.custom_data = Box::new(rule);
            command.guild_only = true;
            command
        })
    }

    /// The text form.
    pub(super) fn text(&self) -> impl Iterator<Item = Command> {
        self.made().map(|mut command| {
            command.slash_action = None;
            command
        })
    }

    /// The slash form.
    pub(super) fn slash(&self) -> impl Iterator<Item = Command> {
        self.made().map(|mut command| {
            let name = command.name.strip_prefix("top_").filter(|_| self.group == Group::Top).map(str::to_owned);
            match (self.slash, name) {
                ("", None) => {}
                ("", Some(name)) => command.name = name.into(),
                (slash, _) => command.name = slash.into(),
            }
            command.prefix_action = None;
            command.aliases = Cow::default();
            command
        })
    }

    /// The tier it needs.
    pub(super) fn tier(&self) -> Tier {
        self.rule.tier
    }
}

impl Group {
    /// All that are groups.
    pub(super) const ALL: [Self; 4] = [Self::Session, Self::Player, Self::Top, Self::Admin];

    /// Its name, as in `/session`; empty for what stands by itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Alone => "",
            Self::Session => "session",
            Self::Player => "player",
            Self::Top => "top",
            Self::Admin => "admin",
        }
    }

    /// Whether people may mean it by this word, in lower case: its name, or how the heading over its commands begins.
    pub(super) fn is_called(self, word: &str) -> bool {
        let heading = self.about().to_lowercase();
        !word.is_empty() && (self.name() == word || heading.split([' ', ':', ',']).next() == Some(word))
    }

    /// What its commands are about.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Alone => "General",
            Self::Session => "Evenings: scores, maps, teams",
            Self::Player => "Players and their careers",
            Self::Top => "Who leads, and in what",
            Self::Admin => "The hub itself, for its admins",
        }
    }

    /// The group with its commands.
    pub(super) fn command(self) -> Command {
        let own = CATALOGUE.iter().filter(|entry| entry.group == self);
        Command {
            name: self.name().into(),
            description: Some(self.about().into()),
            subcommands: own.flat_map(Entry::slash).collect(),
            subcommand_required: true,
            guild_only: true,
            ..help::group()
        }
    }
}
