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
