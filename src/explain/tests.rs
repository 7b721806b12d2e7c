//! Reports of rights: the words, that there are words for everything, and that they
//! come from the determination alone.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::words::known;
use super::*;
use crate::determination::Status;
use crate::entitlement::definition::BenefitRule;
use crate::rulebook::{Fact, FactType};

fn rulebook() -> &'static Rulebook {
    static RULES: OnceLock<Rulebook> = OnceLock::new();
    RULES.get_or_init(|| Rulebook::builtin().unwrap())
}

const DEMO: &str = include_str!("../../tests/cases/gbt-42195-2022/demo.case.json");

/// The demo with its facts and costs replaced.
fn demo(facts: &Value, costs: &Value) -> Value {
    let mut case: Value = serde_json::from_str(DEMO).unwrap();
    case["facts"] = facts.clone();
    case["costs"] = costs.clone();
    case
}

fn decided(case: &Value) -> Determination {
    rulebook()
        .assess_text(&case.to_string(), crate::Options::traced())
        .unwrap_or_else(|rejection| panic!("{rejection:?} of {case}"))
}

fn reported(case: &Value, lang: Lang) -> Report {
    report(&decided(case), rulebook(), lang)
}

fn right<'r>(report: &'r Report, programme: &str) -> (Status, &'r Right) {
    let mut found = report
        .rights
        .iter()
        .flat_map(|group| group.rights.iter().map(|right| (group.status, right)))
        .filter(|(_, right)| right.programme == programme);
    let first = found.next().unwrap_or_else(|| panic!("no {programme}"));
    assert!(found.next().is_none(), "{programme} twice");
    first
}

fn reason<'r>(right: &'r Right, words: &str) -> &'r Reason {
    let mut found = right.reasons.iter().filter(|one| one.text.contains(words));
    found
        .next()
        .unwrap_or_else(|| panic!("no {words:?} in {:#?}", right.reasons))
}

/// Insured for long-term care, by every condition of the city.
fn insured() -> Value {
    json!({
        "birth_date": "1941-03-02", "economic_status": "dibao", "setting": "home",
        "care_dependent_since": "2025-01-01", "medical_insurance": "employee",
        "ltci_insured_since": "2023-01-01", "standard_treatment_done": true,
        "work_injury_nursing_allowance": false, "ltci_home_care_mode": "agency",
        "ltci_conclusion_date": "2026-05-25",
    })
}

fn with_ltci(facts: &Value, costs: &Value) -> Value {
    let mut case = demo(facts, costs);
    let items = [
        "C1.1", "C1.2", "C1.3", "C1.4", "C1.5", "C1.6", "C1.7", "C1.8", "C1.9", "C1.10",
    ]
    .into_iter()
    .chain(["C2.1", "C2.2", "C2.3", "C2.4", "C3.1", "C3.2", "C3.3"]);
    let answers: serde_json::Map<String, Value> =
        items.map(|code| (code.to_owned(), json!(0))).collect();
    let form = json!({"instrument": "nhsa-37-2021", "date": "2026-05-20", "answers": answers});
    case["assessments"].as_array_mut().unwrap().push(form);
    case
}

// ---- what is said -----------------------------------------------------------

#[test]
fn reasons_name_what_was_asked_found_and_wanted() {
    let case: Value = serde_json::from_str(DEMO).unwrap();
    for (lang, wanted) in [
        (
            Lang::Zh,
            "经济状况认定：最低生活保障对象（要求其一：特困人员、最低生活保障对象、低保边缘家庭成员）",
        ),
        (
            Lang::En,
            "recognised economic status: dibao (minimum living allowance) (any of tekun (in extreme \
             hardship) / dibao (minimum living allowance) / household just above dibao)",
        ),
    ] {
        let report = reported(&case, lang);
        let (status, subsidy) = right(&report, "elder-service-subsidy");
        assert_eq!(status, Status::Entitled);
        let met = reason(subsidy, wanted);
        assert_eq!(met.mark, Mark::Yes);
        assert!(!met.under.is_empty());
        // A definition of ours is on the way.
        assert!(subsidy.confidence.is_some());
    }
    let report = reported(&case, Lang::Zh);
    let (_, voucher) = right(&report, "care-voucher");
    let level = reason(voucher, "GB/T 42195-2022");
    assert_eq!(
        level.text,
        "GB/T 42195-2022：中度失能（要求中度失能或更重，12 个月内的评估）"
    );
    assert_eq!(voucher.confidence, None);
}

