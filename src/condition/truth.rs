use std::ops::Not;

/// True, false or unknown, with the connectives of strong Kleene logic.
///
/// The order is false < unknown < true, so that *and* is the smaller and *or*
/// the greater of two.
///
/// ```
/// use nengli::condition::Truth::{self, False, True, Unknown};
///
/// assert_eq!(Unknown.and(False), False);
/// assert_eq!(Unknown.or(True), True);
/// assert_eq!(!Unknown, Unknown);
/// assert_eq!(Option::<bool>::from(Unknown), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold, whatever else may be answered.
    False,
    /// What was answered leaves it open.
    Unknown,
    /// It holds, whatever else may be answered.
    True,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All parts hold. None is asked after one that does not.
    #[inline]
    pub(crate) fn all<P>(parts: &[P], truth: impl Fn(&P) -> Self) -> Self {
        let mut all = Self::True;
        for part in parts {
            all = all.and(truth(part));
            if all == Self::False {
                break;
            }
        }
        all
    }

    /// At least one part holds. None is asked after it.
    #[inline]
    pub(crate) fn any<P>(parts: &[P], truth: impl Fn(&P) -> Self) -> Self {
        let mut any = Self::False;
        for part in parts {
            any = any.or(truth(part));
            if any == Self::True {
                break;
            }
        }
        any
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Truth> for Option<bool> {
    fn from(value: Truth) -> Self {
        match value {
            Truth::False => Some(false),
            Truth::Unknown => None,
            Truth::True => Some(true),
        }
    }
}

/// Some of the three truths: those that something came to, or can come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Truths(u8);

impl Truths {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ALL: Self = Self(0b111);

    fn bit(truth: Truth) -> u8 {
        match truth {
            Truth::False => 1,
            Truth::Unknown => 2,
            Truth::True => 4,
        }
    }

    pub(crate) fn has(self, truth: Truth) -> bool {
        self.0 & Self::bit(truth) != 0
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, truth: Truth) -> Self {
        Self(self.0 & !Self::bit(truth))
    }

    /// What a connective can make of one of these and one of those.
    pub(crate) fn with(self, other: Self, connective: fn(Truth, Truth) -> Truth) -> Self {
        let all = [Truth::False, Truth::Unknown, Truth::True];
        all.into_iter()
            .filter(|one| self.has(*one))
            .flat_map(|one| all.map(|two| (one, two)))
            .filter(|(_, two)| other.has(*two))
            .fold(Self::NONE, |out, (one, two)| {
                out.or(connective(one, two).into())
            })
    }
}

impl From<Truth> for Truths {
    fn from(truth: Truth) -> Self {
        Self(Self::bit(truth))
    }
}

impl Not for Truths {
    type Output = Self;

    fn not(self) -> Self {
        let swapped = [Truth::False, Truth::Unknown, Truth::True].into_iter();
        swapped
            .filter(|truth| self.has(*truth))
            .fold(Self::NONE, |out, truth| out.or((!truth).into()))
    }
}
