//! Names and labels in the two languages of the product.

use serde::{Deserialize, Serialize};

/// A language of names, labels and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese (simplified), the language of the forms.
    #[default]
    Zh,
    /// English.
    En,
}

/// A name or label in both languages.
///
/// ```
/// use nengli::{Lang, Words};
///
/// let eating = Words { en: "eating".into(), zh: "进食".into() };
/// assert_eq!(eating.within(Lang::Zh), "进食");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Words {
    /// The wording in `lang`.
    #[must_use]
    pub fn within(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
