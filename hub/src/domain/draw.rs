//! Names out of a pool: drawn by lot, and the same lot each time for the same seed.

/// So many names of a pool, in the order in which they were drawn. The draw depends on the seed and on the names alone,
/// not on their order. Draw `names@1`: the lowest BLAKE3 hashes of seed (8 bytes, little endian) and name.
pub fn draw<'a>(pool: impl IntoIterator<Item = &'a str>, seed: i64, count: usize) -> Vec<&'a str> {
    let lot = |name: &str| {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes());
        hasher.update(name.as_bytes());
        *hasher.finalize().as_bytes()
    };
    let mut lots: Vec<([u8; 32], &str)> = pool.into_iter().map(|name| (lot(name), name)).collect();
    lots.sort_unstable();
    lots.dedup();
    lots.into_iter().take(count).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: [&str; 5] = ["red", "blue", "green", "black", "white"];

    #[test]
    fn one_seed_is_one_draw_whatever_the_order() {
        let drawn = draw(POOL, 7, 2);
        assert_eq!(drawn.len(), 2);
        assert_eq!(draw(POOL.into_iter().rev(), 7, 2), drawn);
        assert_eq!(draw(["red", "red"], 7, 2), ["red"], "nobody is drawn twice");
    }

    #[test]
    fn every_name_is_drawn_for_some_seed() {
        let first: std::collections::BTreeSet<&str> = (0..100).flat_map(|seed| draw(POOL, seed, 1)).collect();
        assert_eq!(first.len(), POOL.len());
    }
}
