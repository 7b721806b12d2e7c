// The first part: which case, where, which forms, and who was there.

import { labelled, make, select } from './dom.js';
import { currentForm, currentInstrument, decide, newForm, put, state } from './state.js';
import { draftIsKept, keepDraft } from './draft.js';
import { name, say } from './words.js';

const BACKGROUNDS = ['medical', 'nursing', 'health_management', 'elder_care', 'social_work', 'ltci_expert', 'other'];
const RELATIONS = ['self', 'spouse', 'child', 'other_relative', 'hired_carer', 'committee_staff', 'other'];

function text(id, value, act, attributes = {}) {
  const change = (event) => act(event.target.value.trim() || undefined);
  return make('input', { id, type: 'text', autocomplete: 'off', value: value ?? '', on: { change }, ...attributes });
}

function day(id, value, act) {
  return text(id, value, act, { type: 'date' });
}

function places() {
  const { jurisdictions, places: ruled } = state.rulebook;
  const title = (code) => {
    const known = jurisdictions.find((one) => one.code === code);
    return known ? name(known.names) : code;
  };
  const option = (code) => make('option', { value: code }, title(code));
  const others = jurisdictions.map((one) => one.code).filter((code) => !ruled.includes(code));
  return { listed: [...ruled, ...others], groups: [
    make('option', { value: '' }, say('placeNone')),
    make('optgroup', { label: say('placeRules') }, ruled.map(option)),
    make('optgroup', { label: say('placeOther') }, others.map(option)),
    make('option', { value: 'code' }, say('placeCode')),
  ] };
}

function place(again) {
  const { listed, groups } = places();
  const chosen = state.case.jurisdiction;
  const own = chosen !== undefined && !listed.includes(chosen);
  const choose = (value) => {
    const typed = document.getElementById('place-code');
    typed.parentElement.hidden = value !== 'code';
    if (value === 'code') typed.focus();
    else put(state.case, 'jurisdiction', value || undefined);
    again();
  };
  const control = make('select', { id: 'place', on: { change: (event) => choose(event.target.value) } }, groups);
  control.value = own ? 'code' : (chosen ?? '');
  const typed = labelled(
    say('placeCodeLabel'),
    text('place-code', own ? chosen : '', (value) => put(state.case, 'jurisdiction', value), { inputmode: 'numeric', maxlength: 6 }),
  );
  typed.hidden = !own;
  return [labelled(say('place'), control), typed];
}

function assessor(number) {
  const form = currentForm();
  const one = () => form.assessors?.[number] ?? {};
  const set = (key, value) => {
    const all = [...(form.assessors ?? [])];
    while (all.length <= number) all.push({ id: '', background: 'other' });
    all[number] = { ...all[number], [key]: value ?? '' };
    put(form, 'assessors', all);
  };
  const n = number + 1;
  return make(
    'fieldset.group',
    {},
    make('legend', {}, say('assessor', { n })),
    make(
      'div.pair',
      {},
      labelled(say('assessorId'), text(`assessor-${n}`, one().id, (value) => set('id', value))),
      labelled(
        say('background'),
        select(`background-${n}`, BACKGROUNDS.map((key) => [key, say(key)]), one().background ?? 'other', (value) => set('background', value)),
      ),
    ),
  );
}

function informant() {
  const form = currentForm();
  const options = [['', say('unknown')], ...RELATIONS.map((key) => [key, say(key)])];
  const act = (relation) => put(form, 'informant', relation ? { relation } : undefined);
  return labelled(say('informant'), select('informant', options, form.informant?.relation ?? '', act));
}

function readings() {
  const instrument = currentInstrument();
  const open = instrument.interpretations ?? [];
  if (!open.length) return null;
  state.case.interpretations ??= {};
  const chosen = state.case.interpretations;
  const each = open.map((reading) => {
    const key = `${instrument.id}/${reading.id}`;
    const options = reading.choices.map((one) => [
      one.key === reading.default ? '' : one.key,
      name(one.names) + (one.key === reading.default ? say('byDefault') : ''),
    ]);
    return labelled(
      name(reading.names),
      select(`reading-${reading.id}`, options, chosen[key] ?? '', (value) => put(chosen, key, value || undefined)),
    );
  });
  return make('details.group', {}, make('summary', {}, say('readings')), make('p.hint', {}, say('readingsHint')), each);
}

function instrumentName(instrument) {
  const number = instrument.documents[0]?.number;
  return number ? `${name(instrument.names)}（${number}）` : name(instrument.names);
}

/** The forms of the case, one of which is shown. */
function forms(again) {
  const all = state.case.assessments;
  const show = (at) => {
    state.form = at;
    decide();
    again();
  };
  const tabs = all.map((form, at) => {
    const instrument = state.rulebook.instruments.find((one) => one.id === form.instrument);
    return make(
      'button.form',
      { type: 'button', 'data-form': at, 'aria-pressed': String(at === state.form), on: { click: () => show(at) } },
      name(instrument.names),
      make('span.quiet', {}, form.date ?? ''),
    );
  });
  const add = make('button.quiet-button', {
    type: 'button',
    id: 'add-form',
    on: {
      click: () => {
        const free = state.rulebook.instruments.find((one) => !one.in_force.to && all.every((form) => form.instrument !== one.id));
        all.push(newForm((free ?? currentInstrument()).id));
        state.saved = false;
        show(all.length - 1);
      },
    },
  }, `＋ ${say('addForm')}`);
  return make('div.forms', { role: 'group', 'aria-label': say('forms') }, tabs, add);
}

/** Costs are those of the month of the decision. */
function decideOn(value) {
  for (const cost of state.case.costs) cost.month = (value ?? '').slice(0, 7);
  put(state.case, 'as_of', value ?? '');
}

/** `again` draws the part anew: another instrument asks other things. */
export function drawAbout(again) {
  const form = currentForm();
  const instruments = state.rulebook.instruments.map((one) => [one.id, instrumentName(one)]);
  const changeInstrument = (id) => {
    Object.assign(form, newForm(id), { date: form.date });
    state.saved = false;
    decide();
    again();
  };
  const remove = () => {
    state.case.assessments.splice(state.form, 1);
    state.form = 0;
    state.saved = false;
    decide();
    again();
  };
  return [
    make(
      'div.card',
      {},
      make('div.pair', {},
        labelled(say('caseId'), text('case-id', state.case.case_id, (value) => put(state.case, 'case_id', value ?? '')), say('caseIdHint')),
        labelled(say('asOf'), day('as-of', state.case.as_of, decideOn))),
      place(again),
    ),
    make('h3', {}, say('forms')),
    forms(again),
    make(
      'div.card',
      {},
      labelled(say('instrument'), select('instrument', instruments, form.instrument, changeInstrument)),
      labelled(say('date'), day('form-date', form.date, (value) => {
        document.querySelector(`[data-form="${state.form}"] .quiet`).textContent = value ?? '';
        put(form, 'date', value ?? '');
      })),
      assessor(0),
      assessor(1),
      informant(),
      readings(),
      state.case.assessments.length > 1
        ? make('button.quiet-button', { type: 'button', on: { click: remove } }, say('removeForm'))
        : null,
    ),
    make(
      'div.card',
      {},
      make('label.option.plain', {},
        make('input', { type: 'checkbox', id: 'keep', checked: draftIsKept(), on: { change: (event) => keepDraft(event.target.checked) } }),
        make('span.label', {}, say('keep'))),
      make('p.hint', {}, say('keepHint')),
    ),
  ];
}
