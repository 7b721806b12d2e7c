//! The empty sheet.

use nengli::Lang;
use nengli_exchange::csv;

use crate::made::rulebook;

fn columns(instrument: &str, lang: Lang, facts: &[&str]) -> Vec<[String; 3]> {
    let mut options = csv::Options::default();
    options.lang = lang;
    options.facts = facts.iter().map(|id| (*id).to_owned()).collect();
    let text = csv::template(instrument, rulebook(), &options).unwrap();
    let text = text.strip_prefix('\u{FEFF}').expect("a byte order mark");
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    (0..rows[0].len())
        .map(|i| {
            [
                rows[0][i].to_owned(),
                rows[1][i].to_owned(),
                rows[2][i].to_owned(),
            ]
        })
        .collect()
}

fn column(columns: &[[String; 3]], code: &str) -> [String; 3] {
    columns
        .iter()
        .find(|column| column[0] == code)
        .unwrap()
        .clone()
}

/// Every code of the form once, each with a name and what is allowed.
#[test]
fn every_instrument_has_a_sheet_that_can_be_filled_in_without_a_manual() {
    for instrument in rulebook().instruments() {
        for lang in [Lang::Zh, Lang::En] {
            let columns = columns(instrument.id(), lang, &[]);
            let codes: Vec<&str> = columns
                .iter()
                .map(|column| column[0].trim_start_matches('\''))
                .collect();
            assert_eq!(codes[0], "case_id");
            let definition = instrument.definition();
            let items = definition.domains.iter().flat_map(|domain| &domain.items);
            let asked = items.map(|item| &item.code);
            for code in asked.chain(definition.fields.iter().map(|field| &field.code)) {
                assert_eq!(
                    codes.iter().filter(|known| *known == code).count(),
                    1,
                    "{code}"
                );
            }
            for column in &columns {
                assert!(column.iter().all(|text| !text.is_empty()), "{column:?}");
            }
        }
    }
}

#[test]
fn what_is_allowed_is_said_in_the_language_asked() {
    let zh = columns(
        "gbt-42195-2022",
        Lang::Zh,
        &["birth_date", "disability_certificate_grade"],
    );
    assert_eq!(zh[0][1], "#names gbt-42195-2022: 个案代号");
    assert!(zh[0][2].starts_with("#allowed 必填"));
    assert_eq!(column(&zh, "A.5.11")[2], "是 | 否");
    assert_eq!(
        column(&zh, "A.2.14.1")[2],
        "0 = 无 | 1 = 1次 | 2 = 2次 | 3 = 3次及以上"
    );
    // Two options share a score: the key tells them apart.
    assert!(column(&zh, "B.3.9")[2].contains("0 或 coma = "));
    assert!(
        column(&zh, "A.4.1")[2].starts_with("none = 无；或一项、多项，用 ; 分隔：ICD-10 编码 | ")
    );
    assert_eq!(column(&zh, "facts.birth_date")[2], "YYYY-MM-DD");
    assert_eq!(
        column(&zh, "facts.disability_certificate_grade")[2],
        "1 至 4 | none = 无残疾人证"
    );
    let en = columns("tekun-self-care", Lang::En, &[]);
    assert_eq!(
        column(&en, "1")[2],
        "yes = done alone | no = not done alone"
    );
    assert_eq!(column(&en, "as_of")[2], "required: YYYY-MM-DD");
}

#[test]
fn a_fact_that_is_derived_or_unknown_has_no_column() {
    for id in ["age", "no_such_fact"] {
        let mut options = csv::Options::default();
        options.facts = vec![id.to_owned()];
        let refused = csv::template("tekun-self-care", rulebook(), &options).unwrap_err();
        assert_eq!(refused.refused[0].kind.as_str(), "unknown_fact");
    }
}
