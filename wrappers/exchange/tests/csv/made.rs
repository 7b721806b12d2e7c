//! Material that the tests share.

use std::sync::OnceLock;

use nengli::Rulebook;
use nengli_exchange::{Fault, csv};

pub(crate) fn rulebook() -> &'static Rulebook {
    static RULEBOOK: OnceLock<Rulebook> = OnceLock::new();
    RULEBOOK.get_or_init(|| Rulebook::builtin().unwrap())
}

/// A small form: six questions of yes and no.
pub(crate) const SMALL: &str = "tekun-self-care";

pub(crate) const HEAD: &str = "case_id,as_of,date,1,2,3,4,5,6";

/// The faults of a sheet, as `address kind`; of a place without a cell, its English name.
pub(crate) fn faults(sheet: impl AsRef<[u8]>, instrument: &str) -> Vec<(String, &'static str)> {
    let listed = refused(sheet, instrument);
    let place = |fault: &Fault| match &fault.cell {
        Some(cell) => cell.address.clone(),
        None => fault.place().to_owned(),
    };
    listed
        .iter()
        .map(|fault| (place(fault), fault.kind.as_str()))
        .collect()
}

pub(crate) fn refused(sheet: impl AsRef<[u8]>, instrument: &str) -> Vec<Fault> {
    let instrument = (!instrument.is_empty()).then_some(instrument);
    match csv::read(sheet.as_ref(), instrument, rulebook()) {
        Ok(cases) => panic!("read as {} cases", cases.len()),
        Err(refused) => refused.refused,
    }
}

/// The one row of a sheet of the small form, after its head.
pub(crate) fn small(row: &str) -> String {
    format!("{HEAD}\n{row}\n")
}
