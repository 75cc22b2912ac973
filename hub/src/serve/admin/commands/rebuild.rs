use serde::{Deserialize, Serialize};

use super::super::{Command, CommandError, Progress, Site, Step};
use crate::pipeline::rebuild::{Rebuilt, rebuild};

/// Makes every derived row again, block by block; readers and live arrivals go on meanwhile.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Rebuild {}

impl Command for Rebuild {
    const NAME: &'static str = "rebuild";
    const BY_ZONE: bool = true;
    type Answer = Rebuilt;

    async fn run(self, site: &Site, progress: Progress<'_>) -> Result<Rebuilt, CommandError> {
        Ok(rebuild(&site.deriver, |done, all| progress(Step::of("blocks", done, all))).await?)
    }
}
