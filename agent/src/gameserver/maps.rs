use std::collections::BTreeMap;

use slomix_shared::game::MapName;
use slomix_shared::wire::limits;

/// The maps in what the console prints for `dir maps bsp`, by name; none where it is no such list. A file whose name no
/// map can have is passed over.
pub fn map_list(text: &[u8]) -> Option<Vec<String>> {
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.find(|line| line.starts_with(b"Directory of maps"))?;
    let mut maps = BTreeMap::new();
    for line in lines {
        let Some((name, ending)) = line.split_at_checked(line.len().saturating_sub(4)) else { continue };
        let name = std::str::from_utf8(name).ok().and_then(MapName::parse);
        if let Some(name) = name.filter(|_| ending.eq_ignore_ascii_case(b".bsp")) {
            maps.entry(name.key()).or_insert_with(|| name.as_str().to_owned());
        }
    }
    Some(maps.into_values().take(limits::MAPS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_listed_once_each_and_by_name() {
        let text =
            b"Directory of maps bsp\n---------------\nsupply.bsp\nOasis.BSP\noasis.bsp\n../x.bsp\na b.bsp\nx.pk3\n";
        assert_eq!(map_list(text).unwrap(), ["Oasis", "supply"]);
        assert_eq!(map_list(b"Directory of maps bsp\n---------------\n").unwrap(), [""; 0]);
        assert_eq!(map_list(b"usage: dir <directory>\n"), None);
    }
}
