//! One way of filling in what a case leaves open, and all of them in turn.
//!
//! A condition asks the world and gets a plain answer. What the case does not
//! say is answered by a choice that is remembered, so that one fact is the same
//! throughout one world. `try_every_way` goes through every row of choices that
//! the condition can meet.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::calendar::{full_months, full_years};
use super::case::Case;
use serde_json::Value;

/// What all worlds say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    Yes,
    No,
    Open,
    /// In some world the facts do not say; why.
    Silent(&'static str),
}

/// A person of whom everything is known.
pub struct World<'a> {
    pub case: &'a Case,
    /// The programme that is asked, for its locally set conditions.
    pub programme: &'static str,
    /// The place whose text is read; words mean what that text says.
    pub text_of: &'static str,
    /// Choices in the order in which they were met: the one taken, and how many
    /// there are.
    choices: RefCell<Vec<(usize, usize)>>,
    met: Cell<usize>,
    remembered: RefCell<BTreeMap<String, usize>>,
    silent: Cell<Option<&'static str>>,
}

/// Whether a condition holds in every world, in none, or in some.
pub fn try_every_way(
    case: &Case,
    programme: &'static str,
    text_of: &'static str,
    who: &dyn Fn(&World<'_>) -> bool,
) -> Truth {
    match outcomes(case, programme, text_of, |world| who(world)) {
        Err(why) => Truth::Silent(why),
        Ok(found) => match found[..] {
            [true] => Truth::Yes,
            [false] => Truth::No,
            _ => Truth::Open,
        },
    }
}

/// Every outcome that some world has, each once.
pub fn outcomes<T: PartialEq>(
    case: &Case,
    programme: &'static str,
    text_of: &'static str,
    ask: impl Fn(&World<'_>) -> T,
) -> Result<Vec<T>, &'static str> {
    let mut found = Vec::new();
    let mut choices: Vec<(usize, usize)> = Vec::new();
    loop {
        let world = World {
            case,
            programme,
            text_of,
            choices: RefCell::new(choices),
            met: Cell::new(0),
            remembered: RefCell::default(),
            silent: Cell::new(None),
        };
        let outcome = ask(&world);
        if let Some(why) = world.silent.get() {
            return Err(why);
        }
        if !found.contains(&outcome) {
            found.push(outcome);
        }
        choices = world.choices.into_inner();
        // The next row of choices, the last turning fastest.
        loop {
            match choices.pop() {
                None => return Ok(found),
                Some((taken, of)) if taken + 1 < of => {
                    choices.push((taken + 1, of));
                    break;
                }
                Some(_) => {}
            }
        }
    }
}

impl World<'_> {
    /// One of several ways, the same one for the same name.
    fn choose(&self, name: &str, of: usize) -> usize {
        if let Some(taken) = self.remembered.borrow().get(name) {
            return *taken;
        }
        let at = self.met.get();
        self.met.set(at + 1);
        let mut choices = self.choices.borrow_mut();
        if at == choices.len() {
            choices.push((0, of));
        }
        let taken = choices[at].0;
        self.remembered.borrow_mut().insert(name.to_owned(), taken);
        taken
    }

    /// The facts do not say. Nothing that comes of this world counts.
    pub fn silent(&self, why: &'static str) -> bool {
        self.silent.set(Some(why));
        false
    }

    /// What no fact tells, one way and the other.
    pub fn perhaps(&self, what: &str) -> bool {
        self.choose(what, 2) == 1
    }

    fn fact(&self, id: &str) -> Option<&Value> {
        self.case.facts.get(id)
    }

    /// A fact of yes or no.
    pub fn is(&self, id: &str) -> bool {
        match self.fact(id) {
            Some(value) => value.as_bool().expect("true or false"),
            None => self.choose(id, 2) == 1,
        }
    }

    /// A fact with a list of values. Unknown, it is each of them in turn, or
    /// none of them.
    pub fn one_of(&self, id: &str, values: &[&'static str]) -> &'static str {
        match self.fact(id) {
            Some(value) => {
                let stated = value.as_str().expect("a key");
                let known = values.iter().find(|value| **value == stated);
                known.copied().unwrap_or("none")
            }
            None => {
                let taken = self.choose(id, values.len() + 1);
                values.get(taken).copied().unwrap_or("none")
            }
        }
    }

    pub fn economic_status(&self) -> &'static str {
        self.one_of(
            "economic_status",
            &["tekun", "dibao", "dibao_edge", "low_income"],
        )
    }

    /// Unknown, one age of every span between the ages that rules name.
    pub fn age(&self) -> i64 {
        match self.date("birth_date") {
            Some(birth) => full_years(birth, self.case.as_of),
            None => [50, 62, 67, 75, 85, 95, 105][self.choose("birth_date", 7)],
        }
    }

    /// A date as the case states it; none also where it states that there is
    /// none.
    pub fn date(&self, id: &str) -> Option<super::calendar::Day> {
        self.case.date(id)
    }

    /// Whether the case states that there is no such thing.
    pub fn states_none(&self, id: &str) -> bool {
        self.fact(id).is_some_and(|value| value == "none")
    }

    /// Whether so many months are full since a day. False if there is none.
    pub fn months_since(&self, id: &str, months: i64) -> bool {
        match self.date(id) {
            Some(since) => full_months(since, self.case.as_of) >= months,
            None if self.fact(id).is_some() => false,
            None => self.choose(&format!("{id} {months}"), 2) == 1,
        }
    }

    /// A number that may be "none".
    pub fn number(&self, id: &str, values: &[i64]) -> Option<i64> {
        match self.fact(id) {
            Some(value) => value.as_i64(),
            None => values.get(self.choose(id, values.len() + 1)).copied(),
        }
    }

    /// Whether the hukou lies in a province.
    pub fn hukou_in(&self, province: &str) -> bool {
        match self.fact("hukou") {
            Some(value) => value.as_str().expect("a code").starts_with(province),
            None => self.choose(&format!("hukou {province}"), 2) == 1,
        }
    }

    /// The level by an instrument. A form that leaves the level open has one of
    /// those still possible or never gets one; without a form, any.
    pub fn level(&self, instrument: &str) -> Option<i64> {
        self.level_within(instrument, None)
    }

    /// The same of a form at most so many months old.
    pub fn level_within(&self, instrument: &str, months: Option<i64>) -> Option<i64> {
        let worst = match instrument {
            "gbt-42195-2022" => 4,
            "nhsa-37-2021" => 5,
            "mzt-039-2013" => 3,
            "tekun-self-care" => 2,
            "nhsa-37-2021-self" => 6,
            other => panic!("no right asks {other}"),
        };
        let form = self.case.forms.get(instrument).filter(|form| {
            months.is_none_or(|months| self.case.as_of <= form.date.plus_months(months))
        });
        let possible: Vec<i64> = match form {
            Some(form) if form.level.is_some() => return form.level,
            Some(form) => form.possible.iter().copied().collect(),
            None => (0..=worst).collect(),
        };
        let name = format!("level {instrument} {months:?}");
        let taken = self.choose(&name, possible.len() + 1);
        possible.get(taken).copied()
    }

    /// The level by an instrument that is looked at only if there is a form.
    pub fn level_if_there(&self, instrument: &str) -> Option<i64> {
        self.case.forms.get(instrument)?;
        self.level(instrument)
    }

    /// A condition that the place sets itself: met where the case says so, and
    /// else unknown.
    pub fn local(&self) -> bool {
        let met = self.fact("other_local_conditions_met");
        let listed = met.and_then(Value::as_array).is_some_and(|list| {
            list.iter()
                .any(|programme| programme.as_str() == Some(self.programme))
        });
        listed || self.choose("local", 2) == 1
    }

    /// Whether the person draws a programme now.
    pub fn receives(&self, programme: &str) -> bool {
        match self.fact("receives") {
            Some(list) => lists(list, programme),
            None => self.choose(&format!("receives {programme}"), 2) == 1,
        }
    }

    /// The same where silence of the case bars nobody.
    pub fn states_that_it_receives(&self, programme: &str) -> bool {
        self.fact("receives")
            .is_some_and(|list| lists(list, programme))
    }

    /// Any of the kinds of special contribution; all kinds if none is named.
    pub fn contributed(&self, kinds: &[&str]) -> bool {
        match self.fact("special_contribution") {
            Some(list) if kinds.is_empty() => !list.as_array().expect("a list").is_empty(),
            Some(list) => kinds.iter().any(|kind| lists(list, kind)),
            None => self.choose(&format!("contributed {kinds:?}"), 2) == 1,
        }
    }

    /// Dementia by the fact, or by a diagnosis of F00 to F03.
    pub fn dementia(&self) -> bool {
        let form = self.case.forms.get("gbt-42195-2022");
        let diagnosed = form.and_then(|form| form.dementia);
        match (self.fact("dementia"), diagnosed) {
            (Some(stated), Some(diagnosed)) if stated.as_bool() != Some(diagnosed) => {
                self.silent("the fact and the diagnoses contradict each other")
            }
            (Some(stated), _) => stated.as_bool().expect("true or false"),
            (None, Some(diagnosed)) => diagnosed,
            (None, None) => self.choose("dementia", 2) == 1,
        }
    }
}

fn lists(list: &Value, wanted: &str) -> bool {
    let list = list.as_array().expect("a list");
    list.iter().any(|entry| entry.as_str() == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nobody_known() -> Case {
        Case::read(&json!({ "as_of": "2026-06-30", "facts": { "rural": true } }))
    }

    fn truth(who: impl Fn(&World<'_>) -> bool) -> Truth {
        try_every_way(&nobody_known(), "ltci", "000000", &who)
    }

    #[test]
    fn one_fact_is_the_same_throughout_a_world() {
        assert_eq!(truth(|w| w.is("lives_alone")), Truth::Open);
        assert_eq!(
            truth(|w| w.is("lives_alone") || !w.is("lives_alone")),
            Truth::Yes
        );
        assert_eq!(truth(|w| w.is("rural")), Truth::Yes);
        assert_eq!(truth(|w| w.age() >= 65 && w.age() < 60), Truth::No);
        assert_eq!(
            truth(|w| w.is("rural") || w.silent("never met")),
            Truth::Yes
        );
        let silent = truth(|w| w.is("lives_alone") || w.silent("met"));
        assert_eq!(silent, Truth::Silent("met"));
    }

    /// Every choice is met with every other.
    #[test]
    fn every_world_is_tried() {
        let case = nobody_known();
        let pairs = outcomes(&case, "ltci", "000000", |w| {
            (w.economic_status(), w.level("tekun-self-care"))
        });
        assert_eq!(pairs.expect("no silence").len(), 5 * 4);
    }
}
