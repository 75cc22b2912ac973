//! What admins do to the hub.

pub(super) mod admin_add;
pub(super) mod admin_audit;
pub(super) mod admin_list;
pub(super) mod admin_remove;
pub(super) mod automation_status;
pub(super) mod backup_db;
pub(super) mod cache_clear;
pub(super) mod health;
pub(super) mod metrics_report;
pub(super) mod metrics_summary;
pub(super) mod rebuild_sessions;
pub(super) mod vacuum_db;
