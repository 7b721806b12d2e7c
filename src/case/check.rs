//! What the rulebook allows in a case: every problem of its values.
//!
//! Nothing is clipped or coerced. What passes comes out as [`Prepared`] forms,
//! which can be graded without a further look at the text.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::diagnosis::{CategoryRange, parse_code};
use super::problem::{ProblemKind as Kind, Problems};
use super::{Answer, Assessment, Case, MAX_ENTRIES};
use crate::instrument::definition::{Field, FieldType, Item};
use crate::instrument::{Inputs, Instrument, Readings, Target};
use crate::json::Path;
use crate::rulebook::{Fact, FactType, Rulebook, Vocabulary, is_division_code, is_programme_id};
use crate::sorted::with_partners;

/// Most fen of one cost: a bound that keeps every sum of them within 64 bits.
const MAX_FEN: i64 = 100_000_000_000;

/// Under this name in `interpretations`, a case switches maps to care levels.
pub(crate) const CARE_LEVELS: &str = "care-levels";

/// A form that was checked.
pub(crate) struct Prepared<'r> {
    pub(crate) instrument: &'r Instrument,
    pub(crate) inputs: Inputs,
    pub(crate) readings: Readings,
}

/// Checks `case`; what could be prepared comes back even where there are problems.
pub(crate) fn check<'r>(
    case: &Case,
    rulebook: &'r Rulebook,
    problems: &mut Problems,
) -> Vec<Prepared<'r>> {
    let root = Path::Root;
    if case.schema != 1 {
        problems.push(
            &root.key("schema"),
            Kind::UnsupportedSchema,
            "expected version 1 of the contract; found another".to_owned(),
            "只接受第 1 版接口约定；实为其他版本".to_owned(),
        );
    }
    id(&case.case_id, &root.key("case_id"), problems);
    if let Some(replaces) = &case.replaces {
        id(replaces, &root.key("replaces"), problems);
    }
    if let Some(code) = &case.jurisdiction {
        let at = root.key("jurisdiction");
        jurisdiction(code, &at, rulebook.vocabulary(), problems);
    }
    if let Some(facts) = &case.facts {
        let at = root.key("facts");
        for (key, value, known) in with_partners(facts, &rulebook.vocabulary().facts) {
            fact(known, value, &at.key(key), case.as_of, rulebook, problems);
        }
    }
    money(case, rulebook, &root, problems);
    let readings = interpretations(case, rulebook, &root, problems);

    let at = root.key("assessments");
    if case.assessments.len() > MAX_ENTRIES {
        too_many(&at, problems);
    }
    let mut prepared = Vec::with_capacity(case.assessments.len());
    let mut seen: Vec<(&str, Date)> = Vec::with_capacity(case.assessments.len());
    for (i, form) in case.assessments.iter().take(MAX_ENTRIES).enumerate() {
        let at = at.index(i);
        let known = rulebook.instrument(&form.instrument).is_some();
        if known && seen.contains(&(&form.instrument, form.date)) {
            problems.push(
                &at.key("date"),
                Kind::DuplicateAssessment,
                "expected one assessment by this instrument of one date; found a second".to_owned(),
                "同一工具同一日期只能有一次评估；出现第二次".to_owned(),
            );
        }
        seen.push((&form.instrument, form.date));
        if let Some((instrument, inputs)) = assessment(form, case.as_of, rulebook, &at, problems) {
            let readings = readings
                .get(instrument.id())
                .copied()
                .unwrap_or_else(|| instrument.default_readings());
            prepared.push(Prepared {
                instrument,
                inputs,
                readings,
            });
        }
    }
    prepared
}

/// Whether `id` is a pseudonym: of the form asked for, and not of the form of an
/// identity number.
pub(crate) fn is_pseudonym(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    (1..=64).contains(&id.len()) && id.bytes().all(allowed) && !has_identity_number(id.as_bytes())
}

/// Whether eighteen digits, or seventeen and an X, stand anywhere in `text`. Longer runs of
/// digits are numbers of another kind.
fn has_identity_number(text: &[u8]) -> bool {
    let mut digits = 0;
    for byte in text {
        if byte.is_ascii_digit() {
            digits += 1;
            continue;
        }
        if digits == 18 || (digits == 17 && byte.eq_ignore_ascii_case(&b'x')) {
            return true;
        }
        digits = 0;
    }
    digits == 18
}

