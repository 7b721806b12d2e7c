//! GB/T 42195-2022 by hand: what a careful programmer would write for it alone.

#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) self_care: [u8; 8],
    pub(crate) mobility: [u8; 4],
    pub(crate) mental: [u8; 9],
    pub(crate) social: [u8; 5],
    pub(crate) coma: u8,
    pub(crate) diagnosis: u8,
    pub(crate) events: [u8; 5],
}

const SELF_CARE: [u8; 8] = [4; 8];
const MOBILITY: [u8; 4] = [4, 4, 4, 3];
const MENTAL: [u8; 9] = [4, 4, 4, 4, 4, 4, 1, 1, 2];
const SOCIAL: [u8; 5] = [2, 2, 4, 3, 4];

fn within(scores: &[u8], max: &[u8]) -> bool {
    scores
        .iter()
        .zip(max)
        .fold(true, |ok, (score, max)| ok & (score <= max))
}

fn sum(scores: &[u8]) -> u8 {
    scores.iter().sum()
}

#[inline(never)]
pub(crate) fn level(form: &Form) -> Option<u8> {
    let ok = within(&form.self_care, &SELF_CARE)
        & within(&form.mobility, &MOBILITY)
        & within(&form.mental, &MENTAL)
        & within(&form.social, &SOCIAL)
        & (form.coma <= 1)
        & (form.diagnosis <= 1)
        & within(&form.events, &[3; 5]);
    if !ok {
        return None;
    }
    if form.coma == 1 {
        return Some(4);
    }
    let total = sum(&form.self_care) + sum(&form.mobility) + sum(&form.mental) + sum(&form.social);
    let preliminary = match total {
        90.. => 0,
        66..=89 => 1,
        46..=65 => 2,
        30..=45 => 3,
        _ => 4,
    };
    let worse = form.diagnosis == 1 || sum(&form.events) >= 2;
    Some((preliminary + u8::from(worse)).min(4))
}