/// What must not be is met where it is not.
#[test]
fn what_must_not_be() {
    for (status, mark, words) in [
        (
            "dibao",
            Mark::Yes,
            "must not be tekun (in extreme hardship)",
        ),
        ("tekun", Mark::No, "must not be tekun (in extreme hardship)"),
    ] {
        let facts = json!({"birth_date": "1941-03-02", "economic_status": status});
        let report = reported(&demo(&facts, &json!([])), Lang::En);
        let (_, voucher) = right(&report, "care-voucher");
        assert_eq!(reason(voucher, words).mark, mark, "{status}");
    }
}

#[test]
fn what_the_place_sets_is_named_by_its_rule() {
    let case: Value = serde_json::from_str(DEMO).unwrap();
    let report = reported(&case, Lang::Zh);
    let (status, respite) = right(&report, "respite");
    assert_eq!(status, Status::Undetermined);
    assert_eq!(respite.missing, ["喘息服务对象（当地认定）"]);
    assert_eq!(reason(respite, "喘息服务对象").mark, Mark::Open);

    let facts = json!({"birth_date": "1941-03-02", "other_local_conditions_met": ["respite"]});
    let report = reported(&demo(&facts, &json!([])), Lang::Zh);
    let (status, respite) = right(&report, "respite");
    assert_eq!(status, Status::Discretionary);
    assert_eq!(
        reason(respite, "喘息服务对象").text,
        "喘息服务对象：已确认符合"
    );
}

#[test]
fn amounts_and_what_is_set_locally() {
    let costs = json!([{"setting": "home", "month": "2026-06", "fen": 300_000}]);
    let report = reported(&with_ltci(&insured(), &costs), Lang::En);
    let (status, insurance) = right(&report, "ltci");
    assert_eq!(status, Status::Entitled);
    let given = insurance.benefits.first().unwrap();
    assert_eq!(
        given.terms,
        [
            "at home",
            "all by an agency",
            "75%",
            "up to 2,100.00 yuan a month",
            "from 2026-06-01",
            "valid until 2028-05-24",
            "no more than 50% of disposable income per head a year"
        ]
    );
    assert_eq!(insurance.access.as_deref(), Some("on application"));
    assert_eq!(insurance.place, "Tianjin");
    assert_eq!(insurance.from_frame, ["the ceiling"]);
    assert!(!insurance.readings.is_empty() && !insurance.layers.is_empty());

    let (_, allowance) = right(&report, "advanced-age-allowance");
    let given = allowance.benefits.first().unwrap();
    assert_eq!(given.terms, ["set locally, not in this rulebook"]);
    assert_eq!(allowance.notes.len(), 1);
    let chinese = reported(&with_ltci(&insured(), &costs), Lang::Zh);
    let (_, allowance) = right(&chinese, "advanced-age-allowance");
    let given = allowance.benefits.first().unwrap();
    assert_eq!(given.terms, ["标准由当地确定，本规则库未载"]);

    // The payments, and another reading of the cap.
    let [payment] = report.payments.as_slice() else {
        panic!("{:#?}", report.payments)
    };
    let amounts = |payers: &[PayerReport]| -> Vec<String> {
        let words = |one: &PayerReport| format!("{} {}", one.name, one.amount);
        payers.iter().map(words).collect()
    };
    assert_eq!(payment.total_text, "3,000.00 yuan");
    assert_eq!(
        amounts(&payment.payers),
        [
            "long-term care insurance 1,575.00 yuan",
            "care voucher 712.50 yuan",
            "the person 712.50 yuan"
        ]
    );
    let [other] = payment.alternatives.as_slice() else {
        panic!("{payment:#?}")
    };
    assert!(other.heading.contains("what a cap limits"));
    assert_eq!(other.payers.first().unwrap().amount, "2,100.00 yuan");
}

