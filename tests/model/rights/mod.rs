//! Reference model of the rights: who is entitled to what in which place, and
//! who pays. Written from the facts pages and the policy documents alone, row
//! by row, slow and plain.
//!
//! A condition here is an ordinary yes or no about a person of whom everything
//! is known. What a case leaves open is tried in every way: a right is there
//! if every way agrees, and open if they do not. Where the facts do not say,
//! the model is silent and says why; it never guesses.
//!
//! Where the two first differed, the facts were read again and the model was
//! mended if it had misread them. What is left, and speaks against a rule or the
//! engine, stands in `known`.

pub mod calendar;
pub mod case;
pub mod combinations;
pub mod known;
pub mod ltci;
pub mod money;
pub mod national;
pub mod payments;
pub mod people;
pub mod shandong;
pub mod shuangqiao;
pub mod taian;
pub mod tianjin;
pub mod tianjin_districts;
pub mod tianjin_money;
pub mod voucher;
pub mod words;
pub mod world;

use calendar::Day;
use case::Case;
use world::{Truth, World, try_every_way};

/// A condition of a person of whom everything is known.
pub type Who = Box<dyn Fn(&World<'_>) -> bool>;

/// What the model says about one programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Not in force in the place on that day.
    Absent,
    Entitled,
    Undetermined,
    Discretionary,
    NotEntitled,
    Excluded,
    /// The facts do not say; why.
    Silent(&'static str),
}

impl Said {
    /// The word of the contract; none while the model is silent.
    pub fn word(&self) -> Option<&'static str> {
        match self {
            Said::Absent => Some("absent"),
            Said::Entitled => Some("entitled"),
            Said::Undetermined => Some("undetermined"),
            Said::Discretionary => Some("discretionary"),
            Said::NotEntitled => Some("not_entitled"),
            Said::Excluded => Some("excluded"),
            Said::Silent(_) => None,
        }
    }
}

/// One place's version of a programme.
pub struct Layer {
    pub programme: &'static str,
    /// First day in force, and the first day no longer.
    pub from: Day,
    pub until: Day,
    /// Days between `unsure_from` and `from`: the facts leave the first day
    /// open.
    pub unsure_from: Day,
    /// A right; otherwise the text explores or encourages.
    pub right: bool,
    /// How often a service is due, where the text says.
    pub often: Option<&'static str>,
    pub who: Who,
}