fn id(id: &str, at: &Path<'_>, problems: &mut Problems) {
    if !is_pseudonym(id) {
        problems.push(
            at,
            Kind::BadId,
            "expected 1 to 64 letters, digits or . _ : - and not the form of an identity number; \
             found another text"
                .to_owned(),
            "应为 1 至 64 个字母、数字或 . _ : -，且不得是身份号码的形式；实为其他文本".to_owned(),
        );
    }
}

fn jurisdiction(code: &str, at: &Path<'_>, vocabulary: &Vocabulary, problems: &mut Problems) {
    if !is_division_code(code) {
        problems.push(
            at,
            Kind::BadJurisdiction,
            "expected a division code of six digits; found another text".to_owned(),
            "应为六位行政区划代码；实为其他文本".to_owned(),
        );
    } else if !vocabulary.knows_province_of(code) {
        problems.push(
            at,
            Kind::UnknownJurisdiction,
            format!("expected a code under a known province; found {code}"),
            format!("代码所属省级行政区应为已知；实为 {code}"),
        );
    }
}

fn too_many(at: &Path<'_>, problems: &mut Problems) {
    problems.push(
        at,
        Kind::TooMany,
        format!("expected at most {MAX_ENTRIES} entries; found more"),
        format!("最多 {MAX_ENTRIES} 项；实际更多"),
    );
}

fn money(case: &Case, rulebook: &Rulebook, root: &Path<'_>, problems: &mut Problems) {
    let fen = |fen: i64, at: Path<'_>, problems: &mut Problems| {
        if !(0..=MAX_FEN).contains(&fen) {
            problems.push(
                &at,
                Kind::OutOfRange,
                format!("expected 0 to {MAX_FEN} fen; found an amount outside"),
                format!("应为 0 至 {MAX_FEN} 分；实为范围之外"),
            );
        }
    };
    let month_of_decision = format!("{:04}-{:02}", case.as_of.year(), case.as_of.month());
    let costs = root.key("costs");
    let list = case.costs.as_deref().unwrap_or_default();
    if list.len() > MAX_ENTRIES {
        too_many(&costs, problems);
    }
    for (i, cost) in list.iter().take(MAX_ENTRIES).enumerate() {
        let at = costs.index(i);
        fen(cost.fen, at.key("fen"), problems);
        let most = case.as_of.days_in_month();
        if let Some(days) = cost.days
            && !(1..=most.unsigned_abs()).contains(&days)
        {
            problems.push(
                &at.key("days"),
                Kind::OutOfRange,
                format!("expected 1 to {most} days; found a number outside"),
                format!("应为 1 至 {most} 天；实为范围之外"),
            );
        }
        if crate::date::parse(&format!("{}-01", cost.month)).is_none() {
            problems.push(
                &at.key("month"),
                Kind::BadDate,
                "expected a month YYYY-MM; found another text".to_owned(),
                "应为月份 YYYY-MM；实为其他文本".to_owned(),
            );
        } else if cost.month != month_of_decision && !problems.stand_at(&root.key("as_of")) {
            problems.push(
                &at.key("month"),
                Kind::OutOfRange,
                format!(
                    "expected the month of as_of, {month_of_decision}; found {}",
                    cost.month
                ),
                format!("应为决定日所在月 {month_of_decision}；实为 {}", cost.month),
            );
        }
    }
    let used = root.key("used");
    if case.used.len() > MAX_ENTRIES {
        too_many(&used, problems);
    }
    for (i, entry) in case.used.iter().take(MAX_ENTRIES).enumerate() {
        let at = used.index(i);
        fen(entry.fen, at.key("fen"), problems);
        programme(&entry.programme, &at.key("programme"), rulebook, problems);
    }
}

fn programme(id: &str, at: &Path<'_>, rulebook: &Rulebook, problems: &mut Problems) {
    if !is_programme_id(id) {
        problems.push(
            at,
            Kind::BadId,
            "expected the id of a programme: a lower-case letter, then letters, digits and hyphens; \
             found another text"
                .to_owned(),
            "应为项目代号（以小写字母开头，含小写字母、数字和连字符）；实为其他文本".to_owned(),
        );
    } else if !rulebook.programmes().any(|known| known.id == id) {
        problems.push(
            at,
            Kind::UnknownProgramme,
            "expected a programme of the rulebook; found another id".to_owned(),
            "应为规则库中的项目；实为其他代号".to_owned(),
        );
    }
}

