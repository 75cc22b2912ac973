//! Enrolled agents and invites.
