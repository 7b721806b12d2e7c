//! QuestionnaireResponses as a case.

use nengli::{Case, ProblemKind, Rulebook};
use serde_json::{Value, json};

use super::form;
use super::json::Object;
use super::walk::{self, Place, Walk};
use super::{Given, common, context, names};
use crate::problem::{FaultKind, Refused, translated};

/// Reads a document.
pub(crate) fn case(text: &str, given: &Given, rulebook: &Rulebook) -> Result<Case, Refused> {
    let mut walk = Walk::default();
    let document = walk::parse(text, &mut walk)?;
    let mut draft = Draft::default();
    let kind = document.get("resourceType").and_then(Value::as_str);
    match kind {
        Some("QuestionnaireResponse") => {
            let place = Place::root("QuestionnaireResponse");
            response(&document, &place, rulebook, &mut draft, &mut walk);
        }
        Some("Bundle") => bundle(&document, rulebook, &mut draft, &mut walk),
        _ => walk.fault(
            &Place::root("Resource").key("resourceType"),
            FaultKind::Unsupported,
            "expected a QuestionnaireResponse, or a Bundle of them; found another document",
            "应为 QuestionnaireResponse 或由其组成的 Bundle；实为其他文档",
        ),
    }
    draft.finish(given, &mut walk);
    // What the rulebook takes is asked even where the form is at fault already: every
    // problem comes out at once.
    let text = Value::Object(draft.case).to_string();
    if let Err(rejection) = rulebook.assess_text(&text, nengli::Options::default()) {
        for fault in translated(&rejection, &walk.origins) {
            let known = walk.faults.iter().any(|one| one.at == fault.at);
            // A part that could not be read is no case's part that is missing.
            if !known {
                walk.faults.push(fault);
            }
        }
    }
    if walk.faults.is_empty() {
        serde_json::from_str(&text).map_err(|_| {
            Refused::whole(
                ProblemKind::WrongType,
                "expected a case; found something else".to_owned(),
                "应为个案；实为其他内容".to_owned(),
            )
        })
    } else {
        Err(Refused {
            refused: walk.faults,
        })
    }
}

/// A case that is being read.
#[derive(Default)]
struct Draft {
    case: Object,
    forms: Vec<Value>,
    pseudonym: Option<String>,
}

impl Draft {
    /// The pseudonym: every resource of a document names the same.
    fn subject(&mut self, resource: &Object, place: &Place, walk: &mut Walk) {
        let Some(subject) = resource.get("subject") else {
            return;
        };
        let identifier = subject.get("identifier");
        let system = identifier.and_then(|one| one.get("system"));
        // An identifier of another system may be anybody's real one: it stays outside.
        if system.and_then(Value::as_str) != Some(names::CASE) {
            return;
        }
        let place = place.key("subject").key("identifier").key("value");
        let value = identifier.and_then(|one| one.get("value"));
        let Some(found) = value.and_then(|value| walk.text(value, &place)) else {
            return;
        };
        match &self.pseudonym {
            None => {
                self.pseudonym = Some(found.to_owned());
                walk.came_from("/case_id", &place);
            }
            Some(known) if known == found => {}
            Some(_) => walk.fault(
                &place,
                FaultKind::Contradiction,
                "expected the forms of one person; found another pseudonym",
                "应为同一人的表；出现了另一化名",
            ),
        }
    }

    /// Adds what was told beside the document.
    fn finish(&mut self, given: &Given, walk: &mut Walk) {
        let root = Place {
            at: String::new(),
            path: String::new(),
        };
        if let Some(pseudonym) = self.pseudonym.take() {
            self.case.insert("case_id".to_owned(), json!(pseudonym));
        }
        let told = [
            ("case_id", given.case_id.clone()),
            ("as_of", given.as_of.map(|day| day.to_string())),
            ("jurisdiction", given.jurisdiction.clone()),
        ];
        for (key, value) in told {
            let Some(value) = value else { continue };
            match self.case.get(key) {
                Some(known) if *known != json!(value) => walk.fault(
                    &root,
                    FaultKind::Contradiction,
                    format!("expected the {key} that was given; the document says another"),
                    format!("应为所给的 {key}；文档中另有其值"),
                ),
                Some(_) => {}
                None => {
                    self.case.insert(key.to_owned(), json!(value));
                }
            }
        }
        if !self.case.contains_key("case_id") {
            walk.fault(
                &root,
                ProblemKind::MissingKey,
                format!(
                    "expected a pseudonym, as the subject's identifier of the system {} or given \
                     beside the document; there is none",
                    names::CASE
                ),
                format!(
                    "应有化名：写在 subject 的 identifier（system 为 {}），或另行给出；二者皆无",
                    names::CASE
                ),
            );
            // A stand-in, so that the rest is checked all the same.
            self.case.insert("case_id".to_owned(), json!("-"));
        }
        if !self.case.contains_key("as_of") {
            self.as_of(&root, walk);
        }
        let forms = std::mem::take(&mut self.forms);
        self.case.insert("assessments".to_owned(), forms.into());
    }

