/// Something about one line that an admin may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line number in the file, from 1; the header is line 1.
    pub line: usize,
    /// Why the line was dropped.
    pub fault: LineFault,
}

/// Why a player line was dropped; the file's other lines are unaffected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Fewer than five parts.
    #[error("fewer than five parts separated by backslashes")]
    Parts,
    /// No GUID in front.
    #[error("no GUID in front")]
    Guid,
    /// The mask or a weapon number is no whole number.
    #[error("a weapon number is no whole number")]
    WeaponNumber,
    /// A weapon number beyond what any game can hold.
    #[error("a weapon number is beyond what any game can hold")]
    Absurd,
    /// A name far longer than the game allows.
    #[error("the name is far longer than the game allows")]
    Name,
    /// Less than a mask and one weapon.
    #[error("no weapon has numbers")]
    NoWeapon,
    /// More players than any round has.
    #[error("more players than any round has")]
    TooMany,
}

/// Something odd about a player line that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineFlag {
    /// The mask promises more weapons than the line holds; those that fit are kept.
    WeaponsMissing,
    /// The line holds more numbers than the mask needs.
    WeaponsSurplus,
    /// The mask has a bit that is no weapon.
    UnknownWeapon,
    /// The `rounds` or `team` part is not plain digits.
    OddNumber,
    /// A field after the weapons is no number; it counts as unknown.
    OddField,
    /// A count that cannot be negative is.
    Negative,
    /// The line has no fields after the weapons.
    NoFields,
    /// A number of fields that no known writer has.
    OddLayout,
    /// The writer's kill/death ratio does not follow from the weapons: a kill or death without a weapon slot.
    KillWithoutWeapon,
}

impl LineFlag {
    /// The flag's name as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WeaponsMissing => "weapons_missing",
            Self::WeaponsSurplus => "weapons_surplus",
            Self::UnknownWeapon => "unknown_weapon",
            Self::OddNumber => "odd_number",
            Self::OddField => "odd_field",
            Self::Negative => "negative",
            Self::NoFields => "no_fields",
            Self::OddLayout => "odd_layout",
            Self::KillWithoutWeapon => "kill_without_weapon",
        }
    }
}
