//! What the kills were worth, and the time.

use slomix_shared::formats::stats::Field;

use crate::domain::leaf::Number;
use crate::domain::metrics::{damage_efficiency, denied_rate, frag_potential, survival_rate};
use crate::reports::plot::Order;
use crate::reports::session_numbers::leaders;
use crate::reports::words::{count, hundredths, tenths, whole};

use super::{Evening, Of, Page, cut, known, said};

pub(super) fn page(evening: &Evening<'_>) -> Page {
    let worth = leaders(evening.shown, |one| frag_potential::METRIC.of(&one.sums));
    let denied = leaders(evening.shown, |one| denied_rate::METRIC.of(&one.sums));
    let parts = [
        worth.map(|(who, pace)| format!("FragPotential: {} ({})", cut(&who), whole(Some(pace)))),
        denied.map(|(who, rate)| format!("Denied: {} ({} s/min)", cut(&who), tenths(Some(rate)))),
    ];
    let title = said(parts, "Beyond the frags");
    let columns = [
        Of {
            label: "FragPot.",
            best: Order::MostFirst,
            value: |one| frag_potential::METRIC.of(&one.sums),
            text: whole,
        },
        Of {
            label: "dmg ratio",
            best: Order::MostFirst,
            value: |one| damage_efficiency::METRIC.of(&one.sums),
            text: hundredths,
        },
        Of { label: "denied", best: Order::MostFirst, value: |one| denied_rate::METRIC.of(&one.sums), text: tenths },
        Of { label: "alive %", best: Order::MostFirst, value: |one| survival_rate::METRIC.of(&one.sums), text: whole },
        Of { label: "useful", best: Order::MostFirst, value: |one| known(one, Number::UsefulKills), text: count },
        Of { label: "self kills", best: Order::Given, value: |one| known(one, Number::SelfKills), text: count },
        Of { label: "full ones", best: Order::Given, value: |one| one.total(Field::FullSelfkills), text: count },
    ];
    let formulas = [frag_potential::METRIC, damage_efficiency::METRIC, denied_rate::METRIC, survival_rate::METRIC];
    let formulas = formulas.map(|metric| metric.formula_id()).join(", ");
    let plot = evening.columns(&title, "Damage per minute alive, denied s/min", &columns);
    let lines = vec![
        "FragPot.: damage a minute alive. Dmg ratio: given by received. Denied: seconds a minute that enemies waited \
         dead because of him. Useful: kills that cost the victim at least half a wait."
            .to_owned(),
        format!("Formulas: {formulas}."),
    ];
    Page { about: "advanced", name: "advanced", plot, title, tables: Vec::new(), lines }
}
