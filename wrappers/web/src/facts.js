// The person: every fact the rulebook knows, those that settle most first.

import { fen, yuan } from './answers.js';
import { labelled, make, refill, select } from './dom.js';
import { put, state } from './state.js';
import { name, say } from './words.js';

function set(fact, value) {
  put(state.case.facts, fact.id, value);
}

/** What the fact means, on tap. */
function meaning(fact) {
  return make('details.meant', {},
    make('summary', { 'aria-label': `${say('meaning')} ${name(fact.names)}` }, say('meaning')),
    make('p.hint', {}, name(fact.meaning)));
}

function explained(field, fact) {
  field.querySelector('label').after(meaning(fact));
  return field;
}

function choices(fact) {
  if (fact.type === 'boolean') return [['true', say('yes')], ['false', say('no')]];
  return fact.values.map((value) => [value.key, name(value.names)]);
}

/** A few options beside each other; a longer list as a select. */
function oneOf(fact) {
  const options = [...choices(fact), ...(fact.none ? [['none', name(fact.none)]] : [])];
  const take = (text) => set(fact, fact.type === 'boolean' && text !== '' ? text === 'true' : text || undefined);
  const value = state.case.facts[fact.id];
  const now = value === undefined ? '' : String(value);
  if (options.length > 3) return choose(fact, options, now, take);
  const radio = ([key, text]) =>
    make('label.option.plain', {},
      make('input', { type: 'radio', name: fact.id, value: key, checked: key === now, on: { change: () => take(key) } }),
      make('span.label', {}, text));
  return make(
    'fieldset.fact',
    { id: `fact-${fact.id}` },
    make('legend', {}, make('span.named', {}, name(fact.names))),
    meaning(fact),
    make('div.row', {}, [...options, ['', say('unknown')]].map(radio)),
  );
}

function choose(fact, options, now, take) {
  const control = select(`fact-${fact.id}`, [['', say('unknown')], ...options], now, take);
  return explained(labelled(name(fact.names), control), fact);
}

/** A value that is typed, with a button for “there is none” where the law knows that. */
function typed(fact, attributes, read, write) {
  const value = state.case.facts[fact.id];
  const control = make('input', {
    id: `fact-${fact.id}`,
    autocomplete: 'off',
    value: value === undefined || value === 'none' ? '' : write(value),
    ...attributes,
    on: {
      change: (event) => {
        const text = event.target.value.trim();
        const taken = text === '' ? undefined : read(text);
        event.target.setAttribute('aria-invalid', String(text !== '' && taken === undefined));
        if (without) without.querySelector('input').checked = false;
        set(fact, taken);
      },
    },
  });
  const without = fact.none
    ? make('label.option.plain', {},
      make('input', {
        type: 'checkbox',
        checked: value === 'none',
        on: {
          change: (event) => {
            control.value = '';
            set(fact, event.target.checked ? 'none' : undefined);
          },
        },
      }),
      make('span.label', {}, name(fact.none)))
    : null;
  const unit = fact.unit === 'fen' ? `（${say('yuan')}）` : '';
  const field = explained(labelled(name(fact.names) + unit, control), fact);
  if (without) field.append(without);
  return field;
}

function wholeNumber(fact) {
  return (text) => {
    const number = /^\d{1,12}$/.test(text) ? Number(text) : undefined;
    const within = number !== undefined && number >= (fact.min ?? 0) && number <= (fact.max ?? number);
    return within ? number : undefined;
  };
}

function severalOf(fact) {
  const options = fact.type === 'programmes'
    ? state.rulebook.programmes.map((one) => [one.id, name(one.names)])
    : fact.values.map((value) => [value.key, name(value.names)]);
  const given = state.case.facts[fact.id];
  const body = make('div.options.two');
  const none = make('input', {
    type: 'checkbox',
    checked: given?.length === 0,
    on: {
      change: (event) => {
        for (const box of body.querySelectorAll('[data-key]')) if (event.target.checked) box.checked = false;
        set(fact, event.target.checked ? [] : undefined);
      },
    },
  });
  const changed = () => {
    none.checked = false;
    const ticked = [...body.querySelectorAll('[data-key]:checked')].map((box) => box.dataset.key);
    set(fact, ticked.length ? ticked : undefined);
  };
  const box = (input, text) => make('label.option.plain', {}, input, make('span.label', {}, text));
  refill(body, box(none, say('none')), options.map(([key, text]) =>
    box(make('input', { type: 'checkbox', 'data-key': key, checked: given?.includes(key), on: { change: changed } }), text)));
  return make('details.group', { id: `fact-${fact.id}`, open: given !== undefined },
    make('summary', {}, make('span.named', {}, name(fact.names))), make('p.hint', {}, name(fact.meaning)), body);
}

function division(fact) {
  const known = state.rulebook.jurisdictions.map((one) => make('option', { value: one.code }, name(one.names)));
  const field = typed(fact, { type: 'text', inputmode: 'numeric', maxlength: 6, list: 'divisions' },
    (text) => (/^\d{6}$/.test(text) ? text : undefined), String);
  field.append(make('datalist', { id: 'divisions' }, known));
  return field;
}

function drawFact(fact) {
  switch (fact.type) {
    case 'boolean':
    case 'choice':
      return oneOf(fact);
    case 'date':
      return typed(fact, { type: 'date' }, String, String);
    case 'division':
      return division(fact);
    case 'integer':
      return fact.unit === 'fen'
        ? typed(fact, { type: 'text', inputmode: 'decimal' }, fen, yuan)
        : typed(fact, { type: 'text', inputmode: 'numeric' }, wholeNumber(fact), String);
    default:
      return severalOf(fact);
  }
}

/** Draws the facts. The order is that of the moment: it does not jump while answering. */
export function drawFacts() {
  const stated = state.rulebook.facts.filter((fact) => !fact.derived);
  const asked = (state.determination?.questions ?? [])
    .map((question) => stated.find((fact) => question.ask === `fact:${fact.id}`))
    .filter(Boolean)
    .slice(0, 8);
  const rest = stated.filter((fact) => !asked.includes(fact));
  return [
    make('p.hint', {}, say('factsHint')),
    state.case.jurisdiction ? null : make('p.note.info', {}, say('factsPlace')),
    asked.length ? [make('h3', {}, say('askFirst')), make('div.card', {}, asked.map(drawFact))] : null,
    asked.length ? make('h3', {}, say('otherFacts')) : null,
    make('div.card', {}, rest.map(drawFact)),
  ];
}
