//! Reference model of the rights: who is entitled to what in which place, and
//! who pays. Written from the facts pages and the policy documents alone, row
//! by row, slow and plain.
//!
//! A condition here is an ordinary yes or no about a person of whom everything
//! is known. What a case leaves open is tried in every way: a right is there
//! if every way agrees, and open if they do not. Where the facts do not say,
//! the model is silent and says why; it never guesses.

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
    /// How often a service is due to an entitled person: of the layers that
    /// cover without a doubt, the most that one states.
    pub fn how_often(
        &self,
        programme: &'static str,
    ) -> Result<Option<&'static str>, &'static str> {
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
