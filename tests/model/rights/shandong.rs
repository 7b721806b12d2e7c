//! Shandong: the regulation of 2020, the regulation of 2015, the subsidy of
//! 2018/2019 (C.3).

use super::calendar::Day;
use super::words::{advanced_age, cannot_care_for_self, dependent, hardship, older};
use super::{Layer, right};

const REGULATION: Day = Day(2020, 5, 1);
const RIGHTS: Day = Day(2015, 1, 1);
/// The news are of 2018-12-05 and 2019-01-08; the first day was not found.
const SUBSIDY: Day = Day(2019, 1, 8);
const SUBSIDY_PERHAPS: Day = Day(2018, 12, 5);

pub fn layers() -> Vec<Layer> {
    vec![
        // 低保 elders from 60.
        right("elder-service-subsidy", SUBSIDY, |w| {
            older(w) && w.economic_status() == "dibao"
        })
        .unsure_from(SUBSIDY_PERHAPS),
        right("nursing-subsidy", SUBSIDY, |w| {
            older(w) && w.economic_status() == "dibao" && cannot_care_for_self(w)
        })
        .unsure_from(SUBSIDY_PERHAPS),
        // From 100 all, not only 低保.
        right("advanced-age-allowance", SUBSIDY, |w| w.age() >= 100).unsure_from(SUBSIDY_PERHAPS),
        // §55, and 老年人权益保障条例 §31 before it.
        right("advanced-age-allowance", RIGHTS, |w| {
            w.hukou_in("37") && advanced_age(w)
        }),
        // §32
        right("public-home-priority", REGULATION, |w| {
            older(w)
                && (w.economic_status() == "tekun"
                    || hardship(w) && dependent(w)
                    || w.is("family_planning_special"))
        }),
        // §27
        right("home-care-purchase", REGULATION, |w| {
            w.silent("§27 asks an assessment of needs")
        }),
        right("home-modification", REGULATION, |w| {
            w.silent("§27 asks an assessment of needs")
        }),
        right("assistive-device-rental", REGULATION, |w| {
            w.silent("§27 asks an assessment of needs")
        }),
        // §28: 独居、空巢、农村留守、计划生育特殊家庭.
        right("welfare-visits", REGULATION, |w| {
            older(w)
                && (w.is("lives_alone")
                    || w.is("empty_nest")
                    || w.is("rural") && w.is("left_behind")
                    || w.is("family_planning_special"))
        }),
        // §29: 常住, of six months by "both pages" of C.5; §46(7).
        right("senior-health-check", RIGHTS, |w| {
            w.age() >= 65 && w.months_since("resident_since", 6)
        })
        .once_a("year"),
        right("free-city-bus", RIGHTS, |w| w.age() >= 65),
    ]
}
