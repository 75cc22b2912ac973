//! What admins do to the hub.

pub(super) mod admin_add;
pub(super) mod admin_audit;
pub(super) mod admin_list;
pub(super) mod admin_remove;
pub(super) mod cache_clear;
pub(super) mod health;