fn interpretations<'r>(
    case: &Case,
    rulebook: &'r Rulebook,
    root: &Path<'_>,
    problems: &mut Problems,
) -> BTreeMap<&'r str, Readings> {
    let mut out = BTreeMap::new();
    let at = root.key("interpretations");
    for (key, choice) in &case.interpretations {
        let at = at.key(key);
        if let Some(keys) = rulebook.choices_of(key) {
            if !keys.contains(&choice.as_str()) {
                problems.push(
                    &at,
                    Kind::UnknownChoice,
                    format!("expected one of {}; found another text", keys.join(", ")),
                    format!("只接受 {}；实为其他文本", keys.join("、")),
                );
            }
            continue;
        }
        let map = key
            .strip_prefix(CARE_LEVELS)
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(|id| rulebook.care_levels().find(|map| map.id == id));
        if map.is_some() {
            if !["on", "off"].contains(&choice.as_str()) {
                problems.push(
                    &at,
                    Kind::UnknownChoice,
                    "expected one of on, off; found another text".to_owned(),
                    "只接受 on、off；实为其他文本".to_owned(),
                );
            }
            continue;
        }
        let found = key.split_once('/').and_then(|(id, interpretation)| {
            let instrument = rulebook.instrument(id)?;
            instrument
                .definition()
                .interpretations
                .iter()
                .find(|candidate| candidate.id == interpretation)
                .map(|interpretation| (instrument, interpretation))
        });
        let Some((instrument, interpretation)) = found else {
            problems.push(
                &at,
                Kind::UnknownInterpretation,
                "expected instrument/interpretation or jurisdiction/interpretation as the rulebook \
                 has them; found another key"
                    .to_owned(),
                "应为规则库中的 工具/解释 或 地区/解释；实为其他键".to_owned(),
            );
            continue;
        };
        let readings = out
            .entry(instrument.id())
            .or_insert_with(|| instrument.default_readings());
        match instrument.with_reading(*readings, &interpretation.id, choice) {
            Some(chosen) => *readings = chosen,
            None => {
                let keys: Vec<&str> = interpretation
                    .choices
                    .iter()
                    .map(|choice| choice.key.as_str())
                    .collect();
                problems.push(
                    &at,
                    Kind::UnknownChoice,
                    format!("expected one of {}; found another text", keys.join(", ")),
                    format!("只接受 {}；实为其他文本", keys.join("、")),
                );
            }
        }
    }
    out
}

fn assessment<'r>(
    form: &Assessment,
    as_of: Date,
    rulebook: &'r Rulebook,
    at: &Path<'_>,
    problems: &mut Problems,
) -> Option<(&'r Instrument, Inputs)> {
    for (i, assessor) in form.assessors.iter().enumerate() {
        id(
            &assessor.id,
            &at.key("assessors").index(i).key("id"),
            problems,
        );
    }
    if form.date > as_of {
        problems.push(
            &at.key("date"),
            Kind::AfterAsOf,
            format!(
                "expected a day not after as_of, {as_of}; found {}",
                form.date
            ),
            format!("不得晚于决定日 {as_of}；实为 {}", form.date),
        );
    }
    let Some(instrument) = rulebook.instrument(&form.instrument) else {
        let ids: Vec<&str> = rulebook.instruments().map(Instrument::id).collect();
        problems.push(
            &at.key("instrument"),
            Kind::UnknownInstrument,
            format!("expected one of {}; found another id", ids.join(", ")),
            format!("只接受 {}；实为其他代号", ids.join("、")),
        );
        return None;
    };
    if instrument.begins_after(form.date) {
        let from = instrument.definition().in_force.from;
        problems.push(
            &at.key("date"),
            Kind::NotYetInForce,
            format!(
                "expected a day from {from}, when {} came into force; found an earlier one",
                instrument.id()
            ),
            format!("{} 自 {from} 起施行；评估日期更早", instrument.id()),
        );
    }
    let at = at.key("answers");
    let mut inputs = Inputs::none(instrument);
    let codes = instrument.codes().iter();
    let codes = codes.map(|(code, target)| (code, target));
    for (code, answer, target) in with_partners(&form.answers, codes) {
        match target {
            Some(target) => {
                self::answer(instrument, target, code, answer, &at, &mut inputs, problems);
            }
            None => problems.push(
                &at.key(code),
                Kind::UnknownCode,
                format!("expected a code of {}; found another", instrument.id()),
                format!("应为 {} 的指标代码；实为其他", instrument.id()),
            ),
        }
    }
    inputs.stand_in(instrument);
    Some((instrument, inputs))
}