#[test]
fn an_unknown_share_is_said_and_is_no_amount() {
    let costs = json!([{"setting": "home", "month": "2026-06", "fen": 200_000}]);
    let facts = json!({"birth_date": "1941-03-02"});
    let report = reported(&demo(&facts, &costs), Lang::Zh);
    let payment = report.payments.first().unwrap();
    assert_eq!((payment.total, payment.total_text.as_str()), (None, "未知"));
    let last = payment.payers.last().unwrap();
    assert_eq!((last.name.as_str(), last.fen), ("本人", None));
    assert_eq!(last.amount, "未知");
}

#[test]
fn what_keeps_a_right_back_is_said_with_its_ground() {
    let mut facts = insured();
    facts["work_injury_nursing_allowance"] = json!(true);
    for (lang, ground) in [
        (Lang::Zh, "领取工伤生活护理费：是"),
        (Lang::En, "draws the work-injury nursing allowance: yes"),
    ] {
        let report = reported(&with_ltci(&facts, &json!([])), lang);
        let (status, insurance) = right(&report, "ltci");
        assert_eq!(status, Status::Excluded);
        let line = insurance.excluded.as_ref().unwrap();
        assert!(line.text.contains(ground), "{}", line.text);
        assert_eq!(line.citations, ["ltci-opinion-2026.not-covered"]);
        assert_eq!(reason(insurance, ground).mark, Mark::No);
        assert!(insurance.benefits.is_empty());
    }
}

#[test]
fn questions_say_what_they_settle() {
    let case: Value = serde_json::from_str(DEMO).unwrap();
    let determination = decided(&case);
    let report = reported(&case, Lang::En);
    assert_eq!(report.questions.len(), determination.questions.len());
    let first = report.questions.first().unwrap();
    assert_eq!(first.name, "grade of the disability certificate");
    assert_eq!(first.worth, format!("settles {}", first.settles.len()));
    assert!(first.settles.contains(&"barrier-free works".to_owned()));
    // What stands there is not said again among the findings.
    let said = say_with("finding.ask_first", Lang::En, &[("ask", "")]);
    assert!(
        !report
            .findings
            .iter()
            .any(|line| line.text.starts_with(&said))
    );
}

// ---- never a second decision ------------------------------------------------

/// Each entitlement stands once, in the group of its own status, and what is wrong in a
/// determination is told as it stands.
#[test]
fn groups_follow_the_determination() {
    let case: Value = serde_json::from_str(DEMO).unwrap();
    let mut determination = decided(&case);
    for flip in [false, true] {
        if flip {
            for one in determination.entitlements.as_mut().unwrap() {
                one.status = match one.status {
                    Status::Entitled => Status::NotEntitled,
                    _ => Status::Entitled,
                };
            }
        }
        let report = report(&determination, rulebook(), Lang::Zh);
        let entitlements = determination.entitlements.as_ref().unwrap();
        for one in entitlements {
            assert_eq!(
                right(&report, &one.programme).0,
                one.status,
                "{}",
                one.programme
            );
        }
        let rights: usize = report.rights.iter().map(|group| group.rights.len()).sum();
        assert_eq!(rights, entitlements.len());
        let order: Vec<Status> = report.rights.iter().map(|group| group.status).collect();
        let place = |status: &Status| {
            let order = [
                "entitled",
                "undetermined",
                "discretionary",
                "excluded",
                "not_entitled",
            ];
            order.iter().position(|key| *key == status.as_str())
        };
        assert!(order.is_sorted_by_key(place), "{order:?}");
    }
}

