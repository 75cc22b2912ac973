//! Commands about evenings and the teams in them.

pub(super) mod add_team;
pub(super) mod assign_player;
pub(super) mod assign_teams;
pub(super) mod awards;
pub(super) mod endstats_audit;
pub(super) mod head_to_head;
pub(super) mod lineup_changes;
pub(super) mod rounds;
pub(super) mod session_score;
pub(super) mod set_team_names;
pub(super) mod set_teams;
pub(super) mod team_history;
pub(super) mod team_pool;
pub(super) mod team_record;
pub(super) mod teams;
