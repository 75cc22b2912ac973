use super::{push_int, push_tenths};
use crate::sim::fight::tenths_of_minutes;
use crate::sim::numbers::Numbers;
use crate::sim::plan::Layout;

/// One player as the writer's last snapshot has him.
pub(in crate::sim) struct Line<'a> {
    pub(in crate::sim) guid8: &'a str,
    pub(in crate::sim) name: &'a [u8],
    /// The engine's count of rounds since the map was loaded.
    pub(in crate::sim) rounds: u32,
    /// 1 Axis, 2 Allies, 3 spectator.
    pub(in crate::sim) team: u8,
    /// Sums over the match, per-round counters of this round.
    pub(in crate::sim) numbers: Numbers,
    /// Time in a team over the match.
    pub(in crate::sim) played_ms: u32,
    /// Time alive over the match.
    pub(in crate::sim) alive_ms: u32,
    /// Time dead in this round.
    pub(in crate::sim) dead_ms: u32,
}

impl Line<'_> {
    /// Whether the writer lists him: some weapon has a number.
    pub(in crate::sim) fn is_listed(&self) -> bool {
        self.numbers.weapons.iter().any(super::super::numbers::WeaponNumbers::is_listed)
    }

    /// Alive time in tenths of a percent.
    pub(in crate::sim) fn alive_permille(&self) -> u32 {
        rounded(u64::from(self.alive_ms) * 1000, self.played_ms)
    }

    /// Damage received per death in units of 130 hit points, in tenths; 0 unless it is a lot.
    fn tank_tenths(&self, deaths: u32) -> u32 {
        let received = self.numbers.damage_received;
        let stands_out = deaths > 0 && received > 1000 && received > 3 * 130 * deaths;
        if stands_out { rounded(u64::from(received) * 10, deaths * 130) } else { 0 }
    }

    /// Dead time as tenths of a percent of the whole match's time, though only this round's is counted.
    fn dead_permille(&self) -> u32 {
        if self.played_ms > 120_000 { rounded(u64::from(self.dead_ms) * 1000, self.played_ms) } else { 0 }
    }
}

/// `part / whole`, half rounded up; 0 of nothing.
fn rounded(part: u64, whole: u32) -> u32 {
    if whole == 0 { 0 } else { ((2 * part + u64::from(whole)) / (2 * u64::from(whole))) as u32 }
}

/// A whole stats file: `header` with its line feed, then the listed players in the order given.
pub(in crate::sim) fn write(header: &str, lines: &[Line], order: &[usize], layout: Layout) -> Vec<u8> {
    let mut out = Vec::with_capacity(header.len() + lines.len() * 700);
    out.extend_from_slice(header.as_bytes());
    for line in order.iter().map(|&index| &lines[index]).filter(|line| line.is_listed()) {
        write_line(&mut out, line, layout);
    }
    out
}

fn write_line(out: &mut Vec<u8>, line: &Line, layout: Layout) {
    out.extend_from_slice(line.guid8.as_bytes());
    out.push(b'\\');
    out.extend_from_slice(line.name);
    out.push(b'\\');
    push_int(out, u64::from(line.rounds));
    out.push(b'\\');
    push_int(out, u64::from(line.team));
    out.push(b'\\');

    let weapons = || line.numbers.weapons.iter().enumerate().filter(|(_, weapon)| weapon.is_listed());
    push_int(out, weapons().map(|(bit, _)| 1 << bit).sum());
    out.push(b' ');
    for (_, weapon) in weapons() {
        for number in [weapon.hits, weapon.shots, weapon.kills, weapon.deaths, weapon.headshots] {
            push_int(out, u64::from(number));
            out.push(b' ');
        }
    }
    write_fields(out, line, layout);
    out.push(b'\n');
}

/// One TAB field.
#[derive(Clone, Copy)]
enum Field {
    Int(i64),
    Tenths(u32),
}

