//! The colours of the house. A colour means one thing in every picture.

use crate::reports::plot::Team;

pub(super) const BACKGROUND: &str = "#16181d";
pub(super) const PANEL: &str = "#1f232b";
pub(super) const GRID: &str = "#2c313c";
pub(super) const TEXT: &str = "#e6e9ef";
pub(super) const QUIET: &str = "#9aa3b2";
/// Lines that are there for comparison only.
pub(super) const FAINT: &str = "#4b5363";
/// The best of a column.
pub(super) const ACCENT: &str = "#f2c14e";
pub(super) const TEAM_A: &str = "#4c9aff";
pub(super) const TEAM_B: &str = "#ff8b3d";
/// Bars of players without a team.
pub(super) const PLAIN: &str = "#7b8cb0";
/// The first of two values is the greater.
pub(super) const AHEAD: &str = "#4fc3a1";

/// Lines that are told apart by nothing but colour: far apart in lightness and hue, and none is a team's.
pub(super) const LINES: [&str; 6] = [ACCENT, "#6fd3f2", "#f27db4", "#6fd08c", "#b9a1ff", "#ff7a6b"];

/// The colour of a team, or of nobody's.
pub(super) fn team(team: Option<Team>) -> &'static str {
    match team {
        Some(Team::A) => TEAM_A,
        Some(Team::B) => TEAM_B,
        None => PLAIN,
    }
}