#[test]
fn levels_alone_bring_no_rights() {
    let mut case: Value = serde_json::from_str(DEMO).unwrap();
    for key in ["jurisdiction", "facts", "costs"] {
        case.as_object_mut().unwrap().remove(key);
    }
    let report = reported(&case, Lang::Zh);
    assert!(report.rights.is_empty() && report.payments.is_empty() && report.questions.is_empty());
}

// ---- words for everything ---------------------------------------------------

/// Everything of a report that a person reads.
fn texts(report: &Report) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let line = |line: &Line, out: &mut Vec<String>| {
        out.push(line.text.clone());
        out.push(citations(&line.citations, rulebook(), Lang::Zh));
    };
    for one in report
        .findings
        .iter()
        .chain(&report.due)
        .chain(&report.care_levels)
    {
        line(one, &mut out);
    }
    for group in &report.rights {
        out.push(group.heading.clone());
        for right in &group.rights {
            out.extend([
                right.name.clone(),
                right.place.clone(),
                right.source.clone(),
            ]);
            out.extend(right.access.clone());
            out.extend(right.confidence.clone());
            out.extend(right.missing.clone());
            out.extend(right.from_frame.clone());
            out.extend(right.readings.clone());
            for given in &right.benefits {
                out.extend([given.name.clone(), given.place.clone()]);
                out.extend(given.terms.clone());
            }
            for reason in &right.reasons {
                out.extend([reason.text.clone(), reason.under.clone()]);
            }
            let lines = right
                .alternatives
                .iter()
                .chain(&right.notes)
                .chain(&right.layers);
            for one in lines.chain(&right.excluded) {
                line(one, &mut out);
            }
            out.push(citations(&right.citations, rulebook(), Lang::Zh));
        }
    }
    for payment in &report.payments {
        out.extend([payment.heading.clone(), payment.total_text.clone()]);
        let others = payment.alternatives.iter();
        out.extend(others.clone().map(|other| other.heading.clone()));
        let payers = payment
            .payers
            .iter()
            .chain(others.flat_map(|other| &other.payers));
        out.extend(payers.flat_map(|payer| [payer.name.clone(), payer.amount.clone()]));
    }
    for question in &report.questions {
        out.extend([question.name.clone(), question.worth.clone()]);
        out.extend(question.settles.iter().chain(&question.concerns).cloned());
    }
    out
}

/// Words of a text that can only be a key: with an underscore, a dotted key of a phrase,
/// a placeholder, or an id of the rulebook that is no word.
fn raw<'t>(text: &'t str, ids: &BTreeSet<&str>) -> Option<&'t str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "_.:-{}/".contains(c)))
        .map(|word| word.trim_end_matches([':', '.', '-', '/']))
        .find(|word| {
            word.contains(['_', '{', '}'])
                || ids.contains(word)
                || word.starts_with("fact:")
                || word.starts_with("local:")
        })
}

/// A person of whom every fact is stated; `other` gives other values.
fn person(other: bool, place: &str) -> Value {
    let rules = rulebook();
    let value = |fact: &Fact| -> Option<Value> {
        let key = |position: usize| fact.values.get(position).map(|value| value.key.clone());
        let none = fact.none.is_some();
        Some(match fact.kind {
            _ if fact.derived.is_some() => return None,
            _ if other && none => json!("none"),
            FactType::Boolean => json!(!other),
            FactType::Date if fact.id == "birth_date" => json!("1941-03-02"),
            FactType::Date => json!("2020-05-31"),
            FactType::Integer => json!(if other { fact.max } else { fact.min }),
            FactType::Choice => json!(key(usize::from(other))),
            FactType::Choices if other => json!([]),
            FactType::Choices => json!([key(0), key(1)]),
            FactType::Division => json!(if other { "650000" } else { place }),
            FactType::Programmes if other => json!([]),
            FactType::Programmes => {
                json!(rules.programmes().map(|one| &one.id).collect::<Vec<_>>())
            }
        })
    };
    let facts = rules
        .facts()
        .filter_map(|fact| Some((fact.id.clone(), value(fact)?)));
    Value::Object(facts.collect())
}

