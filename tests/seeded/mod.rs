//! Recorded decisions as another system might export them: most of them right, by the
//! reference model, and some with one fault each that the maker of them knows.

#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::model::{self, Answers, Readings, Rng, Verdict};

/// One exported decision.
#[derive(Debug, Clone)]
pub struct Seeded {
    pub cells: BTreeMap<String, String>,
    /// The one kind of fault, and a column where it shows; none where all is right.
    pub fault: Option<(&'static str, String)>,
    /// A cell is cut off the end.
    pub short: bool,
}

/// Levels of each instrument as the export writes them, by code.
pub fn level_words(instrument: &str) -> &'static [&'static str] {
    match instrument {
        "gbt-42195-2022" => &["完好", "轻度", "中度", "重度", "完全"],
        "nhsa-37-2021" => &["0级", "1级", "2级", "3级", "4级", "5级"],
        "mzt-039-2013" => &["0", "1", "2", "3"],
        "nhsa-37-2021-self" => &["A", "B", "C", "D", "E", "F", "G"],
        "tekun-self-care" => &["全自理", "半自理", "不能自理"],
        other => panic!("no words for {other}"),
    }
}

fn level_keys(instrument: &str) -> &'static [&'static str] {
    match instrument {
        "gbt-42195-2022" => &["intact", "mild", "moderate", "severe", "complete"],
        "nhsa-37-2021" => &[
            "normal", "mild", "moderate", "severe_1", "severe_2", "severe_3",
        ],
        "mzt-039-2013" => &["intact", "mild", "moderate", "severe"],
        "nhsa-37-2021-self" => &["A", "B", "C", "D", "E", "F", "G"],
        "tekun-self-care" => &["able", "partly_unable", "unable"],
        other => panic!("no keys for {other}"),
    }
}

fn scores(instrument: &str) -> &'static [&'static str] {
    match instrument {
        "gbt-42195-2022" => &["B.1", "B.2", "B.3", "B.4", "total"],
        "nhsa-37-2021" => &["C1", "C2", "C3"],
        "mzt-039-2013" => &["B.1", "B.2", "B.4"],
        "nhsa-37-2021-self" => &["a", "b"],
        "tekun-self-care" => &["not_alone"],
        other => panic!("no scores of {other}"),
    }
}

fn grades(instrument: &str) -> &'static [&'static str] {
    match instrument {
        "nhsa-37-2021" => &["C1", "C2", "C3"],
        "mzt-039-2013" => &["B.1", "B.2", "B.3", "B.4"],
        _ => &[],
    }
}

fn has_changes(instrument: &str) -> bool {
    matches!(instrument, "gbt-42195-2022" | "mzt-039-2013")
}

/// Codes that the export has: items and grounds.
fn codes(instrument: &str) -> Vec<String> {
    let mut codes = model::item_codes(instrument);
    codes.extend(model::ground_codes(instrument));
    codes
}

/// The columns of the export, in order.
pub fn header(instrument: &str) -> Vec<String> {
    let mut header: Vec<String> = vec!["编号".into(), "姓名".into(), "日期".into()];
    header.extend(codes(instrument));
    header.extend(scores(instrument).iter().map(|id| format!("得分 {id}")));
    header.extend(grades(instrument).iter().map(|id| format!("分级 {id}")));
    if has_changes(instrument) {
        header.push("初步".into());
    }
    header.push("等级".into());
    header
}

/// The mapping of the export.
pub fn mapping(instrument: &str) -> Value {
    let mut answers = serde_json::Map::new();
    for code in codes(instrument) {
        let source = match code.as_str() {
            "A.4.1" => json!({ "column": code, "separator": ";", "values": { "无": [] } }),
            "A.5.11" => yes_or_no(&code),
            _ if instrument == TEKUN => yes_or_no(&code),
            _ => json!(code),
        };
        answers.insert(code, source);
    }
    let words: BTreeMap<&str, &str> = level_words(instrument)
        .iter()
        .copied()
        .zip(level_keys(instrument).iter().copied())
        .collect();
    let named = |prefix: &str, ids: &[&str]| -> BTreeMap<String, String> {
        ids.iter()
            .map(|id| ((*id).to_owned(), format!("{prefix} {id}")))
            .collect()
    };
    let mut recorded = json!({
        "scores": named("得分", scores(instrument)),
        "grades": named("分级", grades(instrument)),
        "level": { "column": "等级", "values": words },
    });
    if has_changes(instrument) {
        recorded["preliminary"] = json!({ "column": "初步", "values": words });
    }
    json!({
        "schema": 1,
        "instrument": instrument,
        "case_id": "编号",
        "date": { "column": "日期", "written": "2026/6/30" },
        "missing": ["", "-"],
        "answers": answers,
        "recorded": recorded,
    })
}

