//! Player classes and what they fight with.

/// What a player likes to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Medic,
    Engineer,
    Rifle,
    FieldOps,
    CovertOps,
    Soldier,
}

/// A weapon of a class: its bit as Axis, its bit as Allies, and how many of a hundred kills it makes.
pub(crate) struct Arm {
    pub(crate) bits: [u8; 2],
    pub(crate) share: u32,
}

const fn arm(axis: u8, allies: u8, share: u32) -> Arm {
    Arm { bits: [axis, allies], share }
}

const KNIFE: u8 = 0;
const LUGER: u8 = 2;
const COLT: u8 = 3;
const MP40: u8 = 4;
const THOMPSON: u8 = 5;
const STEN: u8 = 6;
const FG42: u8 = 7;
const PANZERFAUST: u8 = 8;
const BAZOOKA: u8 = 9;
const GRENADE: u8 = 11;
const DYNAMITE: u8 = 14;
const AIRSTRIKE: u8 = 15;
const ARTILLERY: u8 = 16;
const SATCHEL: u8 = 17;
pub(crate) const RIFLE_GRENADE: u8 = 18;
const LANDMINE: u8 = 19;
pub(crate) const MG42: u8 = 20;
const BROWNING: u8 = 21;
const CARBINE: u8 = 22;
const KAR98: u8 = 23;
const MP34: u8 = 26;
pub(crate) const SYRINGE: u8 = 27;

impl Class {
    /// The class's arms; the first is the main one, which also fires what hits nobody.
    pub(crate) fn arms(self) -> &'static [Arm] {
        match self {
            Self::Medic => {
                const { &[arm(MP40, THOMPSON, 88), arm(GRENADE, GRENADE, 6), arm(LUGER, COLT, 5), arm(KNIFE, KNIFE, 1)] }
            }
            Self::Engineer => {
                const {
                    &[
                        arm(MP40, THOMPSON, 72),
                        arm(GRENADE, GRENADE, 18),
                        arm(LUGER, COLT, 4),
                        arm(DYNAMITE, DYNAMITE, 3),
                        arm(LANDMINE, LANDMINE, 3),
                    ]
                }
            }
            Self::Rifle => {
                const {
                    &[
                        arm(KAR98, CARBINE, 45),
                        arm(RIFLE_GRENADE, RIFLE_GRENADE, 38),
                        arm(GRENADE, GRENADE, 12),
                        arm(LUGER, COLT, 5),
                    ]
                }
            }
            Self::FieldOps => {
                const {
                    &[
                        arm(MP40, THOMPSON, 68),
                        arm(AIRSTRIKE, AIRSTRIKE, 14),
                        arm(ARTILLERY, ARTILLERY, 8),
                        arm(GRENADE, GRENADE, 6),
                        arm(LUGER, COLT, 4),
                    ]
                }
            }
            Self::CovertOps => {
                const {
                    &[
                        arm(FG42, FG42, 50),
                        arm(MP34, STEN, 34),
                        arm(LUGER, COLT, 8),
                        arm(SATCHEL, SATCHEL, 5),
                        arm(KNIFE, KNIFE, 3),
                    ]
                }
            }
            Self::Soldier => {
                const {
                    &[
                        arm(MP40, THOMPSON, 42),
                        arm(PANZERFAUST, BAZOOKA, 38),
                        arm(MG42, BROWNING, 12),
                        arm(GRENADE, GRENADE, 8),
                    ]
                }
            }
        }
    }
}

/// How a weapon turns damage into hits and shots.
pub(crate) enum Ballistics {
    /// Bullets: hit points of a body hit and of a head hit, and shots per hundred hits beside the player's own aim.
    Bullets { body: u32, head: u32 },
    /// Splash: hit points of a typical hit.
    Splash { typical: u32 },
    /// Knife stabs.
    Blade,
}

pub(crate) fn ballistics(bit: u8) -> Ballistics {
    match bit {
        KNIFE | 1 => Ballistics::Blade,
        PANZERFAUST | BAZOOKA | GRENADE..=LANDMINE => Ballistics::Splash { typical: 85 },
        CARBINE | KAR98 => Ballistics::Bullets { body: 34, head: 80 },
        24 | 25 => Ballistics::Bullets { body: 50, head: 120 },
        FG42 => Ballistics::Bullets { body: 16, head: 48 },
        _ => Ballistics::Bullets { body: 18, head: 50 },
    }
}
