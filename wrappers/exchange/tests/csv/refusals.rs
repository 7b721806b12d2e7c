//! What is refused, where it is said to be, and that it is never repeated.

use nengli::Lang;
use nengli_exchange::csv;
use proptest::prelude::*;

use crate::made::{HEAD, SMALL, faults, refused, rulebook, small};

fn one(place: &str, kind: &'static str) -> Vec<(String, &'static str)> {
    vec![(place.to_owned(), kind)]
}

/// A cell of item 1, and what its refusal says in English and Chinese.
fn hinted(cell: &str) -> (String, String) {
    let found = refused(
        small(&format!("a,2026-06-30,2026-06-20,{cell},,,,,")),
        SMALL,
    );
    assert_eq!(found.len(), 1, "{cell}: {found:?}");
    let address = found[0].cell.as_ref().map(|cell| cell.address.as_str());
    assert_eq!(address, Some("D2"), "{cell}");
    (
        found[0].message.clone(),
        found[0].message_in(Lang::Zh).to_owned(),
    )
}

#[test]
fn columns_that_are_unknown_twice_there_or_absent() {
    let sheet = "case_id,as_of,date,1,2,3,4,5,1,7,name\na,2026-06-30,2026-06-20,yes,,,,,yes,,\n";
    let wanted = [
        ("I1", "duplicate_column"),
        ("J1", "unknown_column"),
        ("K1", "unknown_column"),
        ("row 1", "missing_column"),
    ];
    let wanted = wanted.map(|(place, kind)| (place.to_owned(), kind));
    assert_eq!(faults(sheet, SMALL), wanted);
    let listed = refused(sheet, SMALL);
    assert!(
        listed[0].message.contains("column D is 1"),
        "{}",
        listed[0].message
    );
    assert_eq!(listed[0].place(), "I1 (row 1, column 9: 1)");
    assert_eq!(listed[0].place_in(Lang::Zh), "I1（第 1 行第 9 列：1）");
    assert!(
        listed[3].message.contains("a column 6"),
        "{}",
        listed[3].message
    );
    // A head is never repeated: it may be a row of people.
    assert!(!format!("{listed:?}").contains("name"));
}

#[test]
fn a_code_that_is_nearly_right_is_named() {
    for head in ["Case_ID", "case_id ", "CASE_ID"] {
        let sheet = format!("{head},{}\na,2026-06-30,2026-06-20,,,,,,\n", &HEAD[8..]);
        let message = &refused(sheet, SMALL)[0].message;
        assert!(message.contains("is it case_id?"), "{message}");
    }
}

#[test]
fn a_column_without_a_head_is_refused_where_it_has_values_alone() {
    let with = |value: &str| format!("{HEAD},\na,2026-06-30,2026-06-20,yes,,,,,,{value}\n");
    assert_eq!(faults(with("5"), SMALL), one("J1", "unknown_column"));
    assert!(csv::read(with("").as_bytes(), Some(SMALL), rulebook()).is_ok());
}

#[test]
fn rows_of_another_length() {
    let sheet = format!("{HEAD}\na,2026-06-30,2026-06-20,yes\nb,2026-06-30,2026-06-20,,,,,,,yes\n");
    assert_eq!(
        faults(sheet, SMALL),
        [
            ("row 2".to_owned(), "uneven_row"),
            ("row 3".to_owned(), "uneven_row")
        ]
    );
}

#[test]
fn an_id_twice() {
    let row = "a,2026-06-30,2026-06-20,,,,,,";
    assert_eq!(
        faults(format!("{HEAD}\n{row}\n\n{row}\n"), SMALL),
        one("A4", "duplicate_case")
    );
}

#[test]
fn what_every_row_must_have() {
    let sheet = small(",,,yes,,,,,");
    let wanted = ["A2", "B2", "C2"].map(|cell| (cell.to_owned(), "missing_key"));
    assert_eq!(faults(sheet, SMALL), wanted);
}

#[test]
fn all_problems_of_all_rows_at_once() {
    let sheet =
        format!("{HEAD}\n张三,30.6.2026,2026-06-20,maybe,,,,,\nb,2026-06-30,2026-07-01,,,,,,5\n");
    let wanted = [
        ("A2", "bad_id"),
        ("B2", "bad_date"),
        ("D2", "wrong_type"),
        ("C3", "after_as_of"),
        ("I3", "wrong_type"),
    ];
    assert_eq!(
        faults(sheet, SMALL),
        wanted.map(|(cell, kind)| (cell.to_owned(), kind))
    );
}