fn yes_or_no(column: &str) -> Value {
    json!({ "column": column, "values": { "是": true, "否": false } })
}

/// The cells of a row in the order of the head.
pub fn cells(instrument: &str, row: &Seeded) -> Vec<String> {
    let mut cells: Vec<String> = header(instrument)
        .iter()
        .map(|column| row.cells.get(column).cloned().unwrap_or_default())
        .collect();
    if row.short {
        cells.pop();
    }
    cells
}

/// A form whose recorded values are those of the model.
pub struct Form {
    pub instrument: &'static str,
    pub answers: Answers,
    pub verdict: Verdict,
    pub row: Seeded,
}

impl Form {
    pub fn right(instrument: &'static str, answers: Answers, number: usize) -> Self {
        let verdict = model::decide(instrument, &answers, &Readings::new());
        let date = match instrument {
            "mzt-039-2013" => "2019/7/9",
            _ => "2024/11/3",
        };
        let mut cells: BTreeMap<String, String> = BTreeMap::new();
        cells.insert("编号".into(), format!("d-{number:06}"));
        cells.insert("姓名".into(), "某某".into());
        cells.insert("日期".into(), date.into());
        for (code, answer) in &answers {
            cells.insert(code.clone(), text(answer));
        }
        let mut form = Self {
            instrument,
            answers,
            verdict,
            row: Seeded {
                cells,
                fault: None,
                short: false,
            },
        };
        for (id, score) in form.verdict.scores.clone() {
            form.put(&format!("得分 {id}"), score);
        }
        for (id, grade) in form.verdict.grades.clone() {
            form.put(&format!("分级 {id}"), grade);
        }
        if has_changes(instrument) {
            form.level("初步", form.verdict.preliminary);
        }
        form.level("等级", form.verdict.level);
        form
    }

    pub fn random(instrument: &'static str, rng: &mut Rng, number: usize) -> Self {
        Self::right(instrument, model::random_form(instrument, rng), number)
    }

    pub fn put(&mut self, column: &str, value: impl ToString) {
        self.row.cells.insert(column.to_owned(), value.to_string());
    }

    pub fn level(&mut self, column: &str, code: Option<i64>) {
        let word = code.map_or("-", |code| level_words(self.instrument)[code as usize]);
        self.put(column, word);
    }

    pub fn score(&self, id: &str) -> i64 {
        self.verdict.scores[id]
    }

    pub fn met(&self) -> usize {
        let met = |change: &&model::Change| change.met == Some(true);
        self.verdict.changes.iter().filter(met).count()
    }

    pub fn coma(&self) -> bool {
        match self.answers.get("A.5.11") {
            Some(answer) => answer == &json!(true),
            None => self.answers.get("B.3.9") == Some(&json!("coma")),
        }
    }

    fn fault(mut self, kind: &'static str, column: &str) -> Option<Self> {
        self.row.fault = Some((kind, column.to_owned()));
        Some(self)
    }
}

