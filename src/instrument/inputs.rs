//! The answers of one form, narrowed to what they leave possible.

use super::{Instrument, MAX_SLOTS};

/// For each slot, the mask of the answers still possible.
#[derive(Debug, Clone)]
pub(crate) struct Inputs {
    pub(crate) masks: [u16; MAX_SLOTS],
    /// Slots that were answered, by their own code.
    pub(crate) answered: u64,
    /// Flags answered only by the option of an item, with the slot of that item.
    pub(crate) by_option: Vec<(usize, usize)>,
}

impl Inputs {
    /// Nothing answered.
    pub(crate) fn none(instrument: &Instrument) -> Self {
        let mut masks = [0; MAX_SLOTS];
        for (mask, slot) in masks.iter_mut().zip(&instrument.program.slots) {
            *mask = slot.all;
        }
        Self {
            masks,
            answered: 0,
            by_option: Vec::new(),
        }
    }

    /// Narrows `slot` to `mask`.
    pub(crate) fn answer(&mut self, slot: usize, mask: u16) {
        if let Some(place) = self.masks.get_mut(slot) {
            *place = mask;
            self.answered |= 1 << slot;
        }
    }

    pub(crate) fn is_answered(&self, slot: usize) -> bool {
        self.answered >> slot & 1 == 1
    }

    pub(crate) fn mask(&self, slot: usize) -> u16 {
        self.masks.get(slot).copied().unwrap_or_default()
    }

    /// Lets options of items answer the flags that were not answered themselves.
    pub(crate) fn stand_in(&mut self, instrument: &Instrument) {
        for stand_in in &instrument.program.stand_ins {
            if !self.is_answered(stand_in.flag) && self.mask(stand_in.item) == stand_in.option {
                if let Some(place) = self.masks.get_mut(stand_in.flag) {
                    *place = stand_in.answer;
                }
                self.by_option.push((stand_in.flag, stand_in.item));
            }
        }
    }

    /// Whether every item was answered.
    pub(crate) fn is_complete(&self, items: usize) -> bool {
        let all = u64::MAX.checked_shr(64u32.saturating_sub(u32::try_from(items).unwrap_or(64)));
        all.is_some_and(|all| self.answered & all == all)
    }
}