/// A right, from a day on.
pub fn right(
    programme: &'static str,
    from: Day,
    who: impl Fn(&World<'_>) -> bool + 'static,
) -> Layer {
    Layer {
        programme,
        from,
        until: calendar::NEVER,
        unsure_from: from,
        right: true,
        often: None,
        who: Box::new(who),
    }
}

/// What the text only explores or encourages, from a day on.
pub fn may(
    programme: &'static str,
    from: Day,
    who: impl Fn(&World<'_>) -> bool + 'static,
) -> Layer {
    Layer {
        right: false,
        ..right(programme, from, who)
    }
}

impl Layer {
    pub fn unsure_from(mut self, day: Day) -> Layer {
        self.unsure_from = day;
        self
    }

    /// Once in a span.
    pub fn once_a(mut self, span: &'static str) -> Layer {
        self.often = Some(span);
        self
    }

    fn in_force(&self, day: Day) -> bool {
        self.from <= day && day < self.until
    }

    fn perhaps_in_force(&self, day: Day) -> bool {
        self.unsure_from <= day && day < self.from
    }
}

/// The places that have rules of their own, the nation first.
pub const PLACES: [&str; 9] = [
    "000000", "120000", "120101", "120117", "130000", "130800", "130802", "370000", "370900",
];

/// A place and those above it that have rules.
pub fn chain(place: &str) -> Vec<&'static str> {
    PLACES
        .into_iter()
        .filter(|above| {
            *above == "000000"
                || *above == place
                || (above.ends_with("0000") && above[..2] == place[..2])
                || (above.ends_with("00") && above[..4] == place[..4])
        })
        .collect()
}

fn layers_of(place: &str, case: &Case) -> Vec<Layer> {
    match place {
        "000000" => national::layers(),
        "120000" => {
            let mut all = tianjin::layers();
            all.extend(tianjin_money::layers(case));
            all
        }
        "120101" => tianjin_districts::heping(case),
        "120117" => tianjin_districts::ninghe(case),
        // Of Hebei and Chengde the facts hold the insurance alone.
        "130000" | "130800" => Vec::new(),
        "130802" => shuangqiao::layers(case),
        "370000" => shandong::layers(),
        "370900" => taian::layers(case),
        other => panic!("the model knows no place {other}"),
    }
}

/// The programmes that the model knows, and those that it knows to be beyond
/// the facts, each with the reason.
pub const PROGRAMMES: [&str; 54] = [
    "employee-pension",
    "resident-pension",
    "ability-assessment",
    "advanced-age-allowance",
    "elder-service-subsidy",
    "home-modification",
    "nursing-subsidy",
    "family-caregiver-support",
    "minimum-living-guarantee",
    "tekun-dispersed-support",
    "tekun-centralised-support",
    "welfare-visits",
    "special-contribution-support",
    "family-planning-priority-admission",
    "disability-living-subsidy",
    "disability-nursing-subsidy",
    "homeless-relief",
    "ltci",
    "care-voucher",
    "senior-health-check",
    "family-doctor",
    "dependency-prevention",
    "home-medical-care",
    "home-sickbed",
    "dependent-elder-health-service",
    "medical-green-channel",
    "integrated-care-priority",
    "hospice-care",
    "special-care",
    "home-care-subsidy",
    "home-care-purchase",
    "family-care-bed",
    "respite",
    "concentrated-care-aid",
    "meal-subsidy",
    "charity-meals-and-visits",
    "cleaning-service",
    "community-services",
    "community-help",
    "daily-life-help",
    "emergency-call",
    "assistive-device-rental",
    "barrier-free-works",
    "public-home-priority",
    "care-home-priority",
    "joint-admission",
    "residence-based-care",
    "elder-preferential-treatment",
    "free-city-bus",
    "legal-help",
    "free-first-will",
    "notary-help",
    "designated-guardianship",
    "ltci-dementia-care",
];

/// The rights of one person.
pub struct Rights<'a> {
    case: &'a Case,
    /// The layers of the place and of those above it, each with its place.
    layers: Vec<(&'static str, Layer)>,
}

impl Rights<'_> {
    pub fn of(case: &Case) -> Rights<'_> {
        let mut layers = Vec::new();
        for place in chain(&case.place) {
            for layer in layers_of(place, case) {
                layers.push((place, layer));
            }
        }
        Rights { case, layers }
    }

    /// How often a service is due to an entitled person: of the layers that
    /// cover without a doubt, the most that one states.
    pub fn how_often(&self, programme: &'static str) -> Result<Option<&'static str>, &'static str> {
        let mut spans = Vec::new();
        for (place, layer) in &self.layers {
            if layer.programme != programme || !layer.right || !layer.in_force(self.case.as_of) {
                continue;
            }
            match try_every_way(self.case, programme, place, &layer.who) {
                Truth::Yes => spans.extend(layer.often),
                Truth::Silent(why) => return Err(why),
                Truth::No | Truth::Open => {}
            }
        }
        let most = ["month", "year"]
            .into_iter()
            .find(|span| spans.contains(span));
        Ok(most)
    }

    /// What the model says about a programme.
    pub fn to(&self, programme: &'static str) -> Said {
        match programme {
            "ltci" => ltci::status(self.case),
            "care-voucher" => voucher::status(self.case),
            _ => join(self.case, programme, &self.layers),
        }
    }
}

/// The best of the layers counts; what bars a programme comes after.
fn join(case: &Case, programme: &'static str, layers: &[(&'static str, Layer)]) -> Said {
    let mut rights = Vec::new();
    let mut encouraged = Vec::new();
    let mut unsure = false;
    for (place, layer) in layers {
        if layer.programme != programme {
            continue;
        }
        unsure |= layer.perhaps_in_force(case.as_of);
        if layer.in_force(case.as_of) {
            let truth = try_every_way(case, programme, place, &layer.who);
            match layer.right {
                true => rights.push(truth),
                false => encouraged.push(truth),
            }
        }
    }
    let has = |truths: &[Truth], wanted: fn(&Truth) -> bool| truths.iter().any(wanted);
    let silent = |truths: &[Truth]| {
        truths.iter().find_map(|truth| match truth {
            Truth::Silent(why) => Some(Said::Silent(why)),
            _ => None,
        })
    };
    let joined = if has(&rights, |truth| *truth == Truth::Yes) {
        Said::Entitled
    } else if unsure {
        return Said::Silent("the first day was not found");
    } else if let Some(silent) = silent(&rights) {
        return silent;
    } else if has(&rights, |truth| *truth == Truth::Open) {
        Said::Undetermined
    } else if has(&encouraged, |truth| *truth == Truth::Yes) {
        Said::Discretionary
    } else if let Some(silent) = silent(&encouraged) {
        return silent;
    } else if has(&encouraged, |truth| *truth == Truth::Open) {
        Said::Undetermined
    } else if rights.is_empty() && encouraged.is_empty() {
        Said::Absent
    } else {
        Said::NotEntitled
    };
    match programme {
        "meal-subsidy" => barred(joined, tianjin_money::meals_rest(case)),
        _ => joined,
    }
}

/// A bar that is true excludes whoever is not already out; one that is open
/// leaves open.
pub fn barred(joined: Said, bar: Truth) -> Said {
    match (joined, bar) {
        (said @ (Said::Absent | Said::NotEntitled | Said::Silent(_)), _) => said,
        (_, Truth::Yes) => Said::Excluded,
        (_, Truth::Silent(why)) => Said::Silent(why),
        (Said::Entitled | Said::Discretionary, Truth::Open) => Said::Undetermined,
        (said, _) => said,
    }
}
