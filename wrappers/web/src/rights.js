// Rights of the place, by status, and what to ask first.

import { citations } from './answers.js';
import { make, MARKS, UNCHECKED } from './dom.js';
import { state } from './state.js';
import { list, pair, say, statements } from './words.js';

const STATUS = { entitled: '✓', undetermined: '?', discretionary: '○', excluded: '–', not_entitled: '✗' };

function given(benefit) {
  return make('li', {}, benefit.terms.length ? pair(benefit.name, statements(benefit.terms)) : benefit.name);
}

function drawRight(right, status) {
  const reasons = right.reasons.map((reason) =>
    make('li', {}, make('span.mark', { 'aria-hidden': 'true' }, MARKS[reason.mark] ?? '·'), reason.under ? `${reason.under} › ${reason.text}` : reason.text));
  const notes = [right.excluded, ...right.alternatives, ...right.notes].filter(Boolean);
  return make('li.right', {},
    make('p.right-name', {},
      make('span.mark', { 'aria-hidden': 'true' }, STATUS[status]),
      make('span', {}, right.name, right.confidence ? make('span.quiet', {}, UNCHECKED) : null),
      right.access && status === 'entitled' ? make('span.tag', {}, right.access) : null),
    right.benefits.length ? make('ul.benefits', {}, right.benefits.map(given)) : null,
    right.missing.length ? make('p.missing', {}, pair(say('ask'), list(right.missing))) : null,
    make('details', { 'data-open': `right-${right.programme}` },
      make('summary', {}, say('grounds')),
      reasons.length ? make('ul.reasons', {}, reasons) : null,
      notes.map((line) => make('p.quiet', {}, line.text)),
      right.confidence ? make('p.quiet', {}, right.confidence) : null,
      make('p.quiet', {}, pair(say('source'), `${right.place} · ${right.source}`)),
      make('p.quiet', {}, pair(say('clause'), statements(citations(state.rulebook.documents, right.citations))))));
}

export function drawRights() {
  const groups = state.report?.rights ?? [];
  if (!state.case.jurisdiction) return [make('h3', {}, say('rights')), make('p.hint', {}, say('rightsNone'))];
  return [
    make('h3', {}, say('rights')),
    groups.map((group) =>
      make(`details.rights.${group.status}`, { 'data-open': `group-${group.status}`, 'data-status': group.status },
        make('summary', {},
          make('span.mark', { 'aria-hidden': 'true' }, STATUS[group.status]),
          make('span', {}, group.heading),
          make('span.count', {}, String(group.rights.length))),
        make('ul', {}, group.rights.map((right) => drawRight(right, group.status))))),
    groups.some((group) => group.rights.some((right) => right.confidence)) ? make('p.hint', {}, say('gradeC')) : null,
  ];
}

/** What to ask, that which settles most rights first; a tap goes there. */
export function drawQuestions(goToAsked) {
  const questions = state.report?.questions ?? [];
  if (!questions.length) return null;
  const asks = state.determination.questions;
  const drawn = questions.slice(0, 5).map((question, i) =>
    make('li', {},
      make('button.ask', { type: 'button', on: { click: () => goToAsked(asks[i].ask) } },
        make('span', {}, question.name), make('span.quiet', {}, question.worth))));
  return [make('h3', {}, say('askFirst')), make('ol.questions', {}, drawn)];
}
