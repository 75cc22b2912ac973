use super::awards::{self, Contestant};
use super::push_int;

/// A whole endstats file and where each of the script's appends ends: one for the awards, then for each versus block
/// one for its header and one for its rows. Six players with a block each are the 13 closes seen on a real server.
pub(in crate::sim) struct Endstats {
    pub(in crate::sim) bytes: Vec<u8>,
    pub(in crate::sim) cuts: Vec<usize>,
}

/// Writes awards and versus blocks. `killed(a, b)` is how often contestant `a` killed contestant `b` in this round.
pub(in crate::sim) fn write(
    contestants: &[Contestant],
    killed: impl Fn(usize, usize) -> u16,
    limit_ms: u32,
    versus_headers: bool,
) -> Endstats {
    let mut bytes = awards::write(contestants, limit_ms);
    let mut cuts = vec![bytes.len()];
    for (subject, contestant) in contestants.iter().enumerate() {
        let foes = contestants.iter().enumerate().filter(|(_, foe)| foe.team != contestant.team);
        let rows = foes.map(|(index, foe)| (foe, killed(subject, index), killed(index, subject)));
        let mut rows: Vec<_> = rows.filter(|(_, kills, deaths)| kills + deaths > 0).collect();
        rows.sort_by_key(|&(_, kills, _)| std::cmp::Reverse(kills));
        if rows.is_empty() {
            continue;
        }
        if versus_headers {
            bytes.extend_from_slice(b"VS_HEADER\t");
            bytes.extend_from_slice(&contestant.name);
            bytes.push(b'\t');
            bytes.extend_from_slice(contestant.guid.as_bytes());
            bytes.push(b'\n');
            cuts.push(bytes.len());
        }
        for (foe, kills, deaths) in rows {
            bytes.extend_from_slice(&foe.name);
            bytes.push(b'\t');
            push_int(&mut bytes, u64::from(kills));
            bytes.push(b'\t');
            push_int(&mut bytes, u64::from(deaths));
            bytes.push(b'\n');
        }
        cuts.push(bytes.len());
    }
    cuts.dedup();
    Endstats { bytes, cuts: cuts.into_iter().filter(|&cut| cut > 0).collect() }
}

/// A name as the engine cleans it for the script: colour codes and all bytes but printable ASCII removed.
pub(in crate::sim) fn cleaned(raw: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        let code = tail.first().copied().filter(|&code| code > b' ' && code != b'^' && code != 0x7F);
        if byte == b'^' && code.is_some() {
            rest = &tail[1..];
        } else if (0x20..=0x7E).contains(&byte) {
            clean.push(byte);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_colours_and_all_that_is_not_ascii() {
        let shown = [&b"^1Red^7Fox"[..], b"^^7caret^", "^2\u{1f98a}fox".as_bytes(), b"J\xfcrgen^1\xe9", b"bell\x07end"];
        let expected = ["RedFox", "^caret^", "fox", "Jrgen", "bellend"];
        assert_eq!(shown.map(|raw| String::from_utf8(cleaned(raw)).unwrap()), expected);
    }
}
