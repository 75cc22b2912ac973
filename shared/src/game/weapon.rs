use std::fmt;

/// One of the 28 weapon slots of the engine's stats (`WS_KNIFE` to `WS_SYRINGE`), by its bit in a player line's mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weapon(u8);

/// (stored name, shown name, bullets that can hit a head)
const TABLE: [(&str, &str, bool); 28] = [
    ("WS_KNIFE", "Knife", false),
    ("WS_KNIFE_KBAR", "Ka-Bar", false),
    ("WS_LUGER", "Luger", true),
    ("WS_COLT", "Colt", true),
    ("WS_MP40", "MP 40", true),
    ("WS_THOMPSON", "Thompson", true),
    ("WS_STEN", "Sten", true),
    ("WS_FG42", "FG 42", true),
    ("WS_PANZERFAUST", "Panzerfaust", false),
    ("WS_BAZOOKA", "Bazooka", false),
    ("WS_FLAMETHROWER", "Flamethrower", false),
    ("WS_GRENADE", "Grenade", false),
    ("WS_MORTAR", "Mortar (Allies)", false),
    ("WS_MORTAR2", "Mortar (Axis)", false),
    ("WS_DYNAMITE", "Dynamite", false),
    ("WS_AIRSTRIKE", "Airstrike", false),
    ("WS_ARTILLERY", "Artillery", false),
    ("WS_SATCHEL", "Satchel", false),
    ("WS_GRENADELAUNCHER", "Rifle grenade", false),
    ("WS_LANDMINE", "Landmine", false),
    ("WS_MG42", "MG 42", false),
    ("WS_BROWNING", "Browning", false),
    ("WS_CARBINE", "Garand", true),
    ("WS_KAR98", "K43 Rifle", true),
    ("WS_GARAND", "Garand (scoped)", true),
    ("WS_K43", "K43 (scoped)", true),
    ("WS_MP34", "MP 34", true),
    ("WS_SYRINGE", "Syringe", false),
];

impl Weapon {
    /// The hand grenade.
    pub const GRENADE: Self = Self(11);

    /// How many slots there are; a mask bit from here up is no weapon.
    pub const COUNT: u8 = TABLE.len() as u8;

    /// The weapon of a mask bit.
    pub fn from_bit(bit: u8) -> Option<Self> {
        (bit < Self::COUNT).then_some(Self(bit))
    }

    /// Its bit in a mask, 0 to 27.
    pub fn bit(self) -> u8 {
        self.0
    }

    /// The engine's name of the slot, as in `WS_MP40`.
    pub fn name(self) -> &'static str {
        TABLE[self.0 as usize].0
    }

    /// What players call it. The engine's own name misleads for the rifles: slot 22 is the unscoped Allied one.
    pub fn label(self) -> &'static str {
        TABLE[self.0 as usize].1
    }

    /// Whether its bullets can hit a head. Only these weapons count for accuracy and headshot rates.
    pub fn has_headshots(self) -> bool {
        TABLE[self.0 as usize].2
    }
}

impl fmt::Display for Weapon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}
