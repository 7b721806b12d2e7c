//! Sets of small numbers: what a step may still come to.

/// A set of values 0 to 127.
///
/// One value: the step is known. Several: something it rests on was not
/// answered. The sets are exact, not bounds: a sum of items that score 0, 5 or
/// 10 never contains 3.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Values(u128);

impl Values {
    pub(crate) const MAX: u8 = 127;
    pub(crate) const EMPTY: Self = Self(0);

    /// The set of `value` alone; empty beyond [`Self::MAX`].
    pub(crate) fn one(value: u8) -> Self {
        Self(1u128.checked_shl(u32::from(value)).unwrap_or(0))
    }

    /// The positions of the bits of a mask.
    pub(crate) fn of_bits(mask: u16) -> Self {
        Self(u128::from(mask))
    }

    pub(crate) fn insert(&mut self, value: u8) {
        self.0 |= Self::one(value).0;
    }

    pub(crate) fn contains(self, value: u8) -> bool {
        self.0 & Self::one(value).0 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The value, if there is only one.
    pub(crate) fn single(self) -> Option<u8> {
        (self.0.count_ones() == 1).then(|| self.lowest())
    }

    pub(crate) fn min(self) -> Option<u8> {
        (self.0 != 0).then(|| self.lowest())
    }

    pub(crate) fn max(self) -> Option<u8> {
        u8::try_from(127u32.checked_sub(self.0.leading_zeros())?).ok()
    }

    fn lowest(self) -> u8 {
        u8::try_from(self.0.trailing_zeros()).unwrap_or(u8::MAX)
    }

    /// Every sum of a value of each. What goes beyond [`Self::MAX`] is lost, which
    /// loading rules out.
    pub(crate) fn plus(self, other: Self) -> Self {
        let (few, many) = if self.len() <= other.len() {
            (self, other)
        } else {
            (other, self)
        };
        Self(few.iter().fold(0, |sum, value| {
            sum | many.0.checked_shl(u32::from(value)).unwrap_or(0)
        }))
    }

    /// The values, ascending.
    pub(crate) fn iter(self) -> impl Iterator<Item = u8> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let value = rest.min()?;
            rest.0 &= rest.0.wrapping_sub(1);
            Some(value)
        })
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub(crate) fn is_disjoint_from(self, other: Self) -> bool {
        self.0 & other.0 == 0
    }
}

impl FromIterator<u8> for Values {
    fn from_iter<I: IntoIterator<Item = u8>>(values: I) -> Self {
        let mut out = Self::EMPTY;
        for value in values {
            out.insert(value);
        }
        out
    }
}

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let fives: Values = [0, 5, 10].into_iter().collect();
        let sum = fives.plus(fives);
        assert_eq!(sum.iter().collect::<Vec<_>>(), [0, 5, 10, 15, 20]);
        assert_eq!(
            (sum.min(), sum.max(), sum.single()),
            (Some(0), Some(20), None)
        );
        assert_eq!(Values::one(127).single(), Some(127));
        assert_eq!(Values::EMPTY.max(), None);
        assert!(Values::one(128).is_empty());
    }
}
