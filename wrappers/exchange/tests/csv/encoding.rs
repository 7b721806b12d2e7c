//! Bytes, lines and separators as programs write them.

use nengli_exchange::csv;

use crate::made::{HEAD, SMALL, faults, refused, rulebook};

const ROW: &str = "a,2026-06-30,2026-06-20,yes,no,是,否,TRUE,false";

#[test]
fn a_byte_order_mark_and_every_end_of_line() {
    for end in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{FEFF}"] {
            let sheet = format!("{mark}{}", [HEAD, "", ROW, ",,,,,,,,", "  "].join(end));
            // The last line is of one cell and not empty: a row too short.
            let found = faults(&sheet, SMALL);
            assert_eq!(found, [("row 5".to_owned(), "uneven_row")], "{sheet:?}");
            let sheet = sheet.trim_end_matches(' ');
            let cases = csv::read(sheet.as_bytes(), Some(SMALL), rulebook()).unwrap();
            let answers = &cases[0].assessments[0].answers;
            let flags = [true, false, true, false, true, false];
            for (code, flag) in ["1", "2", "3", "4", "5", "6"].iter().zip(flags) {
                assert_eq!(answers[*code], flag.into());
            }
        }
    }
}

#[test]
fn columns_stand_in_any_order_and_notes_wherever_they_were_sorted() {
    let sheet = "6,date,5,case_id,4,as_of,3,2,1\n\
                 ,2026/6/20,,b,no,2026/6/30,,,\n\
                 x,y,z,#allowed,,,,,\n\
                 yes,2026-06-20,,a,,2026-06-30,,,no\n\
                 x,y,z,#names tekun-self-care: id,,,,,\n";
    let cases = csv::read(sheet.as_bytes(), None, rulebook()).unwrap();
    let ids: Vec<&str> = cases.iter().map(|case| case.case_id.as_str()).collect();
    assert_eq!(ids, ["b", "a"]);
    let answers = &cases[1].assessments[0].answers;
    assert_eq!(answers.len(), 2, "what is empty is not asked");
    assert_eq!(answers["1"], false.into());
}

#[test]
fn another_encoding_is_refused_with_the_way_out() {
    // 个案 in GBK, after a sound head.
    let mut sheet = format!("{HEAD}\n").into_bytes();
    sheet.extend(b"\xB8\xF6\xB0\xB8,2026-06-30,2026-06-20,,,,,,\n");
    let found = refused(&sheet, SMALL);
    assert_eq!(found[0].kind.as_str(), "not_utf8");
    assert!(found[0].message.contains("line 2") && found[0].message.contains("CSV UTF-8"));
    assert!(found[0].message_in(nengli::Lang::Zh).contains("另存为"));
    // UTF-16, as spreadsheets write "Unicode text".
    let utf16: Vec<u8> = [0xFEFFu16]
        .into_iter()
        .chain(HEAD.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(refused(&utf16, SMALL)[0].kind.as_str(), "not_utf8");
}

#[test]
fn a_workbook_and_other_separators() {
    let message = &refused(b"PK\x03\x04\x14\x00", SMALL)[0].message;
    assert!(message.contains("workbook"), "{message}");
    for mark in [";", "\t"] {
        let sheet = format!("{HEAD}\n{ROW}\n").replace(',', mark);
        let message = &refused(sheet, SMALL)[0].message;
        assert!(message.contains("semicolons or tabs"), "{message}");
    }
}

#[test]
fn a_quotation_mark_that_never_closes_takes_nothing_with_it() {
    let sheet = format!("{HEAD}\n\"{ROW}\nb{}\n", &ROW[1..]);
    assert_eq!(
        faults(sheet, SMALL),
        [("the whole sheet".to_owned(), "not_csv")]
    );
}

#[test]
fn a_table_without_codes_is_told_what_is_expected() {
    let found = refused(format!("{ROW}\n"), SMALL);
    assert_eq!((found.len(), found[0].kind.as_str()), (1, "missing_column"));
}