fn answer(
    instrument: &Instrument,
    target: &Target,
    code: &str,
    answer: &Answer,
    at: &Path<'_>,
    inputs: &mut Inputs,
    problems: &mut Problems,
) {
    let at = at.key(code);
    match target {
        Target::Item { slot, domain, item } => {
            if let Some(item) = instrument.item(*domain, *item)
                && let Some(mask) = item_answer(item, answer, &at, problems)
            {
                inputs.answer(*slot, mask);
            }
        }
        Target::Field { field, slot } => {
            if let Some(field) = instrument.field(*field)
                && let Some(mask) = field_answer(field, answer, &at, problems)
            {
                inputs.answer(*slot, mask);
            }
        }
        Target::Choices { field } => {
            if let Some(field) = instrument.field(*field) {
                choices(field, answer, &at, problems);
            }
        }
        Target::Diagnoses { field, groups } => {
            if let Some(field) = instrument.field(*field)
                && let Some(found) = diagnoses(field, answer, &at, problems)
            {
                for (slot, ranges) in groups {
                    let met = found
                        .iter()
                        .any(|found| ranges.iter().any(|range| range.contains(*found)));
                    inputs.answer(*slot, 1 << u16::from(met));
                }
            }
        }
    }
}

fn item_answer(
    item: &Item,
    answer: &Answer,
    at: &Path<'_>,
    problems: &mut Problems,
) -> Option<u16> {
    let mask = item
        .options
        .iter()
        .enumerate()
        .filter(|(_, option)| option.is_named_by(answer))
        .fold(0u16, |mask, (i, _)| mask | 1 << i);
    if mask != 0 {
        return Some(mask);
    }
    let scored = item.options.iter().any(|option| option.score.is_some());
    let flags = item.options.iter().any(|option| option.flag.is_some());
    let keyed = !flags && item.options.iter().any(|option| option.key.is_some());
    let (en, zh) = allowed(item);
    match answer {
        Answer::Number(score) if scored => problems.push(
            at,
            Kind::ScoreNotAllowed,
            format!("expected {en}; found {}", shown(*score).0),
            format!("应为{zh}；实为{}", shown(*score).1),
        ),
        Answer::Text(text)
            if scored && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) =>
        {
            problems.push(
                at,
                Kind::WrongType,
                format!("expected {en}; found a number written as a text"),
                format!("应为{zh}；实为写成文本的数"),
            );
        }
        Answer::Text(_) if keyed => problems.push(
            at,
            Kind::UnknownOption,
            format!("expected {en}; found another text"),
            format!("应为{zh}；实为其他文本"),
        ),
        _ => problems.push(
            at,
            Kind::WrongType,
            format!("expected {en}; found another type"),
            format!("应为{zh}；实为其他类型"),
        ),
    }
    None
}

/// What an item allows, in English and Chinese.
fn allowed(item: &Item) -> (String, String) {
    if item.options.iter().any(|option| option.flag.is_some()) {
        return ("true or false".to_owned(), " true 或 false".to_owned());
    }
    let mut scores: Vec<String> = item
        .options
        .iter()
        .filter_map(|option| option.score)
        .map(|score| score.to_string())
        .collect();
    scores.dedup();
    let keys: Vec<&str> = item
        .options
        .iter()
        .filter_map(|option| option.key.as_deref())
        .collect();
    let (scores_en, scores_zh) = (scores.join(", "), scores.join("、"));
    let (keys_en, keys_zh) = (keys.join(", "), keys.join("、"));
    match (scores.is_empty(), keys.is_empty()) {
        (false, true) => (
            format!("one of the scores {scores_en}"),
            format!("分值 {scores_zh}"),
        ),
        (true, _) => (format!("one of {keys_en}"), format!("选项 {keys_zh}")),
        (false, false) => (
            format!("one of the scores {scores_en} or keys {keys_en}"),
            format!("分值 {scores_zh} 或选项 {keys_zh}"),
        ),
    }
}

/// A number as a message may repeat it: never one long enough to identify anyone.
fn shown(number: i64) -> (String, String) {
    if (-9999..=9999).contains(&number) {
        (number.to_string(), format!(" {number}"))
    } else {
        ("a number far outside".to_owned(), "远超范围的数".to_owned())
    }
}

