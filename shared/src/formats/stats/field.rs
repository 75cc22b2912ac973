/// How a field of a second round's file relates to the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Counts the whole map: the first round must be taken off.
    Match,
    /// Counts this round alone.
    Round,
    /// A ratio or snapshot that cannot be subtracted; recomputed or left out.
    Ratio,
}

/// The fields after the weapons, numbered as in the 38-field layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the writer's own name; units stand in TABLE")]
pub enum Field {
    DamageGiven,
    DamageReceived,
    TeamDamageGiven,
    TeamDamageReceived,
    Gibs,
    SelfKills,
    TeamKills,
    TeamGibs,
    TimePlayedPercent,
    Xp,
    KillingSpree,
    DeathSpree,
    KillAssists,
    KillSteals,
    HeadshotKills,
    ObjectivesStolen,
    ObjectivesReturned,
    DynamitesPlanted,
    DynamitesDefused,
    TimesRevived,
    BulletsFired,
    Dpm,
    TimePlayedMinutes,
    TankMeatshield,
    TimeDeadRatio,
    TimeDeadMinutes,
    KdRatio,
    UsefulKills,
    DeniedPlaytime,
    Multikill2,
    Multikill3,
    Multikill4,
    Multikill5,
    Multikill6,
    UselessKills,
    FullSelfkills,
    RepairsConstructions,
    RevivesGiven,
}

/// (field, scope, printed with one decimal). Counts, seconds (denied play time) and, with a decimal, tenths.
const TABLE: [(Field, Scope, bool); Field::COUNT] = {
    use Field as F;
    use Scope::{Match, Ratio, Round};
    [
        (F::DamageGiven, Match, false),
        (F::DamageReceived, Match, false),
        (F::TeamDamageGiven, Match, false),
        (F::TeamDamageReceived, Match, false),
        (F::Gibs, Match, false),
        (F::SelfKills, Match, false),
        (F::TeamKills, Match, false),
        (F::TeamGibs, Match, false),
        (F::TimePlayedPercent, Ratio, true),
        (F::Xp, Round, false),
        (F::KillingSpree, Round, false),
        (F::DeathSpree, Round, false),
        (F::KillAssists, Round, false),
        (F::KillSteals, Round, false),
        (F::HeadshotKills, Round, false),
        (F::ObjectivesStolen, Round, false),
        (F::ObjectivesReturned, Round, false),
        (F::DynamitesPlanted, Round, false),
        (F::DynamitesDefused, Round, false),
        (F::TimesRevived, Round, false),
        (F::BulletsFired, Match, false),
        (F::Dpm, Ratio, true),
        (F::TimePlayedMinutes, Match, true),
        (F::TankMeatshield, Ratio, true),
        (F::TimeDeadRatio, Ratio, true),
        (F::TimeDeadMinutes, Round, true),
        (F::KdRatio, Ratio, true),
        (F::UsefulKills, Round, false),
        (F::DeniedPlaytime, Round, false),
        (F::Multikill2, Round, false),
        (F::Multikill3, Round, false),
        (F::Multikill4, Round, false),
        (F::Multikill5, Round, false),
        (F::Multikill6, Round, false),
        (F::UselessKills, Round, false),
        (F::FullSelfkills, Round, false),
        (F::RepairsConstructions, Round, false),
        (F::RevivesGiven, Round, false),
    ]
};

impl Field {
    /// How many there are in the current layout.
    pub const COUNT: usize = 38;

    /// All of them, in file order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// How the field counts in a second round's file (measured on 133 real pairs).
    pub fn scope(self) -> Scope {
        TABLE[self as usize].1
    }

    /// Whether the value is in tenths (minutes, percent or a ratio) rather than a count.
    pub fn is_tenths(self) -> bool {
        TABLE[self as usize].2
    }
}

/// Which fields a writer's generation has, told by how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// 2024: fields 0 to 27, then the five multikill counts.
    Fields33,
    /// Early 2025: up to full selfkills.
    Fields36,
    /// Mid 2025: with repairs and constructions.
    Fields37,
    /// Since October 2025: with revives given.
    Fields38,
}

impl Layout {
    /// The layout with this many fields, if a known writer has it.
    pub fn of(count: usize) -> Option<Self> {
        match count {
            33 => Some(Self::Fields33),
            36 => Some(Self::Fields36),
            37 => Some(Self::Fields37),
            38 => Some(Self::Fields38),
            _ => None,
        }
    }

    /// The field at `position` of a line with `count` fields.
    ///
    /// With an unknown count of 28 or more only the prefix common to all layouts is known; more than 38 are the
    /// current layout with extras.
    pub fn field_at(count: usize, position: usize) -> Option<Field> {
        let index = match count {
            33 if position >= 28 => position + 1,
            28..=32 | 34 | 35 if position >= 28 => return None,
            _ => position,
        };
        TABLE.get(index).map(|row| row.0)
    }
}

/// The values of one player line; what the line does not carry is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    values: [i64; Field::COUNT],
    present: u64,
}

impl Default for Fields {
    fn default() -> Self {
        Self { values: [0; Field::COUNT], present: 0 }
    }
}

impl Fields {
    /// The value, in tenths where [`Field::is_tenths`] says so.
    pub fn get(&self, field: Field) -> Option<i64> {
        (self.present & (1 << field as u8) != 0).then(|| self.values[field as usize])
    }

    /// Sets or clears a value.
    pub fn set(&mut self, field: Field, value: Option<i64>) {
        let bit = 1 << field as u8;
        if let Some(value) = value {
            self.values[field as usize] = value;
            self.present |= bit;
        } else {
            self.values[field as usize] = 0;
            self.present &= !bit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_stands_in_field_order() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, index);
        }
        assert_eq!(Field::all().filter(|field| field.scope() == Scope::Round).count(), 23);
    }

    #[test]
    fn old_layout_has_multikills_where_denied_time_is_now() {
        assert_eq!(Layout::field_at(33, 28), Some(Field::Multikill2));
        assert_eq!(Layout::field_at(33, 32), Some(Field::Multikill6));
        assert_eq!(Layout::field_at(36, 28), Some(Field::DeniedPlaytime));
        assert_eq!(Layout::field_at(31, 28), None);
        assert_eq!(Layout::field_at(40, 37), Some(Field::RevivesGiven));
        assert_eq!(Layout::field_at(40, 38), None);
    }
}
