//! Two results of one person: the previous beside the new one.
//!
//! ```
//! use nengli::compare::Turn;
//! use nengli::{Case, Rulebook};
//!
//! let rulebook = Rulebook::builtin()?;
//! let text = include_str!("../../tests/succession/getting-worse.new.json");
//! let new: Case = serde_json::from_str(text)?;
//! let text = include_str!("../../tests/succession/getting-worse.previous.json");
//! let previous: Case = serde_json::from_str(text)?;
//!
//! let succession = rulebook.compare(&previous, &new)?;
//! let form = &succession.assessments[0];
//! assert_eq!(form.levels_worse, Some(1));
//! let worse: Vec<_> = form.that(Turn::Worse).map(|item| item.code.as_str()).collect();
//! assert_eq!(worse, ["B.1.1", "B.2.3"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod forms;
mod jumps;
mod parts;
mod rights;

use std::borrow::Cow;

pub use parts::{
    AssessmentSuccession, CareLevelSuccession, ChangeSuccession, CompareSide, DiagnosesSuccession,
    FieldSuccession, ItemAnswer, ItemSuccession, Pair, PayerSuccession, PaymentSuccession,
    RightSuccession, Standing, Step, Turn,
};
use serde::{Deserialize, Serialize};

use crate::assess::Options;
use crate::case::{self, Answer, Case, Problem, ProblemKind, Problems, Rejection};
use crate::determination::{Determination, Finding};
use crate::json::{Node, to_json};
use crate::record::Record;
use crate::rulebook::Rulebook;

/// The previous result of a person beside the new one.
///
/// It decides nothing: what is not in one of the two results is not in it either.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Succession {
    /// One for each instrument by which both were assessed, by its latest form of each.
    pub assessments: Vec<AssessmentSuccession>,
    /// Care levels that either has.
    pub care_levels: Vec<CareLevelSuccession>,
    /// What the reader should look at. Their `at` points into the pair
    /// `{"new": CASE, "previous": CASE}`.
    pub findings: Vec<Finding>,
    /// What was compared: the new.
    pub new: CompareSide,
    /// Who pays, where both have costs of a setting.
    pub payments: Vec<PaymentSuccession>,
    /// What was compared: the previous.
    pub previous: CompareSide,
    /// One for each programme that either has; none unless both ask for rights.
    pub rights: Vec<RightSuccession>,
    /// Version of the contract; 1.
    pub schema: u8,
}

/// A case, decided when it is compared; or a record, whose determination stands as it
/// was recorded.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Decided<'a> {
    /// To be decided now.
    Case(&'a Case),
    /// Decided then.
    Record(&'a Record),
}

impl<'a> From<&'a Case> for Decided<'a> {
    fn from(case: &'a Case) -> Self {
        Self::Case(case)
    }
}

impl<'a> From<&'a Record> for Decided<'a> {
    fn from(record: &'a Record) -> Self {
        Self::Record(record)
    }
}

impl Rulebook {
    /// Puts the previous result of a person beside the new one. Each is a [`Case`], which
    /// is decided now, or a [`Record`], whose determination is taken as it was recorded.
    ///
    /// The forms of one instrument are compared, the latest of each. What is improbable
    /// between them is a finding, by the `since_last` of the instrument's rule file; it
    /// changes no result.
    ///
    /// # Errors
    ///
    /// When a case is refused, and when they cannot be one person's succession: another
    /// `birth_date` ([`ProblemKind::AnotherPerson`]), or a new day of decision or of
    /// assessment before the previous ([`ProblemKind::BeforePrevious`]). The places of
    /// the problems are in the pair `{"new": CASE, "previous": CASE}`.
    pub fn compare<'a>(
        &self,
        previous: impl Into<Decided<'a>>,
        new: impl Into<Decided<'a>>,
    ) -> Result<Succession, Rejection> {
        let (previous, new) = (previous.into(), new.into());
        let id = id_of(match new {
            Decided::Case(case) => &case.case_id,
            Decided::Record(record) => &record.case().case_id,
        });
        let side = |decided| self.side(decided, Problems::default());
        self.succeed(side(previous), side(new), id)
    }

    /// As [`Rulebook::compare`], of two texts in JSON: each a case or a record.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::compare`], and when a text is neither.
    pub fn compare_text(&self, previous: &str, new: &str) -> Result<Succession, Rejection> {
        let (previous, new) = (read(previous), read(new));
        let id = match &new {
            Ok(Text::Case(case, _)) => id_of(&case.case_id),
            Ok(Text::Record(record)) => id_of(&record.case().case_id),
            Err(rejection) => rejection.case_id.clone(),
        };
        let previous = previous.as_ref().map_err(Clone::clone);
        let new = new.as_ref().map_err(Clone::clone);
        self.succeed(
            previous.and_then(|text| self.side_of(text)),
            new.and_then(|text| self.side_of(text)),
            id,
        )
    }

    /// Text in, text out: the succession or the rejection, in canonical JSON.
    #[must_use]
    pub fn compare_json(&self, previous: &str, new: &str) -> String {
        match self.compare_text(previous, new) {
            Ok(succession) => to_json(&succession),
            Err(rejection) => to_json(&rejection),
        }
    }

    fn side_of<'t>(&self, text: &'t Text) -> Result<Side<'t>, Rejection> {
        match text {
            Text::Case(case, problems) => self.side(Decided::Case(case), problems.clone()),
            Text::Record(record) => self.side(Decided::Record(record), Problems::default()),
        }
    }

    /// One side, decided; refused where its case is.
    fn side<'a>(
        &self,
        decided: Decided<'a>,
        mut problems: Problems,
    ) -> Result<Side<'a>, Rejection> {
        match decided {
            Decided::Case(case) => Ok(Side {
                case,
                determination: Cow::Owned(self.decide(case, problems, Options::default())?),
                record: None,
            }),
            Decided::Record(record) => {
                case::check(record.case(), self, &mut problems);
                if !problems.is_empty() {
                    return Err(problems.rejection(None));
                }
                Ok(Side {
                    case: record.case(),
                    determination: Cow::Borrowed(record.determination()),
                    record: Some(record),
                })
            }
        }
    }

    fn succeed(
        &self,
        previous: Result<Side<'_>, Rejection>,
        new: Result<Side<'_>, Rejection>,
        id: Option<String>,
    ) -> Result<Succession, Rejection> {
        let (previous, new) = match (previous, new) {
            (Ok(previous), Ok(new)) => (previous, new),
            (previous, new) => {
                let mut rejected = under("/previous", previous.err());
                rejected.extend(under("/new", new.err()));
                return Err(Rejection {
                    case_id: id,
                    rejected,
                    schema: 1,
                });
            }
        };
        let forms = forms::both(self, &previous, &new);
        let mut problems = Problems::default();
        order(&previous, &new, &forms, &mut problems);
        if !problems.is_empty() {
            return Err(problems.rejection(id.as_deref()));
        }
        Ok(Succession {
            assessments: forms.iter().map(forms::Forms::beside).collect(),
            care_levels: rights::care_levels(&previous.determination, &new.determination),
            findings: jumps::findings(self, &previous, &new, &forms),
            new: new.said(),
            payments: rights::payments(&previous.determination, &new.determination),
            previous: previous.said(),
            rights: rights::rights(&previous.determination, &new.determination),
            schema: 1,
        })
    }
}