#[test]
fn a_score_outside_and_a_score_in_words() {
    let sheet = "case_id,as_of,date,C1.1,C1.2,C1.3,C1.4,C1.5,C1.6,C1.7,C1.8,C1.9,C1.10,\
                 C2.1,C2.2,C2.3,C2.4,C3.1,C3.2,C3.3\n\
                 a,2026-06-30,2026-06-20,11,10分,-0,007,10.0,,,,,,,,,,,,\n";
    let found = refused(sheet, "nhsa-37-2021");
    let kinds: Vec<&str> = found.iter().map(|fault| fault.kind.as_str()).collect();
    assert_eq!(kinds[0], "score_not_allowed");
    assert_eq!(kinds[1..], ["unknown_option"; 4]);
    assert!(
        found[0].message.ends_with("found 11"),
        "{}",
        found[0].message
    );
    assert!(
        found[4].message.contains("without decimals"),
        "{}",
        found[4].message
    );
}

#[test]
fn full_width_and_spaces_have_a_hint() {
    for wide in ["１", "ｙｅｓ", "是　", "　"] {
        let (en, zh) = hinted(wide);
        assert!(
            en.contains("half-width") && zh.contains("半角"),
            "{wide}: {en} {zh}"
        );
    }
    for spaced in [" yes", "yes ", "\"yes\u{A0}\"", "\"\tyes\""] {
        let (en, zh) = hinted(spaced);
        assert!(
            en.contains("spaces before or after") && zh.contains("空格"),
            "{spaced}"
        );
    }
    assert!(hinted("  ").0.contains("clear the cell"));
    assert!(hinted("\"yes\n\"").0.contains("line break"));
}

#[test]
fn what_spreadsheets_put_into_cells_has_a_hint() {
    for (cell, words) in [
        ("=D3", "formula"),
        ("#N/A", "error of the spreadsheet"),
        ("####", "error of the spreadsheet"),
        ("1.0", "without decimals"),
        ("1.2E+17", "scientific"),
        ("\"1,2\"", "commas"),
        ("不详", "left empty"),
        ("N/A", "left empty"),
    ] {
        let (en, _) = hinted(cell);
        assert!(en.contains(words), "{cell}: {en}");
    }
}

#[test]
fn days_that_spreadsheets_write() {
    for good in ["2026-06-20", "2026/6/20", "2026/06/20", "2026年6月20日"] {
        let sheet = small(&format!("a,{good},{good},,,,,,"));
        let cases = csv::read(sheet.as_bytes(), Some(SMALL), rulebook()).unwrap();
        assert_eq!(cases[0].as_of.to_string(), "2026-06-20", "{good}");
    }
    for (bad, words) in [
        ("20/6/2026", "year first"),
        ("6/20/2026", "year first"),
        ("46193", "number by which spreadsheets keep a date"),
        ("20260620", "hyphens"),
        ("2026/6/20 0:00", "without the time"),
        ("2026-02-30", "date of the calendar"),
        ("２０２６-06-20", "half-width"),
    ] {
        let found = refused(small(&format!("a,2026-06-30,{bad},,,,,,")), SMALL);
        assert_eq!(
            (found.len(), found[0].kind.as_str()),
            (1, "bad_date"),
            "{bad}"
        );
        assert!(
            found[0].message.contains(words),
            "{bad}: {}",
            found[0].message
        );
    }
}

#[test]
fn half_an_assessor() {
    let head = format!("{HEAD},assessor_1_id,assessor_1_background,assessor_2_id");
    let row = |more: &str| format!("{head}\na,2026-06-30,2026-06-20,,,,,,,{more}\n");
    assert_eq!(
        faults(row("x,,y"), SMALL),
        [
            ("K2".to_owned(), "missing_key"),
            ("L2".to_owned(), "missing_key"),
        ]
    );
    // Told once, of what is wrong, and not again of what that leaves out.
    assert_eq!(faults(row("x,doctor,"), SMALL), one("K2", "unknown_option"));
}

