// The parts of the form, and how far each is.

import { progress } from './answers.js';
import { make, refill } from './dom.js';
import { currentForm, currentInstrument, state } from './state.js';
import { name, say } from './words.js';

/** The parts, in order: `{id, title, code, done, all}`. */
export function sections() {
  const { answers } = currentForm();
  const instrument = currentInstrument();
  const domains = instrument.domains.map((domain) => ({
    id: `domain-${domain.code}`,
    code: domain.code,
    title: name(domain.names),
    ...progress(domain.items, answers),
  }));
  const fields = (instrument.fields ?? []).length
    ? [{ id: 'fields', title: say('fields'), ...progress(instrument.fields, answers) }]
    : [];
  return [
    { id: 'about', title: say('about') },
    ...domains,
    ...fields,
    { id: 'facts', title: say('facts'), done: Object.keys(state.case.facts).length },
    { id: 'costs', title: say('costs'), done: state.case.costs.length },
  ];
}

function progressText(part) {
  if (part.all !== undefined) return `${part.done}／${part.all}`;
  return part.done ? String(part.done) : '';
}

function spoken(part) {
  if (part.all !== undefined) return say('answered', part);
  return part.done ? say('given', part) : '';
}

function tab(part, go) {
  const full = part.all !== undefined && part.done === part.all;
  const meter = make('span.meter', { 'aria-hidden': 'true' }, make('span'));
  meter.firstChild.style.setProperty('inline-size', part.all ? `${(100 * part.done) / part.all}%` : '0%');
  return make(
    `button.part${full ? '.full' : ''}`,
    {
      type: 'button',
      'data-section': part.id,
      'aria-current': state.section === part.id ? 'step' : null,
      on: { click: () => go(part.id) },
    },
    make('span.part-name', {}, part.title),
    make('span.part-state', { 'aria-hidden': 'true' },
      part.all === undefined ? null : meter,
      make('span', {}, full ? `✓ ${progressText(part)}` : progressText(part))),
    make('span.unseen', {}, spoken(part) ? `，${spoken(part)}` : ''),
  );
}

/** Draws the list of parts; focus stays where it was. */
export function drawSections(nav, go) {
  const focused = document.activeElement?.dataset?.section;
  refill(nav, sections().map((part) => tab(part, go)));
  if (focused) nav.querySelector(`[data-section="${CSS.escape(focused)}"]`)?.focus();
  const current = nav.querySelector('[aria-current]');
  if (current && nav.scrollWidth > nav.clientWidth) {
    nav.scrollTo({ left: current.offsetLeft - nav.clientWidth / 2 + current.clientWidth / 2 });
  }
}
