// The case that is being filled, and what the engine says of it.

import { ask } from './engine.js';
import { language } from './words.js';

export const state = {
  rulebook: null,
  /** The case, exactly as it is saved. */
  case: null,
  /** Which of its assessments is shown. */
  form: 0,
  /** Which part of the form is shown. */
  section: 'about',
  determination: null,
  report: null,
  /** Why the engine refuses the case; null while it does not. */
  refused: null,
  saved: true,
  /** How long the last decision took, in milliseconds. */
  took: 0,
};

const listeners = [];

/** Calls `act` after every decision. */
export function whenDecided(act) {
  listeners.push(act);
}

function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function pseudonym() {
  const letters = crypto.getRandomValues(new Uint8Array(5));
  return `case-${[...letters].map((letter) => (letter % 36).toString(36)).join('')}`;
}

export function instrumentOf(id) {
  return state.rulebook.instruments.find((one) => one.id === id);
}

/** The instrument that a new form has: the fullest of those in force. */
function usual() {
  const inForce = state.rulebook.instruments.filter((one) => !one.in_force.to);
  const size = (one) => (one.fields ?? []).length;
  return inForce.reduce((best, one) => (size(one) > size(best) ? one : best));
}

export function newForm(id) {
  return { instrument: id, date: today(), answers: {} };
}

export function newCase() {
  state.case = { schema: 1, case_id: pseudonym(), as_of: today(), assessments: [newForm(usual().id)], facts: {}, costs: [] };
  state.form = 0;
  state.section = 'about';
  state.saved = true;
}

/** Takes a case from a file. Whether it is one, the engine says. */
export function takeCase(given) {
  state.case = { ...given, assessments: given.assessments ?? [], facts: given.facts ?? {}, costs: given.costs ?? [] };
  if (!state.case.assessments.length) state.case.assessments = [newForm(usual().id)];
  state.form = 0;
  state.section = 'about';
  state.saved = true;
}

export function currentForm() {
  return state.case.assessments[state.form];
}

export function currentInstrument() {
  return instrumentOf(currentForm().instrument);
}

/** The case as it goes out: what is empty and optional is left out. */
export function caseOut() {
  const out = structuredClone(state.case);
  for (const key of ['facts', 'interpretations']) {
    if (out[key] && !Object.keys(out[key]).length) delete out[key];
  }
  if (out.costs && !out.costs.length) delete out.costs;
  for (const form of out.assessments) {
    form.assessors = form.assessors?.filter((one) => one?.id);
    if (!form.assessors?.length) delete form.assessors;
  }
  return out;
}

/** Sets `key` of `object`, or takes it out: what is not known is absent. */
export function put(object, key, value) {
  if (value === undefined) delete object[key];
  else object[key] = value;
  state.saved = false;
  decide();
}

export function decide() {
  const before = performance.now();
  const answer = ask('report', JSON.stringify({ case: caseOut(), lang: language() }));
  state.took = performance.now() - before;
  state.refused = answer.rejected ?? (answer.error ? [{ at: '', message: answer.error.message }] : null);
  state.determination = answer.determination ?? null;
  state.report = answer.report ?? null;
  for (const act of listeners) act();
}

/** The result of the form that is shown, with its words. */
export function currentResult() {
  if (!state.determination) return null;
  return { ...state.determination.assessments[state.form], words: state.report.assessments[state.form] };
}

/** Findings about answers of a form, by the code of the item; others under ''. */
export function findingsOf(form) {
  const found = new Map();
  if (!state.determination) return found;
  const prefix = `/assessments/${form}/`;
  const findings = state.determination.findings.filter((one) => one.at.startsWith(prefix));
  if (!findings.length) return found;
  // The report gives their words in the same order, in its last section.
  const lines = state.report.assessments[form].sections.at(-1).lines;
  findings.forEach((finding, i) => {
    const [, code] = /\/answers\/([^/]+)$/.exec(finding.at) ?? [null, ''];
    if (lines[i]) found.set(code, [...(found.get(code) ?? []), lines[i]]);
  });
  return found;
}