fn field_answer(
    field: &Field,
    answer: &Answer,
    at: &Path<'_>,
    problems: &mut Problems,
) -> Option<u16> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let coded = field.options.iter().any(|option| option.code.is_some());
    if field.answer == FieldType::Flag {
        return match answer {
            Answer::Flag(flag) => Some(1 << u16::from(*flag)),
            _ => {
                problems.push(
                    at,
                    Kind::WrongType,
                    "expected true or false; found another type".to_owned(),
                    "应为 true 或 false；实为其他类型".to_owned(),
                );
                None
            }
        };
    }
    let position = match answer {
        Answer::Number(_) | Answer::Text(_) => field
            .option_answered(answer)
            .and_then(|found| field.options.iter().position(|option| option == found)),
        Answer::Flag(_) | Answer::List(_) => {
            let keys = option_keys(field);
            problems.push(
                at,
                Kind::WrongType,
                format!("expected {}; found another type", keys.join(", ")),
                format!("应为 {}；实为其他类型", keys.join("、")),
            );
            return None;
        }
    };
    if position.is_none() {
        let keys = option_keys(field);
        let (kind, en, zh) = match answer {
            Answer::Number(code) if coded => {
                (Kind::ScoreNotAllowed, shown(*code).0, shown(*code).1)
            }
            Answer::Number(_) => (Kind::WrongType, "a number".to_owned(), "数".to_owned()),
            Answer::Text(text) if coded && digits(text) => (
                Kind::WrongType,
                "a number written as a text".to_owned(),
                "写成文本的数".to_owned(),
            ),
            _ => (
                Kind::UnknownOption,
                "another text".to_owned(),
                "其他文本".to_owned(),
            ),
        };
        problems.push(
            at,
            kind,
            format!("expected one of {}; found {en}", keys.join(", ")),
            format!("只接受 {}；实为{zh}", keys.join("、")),
        );
    }
    position.map(|position| 1 << position)
}

/// Codes and keys of a field's options.
fn option_keys(field: &Field) -> Vec<String> {
    let codes = field.options.iter().filter_map(|option| option.code);
    let keys = field.options.iter().map(|option| option.key.to_string());
    codes.map(|code| code.to_string()).chain(keys).collect()
}

fn choices(field: &Field, answer: &Answer, at: &Path<'_>, problems: &mut Problems) {
    let keys = option_keys(field);
    let Answer::List(list) = answer else {
        problems.push(
            at,
            Kind::WrongType,
            format!("expected a list of {}; found another type", keys.join(", ")),
            format!("应为 {} 的数组；实为其他类型", keys.join("、")),
        );
        return;
    };
    for (i, key) in list.iter().enumerate() {
        if !field.options.iter().any(|option| option.key == *key) {
            problems.push(
                &at.index(i),
                Kind::UnknownOption,
                format!("expected one of {}; found another text", keys.join(", ")),
                format!("只接受 {}；实为其他文本", keys.join("、")),
            );
        }
    }
}

fn diagnoses(
    field: &Field,
    answer: &Answer,
    at: &Path<'_>,
    problems: &mut Problems,
) -> Option<Vec<CategoryRange>> {
    let Answer::List(list) = answer else {
        problems.push(
            at,
            Kind::WrongType,
            "expected a list of ICD-10 codes; found another type".to_owned(),
            "应为 ICD-10 编码的数组；实为其他类型".to_owned(),
        );
        return None;
    };
    let mut found = Vec::with_capacity(list.len());
    let mut sound = true;
    for (i, entry) in list.iter().enumerate() {
        if let Some(category) = parse_code(entry) {
            found.push(category.into());
            continue;
        }
        // The form prints ranges with a tilde, the contract with a hyphen.
        let printed = |icd: &str| icd == entry || icd.replace('-', "~") == *entry;
        let row = field.rows.iter().find(|row| match &row.icd {
            Some(icd) => printed(icd),
            None => row.key == *entry,
        });
        match row {
            Some(row) => found.extend(row.icd.as_deref().and_then(CategoryRange::parse)),
            None => {
                sound = false;
                problems.push(
                    &at.index(i),
                    Kind::BadDiagnosis,
                    "expected an ICD-10 code, the printed range of a row, or the key of a row \
                     without a code; found another text"
                        .to_owned(),
                    "应为 ICD-10 编码、表中印出的编码范围，或无编码行的代号；实为其他文本"
                        .to_owned(),
                );
            }
        }
    }
    sound.then_some(found)
}

