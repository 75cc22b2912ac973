use std::path::{Path, PathBuf};

use anyhow::Context;

/// The demo's own directory, gone with the value.
pub(super) struct Stage {
    root: PathBuf,
}

impl Stage {
    pub(super) fn build() -> anyhow::Result<Self> {
        let root = std::env::temp_dir().join(format!("slomix-demo-{}", std::process::id()));
        let stage = Self { root };
        std::fs::create_dir_all(stage.gamestats())
            .with_context(|| format!("{} cannot be made; TMPDIR chooses another place", stage.root.display()))?;
        Ok(stage)
    }

    /// Where the game server writes.
    pub(super) fn gamestats(&self) -> PathBuf {
        self.root.join("gamestats")
    }

    pub(super) fn hub_data(&self) -> PathBuf {
        self.root.join("hub")
    }

    pub(super) fn agent_data(&self) -> PathBuf {
        self.root.join("agent")
    }

    pub(super) fn agent_log(&self) -> PathBuf {
        self.root.join("agent.log")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.root) {
            eprintln!("slomix-hub: {} could not be removed: {error}", self.root.display());
        }
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    std::fs::remove_dir_all(path)
}