fn write_fields(out: &mut Vec<u8>, line: &Line, layout: Layout) {
    use Field::{Int, Tenths};
    let numbers = &line.numbers;
    let int = |number: u32| Int(i64::from(number));
    let (kills, deaths) = (numbers.kills(), numbers.deaths());
    // without a death the writer divides by nothing and shows one more than the kills
    let ratio = if deaths == 0 { (kills + 1) * 10 } else { rounded(u64::from(kills) * 10, deaths) };
    let [double, triple, quad, penta, more] = numbers.multikills;
    let fields = [
        int(numbers.damage_given),
        int(numbers.damage_received),
        int(numbers.team_damage_given),
        int(numbers.team_damage_received),
        int(numbers.gibs),
        int(numbers.self_kills),
        int(numbers.team_kills),
        int(numbers.team_gibs),
        Tenths(line.alive_permille()),
        Int(i64::from(numbers.xp)),
        int(numbers.killing_spree),
        int(numbers.death_spree),
        int(numbers.kill_assists),
        int(numbers.kill_steals),
        int(numbers.headshot_kills),
        int(numbers.objectives_stolen),
        int(numbers.objectives_returned),
        int(numbers.dynamites_planted),
        int(numbers.dynamites_defused),
        int(numbers.times_revived),
        int(bullets_field(line, layout)),
        Tenths(0),
        Tenths(tenths_of_minutes(line.played_ms)),
        Tenths(line.tank_tenths(deaths)),
        Tenths(line.dead_permille()),
        Tenths(numbers.dead_tenths),
        Tenths(ratio),
        int(numbers.useful_kills),
        int(numbers.denied_seconds),
        int(double),
        int(triple),
        int(quad),
        int(penta),
        int(more),
        int(numbers.useless_kills),
        int(numbers.full_selfkills),
        int(numbers.repairs),
        int(numbers.revives_given),
    ];
    for (index, field) in fields.into_iter().enumerate() {
        let there = match layout {
            // no denied time yet, and the multikills were the last
            Layout::Fields33 => index != 28 && index <= 33,
            Layout::Fields36 => index < 36,
            Layout::Fields37 => index < 37,
            Layout::Fields38 => true,
        };
        if !there {
            continue;
        }
        out.push(b'\t');
        match field {
            Tenths(tenths) => push_tenths(out, u64::from(tenths)),
            Int(number) => {
                if number < 0 {
                    out.push(b'-');
                }
                push_int(out, number.unsigned_abs());
            }
        }
    }
}

/// The sum of the shots; older writers added it up again at each of their snapshots, every 5 s.
fn bullets_field(line: &Line, layout: Layout) -> u32 {
    let shots = line.numbers.shots();
    match layout {
        Layout::Fields38 => shots,
        Layout::Fields33 | Layout::Fields36 | Layout::Fields37 => shots * (1 + line.played_ms / 10_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published example line, number by number.
    #[test]
    fn writes_the_line_that_a_real_server_wrote() {
        let mut numbers = Numbers {
            damage_given: 2014,
            damage_received: 1626,
            team_damage_given: 85,
            team_damage_received: 18,
            gibs: 1,
            self_kills: 4,
            xp: 66,
            killing_spree: 3,
            kill_steals: 2,
            headshot_kills: 4,
            times_revived: 1,
            dead_tenths: 14,
            useful_kills: 2,
            denied_seconds: 50,
            multikills: [2, 0, 0, 0, 0],
            useless_kills: 5,
            revives_given: 2,
            ..Numbers::default()
        };
        let groups = [
            (3, [10, 18, 3, 0, 3]),
            (4, [4, 9, 0, 4, 2]),
            (5, [97, 247, 9, 0, 9]),
            (11, [1, 7, 0, 0, 0]),
            (27, [2, 2, 0, 0, 0]),
        ];
        for (bit, [hits, shots, kills, deaths, headshots]) in groups {
            let weapon = &mut numbers.weapons[bit as usize];
            (weapon.hits, weapon.shots, weapon.kills, weapon.deaths, weapon.headshots) =
                (hits, shots, kills, deaths, headshots);
        }
        let line = Line {
            guid8: "AAAA0001",
            name: b"^6A^2lpha",
            rounds: 0,
            team: 2,
            numbers,
            played_ms: 311_500,
            alive_ms: 267_900,
            dead_ms: 85_660,
        };
        let expected = "AAAA0001\\^6A^2lpha\\0\\2\\134219832 10 18 3 0 3 4 9 0 4 2 97 247 9 0 9 1 7 0 0 0 2 2 0 0 0 \
            \t2014\t1626\t85\t18\t1\t4\t0\t0\t86.0\t66\t3\t0\t0\t2\t4\t0\t0\t0\t0\t1\t283\t0.0\t5.2\t3.1\t27.5\t1.4\
            \t3.0\t2\t50\t2\t0\t0\t0\t0\t5\t0\t0\t2\n";
        let written = write("", &[line], &[0], Layout::Fields38);
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }
}