/// No key shows through, whatever the place, the person and the language.
#[test]
fn nothing_is_said_by_its_key() {
    let rules = rulebook();
    let mut ids: BTreeSet<&str> = rules
        .programmes()
        .map(|one| one.id.as_str())
        .chain(rules.programme_files().map(|file| file.id.as_str()))
        .chain(rules.instruments().map(crate::Instrument::id))
        .filter(|id| id.contains('-'))
        .collect();
    // Words as well as ids.
    for programme in rules.programmes() {
        for name in [&programme.names.en, &programme.names.zh] {
            ids.retain(|id| !name.contains(id));
        }
    }
    assert!(ids.len() > 40, "{}", ids.len());
    for key in [
        "economic_status",
        "fact:age",
        "care-voucher",
        "value.no_item",
        "{name}",
    ] {
        let text = format!("said: {key}, and more");
        assert!(raw(&text, &ids).is_some(), "{key}");
    }
    let places: BTreeSet<&str> = rules
        .programme_files()
        .map(|file| file.jurisdiction.as_str())
        .chain(["110000"])
        .collect();
    let costs: Value = ["home", "institution", "community"]
        .map(|setting| json!({"setting": setting, "month": "2026-06", "fen": 200_001}))
        .into();
    let mut seen = BTreeSet::new();
    for place in places {
        for facts in [
            json!({}),
            person(false, place),
            person(true, place),
            insured(),
        ] {
            let mut case = with_ltci(&facts, &costs);
            case["jurisdiction"] = json!(place);
            for assessed in [true, false] {
                if !assessed {
                    case["assessments"] = json!([]);
                }
                for as_of in ["2026-06-30", "2025-11-30"] {
                    if as_of != "2026-06-30" {
                        // Schemes of another year; forms of this one would lie ahead.
                        case["assessments"] = json!([]);
                        case["costs"] = json!([]);
                        case["facts"]["ltci_conclusion_date"] = json!("2025-05-25");
                    }
                    case["as_of"] = json!(as_of);
                    for lang in [Lang::Zh, Lang::En] {
                        let determination = decided(&case);
                        seen.extend(determination.findings.iter().map(|one| one.code.clone()));
                        let report = report(&determination, rules, lang);
                        for text in texts(&report) {
                            let found = raw(&text, &ids);
                            assert_eq!(found, None, "{place} {lang:?}: {text:?} of {case}");
                        }
                    }
                }
                case["costs"] = costs.clone();
            }
        }
    }
    // The cases went through most of what there is to say.
    for code in [
        "no_local_rules",
        "application_needed",
        "plan_period_over",
        "ask_first",
    ] {
        assert!(seen.contains(code), "{code} in {seen:?}");
    }
}