fn text(answer: &Value) -> String {
    match answer {
        Value::Bool(true) => "是".into(),
        Value::Bool(false) => "否".into(),
        Value::Array(list) if list.is_empty() => "无".into(),
        Value::Array(list) => {
            let list: Vec<&str> = list.iter().map(|one| one.as_str().unwrap()).collect();
            list.join("; ")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

const GBT: &str = "gbt-42195-2022";
const LTCI: &str = "nhsa-37-2021";
const MZT: &str = "mzt-039-2013";
const TEKUN: &str = "tekun-self-care";
const SELF: &str = "nhsa-37-2021-self";

/// The level of a total, written down here a second time.
fn band(total: i64) -> i64 {
    match total {
        90 => 0,
        66..=89 => 1,
        46..=65 => 2,
        30..=45 => 3,
        _ => 4,
    }
}

/// The level after the changes of the form, from another preliminary level.
fn changed(form: &Form, preliminary: i64) -> i64 {
    match (form.coma(), form.met()) {
        (true, _) => 4,
        (false, 0) => preliminary,
        (false, _) => (preliminary + 1).min(4),
    }
}

/// Records what follows from a total.
fn follow(form: &mut Form, total: i64) {
    let preliminary = band(total);
    form.put("得分 total", total);
    form.level("初步", Some(preliminary));
    let level = changed(form, preliminary);
    form.level("等级", Some(level));
}

/// A way of seeding one fault; none where the form does not lend itself to it.
pub type Seed = fn(Form, &mut Rng) -> Option<Form>;

fn number(form: &Form, code: &str) -> Option<i64> {
    form.answers.get(code)?.as_i64()
}

pub fn wrong_domain_sum(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let (id, most) = *rng.pick(&[("B.1", 32), ("B.2", 15), ("B.3", 28), ("B.4", 15)]);
    let by = *rng.pick(&[-2, -1, 1, 2]);
    let sum = form.score(id) + by;
    if !(0..=most).contains(&sum) {
        return None;
    }
    form.put(&format!("得分 {id}"), sum);
    // Often what follows goes along with the fault, sometimes not.
    if rng.chance(70) {
        let total = form.score("total") + by;
        follow(&mut form, total);
    }
    form.fault("arithmetic", &format!("得分 {id}"))
}

pub fn wrong_total(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let total = form.score("total") + *rng.pick(&[-3, -2, -1, 1, 2, 3]);
    if !(0..=90).contains(&total) {
        return None;
    }
    if rng.chance(50) {
        follow(&mut form, total);
    } else {
        form.put("得分 total", total);
    }
    form.fault("arithmetic", "得分 total")
}

pub fn wrong_band(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let right = form.verdict.preliminary?;
    let wrong = right + *rng.pick(&[-1, 1]);
    if !(0..=4).contains(&wrong) {
        return None;
    }
    form.level("初步", Some(wrong));
    let level = changed(&form, wrong);
    form.level("等级", Some(level));
    form.fault("band", "初步")
}

pub fn not_applied(mut form: Form, _: &mut Rng) -> Option<Form> {
    if form.verdict.level <= form.verdict.preliminary {
        return None;
    }
    form.level("等级", form.verdict.preliminary);
    form.fault("change_not_applied", "等级")
}

pub fn without_ground(mut form: Form, _: &mut Rng) -> Option<Form> {
    let level = form.verdict.level? + 1;
    if form.met() > 0 || level > 4 {
        return None;
    }
    form.level("等级", Some(level));
    form.fault("change_without_ground", "等级")
}

pub fn two_levels(mut form: Form, _: &mut Rng) -> Option<Form> {
    let level = form.verdict.preliminary? + 2;
    if form.met() == 0 || form.coma() || level > 4 {
        return None;
    }
    form.level("等级", Some(level));
    form.fault("changed_too_far", "等级")
}

pub fn to_better(mut form: Form, _: &mut Rng) -> Option<Form> {
    let level = form.verdict.preliminary? - 1;
    if level < 0 {
        return None;
    }
    form.level("等级", Some(level));
    form.fault("changed_to_better", "等级")
}

pub fn out_of_range(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let (code, domain) = *rng.pick(&[
        ("B.1.4", "B.1"),
        ("B.2.4", "B.2"),
        ("B.3.7", "B.3"),
        ("B.4.1", "B.4"),
    ]);
    let was = number(&form, code)?;
    let wrong = *rng.pick(&[5, 7, -1]);
    form.put(code, wrong);
    // The record added the score up as it stood, or never used it.
    if rng.chance(50) {
        let by = wrong - was;
        let sum = form.score(domain) + by;
        let total = form.score("total") + by;
        if !(0..=90).contains(&total) {
            return None;
        }
        form.put(&format!("得分 {domain}"), sum);
        follow(&mut form, total);
    }
    form.fault("answer_not_allowed", code)
}

pub fn missing_as_zero(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let (code, domain) = *rng.pick(&[
        ("B.1.4", "B.1"),
        ("B.2.2", "B.2"),
        ("B.3.2", "B.3"),
        ("B.4.5", "B.4"),
    ]);
    let was = number(&form, code)?;
    form.put(code, "-");
    let sum = form.score(domain) - was;
    let total = form.score("total") - was;
    form.put(&format!("得分 {domain}"), sum);
    follow(&mut form, total);
    form.fault("missing_as_zero", code)
}

pub fn missing_made_up(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let (code, domain) = *rng.pick(&[("B.1.4", "B.1"), ("B.2.2", "B.2"), ("B.3.2", "B.3")]);
    if number(&form, code)? == 0 {
        return None;
    }
    form.put(code, "");
    let column = format!("得分 {domain}");
    form.fault("recorded_without_answers", &column)
}

pub fn ground_unanswered(mut form: Form, rng: &mut Rng) -> Option<Form> {
    if form.met() > 0 || form.verdict.preliminary == Some(4) {
        return None;
    }
    let code = *rng.pick(&["A.4.1", "A.2.14.2"]);
    // One unanswered kind of event matters where two of it would be a ground.
    form.put(code, "");
    form.fault("recorded_without_answers", code)
}

pub fn inverted_scores(mut form: Form, _: &mut Rng) -> Option<Form> {
    for (id, most) in [("B.1", 32), ("B.2", 15), ("B.3", 28), ("B.4", 15)] {
        let turned = most - form.score(id);
        form.put(&format!("得分 {id}"), turned);
    }
    let total = 90 - form.score("total");
    if total == 45 {
        return None;
    }
    follow(&mut form, total);
    form.fault("inverted_direction", "得分 total")
}

pub fn inverted_levels(mut form: Form, _: &mut Rng) -> Option<Form> {
    let (preliminary, level) = (form.verdict.preliminary?, form.verdict.level?);
    // Numbered from the other end: 完好 for 完全.
    if level != preliminary || preliminary == 2 {
        return None;
    }
    form.level("初步", Some(4 - preliminary));
    let follows = changed(&form, 4 - preliminary);
    if form.met() > 0 {
        return None;
    }
    form.level("等级", Some(follows));
    form.fault("inverted_direction", "初步")
}

pub fn before_its_time(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("日期", "2021/5/6");
    form.fault("not_in_force", "日期")
}

pub fn no_date(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let date = *rng.pick(&["2024/2/30", "2024-11-03", "24/1/2", "", "昨天"]);
    form.put("日期", date);
    form.fault("unreadable_date", "日期")
}

pub fn no_level_word(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("等级", "三级");
    form.fault("unknown_level", "等级")
}

pub fn no_number(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let text = *rng.pick(&["六十", "60.0", "6O", "+60"]);
    form.put("得分 total", text);
    form.fault("unreadable_number", "得分 total")
}

pub fn short_row(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.row.short = true;
    form.fault("malformed_row", "")
}

pub fn identity_as_id(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("编号", "11010519491231002X");
    form.fault("bad_case_id", "编号")
}

pub fn same_id(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("编号", "d-000000");
    form.fault("duplicate_case", "编号")
}

pub fn no_level(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("等级", "");
    form.fault("level_not_recorded", "等级")
}

fn ltci_sum(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let by = *rng.pick(&[-10, -5, 5, 10]);
    let sum = form.score("C1") + by;
    if !(0..=100).contains(&sum) {
        return None;
    }
    form.put("得分 C1", sum);
    form.fault("arithmetic", "得分 C1")
}

fn ltci_grade(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let grade = form.verdict.grades["C2"] + *rng.pick(&[-1, 1]);
    if !(0..=3).contains(&grade) {
        return None;
    }
    form.put("分级 C2", grade);
    form.fault("band", "分级 C2")
}

fn ltci_cell(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let level = form.verdict.level? + *rng.pick(&[-1, 1]);
    if !(0..=5).contains(&level) {
        return None;
    }
    form.level("等级", Some(level));
    form.fault("combination", "等级")
}

fn ltci_inverted(mut form: Form, _: &mut Rng) -> Option<Form> {
    for (id, most) in [("C1", 100), ("C2", 16), ("C3", 12)] {
        let turned = most - form.score(id);
        if turned == form.score(id) {
            return None;
        }
        form.put(&format!("得分 {id}"), turned);
    }
    form.fault("inverted_direction", "得分 C1")
}

fn ltci_out_of_range(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("C1.3", 10);
    form.fault("answer_not_allowed", "C1.3")
}

fn too_late(mut form: Form, _: &mut Rng) -> Option<Form> {
    form.put("日期", "2023/3/1");
    form.fault("superseded", "日期")
}

fn table_cell(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let most = level_words(form.instrument).len() as i64 - 1;
    let level = form.verdict.level? + *rng.pick(&[-1, 1]);
    if !(0..=most).contains(&level) {
        return None;
    }
    form.level("等级", Some(level));
    form.fault("combination", "等级")
}

fn tekun_band(mut form: Form, rng: &mut Rng) -> Option<Form> {
    let level = form.verdict.level? + *rng.pick(&[-1, 1]);
    if !(0..=2).contains(&level) {
        return None;
    }
    form.level("等级", Some(level));
    form.fault("band", "等级")
}

fn mzt_not_applied(form: Form, rng: &mut Rng) -> Option<Form> {
    not_applied(form, rng)
}

/// Every way of seeding a fault, by instrument.
pub fn seeds(instrument: &str) -> Vec<(&'static str, Seed)> {
    match instrument {
        GBT => vec![
            ("wrong_domain_sum", wrong_domain_sum),
            ("wrong_total", wrong_total),
            ("wrong_band", wrong_band),
            ("not_applied", not_applied),
            ("without_ground", without_ground),
            ("two_levels", two_levels),
            ("to_better", to_better),
            ("out_of_range", out_of_range),
            ("missing_as_zero", missing_as_zero),
            ("missing_made_up", missing_made_up),
            ("ground_unanswered", ground_unanswered),
            ("inverted_scores", inverted_scores),
            ("inverted_levels", inverted_levels),
            ("before_its_time", before_its_time),
            ("no_date", no_date),
            ("no_level_word", no_level_word),
            ("no_number", no_number),
            ("short_row", short_row),
            ("identity_as_id", identity_as_id),
            ("same_id", same_id),
            ("no_level", no_level),
        ],
        LTCI => vec![
            ("ltci_sum", ltci_sum),
            ("ltci_grade", ltci_grade),
            ("ltci_cell", ltci_cell),
            ("ltci_inverted", ltci_inverted),
            ("ltci_out_of_range", ltci_out_of_range),
        ],
        MZT => vec![("too_late", too_late), ("mzt_not_applied", mzt_not_applied)],
        SELF => vec![("table_cell", table_cell)],
        TEKUN => vec![("tekun_band", tekun_band)],
        other => panic!("no seeds of {other}"),
    }
}

/// So many right decisions, and so many of each fault among them; the first is right.
pub fn export(instrument: &'static str, right: usize, each: usize, seed: u64) -> Vec<Seeded> {
    let mut rng = Rng::new(seed);
    let mut rows: Vec<Seeded> = Vec::new();
    for _ in 0..right {
        rows.push(Form::random(instrument, &mut rng, rows.len()).row);
    }
    for (name, make) in seeds(instrument) {
        let (mut made, mut tried) = (0, 0);
        while made < each {
            tried += 1;
            assert!(tried < 100_000, "{name} cannot be seeded");
            let form = Form::random(instrument, &mut rng, rows.len());
            if let Some(form) = make(form, &mut rng) {
                // Mixed among the right ones, never before the first.
                let at = 1 + rng.below(rows.len() as u64) as usize;
                rows.insert(at, form.row);
                made += 1;
            }
        }
    }
    rows
}
