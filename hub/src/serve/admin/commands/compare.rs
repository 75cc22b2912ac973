use serde::{Deserialize, Serialize};

use super::super::{Command, CommandError, Progress, Site, Step};
use crate::pipeline::verify::deep::{Compared, compare};

/// Derives everything anew and compares it with what stands; nothing is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Compare {}

impl Command for Compare {
    const NAME: &'static str = "verify --deep";
    type Answer = Compared;

    async fn run(self, site: &Site, progress: Progress<'_>) -> Result<Compared, CommandError> {
        Ok(compare(&site.deriver, |done, all| progress(Step::of("blocks", done, all))).await?)
    }
}
