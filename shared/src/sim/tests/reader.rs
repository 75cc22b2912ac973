//! A reader of stats files that shares nothing with the writer.

use std::collections::HashMap;

/// Line 1, split.
pub(super) struct Head {
    pub(super) fields: Vec<String>,
}

impl Head {
    pub(super) fn number(&self, index: usize) -> i64 {
        self.fields[index].parse().unwrap()
    }

    /// `M:SS` in seconds.
    pub(super) fn seconds(&self, index: usize) -> u32 {
        let (minutes, seconds) = self.fields[index].split_once(':').unwrap();
        assert_eq!(seconds.len(), 2);
        minutes.parse::<u32>().unwrap() * 60 + seconds.parse::<u32>().unwrap()
    }
}

/// A player line, split.
pub(super) struct Row {
    pub(super) rounds: i64,
    pub(super) team: i64,
    /// Hits, shots, kills, deaths and headshots by weapon.
    pub(super) weapons: HashMap<usize, [i64; 5]>,
    /// All TAB fields as they stand there.
    pub(super) fields: Vec<String>,
}

impl Row {
    pub(super) fn int(&self, index: usize) -> i64 {
        self.fields[index].parse().unwrap()
    }

    /// A field with one decimal, in tenths.
    pub(super) fn tenths(&self, index: usize) -> i64 {
        let (whole, tenth) = self.fields[index].split_once('.').unwrap();
        assert_eq!(tenth.len(), 1);
        whole.parse::<i64>().unwrap() * 10 + tenth.parse::<i64>().unwrap()
    }

    pub(super) fn weapon_sum(&self, column: usize) -> i64 {
        self.weapons.values().map(|group| group[column]).sum()
    }
}

/// GUID and raw name of a line.
pub(super) type Who = (String, Vec<u8>);

/// Splits a whole stats file.
pub(super) fn read(bytes: &[u8]) -> (Head, HashMap<Who, Row>) {
    let mut lines = bytes.strip_suffix(b"\n").unwrap().split(|&b| b == b'\n');
    let head = String::from_utf8(lines.next().unwrap().to_vec()).unwrap();
    let head = Head { fields: head.split('\\').map(str::to_owned).collect() };
    let mut rows = HashMap::new();
    for line in lines {
        let (who, row) = read_line(line);
        assert!(rows.insert(who, row).is_none(), "two lines of one player");
    }
    (head, rows)
}

fn read_line(line: &[u8]) -> (Who, Row) {
    let parts: Vec<&[u8]> = line.splitn(5, |&b| b == b'\\').collect();
    let [guid, name, rounds, team, rest] = parts[..] else { panic!("five parts: {line:?}") };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let rest = text(rest);
    let (weapons, fields) = rest.split_once(" \t").unwrap();
    let mut numbers = weapons.split(' ').map(|number| number.parse::<i64>().unwrap());
    let mask = numbers.next().unwrap();
    let mut groups = HashMap::new();
    for bit in (0..28).filter(|bit| mask & (1 << bit) != 0) {
        groups.insert(bit, std::array::from_fn(|_| numbers.next().unwrap()));
    }
    assert_eq!((numbers.next(), mask >> 28), (None, 0));
    let row = Row {
        rounds: text(rounds).parse().unwrap(),
        team: text(team).parse().unwrap(),
        weapons: groups,
        fields: fields.split('\t').map(str::to_owned).collect(),
    };
    ((text(guid), name.to_vec()), row)
}
