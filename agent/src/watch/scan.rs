use std::fs;
use std::io;
use std::path::Path;

use super::observe::Observed;

/// Everything in `directory` that travels. A file that vanishes meanwhile is left out.
pub fn scan(directory: &Path) -> io::Result<Vec<Observed>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        match entry.metadata() {
            Ok(meta) => found.extend(Observed::from_meta(&entry.path(), &meta)),
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use slomix_shared::artifact::Kind;

    use super::*;

    #[test]
    fn only_regular_and_visible_files_are_found() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::write(at("2026-11-09-195037-supply-round-1.txt"), "x").unwrap();
        fs::write(at("odd name"), "").unwrap();
        fs::write(at(".hidden"), "x").unwrap();
        fs::create_dir(at("folder")).unwrap();
        symlink(at("odd name"), at("2026-11-09-195037-supply-round-2.txt")).unwrap();
        let mut found = scan(directory.path()).unwrap();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        let names: Vec<_> = found.iter().map(|file| (file.name.as_str(), file.kind, file.state.size)).collect();
        assert_eq!(
            names,
            [("2026-11-09-195037-supply-round-1.txt", Kind::Stats, 1), ("odd name", Kind::Unrecognised, 0)]
        );
        assert!(scan(&at("not there")).is_err());
    }
}
