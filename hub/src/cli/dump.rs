use std::io::Write;

use crate::store::Store;

use super::{Place, setup};

pub(super) async fn run(place: &Place) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for table in Store::dump_tables() {
        for line in store.dump_table(table).await? {
            match writeln!(out, "{line}") {
                // Whoever reads has seen enough.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(0),
                other => other?,
            }
        }
    }
    out.flush()?;
    Ok(0)
}