#[test]
fn half_a_cost_and_costs_outside() {
    let head = format!("{HEAD},cost_1_setting,cost_1_fen,cost_1_days,used.ltci");
    let row = |more: &str| format!("{head}\na,2026-06-30,2026-06-20,,,,,,,{more}\n");
    let cases = csv::read(row("home,200000,,5").as_bytes(), Some(SMALL), rulebook()).unwrap();
    assert_eq!(cases[0].costs.as_ref().map(Vec::len), Some(1));
    assert_eq!(cases[0].costs.as_ref().unwrap()[0].month, "2026-06");
    assert_eq!(cases[0].used[0].fen, 5);
    for (more, wanted) in [
        ("home,,,", vec![("K2", "missing_key")]),
        (",200000,,", vec![("J2", "missing_key")]),
        (",,3,", vec![("J2", "missing_key"), ("K2", "missing_key")]),
        ("home,2000.00,,", vec![("K2", "wrong_type")]),
        ("hotel,1,,", vec![("J2", "unknown_option")]),
        (
            "home,-1,31,-1",
            vec![
                ("K2", "out_of_range"),
                ("L2", "out_of_range"),
                ("M2", "out_of_range"),
            ],
        ),
        ("home,1,999,", vec![("L2", "out_of_range")]),
    ] {
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|(cell, kind)| (cell.to_owned(), kind))
            .collect();
        assert_eq!(faults(row(more), SMALL), wanted, "{more}");
    }
}

#[test]
fn a_code_whose_zeros_a_spreadsheet_took() {
    let sheet = format!("{HEAD},jurisdiction\na,2026-06-30,2026-06-20,,,,,,,0\n");
    let found = refused(&sheet, SMALL);
    assert_eq!(
        (found.len(), found[0].kind.as_str()),
        (1, "bad_jurisdiction")
    );
    assert!(
        found[0].message.contains("zeros from the front"),
        "{}",
        found[0].message
    );
}

#[test]
fn a_sheet_of_another_instrument() {
    let other = csv::template("nhsa-37-2021-self", rulebook(), &csv::Options::default()).unwrap();
    assert_eq!(faults(&other, SMALL), one("the whole sheet", "unsupported"));
    assert_eq!(
        faults(HEAD, "no-such"),
        one("the whole sheet", "unknown_instrument")
    );
    assert_eq!(
        faults(HEAD, ""),
        one("the whole sheet", "unknown_instrument")
    );
}

#[test]
fn a_sheet_without_cases() {
    let empty = csv::template(SMALL, rulebook(), &csv::Options::default()).unwrap();
    assert_eq!(faults(empty, ""), one("the whole sheet", "missing_key"));
    assert_eq!(faults("", SMALL), one("the whole sheet", "not_csv"));
    assert_eq!(
        faults("\n,,\n\r\n", SMALL),
        one("the whole sheet", "not_csv")
    );
}

/// A mark that is nearly one is a row, and refused.
#[test]
fn no_row_is_passed_over_by_chance() {
    for id in ["#", "#12", "#namesake", "# names"] {
        let sheet = small(&format!("{id},2026-06-30,2026-06-20,,,,,,"));
        assert_eq!(faults(sheet, SMALL), one("A2", "bad_id"), "{id}");
    }
}

#[test]
fn a_thousand_problems_and_how_many_more() {
    let rows: String = (0..1500)
        .map(|i| format!("c{i},2026-06-30,2026-06-20,x,,,,,\n"))
        .collect();
    let found = refused(format!("{HEAD}\n{rows}"), SMALL);
    assert_eq!(found.len(), 1001);
    assert_eq!(found[1000].kind.as_str(), "too_many");
    assert!(found[1000].message.contains("1500"));
}

/// Text that stands nowhere in what the crate says.
const SECRET: &str = "Zqx7";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever comes in, it is read or refused, and what is refused is not repeated.
    #[test]
    fn no_refusal_repeats_a_cell(
        cells in proptest::collection::vec("[ -~＝'\"\r\n,;张]{0,6}", 0..30),
        at in 0usize..30,
        width in 1usize..12,
    ) {
        let mut cells = cells;
        let at = at.min(cells.len());
        cells.insert(at, format!("{SECRET} {at}"));
        let rows: Vec<String> = cells.chunks(width).map(|row| row.join(",")).collect();
        for sheet in [rows.join("\n"), format!("{HEAD}\n{}", rows.join("\n"))] {
            let found = refused(sheet.as_bytes(), SMALL);
            for fault in &found {
                let said = format!("{fault:?}{}", fault.message_in(Lang::Zh));
                prop_assert!(!said.contains(SECRET), "{}", said);
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = csv::read(&bytes, Some(SMALL), rulebook());
        let mut after_head = format!("{HEAD}\n").into_bytes();
        after_head.extend(bytes);
        let _ = csv::read(&after_head, Some(SMALL), rulebook());
    }
}
