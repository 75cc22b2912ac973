//! The people who play: nicknames, colours, strengths. The same people in every plan, so that history means something.

use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::class::Class;

/// One player of the pool.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// `cl_guid`, 32 upper-case characters.
    pub(crate) guid: String,
    pub(crate) name: Vec<u8>,
    /// Hundredths of an even player's strength.
    pub(crate) skill: u32,
    /// Hits per hundred shots.
    pub(crate) aim: u32,
    /// Head hits per thousand hits.
    pub(crate) head: u32,
    pub(crate) class: Class,
    /// Slot of a bot, none for a human.
    pub(crate) bot_slot: Option<u8>,
}

impl Person {
    /// The part of the GUID that a stats file shows.
    pub(crate) fn guid8(&self) -> &str {
        &self.guid[..8]
    }

    /// An Omni-bot in `slot`, whose GUID is its slot and blanks.
    pub(crate) fn bot(slot: u8, name: &[u8]) -> Self {
        Self {
            guid: format!("OMNIBOT{slot:02}{:23}", ""),
            name: name.to_vec(),
            skill: 70,
            aim: 30,
            head: 90,
            class: Class::Medic,
            bot_slot: Some(slot),
        }
    }
}

/// Nicknames, strongest class first in mind. The last dozen are there to be awkward: marks of Markdown and HTML,
/// mentions, two and four byte characters, wide and right-to-left text, Latin-1 bytes, control bytes, odd colour codes.
const NAMES: [(&[u8], Class); 48] = [
    (b"^4kestrel", Class::Medic),
    (b"^1Red^7Fox", Class::Medic),
    (b"^3am^7ber", Class::FieldOps),
    (b"^2moss^7.", Class::Engineer),
    (b"^xt^7undra", Class::Medic),
    (b"^5blue^0|^5lamp", Class::Rifle),
    (b"sable", Class::Medic),
    (b"^7pepper^1mint", Class::CovertOps),
    (b"^1.^7granite", Class::FieldOps),
    (b"^8otter", Class::Medic),
    (b"^dquick^7lime", Class::Soldier),
    (b"^oVole", Class::Medic),
    (b"north^3wind", Class::Engineer),
    (b"^6plum", Class::Medic),
    (b"^7=^4K^7= cobalt", Class::Medic),
    (b"^7=^4K^7= nickel", Class::FieldOps),
    (b"^7=^4K^7= zinc", Class::Medic),
    (b"^1r^2a^3i^4n^5y^6d^7ay", Class::Medic),
    (b"Hazelnut", Class::Engineer),
    (b"^9ash", Class::CovertOps),
    (b"^tbarn^3owl", Class::Medic),
    (b"lynx2021", Class::Medic),
    (b"^7sil^0ver", Class::Rifle),
    (b"^gfern", Class::Medic),
    (b"cinder^1!", Class::FieldOps),
    (b"^bTern", Class::Medic),
    (b"^7the ^3heron", Class::Soldier),
    (b"^qmarlin^7", Class::Medic),
    (b"o^1p^7al", Class::Medic),
    (b"^3juniper.^7", Class::Engineer),
    (b"Wren", Class::Medic),
    (b"^zslate", Class::FieldOps),
    (b"^vbasalt", Class::Medic),
    (b"ETPlayer", Class::Medic),
    ("^4\u{17d}ivko \u{10d}uk".as_bytes(), Class::Medic),
    (b"**bold** _i_ ~~s~~", Class::Engineer),
    (b"@everyone", Class::Medic),
    (b"<b>&</b> `x` ||y||", Class::FieldOps),
    ("\u{41c}\u{430}\u{43a}".as_bytes(), Class::Medic),
    ("\u{ff37}\u{ff29}\u{ff24}\u{ff25}".as_bytes(), Class::CovertOps),
    ("^2\u{1f98a}fox".as_bytes(), Class::Medic),
    ("\u{5d0}\u{5d1}\u{202e}x".as_bytes(), Class::Medic),
    (b"J\xfcrgen^1\xe9", Class::Engineer),
    (b"bell\x07end", Class::Soldier),
    (b"^^7caret^", Class::Medic),
    (b"^?q^/s^*t", Class::Medic),
    (b"  two  spaces ", Class::FieldOps),
    (b"a_name_of_five_and_thirty_characte^", Class::Medic),
];

/// GUIDs and strengths are drawn once and for all from this.
const POOL_SEED: u64 = 0x0051_0315_5EED;

/// How many people there are: no side can be larger than half of this.
pub(crate) const PEOPLE: usize = NAMES.len();

/// The whole pool; those at the front are seen more often.
pub(crate) fn people() -> Vec<Person> {
    let mut dice = ChaCha8Rng::seed_from_u64(POOL_SEED);
    NAMES
        .iter()
        .map(|&(name, class)| {
            let guid = format!("{:032X}", dice.random::<u128>());
            // two dice, so that middling players are the rule
            let skill = dice.random_range(32..=72) + dice.random_range(32..=72);
            Person {
                guid,
                name: name.to_vec(),
                skill,
                aim: 18 + skill / 8 + dice.random_range(0..=12),
                head: 45 + skill / 3 + dice.random_range(0..=80),
                class,
                bot_slot: None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::game::Guid;

    #[test]
    fn everybody_has_a_guid_of_his_own_and_a_name_the_engine_allows() {
        let people = people();
        let guids: HashSet<_> = people.iter().map(Person::guid8).collect();
        assert_eq!(guids.len(), PEOPLE);
        for person in &people {
            assert!(Guid::from_bytes(person.guid8().as_bytes()).unwrap().value().is_some(), "{}", person.guid);
            assert!((1..=35).contains(&person.name.len()), "{:?}", person.name);
            assert!(!person.name.iter().any(|b| matches!(b, b'\\' | b'"' | b';' | b'\t' | b'\n' | b'\r')));
        }
    }

    #[test]
    fn a_bots_guid_is_its_slot_and_blanks() {
        let bot = Person::bot(7, b"[BOT]Filler");
        assert_eq!((bot.guid.len(), bot.guid8()), (32, "OMNIBOT0"));
        assert_eq!(Person::bot(12, b"x").guid8(), "OMNIBOT1");
    }
}
