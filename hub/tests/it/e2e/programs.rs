//! The two programs as they are shipped, found beside each other where cargo puts them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The hub's program.
pub(crate) fn hub() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_slomix-hub"))
}

/// The agent's program. It belongs to another package, so cargo may not have built it for this test: it is built now
/// if it is missing or older than what it is made of.
pub(crate) fn agent() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let program = hub().with_file_name("slomix-agent");
            let built = program.metadata().and_then(|meta| meta.modified()).ok();
            if built.is_none_or(|built| newest_source() > built) {
                build(&program);
            }
            program
        })
        .clone()
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the hub lies in the workspace")
}

/// When anything that the agent is made of was changed last.
fn newest_source() -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut open: Vec<PathBuf> =
        ["agent/src", "agent/Cargo.toml", "line/src", "line/Cargo.toml", "shared/src", "shared/Cargo.toml", "lua"]
            .map(|part| workspace().join(part))
            .into();
    while let Some(path) = open.pop() {
        let meta = path.metadata().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if meta.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            open.extend(entries.map(|entry| entry.expect("a directory can be read").path()));
        } else {
            newest = newest.max(meta.modified().expect("files have a time"));
        }
    }
    newest
}

/// Builds it in the profile and the target directory of this test, with the features of the whole workspace, so that
/// what cargo has built before is used again.
fn build(program: &Path) {
    let folder = program.parent().expect("a program lies in a folder");
    let target = folder.parent().expect("a profile's folder lies in the target directory");
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(other) => other,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from(env!("CARGO")));
    let built = Command::new(cargo)
        .args(["build", "--workspace", "--bin", "slomix-agent", "--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(workspace())
        .output()
        .expect("cargo can be started");
    assert!(built.status.success(), "the agent could not be built:\n{}", String::from_utf8_lossy(&built.stderr));
}