/// Every finding that the engine makes of its own has words, and so has every note.
#[test]
fn every_finding_has_words() {
    let engine = [
        include_str!("../entitlement/notice.rs"),
        include_str!("../assess.rs"),
    ]
    .concat();
    let codes = [
        "fact_contradicted",
        "no_jurisdiction",
        "no_local_rules",
        "application_needed",
        "no_application_needed",
        "plan_period_over",
        "coordination_unstated",
        "may_be_drawn_together",
        "ceiling_not_applied",
        "ask_first",
        "superseded",
        "only_one_level_possible",
        "too_few_assessors",
        "no_assessor_with_background",
        "reason_contradicts",
    ];
    for code in codes {
        assert!(
            engine.contains(&format!("{code:?}")),
            "{code} is made no longer"
        );
        assert!(
            known(&format!("finding.{code}"), Lang::Zh).is_some(),
            "{code}"
        );
    }
    // What the engine makes and is not listed above: the words of a rule file say it.
    let made = engine
        .split("Finding::new(")
        .chain(engine.split("info("))
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'))
        .map(|(code, _)| code);
    for code in made.filter(|code| *code != "level_not_in_rulebook") {
        assert!(codes.contains(&code), "{code}");
    }
    for file in rulebook().programme_files() {
        for layer in &file.layers {
            for note in &layer.notes {
                let finding: Finding = serde_json::from_value(json!({
                    "code": note.finding, "severity": note.severity, "at": "",
                    "args": {"rule": file.rule_id(layer), "programme": layer.programme},
                }))
                .unwrap();
                let names = rules_of(&file.jurisdiction, rulebook(), Lang::En);
                assert_eq!(names.finding(&finding).text, note.says.en);
            }
        }
    }
}

/// Every literal of this module that looks like the key of a phrase is one.
#[test]
fn every_key_has_a_phrase() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("levels.rs"),
        include_str!("rights.rs"),
        include_str!("reasons.rs"),
        include_str!("benefits.rs"),
        include_str!("payments.rs"),
        include_str!("findings.rs"),
        include_str!("names.rs"),
    ]
    .concat();
    let is_key = |text: &&str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c);
        let inside = !text.starts_with('.') && !text.ends_with('.');
        text.contains('.') && text.chars().all(plain) && inside
    };
    let keys: BTreeSet<&str> = sources.split('"').filter(is_key).collect();
    assert!(keys.len() > 60, "{}", keys.len());
    let made = ["status", "group"]
        .map(|part| {
            let statuses = [
                "entitled",
                "undetermined",
                "discretionary",
                "excluded",
                "not_entitled",
            ];
            statuses.map(|status| format!("{part}.{status}"))
        })
        .concat();
    let compared = [
        "is", "one_of", "any_of", "at_least", "at_most", "between", "within",
    ]
    .into_iter()
    .flat_map(|op| ["want", "want.not", "cond"].map(|style| format!("{style}.{op}")));
    let levels = ["at_least", "at_most"]
        .into_iter()
        .flat_map(|op| ["want", "want.not", "cond"].map(|style| format!("{style}.level.{op}")));
    let spans = ["day", "week", "month", "year", "meal", "once"].map(|per| format!("per.{per}"));
    let settings = crate::case::Setting::ALL
        .iter()
        .map(|setting| format!("setting.{}", setting.as_str()));
    let parts = ["care_levels", "due", "rights", "payments", "questions"];
    let parts = parts.map(|part| format!("section.{part}"));
    let made = made.into_iter().chain(compared).chain(levels).chain(spans);
    let made = made.chain(settings).chain(parts);
    for key in keys.into_iter().map(str::to_owned).chain(made) {
        assert!(known(&key, Lang::Zh).is_some(), "{key}");
    }
}

/// What rule files say by a key of their own has a name in them or here.
#[test]
fn keys_of_benefits_have_names() {
    for file in rulebook().programme_files() {
        for layer in &file.layers {
            let names = rules_of(&file.jurisdiction, rulebook(), Lang::En);
            let BenefitRule::CostShare(share) = &layer.benefit else {
                continue;
            };
            let lines = names.benefit(&layer.benefit);
            for row in &share.rows {
                if let Some(mode) = &row.mode {
                    let named = lines.iter().any(|line| line.contains(mode.as_str()));
                    assert!(named, "{mode} of {}: {lines:?}", file.id);
                    assert!(!lines.iter().any(|line| line.contains(&format!("{mode:?}"))));
                }
            }
            if let Some(Some(ceiling)) = share.ceiling.as_ref().map(|ceiling| &ceiling.0) {
                let key = format!("ceiling.{}", ceiling.of);
                assert!(known(&key, Lang::En).is_some(), "{key}");
            }
        }
    }
}

