use data_encoding::HEXLOWER;
use serde_json::json;

use crate::store::Store;

use super::find;

/// Prints which contents a stats file came with, for programs.
pub(super) async fn list(store: &Store, file: String, server: Option<String>) -> anyhow::Result<u8> {
    let (server, file) = find::stats_file(store, file, server).await?;
    let contents: Vec<_> = store
        .contents_of(&server, &file)
        .await?
        .iter()
        .map(|one| json!({ "hash": HEXLOWER.encode(&one.hash), "bytes": one.size, "state": one.state, "code": one.code }))
        .collect();
    let value = json!({ "server": server, "file": file, "contents": contents });
    println!("{}", serde_json::to_string_pretty(&value)?);
    Ok(0)
}