    /// Without a day of decision, levels alone can be asked: they are of the day of the
    /// latest form.
    fn as_of(&mut self, root: &Place, walk: &mut Walk) {
        let dates = self.forms.iter().filter_map(|form| form.get("date"));
        let latest = dates.filter_map(Value::as_str).max().map(str::to_owned);
        let rights = ["jurisdiction", "facts", "costs"];
        let alone = !rights.iter().any(|key| self.case.contains_key(*key));
        if let (Some(latest), true) = (&latest, alone) {
            self.case.insert("as_of".to_owned(), json!(latest));
            return;
        }
        walk.fault(
            root,
            ProblemKind::MissingKey,
            "expected a day of decision, in the document or given beside it; there is none, and \
             rights hang on it",
            "应有决定日（写在文档中或另行给出）；没有决定日，待遇无从判定",
        );
        let stand_in = latest.unwrap_or_else(|| "9999-12-31".to_owned());
        self.case.insert("as_of".to_owned(), json!(stand_in));
    }
}

/// Elements of a Bundle, and of its entries.
const BUNDLE: [&str; 10] = [
    "resourceType",
    "meta",
    "language",
    "identifier",
    "type",
    "timestamp",
    "total",
    "link",
    "entry",
    "signature",
];
const ENTRY: [&str; 6] = [
    "link", "fullUrl", "resource", "search", "request", "response",
];

fn bundle(document: &Value, rulebook: &Rulebook, draft: &mut Draft, walk: &mut Walk) {
    let root = Place::root("Bundle");
    let Some(document) = walk.element(document, &root, &BUNDLE) else {
        return;
    };
    let Some(entries) = document.get("entry") else {
        walk.missing(&root.key("entry"), "entry");
        return;
    };
    let place = root.key("entry");
    let mut context_seen = false;
    for (i, entry) in walk.list(entries, &place).iter().enumerate() {
        let place = place.index(i);
        let Some(entry) = walk.element(entry, &place, &ENTRY) else {
            continue;
        };
        let place = place.key("resource");
        let Some(resource) = entry.get("resource") else {
            walk.missing(&place, "resource");
            continue;
        };
        match resource.get("resourceType").and_then(Value::as_str) {
            Some("QuestionnaireResponse") => {
                response(resource, &place, rulebook, draft, walk);
            }
            Some("Basic") if !context_seen => {
                context_seen = true;
                basic(resource, &place, draft, walk);
            }
            // A result is no part of a case: it is decided again.
            Some("Observation") => {}
            _ => walk.fault(
                &place.key("resourceType"),
                FaultKind::Unsupported,
                "expected QuestionnaireResponse, Observation or one Basic; found another resource",
                "只接受 QuestionnaireResponse、Observation 和一个 Basic；出现了其他资源",
            ),
        }
    }
}

/// What a case says beside its forms.
fn basic(resource: &Value, place: &Place, draft: &mut Draft, walk: &mut Walk) {
    let known = [
        "resourceType",
        "meta",
        "language",
        "text",
        "code",
        "subject",
    ];
    let Some(object) = walk.element(resource, place, &known) else {
        return;
    };
    let ours = resource.pointer("/code/coding").and_then(Value::as_array);
    let mut ours = ours.into_iter().flatten();
    if !ours.any(|one| one["system"] == names::COMMON && one["code"] == common::CASE) {
        walk.fault(
            &place.key("code"),
            FaultKind::Unsupported,
            format!(
                "expected the code {} of {}; found another",
                common::CASE,
                names::COMMON
            ),
            format!("应为 {} 的代码 {}；实为其他", names::COMMON, common::CASE),
        );
        return;
    }
    draft.subject(object, place, walk);
    let Some(extensions) = object.get("extension") else {
        return;
    };
    let place = place.key("extension");
    let mut seen = Vec::new();
    for (i, extension) in walk.list(extensions, &place).iter().enumerate() {
        let place = place.index(i);
        let url = extension.get("url").and_then(Value::as_str);
        let (key, value) = match url {
            Some(names::AS_OF) => ("as_of", "valueDate"),
            Some(names::JURISDICTION) => ("jurisdiction", "valueString"),
            Some(names::REST) => ("", "valueString"),
            _ => {
                form::unknown_extension(url, &place, walk);
                continue;
            }
        };
        if !form::once(&mut seen, url.unwrap_or_default(), &place, walk) {
            continue;
        }
        let Some(extension) = walk.element(extension, &place, &["url", value]) else {
            continue;
        };
        let Some(text) = walk.required(extension, value, &place) else {
            continue;
        };
        let place = place.key(value);
        if key.is_empty() {
            rest(text, &place, draft, walk);
        } else {
            draft.case.insert(key.to_owned(), json!(text));
            walk.came_from(format!("/{key}"), &place);
        }
    }
}

