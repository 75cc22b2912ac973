//! Commands about players and their careers.

pub(super) mod achievements;
pub(super) mod aliases;
pub(super) mod badges;
pub(super) mod check_achievements;
pub(super) mod compare;
pub(super) mod consistency;
pub(super) mod fatigue;
pub(super) mod find_player;
pub(super) mod form;
pub(super) mod list_players;
pub(super) mod map_stats;
pub(super) mod playstyle;
pub(super) mod season_info;
pub(super) mod weapon_diag;
pub(super) mod weapons;