fn fact(
    known: Option<&Fact>,
    value: &Answer,
    at: &Path<'_>,
    as_of: Date,
    rulebook: &Rulebook,
    problems: &mut Problems,
) {
    let Some(fact) = known else {
        problems.push(
            at,
            Kind::UnknownFact,
            "expected a fact of the vocabulary; found another key".to_owned(),
            "应为词表中的事实；实为其他键".to_owned(),
        );
        return;
    };
    if let Some(derived) = &fact.derived {
        let of = derived.of();
        problems.push(
            at,
            Kind::UnknownFact,
            format!("expected {of}, from which this is derived; found the derived fact"),
            format!("应填 {of}，由其推算；不接受推算出的事实"),
        );
        return;
    }
    if fact.none.is_some() && matches!(value, Answer::Text(text) if text == "none") {
        return;
    }
    let wrong = |problems: &mut Problems, en: &str, zh: &str| {
        problems.push(
            at,
            Kind::WrongType,
            format!("expected {en}; found another type"),
            format!("应为{zh}；实为其他类型"),
        );
    };
    match (fact.kind, value) {
        (FactType::Boolean, Answer::Flag(_)) => {}
        (FactType::Boolean, _) => wrong(problems, "true or false", " true 或 false"),
        (FactType::Integer, Answer::Number(number)) => {
            let (min, max) = (fact.min.unwrap_or(i64::MIN), fact.max.unwrap_or(i64::MAX));
            if !(min..=max).contains(number) {
                problems.push(
                    at,
                    Kind::OutOfRange,
                    format!("expected {min} to {max}; found {}", shown(*number).0),
                    format!("应为 {min} 至 {max}；实为{}", shown(*number).1),
                );
            }
        }
        (FactType::Integer, _) => wrong(problems, "a whole number", "整数"),
        (FactType::Date, Answer::Text(text)) => match crate::date::parse(text) {
            None => problems.push(
                at,
                Kind::BadDate,
                "expected a date of the calendar, YYYY-MM-DD; found another text".to_owned(),
                "应为存在的日期 YYYY-MM-DD；实为其他文本".to_owned(),
            ),
            Some(day) if fact.not_after_as_of && day > as_of => problems.push(
                at,
                Kind::AfterAsOf,
                format!("expected a day not after as_of, {as_of}; found a later one"),
                format!("不得晚于决定日 {as_of}；实际更晚"),
            ),
            Some(_) => {}
        },
        (FactType::Date, _) => wrong(problems, "a date YYYY-MM-DD", "日期 YYYY-MM-DD"),
        (FactType::Division, Answer::Text(code)) => {
            jurisdiction(code, at, rulebook.vocabulary(), problems);
        }
        (FactType::Division, _) => wrong(problems, "a division code", "行政区划代码"),
        (FactType::Choice, Answer::Text(key)) => fact_value(fact, key, at, problems),
        (FactType::Choice, _) => wrong(problems, "the key of a value", "取值代号"),
        (FactType::Choices, Answer::List(keys)) => {
            for (i, key) in keys.iter().enumerate() {
                fact_value(fact, key, &at.index(i), problems);
            }
        }
        (FactType::Choices, _) => wrong(problems, "a list of keys", "代号的数组"),
        (FactType::Programmes, Answer::List(ids)) => {
            for (i, id) in ids.iter().enumerate() {
                programme(id, &at.index(i), rulebook, problems);
            }
        }
        (FactType::Programmes, _) => wrong(problems, "a list of programme ids", "项目代号的数组"),
    }
}

fn fact_value(fact: &Fact, key: &str, at: &Path<'_>, problems: &mut Problems) {
    if !fact.values.iter().any(|value| value.key == key) {
        let keys: Vec<&str> = fact.values.iter().map(|value| value.key.as_str()).collect();
        problems.push(
            at,
            Kind::UnknownValue,
            format!("expected one of {}; found another text", keys.join(", ")),
            format!("只接受 {}；实为其他文本", keys.join("、")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::is_pseudonym;

    #[test]
    fn ids_that_could_be_a_persons_are_refused() {
        for good in [
            "demo-0001",
            "a",
            "A.b_c:d-9",
            &"x".repeat(64),
            "12345678901234567",
            "1234567890123456789",
            "12345678901234567-X",
            "x11010519491231002",
        ] {
            assert!(is_pseudonym(good), "{good}");
        }
        for bad in [
            "",
            "张三",
            "a b",
            &"x".repeat(65),
            "110105194912310021",
            "11010519491231002X",
            "11010519491231002x",
            "id:110105194912310021",
            "110105194912310021-2",
            "p11010519491231002Xq",
            "1.110105194912310021",
        ] {
            assert!(!is_pseudonym(bad), "{bad}");
        }
    }
}
