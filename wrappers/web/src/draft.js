// A draft in the browser's storage, only where the user asks for one.

import { caseOut, state, takeCase } from './state.js';

const KEY = 'nengli-draft';

function storage() {
  try {
    return window.localStorage;
  } catch {
    // Some browsers give a file no storage.
    return null;
  }
}

export function draftIsKept() {
  return storage()?.getItem(KEY) != null;
}

export function keepDraft(kept) {
  if (kept) storage()?.setItem(KEY, JSON.stringify(caseOut()));
  else storage()?.removeItem(KEY);
}

export function updateDraft() {
  if (draftIsKept() && !state.refused) keepDraft(true);
}

/** Takes the kept draft, if there is one that can still be read. */
export function restoreDraft() {
  const text = storage()?.getItem(KEY);
  if (!text) return false;
  try {
    takeCase(JSON.parse(text));
    return true;
  } catch {
    return false;
  }
}