/// What a text is.
enum Text {
    Case(Box<Case>, Problems),
    Record(Box<Record>),
}

/// Reads a case or a record: what has a determination or a seal is a record.
fn read(text: &str) -> Result<Text, Rejection> {
    let is_record = match case::tree(text)? {
        Node::Object(members) => members
            .iter()
            .any(|(key, _)| key == "determination" || key == "seal"),
        _ => false,
    };
    if is_record {
        return Record::from_text(text).map(|record| Text::Record(Box::new(record)));
    }
    case::from_text(text).map(|(case, problems)| Text::Case(Box::new(case), problems))
}

/// One of the two, decided.
struct Side<'a> {
    case: &'a Case,
    determination: Cow<'a, Determination>,
    record: Option<&'a Record>,
}

impl Side<'_> {
    fn said(&self) -> CompareSide {
        CompareSide {
            as_of: self.determination.as_of,
            case_id: self.case.case_id.clone(),
            jurisdiction: self.case.jurisdiction.clone(),
            recorded: self.record.is_some(),
            rulebook: self.determination.rulebook.clone(),
        }
    }

    fn birth(&self) -> Option<&Answer> {
        self.case.facts.as_ref()?.get("birth_date")
    }
}

fn id_of(id: &str) -> Option<String> {
    case::is_pseudonym(id).then(|| id.to_owned())
}

/// The problems of a refused side, placed in the pair.
fn under(side: &str, rejection: Option<Rejection>) -> Vec<Problem> {
    let problems = rejection.into_iter().flat_map(|one| one.rejected);
    let placed = problems.map(|mut problem| {
        problem.at.insert_str(0, side);
        problem
    });
    placed.collect()
}

/// One person, and in the order of time.
fn order(previous: &Side<'_>, new: &Side<'_>, forms: &[forms::Forms<'_>], problems: &mut Problems) {
    if let (Some(then), Some(now)) = (previous.birth(), new.birth())
        && then != now
    {
        problems.push_at(
            "/new/facts/birth_date".to_owned(),
            ProblemKind::AnotherPerson,
            "expected the birth_date of the previous case; found another: two persons are not \
             compared"
                .to_owned(),
            "出生日期应与上次相同；实为另一日期：不比较两个人".to_owned(),
        );
    }
    if new.case.as_of < previous.case.as_of {
        problems.push_at(
            "/new/as_of".to_owned(),
            ProblemKind::BeforePrevious,
            format!(
                "expected a day from {}, that of the previous case; found {}",
                previous.case.as_of, new.case.as_of
            ),
            format!(
                "不得早于上次个案的决定日 {}；实为 {}",
                previous.case.as_of, new.case.as_of
            ),
        );
    }
    for form in forms {
        if form.new.date < form.previous.date {
            problems.push_at(
                format!("/new/assessments/{}/date", form.position),
                ProblemKind::BeforePrevious,
                format!(
                    "expected a day from {}, that of the previous assessment; found {}",
                    form.previous.date, form.new.date
                ),
                format!(
                    "不得早于上次评估的日期 {}；实为 {}",
                    form.previous.date, form.new.date
                ),
            );
        }
    }
}