/// Rules in words, for those who read the rulebook.
#[test]
fn conditions_and_benefits_of_rules() {
    let rules = rulebook();
    let file = rules
        .programme_files()
        .find(|file| file.id == "national-care-voucher")
        .unwrap();
    let layer = file.layers.first().unwrap();
    let who = layer.who.as_ref().unwrap();
    let place = file.jurisdiction.as_str();
    assert_eq!(
        condition(who, place, rules, Lang::En),
        "age: at least 60, and GB/T 42195-2022: moderate dependency or worse, assessed within 12 \
         months, and not (recognised economic status: tekun (in extreme hardship))"
    );
    assert_eq!(
        benefit(&layer.benefit, place, rules, Lang::Zh),
        [
            "抵扣自付的服务费",
            "居家：50%、最多每月 800.00 元",
            "机构：40%、最多每月 800.00 元",
            "社区：比例由当地确定，本规则库未载、最多每月 800.00 元",
        ]
    );
}

#[test]
fn clauses_without_a_number_are_cited_by_their_heading() {
    let ids = ["tekun-measures-2021.4", "tekun-measures-2021.support-form"].map(str::to_owned);
    let found = citations(&ids, rulebook(), Lang::En);
    assert!(
        found.ends_with(" 4 (form of support by own choice)"),
        "{found}"
    );
    // No key of a clause of an authority shows through.
    for file in rulebook().programme_files() {
        for document in file.documents.iter().filter(|document| !document.own) {
            for clause in document.clauses.keys() {
                let id = format!("{}.{clause}", document.id);
                let text = citations(&[id], rulebook(), Lang::Zh);
                let latin = |c: char| c.is_ascii_lowercase();
                let title = &document.names.zh;
                assert!(!text.replace(title.as_str(), "").contains(latin), "{text}");
            }
        }
    }
}

/// Every rule of the rulebook has a name.
#[test]
fn every_rule_has_a_name() {
    let rulebook = rulebook();
    let mut ids = Vec::new();
    for instrument in rulebook.instruments() {
        let id = instrument.id();
        let definition = instrument.definition();
        for step in &definition.steps {
            ids.push(format!("{id}/{}", step.id));
            if let crate::instrument::definition::Rule::LevelChange(change) = &step.rule {
                ids.extend(change.rules.iter().map(|rule| format!("{id}/{}", rule.id)));
            }
        }
        let readings = definition.interpretations.iter();
        ids.extend(readings.map(|reading| format!("{id}/{}", reading.id)));
    }
    for file in rulebook.programme_files() {
        ids.extend(file.layers.iter().map(|layer| file.rule_id(layer)));
        ids.extend(
            file.relations
                .iter()
                .map(|relation| relation.id.to_string()),
        );
        let place = &file.jurisdiction;
        let readings = file.interpretations.iter();
        ids.extend(readings.map(|reading| format!("{place}/{}", reading.id)));
    }
    ids.extend(rulebook.care_levels().map(|map| map.id.to_string()));
    assert!(ids.len() > 100, "{}", ids.len());
    for lang in [Lang::Zh, Lang::En] {
        for id in &ids {
            let rule = super::rule(id, rulebook, lang).unwrap();
            assert!(!rule.name.is_empty() && rule.name != *id, "{id}");
        }
    }
    let level = super::rule("gbt-42195-2022/C.5", rulebook, Lang::En).unwrap();
    assert!(level.name.starts_with("GB/T 42195-2022: "), "{level:?}");
    assert!(!level.citations.is_empty());
    for unknown in ["", "/", "gbt-42195-2022/none", "120000/none", "none"] {
        assert_eq!(super::rule(unknown, rulebook, Lang::En), None);
    }
}
