//! What a store must do, whichever engine it has.

pub(super) mod agents;
pub(super) mod altered;
pub(super) mod boards;
pub(super) mod control;
pub(super) mod copied;
pub(super) mod damaged;
pub(super) mod damaged_rows;
pub(super) mod decided;
pub(super) mod derived;
pub(super) mod evenings;
pub(super) mod gaps;
pub(super) mod kept;
pub(super) mod kept_again;
pub(super) mod odd;
pub(super) mod papers;
pub(super) mod posts;
pub(super) mod reads;
pub(super) mod receipts;
pub(super) mod transactions;
