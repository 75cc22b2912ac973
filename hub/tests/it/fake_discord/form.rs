//! Bodies: JSON, or a form with `payload_json` and files.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use serde_json::Value;

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The form's field, such as `files[0]`.
    pub field: String,
    /// The file's name.
    pub name: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// A body as Discord reads it.
#[derive(Default)]
pub(super) struct Form {
    pub(super) json: Value,
    pub(super) files: Vec<File>,
}

const LARGEST: usize = 16 * 1024 * 1024;

pub(super) async fn read(request: Request<Body>) -> Form {
    let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return read_parts(request).await;
    }
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST).await.unwrap_or_default();
    Form { json: serde_json::from_slice(&bytes).unwrap_or_default(), files: Vec::new() }
}

async fn read_parts(request: Request<Body>) -> Form {
    let mut form = Form::default();
    let Ok(mut parts) = Multipart::from_request(request, &()).await else { return form };
    while let Ok(Some(part)) = parts.next_field().await {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.unwrap_or_default().to_vec();
        if field == "payload_json" {
            form.json = serde_json::from_slice(&bytes).unwrap_or_default();
        } else {
            form.files.push(File { field, name, bytes });
        }
    }
    form
}
