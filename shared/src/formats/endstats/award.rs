/// What an award of a second half's file counts. In a first half's file there is only that half to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AwardScope {
    /// Both halves of the map.
    Match,
    /// This half alone.
    Round,
    /// This half's dead time against both halves' play time: neither one nor the other.
    Mixed,
    /// An award that no known writer has.
    Unknown,
}

impl AwardScope {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Round => "round",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
        }
    }
}

/// Under which heading an award is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is its own word")]
pub enum Category {
    Combat,
    Deaths,
    Skills,
    Weapons,
    Teamwork,
    Objectives,
    Timing,
    /// Awards that no known writer has.
    Other,
}

impl Category {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Combat,
        Self::Deaths,
        Self::Skills,
        Self::Weapons,
        Self::Teamwork,
        Self::Objectives,
        Self::Timing,
        Self::Other,
    ];

    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Combat => "combat",
            Self::Deaths => "deaths",
            Self::Skills => "skills",
            Self::Weapons => "weapons",
            Self::Teamwork => "teamwork",
            Self::Objectives => "objectives",
            Self::Timing => "timing",
            Self::Other => "other",
        }
    }
}

/// How the writer prints an award's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `12`.
    Count,
    /// `1.78`, with as many decimals as Lua likes.
    Decimal,
    /// `4 kills in 2.31s`; the value is the kills.
    KillsInSeconds,
    /// `86.33 m`.
    Metres,
    /// `Damage received vs death ratio: 3.45x`.
    Ratio,
    /// `45.61 percent, 5.47 min`; the value is the percentage.
    PercentAndMinutes,
    /// `113 seconds`.
    Seconds,
    /// `50.47 percent`.
    Percent,
}

/// One award that a writer is known to give.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Award {
    /// The stable name under which it is stored.
    pub key: &'static str,
    /// As the writer spells it.
    pub name: &'static str,
    /// What it counts.
    pub scope: AwardScope,
    /// Where it is shown.
    pub category: Category,
    /// How its value is printed.
    pub form: Form,
}

macro_rules! awards {
    ($($key:literal $name:literal $scope:ident $category:ident $form:ident;)*) => {
        &[$(Award {
            key: $key,
            name: $name,
            scope: AwardScope::$scope,
            category: Category::$category,
            form: Form::$form,
        }),*]
    };
}

