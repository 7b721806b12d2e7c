//! Columns made up for an instrument, the same each time.

/// Columns of one instrument, as its own order has them.
pub(crate) struct Batch {
    pub(crate) scores: Vec<Vec<u8>>,
    pub(crate) grounds: Vec<Vec<u8>>,
}

impl Batch {
    pub(crate) fn of(instrument: &nengli::Instrument, rows: usize) -> Self {
        let mut seed = 42u64;
        let mut below = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % n
        };
        let mut scores = Vec::new();
        for item in instrument.items() {
            let values: Vec<u8> = (0u8..)
                .zip(&item.options)
                .map(|(position, option)| option.score.unwrap_or(position))
                .collect();
            scores.push((0..rows).map(|_| values[below(values.len())]).collect());
        }
        let mut grounds = Vec::new();
        for ground in instrument.grounds() {
            let values = usize::from(ground.max) + 1;
            let mut one = || if below(4) == 0 { below(values) } else { 0 };
            grounds.push((0..rows).map(|_| u8::try_from(one()).unwrap()).collect());
        }
        Self { scores, grounds }
    }
}
