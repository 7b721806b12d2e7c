//! The cases that may notice a change, and what the rules say of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nengli::case::ProblemKind;
use nengli::determination::{Finding, Status};
use nengli::rulebook::Grade;
use nengli::{Case, Determination, Options, Rejection, Rulebook, Succession};

use crate::cells::Depth;
use crate::{common, extra, rows};

/// A case, or two of one person.
pub struct Person {
    /// Where it stands.
    pub name: String,
    pub asks: Asks,
    /// Where the person lives.
    pub place: String,
    /// The rule that a row of `tests/layers/` is about.
    pub rule: Option<String>,
    /// The instruments of the forms.
    pub instruments: Vec<String>,
    strict: Said,
    shown: Said,
    layers: OnceLock<Layers>,
}

/// The status of each layer by its own text; none where there are no rights.
type Layers = Option<BTreeMap<String, Status>>;

pub enum Asks {
    Case(Box<Case>),
    /// One that cannot be read as a case.
    Text(String),
    Pair(String, String),
}

/// What came of it.
#[derive(Clone, PartialEq)]
enum Said {
    Decided(Box<Determination>),
    Refused(Vec<(String, ProblemKind)>),
    Compared(Box<Succession>),
}

impl Said {
    fn refused(rejection: Rejection) -> Self {
        let problems = rejection.rejected.into_iter();
        Self::Refused(problems.map(|one| (one.at, one.kind)).collect())
    }

    /// Without what only repeats the rule.
    fn at(mut self, depth: Depth) -> Self {
        match &mut self {
            Self::Decided(one) => bare(one, depth),
            Self::Refused(_) => {}
            Self::Compared(one) => {
                one.new.rulebook.digest.clear();
                one.previous.rulebook.digest.clear();
                findings(&mut one.findings, depth);
            }
        }
        self
    }
}

fn bare(one: &mut Determination, depth: Depth) {
    one.engine.clear();
    one.rulebook.digest.clear();
    one.rulebook.version.clear();
    for right in one.entitlements.iter_mut().flatten() {
        right.because.clear();
        if depth == Depth::Strict {
            right.citations.clear();
            right.confidence = Grade::A;
        }
    }
    if depth == Depth::Shown {
        return;
    }
    for result in &mut one.assessments {
        result.citations.clear();
        result.confidence = Grade::A;
    }
    for level in &mut one.care_levels {
        level.citations.clear();
        level.confidence = Grade::A;
    }
    for due in &mut one.due {
        due.citations.clear();
    }
    for payment in one.payments.iter_mut().flatten() {
        payment.confidence = Grade::A;
    }
    findings(&mut one.findings, depth);
}

fn findings(all: &mut [Finding], depth: Depth) {
    if depth == Depth::Strict {
        for finding in all {
            finding.args.clear();
        }
    }
}

impl Person {
    pub fn new(rulebook: &Rulebook, name: String, asks: Asks, rule: Option<String>) -> Self {
        let (place, instruments) = match &asks {
            Asks::Case(case) => {
                let forms = case.assessments.iter();
                let instruments = forms.map(|form| form.instrument.clone()).collect();
                (case.jurisdiction.clone().unwrap_or_default(), instruments)
            }
            Asks::Text(_) | Asks::Pair(..) => (String::new(), Vec::new()),
        };
        let said = said(rulebook, &asks);
        Self {
            name,
            asks,
            place,
            rule,
            instruments,
            strict: said.clone().at(Depth::Strict),
            shown: said.at(Depth::Shown),
            layers: OnceLock::new(),
        }
    }

    /// What of the forms can bear on a level, as one text.
    pub fn forms(&self) -> String {
        match &self.asks {
            Asks::Case(case) => serde_json::to_string(&case.assessments).expect("JSON"),
            Asks::Text(_) | Asks::Pair(..) => String::new(),
        }
    }

    /// Whether these rules come to another result.
    pub fn notices(&self, rulebook: &Rulebook, depth: Depth) -> bool {
        let now = said(rulebook, &self.asks).at(depth);
        match depth {
            Depth::Strict => now != self.strict,
            Depth::Shown => now != self.shown,
        }
    }

    /// Whether some layer comes to another status by its own text, whatever the result is.
    pub fn notices_in_a_layer(&self, rulebook: &Rulebook, builtin: &Rulebook) -> bool {
        let Asks::Case(case) = &self.asks else {
            return false;
        };
        let before = self.layers.get_or_init(|| layers(builtin, case));
        layers(rulebook, case) != *before
    }
}

fn layers(rulebook: &Rulebook, case: &Case) -> Layers {
    let determination = rulebook.assess_with(case, Options::traced()).ok()?;
    let rights = determination.entitlements?.into_iter();
    let layers = rights.flat_map(|right| right.layers.unwrap_or_default());
    Some(
        layers
            .map(|layer| (layer.rule.to_string(), layer.status))
            .collect(),
    )
}

fn said(rulebook: &Rulebook, asks: &Asks) -> Said {
    match asks {
        Asks::Case(case) => match rulebook.assess(case) {
            Ok(one) => Said::Decided(Box::new(one)),
            Err(rejection) => Said::refused(rejection),
        },
        Asks::Text(text) => match rulebook.assess_text(text, Options::default()) {
            Ok(one) => Said::Decided(Box::new(one)),
            Err(rejection) => Said::refused(rejection),
        },
        Asks::Pair(previous, new) => match rulebook.compare_text(previous, new) {
            Ok(one) => Said::Compared(Box::new(one)),
            Err(rejection) => Said::refused(rejection),
        },
    }
}

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// All of `tests/cases/`, `tests/succession/`, `tests/layers/`, and the extra cases.
pub fn all(rulebook: &Rulebook) -> Vec<Person> {
    let mut asks = Vec::new();
    for file in common::find(&folder("cases")).0 {
        let text = fs::read_to_string(&file.case).expect("a case");
        asks.push((file.name, of_text(text), None));
    }
    for name in pairs() {
        let text = |which: &str| {
            let path = folder("succession").join(format!("{name}.{which}.json"));
            fs::read_to_string(path).expect("a case of a pair")
        };
        let pair = Asks::Pair(text("previous"), text("new"));
        asks.push((format!("succession/{name}"), pair, None));
    }
    for (at, row) in rows::rows() {
        let text = rows::case_of(&row).expect("a case");
        asks.push((at, of_text(text), Some(row.rule)));
    }
    for (path, cases) in extra::all() {
        let file = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        for (i, one) in cases.into_iter().enumerate() {
            let text = |which: &str| one.case[which].to_string();
            let asks_of = match one.case.get("previous") {
                Some(_) => Asks::Pair(text("previous"), text("new")),
                None => of_text(one.case.to_string()),
            };
            asks.push((format!("{file} case {}", i + 1), asks_of, None));
        }
    }
    let people = asks.into_iter();
    people
        .map(|(name, asks, rule)| Person::new(rulebook, name, asks, rule))
        .collect()
}

pub fn of_text(text: String) -> Asks {
    match serde_json::from_str(&text) {
        Ok(case) => Asks::Case(Box::new(case)),
        Err(_) => Asks::Text(text),
    }
}

fn pairs() -> Vec<String> {
    let files = fs::read_dir(folder("succession")).expect("the folder of pairs");
    let mut names: Vec<String> = files
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name().into_string();
            let name = name.expect("a name of letters");
            name.strip_suffix(".previous.json").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}
