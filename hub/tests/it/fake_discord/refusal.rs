//! Discord's refusals: a status, a code, a message.

use serde_json::{Value, json};

/// A call that is not carried out.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Refusal {
    pub(super) fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, body: json!({ "code": code, "message": message }) }
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(super) fn no_such_route() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub(super) fn unknown_channel() -> Self {
        Self::new(404, 10_003, "Unknown Channel")
    }

    pub(super) fn unknown_message() -> Self {
        Self::new(404, 10_008, "Unknown Message")
    }

    pub(super) fn unknown_webhook() -> Self {
        Self::new(404, 10_015, "Unknown Webhook")
    }

    pub(super) fn unknown_interaction() -> Self {
        Self::new(404, 10_062, "Unknown interaction")
    }

    pub(super) fn already_acknowledged() -> Self {
        Self::new(400, 40_060, "Interaction has already been acknowledged.")
    }

    pub(super) fn missing_access() -> Self {
        Self::new(403, 50_001, "Missing Access")
    }

    pub(super) fn not_your_message() -> Self {
        Self::new(403, 50_005, "Cannot edit a message authored by another user")
    }

    pub(super) fn empty_message() -> Self {
        Self::new(400, 50_006, "Cannot send an empty message")
    }

    pub(super) fn missing_permissions() -> Self {
        Self::new(403, 50_013, "Missing Permissions")
    }

    /// `path` names the part of the request, such as `embeds.0.title`.
    pub(super) fn invalid(path: &str, code: &str, message: &str) -> Self {
        let innermost = json!({ "_errors": [{ "code": code, "message": message }] });
        let errors = path.rsplit('.').fold(innermost, |inner, part| json!({ part: inner }));
        Self { status: 400, body: json!({ "code": 50_035, "message": "Invalid Form Body", "errors": errors }) }
    }
}