/// Every known award, in the order of emission; the last three are known by name and never given by shipped writers,
/// but for useless kills, which they give under a wrong name.
#[rustfmt::skip]
pub const AWARDS: &[Award] = awards! {
    "damage_given"           "Most damage given"                              Match Combat Count;
    "damage_received"        "Most damage received"                           Match Combat Count;
    "team_damage_given"      "Most team damage given"                         Match Combat Count;
    "team_damage_received"   "Most team damage received"                      Match Combat Count;
    "team_kills"             "Most teamkills"                                 Match Combat Count;
    "self_kills"             "Most selfkills"                                 Match Deaths Count;
    "deaths"                 "Most deaths"                                    Match Deaths Count;
    "kills_per_minute"       "Most kills per minute"                          Match Combat Decimal;
    "double_kills"           "Most doublekills"                               Round Skills Count;
    "multi_kills"            "Most multikills"                                Round Skills Count;
    "quickest_multikill"     "Quickest multikill w/ light weapons"            Round Skills KillsInSeconds;
    "farthest_riflenade"     "Farthest riflenade kill"                        Round Skills Metres;
    "light_weapon_kills"     "Most light weapon kills"                        Round Weapons Count;
    "pistol_kills"           "Most pistol kills"                              Round Weapons Count;
    "rifle_kills"            "Most rifle kills"                               Round Weapons Count;
    "riflenade_kills"        "Most riflenade kills"                           Round Weapons Count;
    "sniper_kills"           "Most sniper kills"                              Round Weapons Count;
    "knife_kills"            "Most knife kills"                               Round Weapons Count;
    "air_support_kills"      "Most air support kills"                         Round Weapons Count;
    "mine_kills"             "Most mine kills"                                Round Weapons Count;
    "grenade_kills"          "Most grenade kills"                             Round Weapons Count;
    "panzer_kills"           "Most panzer kills"                              Round Weapons Count;
    "panzer_deaths"          "Most panzer deaths"                             Round Deaths Count;
    "mortar_kills"           "Most mortar kills"                              Round Weapons Count;
    "mortar_deaths"          "Mortarmagnet"                                   Round Deaths Count;
    "mg42_kills"             "Most MG42 kills"                                Round Weapons Count;
    "mg42_deaths"            "Most MG42 deaths"                               Round Deaths Count;
    "revives_given"          "Most revives"                                   Round Teamwork Count;
    "times_revived"          "Most revived"                                   Round Teamwork Count;
    "kd_ratio"               "Best K/D ratio"                                 Match Combat Decimal;
    "dynamites_planted"      "Most dynamites planted"                         Round Objectives Count;
    "dynamites_defused"      "Most dynamites defused"                         Round Objectives Count;
    "killing_spree"          "Longest killing spree"                          Round Combat Count;
    "death_spree"            "Longest death spree"                            Round Deaths Count;
    "objectives_stolen"      "Most objectives stolen"                         Round Objectives Count;
    "objectives_returned"    "Most objectives returned"                       Round Objectives Count;
    "gibs"                   "Most corpse gibs"                               Match Combat Count;
    "kill_assists"           "Most kill assists"                              Round Teamwork Count;
    "kill_steals"            "Most killsteals"                                Round Teamwork Count;
    "headshot_kills"         "Most headshot kills"                            Round Skills Count;
    "tank"                   "Tank/Meatshield (Refuses to die)"               Match Combat Ratio;
    "full_respawn"           "Full respawn king"                              Mixed Timing PercentAndMinutes;
    "least_dead"             "Least time dead (What spawn?)"                  Mixed Timing PercentAndMinutes;
    "playtime_denied"        "Most playtime denied"                           Round Timing Seconds;
    "light_weapon_accuracy"  "Highest light weapons accuracy"                 Match Skills Percent;
    "headshot_accuracy"      "Highest headshot accuracy"                      Match Skills Percent;
    "headshots"              "Most headshots"                                 Match Skills Count;
    "bullets_fired"          "Most bullets fired"                             Match Weapons Count;
    "damage_per_minute"      "Most damage per minute"                         Match Combat Decimal;
    "useful_kills"           "Most useful kills (>Half respawn time left)"    Round Timing Count;
    "useless_kills"          "Most useless kills"                             Round Timing Count;
};

impl Award {
    /// The award with this stable name.
    pub fn from_key(key: &str) -> Option<&'static Self> {
        AWARDS.iter().find(|award| award.key == key)
    }

    /// The award that `name` names: exactly, or with words after it.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        let exact = AWARDS.iter().find(|award| award.name == name);
        exact.or_else(|| {
            let longer =
                |award: &&Award| name.strip_prefix(award.name).is_some_and(|rest| rest.starts_with([' ', '(']));
            AWARDS.iter().filter(longer).max_by_key(|award| award.name.len())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_and_names_are_each_one_award_s() {
        let keys: BTreeSet<_> = AWARDS.iter().map(|award| award.key).collect();
        let names: BTreeSet<_> = AWARDS.iter().map(|award| award.name).collect();
        assert_eq!((keys.len(), names.len()), (AWARDS.len(), AWARDS.len()));
        for award in AWARDS {
            assert_eq!(Award::from_key(award.key), Some(award));
            assert_eq!(Award::from_name(award.name), Some(award));
        }
    }

    #[test]
    fn words_after_a_name_do_not_make_it_another_award() {
        let key = |name: &str| Award::from_name(name).map(|award| award.key);
        assert_eq!(key("Most deaths (ever)"), Some("deaths"));
        assert_eq!(key("Most revives given"), Some("revives_given"));
        assert_eq!(key("Most deathsquad"), None);
        assert_eq!(key("Most"), None);
    }
}
