//! Which call of Discord's API a request is.

use axum::http::Method;

/// A call, with the ids in its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `GET /gateway`
    GetGateway,
    /// `GET /gateway/bot`
    GetGatewayBot,
    /// `GET /users/@me`
    GetMe,
    /// `GET /oauth2/applications/@me`
    GetApplication,
    /// `PUT /applications/{id}/commands`
    SetCommands,
    /// `GET /channels/{id}`
    GetChannel(u64),
    /// `GET /channels/{id}/messages`
    ListMessages(u64),
    /// `POST /channels/{id}/messages`
    CreateMessage(u64),
    /// `GET /channels/{id}/messages/{id}`
    GetMessage(u64, u64),
    /// `PATCH /channels/{id}/messages/{id}`
    EditMessage(u64, u64),
    /// `DELETE /channels/{id}/messages/{id}`
    DeleteMessage(u64, u64),
    /// `POST /channels/{id}/typing`
    Typing(u64),
    /// `POST /interactions/{id}/{token}/callback`
    InteractionCallback(u64, String),
    /// `POST /webhooks/{application}/{token}`
    FollowUp(String),
    /// `PATCH /webhooks/{application}/{token}/messages/{id}`
    EditFollowUp(String, u64),
    /// `GET /users/{id}`
    GetUser(u64),
    /// `PATCH /webhooks/{application}/{token}/messages/@original`
    EditOriginal(String),
    /// Anything else.
    Unknown,
}

impl Call {
    /// Reads a method and a path such as `/api/v10/channels/200/messages`.
    pub(super) fn of(method: &Method, path: &str) -> Self {
        let parts: Vec<&str> = path.trim_start_matches("/api/v10/").split('/').collect();
        let id = |text: &str| text.parse::<u64>().unwrap_or(0);
        match (method.as_str(), parts.as_slice()) {
            ("GET", ["gateway"]) => Self::GetGateway,
            ("GET", ["gateway", "bot"]) => Self::GetGatewayBot,
            ("GET", ["users", "@me"]) => Self::GetMe,
            ("GET", ["oauth2", "applications", "@me"]) => Self::GetApplication,
            ("PUT", ["applications", _, "commands"]) => Self::SetCommands,
            ("GET", ["channels", channel]) => Self::GetChannel(id(channel)),
            ("GET", ["channels", channel, "messages"]) => Self::ListMessages(id(channel)),
            ("POST", ["channels", channel, "messages"]) => Self::CreateMessage(id(channel)),
            ("GET", ["channels", channel, "messages", message]) => Self::GetMessage(id(channel), id(message)),
            ("PATCH", ["channels", channel, "messages", message]) => Self::EditMessage(id(channel), id(message)),
            ("DELETE", ["channels", channel, "messages", message]) => Self::DeleteMessage(id(channel), id(message)),
            ("POST", ["channels", channel, "typing"]) => Self::Typing(id(channel)),
            ("POST", ["interactions", interaction, token, "callback"]) => {
                Self::InteractionCallback(id(interaction), (*token).to_owned())
            }
            ("POST", ["webhooks", _, token]) => Self::FollowUp((*token).to_owned()),
            ("PATCH", ["webhooks", _, token, "messages", "@original"]) => Self::EditOriginal((*token).to_owned()),
            ("PATCH", ["webhooks", _, token, "messages", message]) => {
                Self::EditFollowUp((*token).to_owned(), id(message))
            }
            ("GET", ["users", user]) => Self::GetUser(id(user)),
            _ => Self::Unknown,
        }
    }

    /// The calls that count against one limit: those of one kind in one channel.
    pub(super) fn bucket(&self) -> String {
        match self {
            Self::EditMessage(channel, _) => format!("edit {channel}"),
            Self::GetMessage(channel, _) => format!("get {channel}"),
            Self::DeleteMessage(channel, _) => format!("delete {channel}"),
            other => format!("{other:?}"),
        }
    }

    /// Whether the path's own token is all the proof that is asked for.
    pub(super) fn needs_no_token(&self) -> bool {
        matches!(
            self,
            Self::InteractionCallback(..)
                | Self::FollowUp(_)
                | Self::EditFollowUp(..)
                | Self::EditOriginal(_)
                | Self::GetGateway
        )
    }
}
