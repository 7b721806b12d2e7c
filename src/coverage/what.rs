//! What can be exercised of a row, and why it cannot.

use serde::{Deserialize, Serialize};

use crate::condition::Truth;
use crate::determination::WhyNot;
use crate::words::Lang;

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $key:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The key, as in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// In a few words.
            #[must_use]
            pub fn words(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$variant, Lang::Zh) => $zh, (Self::$variant, Lang::En) => $en,)*
                }
            }
        }
    };
}

keys! {
    /// What is counted of a place in a rule file.
    What {
        /// The option of an item was answered.
        Answered = "answered", "作答", "answered";
        /// The row, cell or case gave the value.
        Decides = "decides", "决定结果", "decides";
        /// A condition held.
        True = "true", "成立", "true";
        /// A condition did not hold.
        False = "false", "不成立", "false";
        /// A condition was left open.
        Unknown = "unknown", "不明", "unknown";
        /// The rule of a level change changed the level; the relation bore on the person.
        Applied = "applied", "适用", "applied";
        /// A rule of a level change was not applied: another had worsened the level.
        OneLevelOnly = "one_level_only", "未适用：只升一级", "not applied: one level only";
        /// It was not applied: the level was the worst.
        AlreadyWorst = "already_worst", "未适用：已是最重", "not applied: already the worst";
        /// It was not applied: another rule gave the level.
        DecidedByOther = "decided_by_other", "未适用：由另一条决定", "not applied: decided by another";
        /// It was not applied: whether it is met was not answered.
        Unanswered = "unanswered", "未适用：未作答", "not applied: unanswered";
        /// It was not applied: there was no level.
        NoLevel = "no_level", "未适用：无等级", "not applied: no level";
        /// The layer covered a person.
        Covered = "covered", "覆盖", "covered";
        /// The layer did not cover a person.
        NotCovered = "not_covered", "不覆盖", "not covered";
        /// The layer left open whether it covers a person.
        Open = "open", "待定", "open";
        /// The benefit was given.
        Given = "given", "给付", "given";
        /// A part of the frame was not asked.
        Waived = "waived", "免于要求", "waived";
        /// The reading was taken, or would have changed something.
        Read = "read", "采用或有影响", "read";
        /// The finding was raised.
        Raised = "raised", "提示", "raised";
        /// What falls due did.
        Due = "due", "到期事项", "due";
        /// The fact was stated.
        Stated = "stated", "填报", "stated";
        /// The fact followed from another, or from an answer.
        Derived = "derived", "推得", "derived";
        /// The case stated the fact against an answer.
        Contradicted = "contradicted", "与作答矛盾", "contradicted";
        /// An option of an item answered the field.
        StoodIn = "stood_in", "由选项代答", "stood in";
        /// The rule that is not known was asked for.
        Asked = "asked", "被问及", "asked";
        /// A form was dated after the end; the period of a plan was over.
        Ended = "ended", "已过期", "ended";
    }
}

keys! {
    /// Why no case can exercise a row.
    Reason {
        /// Nothing asks it.
        NotAsked = "not_asked", "没有规则用到它", "no rule asks it";
        /// A case can say that what a place sets is met, or nothing.
        OnlyConfirmed = "only_confirmed", "个案只能确认，不能否认", "a case can confirm it, and not deny it";
        /// Absence says no.
        AbsenceIsNo = "absence_is_no", "未填即为否", "what is absent is no";
        /// What it is made of never comes to that.
        Follows = "follows", "由其组成部分可知不会如此", "what it is made of never comes to that";
    }
}

impl What {
    pub(super) fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::True,
            Truth::False => Self::False,
            Truth::Unknown => Self::Unknown,
        }
    }
}

impl From<WhyNot> for What {
    fn from(why: WhyNot) -> Self {
        match why {
            WhyNot::OneLevelOnly => Self::OneLevelOnly,
            WhyNot::AlreadyWorst => Self::AlreadyWorst,
            WhyNot::DecidedByOther => Self::DecidedByOther,
            WhyNot::Unanswered => Self::Unanswered,
            WhyNot::NoLevel => Self::NoLevel,
        }
    }
}