fn rest(text: &str, place: &Place, draft: &mut Draft, walk: &mut Walk) {
    let mut inner = Walk::default();
    let parsed = walk::parse(text, &mut inner);
    let object = match &parsed {
        Ok(Value::Object(object)) if inner.faults.is_empty() => object,
        _ => {
            let keys = context::REST_KEYS;
            walk.fault(
                place,
                ProblemKind::NotJson,
                format!("expected a JSON object of {}", keys.join(", ")),
                format!("应为含 {} 的 JSON 对象", keys.join("、")),
            );
            return;
        }
    };
    for (key, value) in object {
        if context::REST_KEYS.contains(&key.as_str()) {
            draft.case.insert(key.clone(), value.clone());
            walk.came_from(format!("/{key}"), place);
        } else {
            walk.fault(
                place,
                ProblemKind::UnknownKey,
                format!("expected one of {}", context::REST_KEYS.join(", ")),
                format!("只接受 {}", context::REST_KEYS.join("、")),
            );
        }
    }
}

/// Elements of a QuestionnaireResponse.
const RESPONSE: [&str; 18] = [
    "resourceType",
    "id",
    "meta",
    "language",
    "text",
    "contained",
    "extension",
    "identifier",
    "basedOn",
    "partOf",
    "questionnaire",
    "status",
    "subject",
    "encounter",
    "authored",
    "author",
    "source",
    "item",
];

fn response(
    resource: &Value,
    place: &Place,
    rulebook: &Rulebook,
    draft: &mut Draft,
    walk: &mut Walk,
) {
    let Some(object) = walk.element(resource, place, &RESPONSE) else {
        return;
    };
    let at = format!("/assessments/{}", draft.forms.len());
    walk.came_from(at.clone(), place);
    draft.subject(object, place, walk);
    if let Some(status) = walk.required(object, "status", place)
        && !["completed", "amended", "in-progress"].contains(&status)
    {
        walk.fault(
            &place.key("status"),
            FaultKind::Unsupported,
            "expected completed, amended or in-progress; found a form that does not count",
            "只接受 completed、amended、in-progress；实为不作数的表",
        );
    }
    let mut out = Object::new();
    if let Some(authored) = walk.required(object, "authored", place) {
        out.insert("date".to_owned(), json!(day_of(authored)));
        walk.came_from(format!("{at}/date"), &place.key("authored"));
    }
    form::people(object, place, &at, &mut out, walk);
    let canonical = walk.required(object, "questionnaire", place);
    let instrument = canonical
        .and_then(names::instrument_of)
        .and_then(|id| rulebook.instrument(id));
    match (canonical, instrument) {
        (_, Some(instrument)) => {
            let definition = instrument.definition();
            out.insert("instrument".to_owned(), json!(definition.id));
            let answers = form::answers(object, place, definition, &at, walk);
            out.insert("answers".to_owned(), answers.into());
            draft.forms.push(out.into());
        }
        (Some(_), None) => {
            let known: Vec<String> = rulebook
                .instruments()
                .map(|one| names::questionnaire(one.id()))
                .collect();
            walk.fault(
                &place.key("questionnaire"),
                ProblemKind::UnknownInstrument,
                format!("expected one of {}; found another form", known.join(", ")),
                format!("只接受 {}；实为其他表", known.join("、")),
            );
        }
        (None, None) => {}
    }
}

/// Hours that China's time is ahead of UTC.
const CHINA: i8 = 8;

/// The day of a dateTime. An instant is of the day that it was in China, whatever
/// offset it is written with: forms in a browser are stamped in UTC, and a visit at
/// seven in the morning would be of the day before. What is no dateTime is left as it
/// is, for the rulebook to refuse.
fn day_of(authored: &str) -> String {
    if authored.as_bytes().get(10) != Some(&b'T') {
        return authored.to_owned();
    }
    let instant: Result<jiff::Timestamp, _> = authored.parse();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(CHINA));
    instant.map_or_else(
        |_| authored.to_owned(),
        |instant| instant.to_zoned(zone).date().to_string(),
    )
}
