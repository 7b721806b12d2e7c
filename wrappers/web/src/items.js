// The questions: items of a domain, and fields of a form.

import { answerFor, cited, named } from './answers.js';
import { make, refill } from './dom.js';
import { currentForm, currentInstrument, findingsOf, put, state } from './state.js';
import { list, name, say } from './words.js';

/** What is asked, from which clause: shown on tap. */
function meaning(asked) {
  const instrument = currentInstrument();
  const clauses = (asked.cite ?? []).map((id) => {
    const found = cited(instrument.documents, id);
    if (!found) return id;
    return `${found.document.number ?? name(found.document.names)} ${name(found.heading)}`;
  });
  const id = `meaning-${asked.code}`;
  const text = make(
    'div.meaning',
    { id, hidden: true },
    asked.meaning ? make('p', {}, name(asked.meaning)) : null,
    clauses.length ? make('p.quiet', {}, `${say('clause')} ${list(clauses)}`) : null,
  );
  const button = make(
    'button.small',
    {
      type: 'button',
      'aria-expanded': 'false',
      'aria-controls': id,
      'aria-label': `${say('meaning')} ${name(asked.names)}`,
      on: {
        click: () => {
          text.hidden = !text.hidden;
          button.setAttribute('aria-expanded', String(!text.hidden));
        },
      },
    },
    say('meaning'),
  );
  return { button, text };
}

/** The frame that every question has; `draw(body)` fills it, and again after clearing. */
function question(asked, draw) {
  const { button, text } = meaning(asked);
  const body = make('div.options');
  const { answers } = currentForm();
  const clear = make(
    'button.small.clear',
    {
      type: 'button',
      'aria-label': `${say('clear')} ${name(asked.names)}`,
      on: {
        click: () => {
          put(answers, asked.code, undefined);
          draw(body);
          body.querySelector('input')?.focus();
        },
      },
    },
    say('clear'),
  );
  draw(body);
  return make(
    'fieldset.question',
    { id: `question-${asked.code}`, 'data-code': asked.code },
    make('legend', {}, make('span.code', {}, asked.code), ' ', make('span.named', {}, name(asked.names))),
    make('div.tools', {}, clear, button),
    text,
    body,
    make('div.notes', { 'data-notes': asked.code }),
  );
}

function choice(kind, group, label, attributes, score) {
  return make(
    `label.option${score === undefined ? '.plain' : ''}`,
    {},
    make('input', { type: kind, name: group, ...attributes }),
    score === undefined ? null : make('span.score', {}, say('points', { n: score })),
    make('span.label', {}, label),
  );
}

/** A question with one answer of several options. */
function oneOf(asked, options, scored) {
  const { answers } = currentForm();
  return question(asked, (body) => {
    const chosen = named(options, answers[asked.code]);
    const drawn = options.map((option, i) => {
      const label = option.label ? name(option.label) : say('meaningless');
      const act = () => put(answers, asked.code, answerFor(option, options));
      const attributes = { value: i, checked: chosen.length === 1 && chosen[0] === option, on: { change: act } };
      return choice('radio', asked.code, label, attributes, scored ? option.score : undefined);
    });
    const open = chosen.length > 1 ? make('p.hint', {}, say('scoreOnly', { n: answers[asked.code] })) : null;
    refill(body, drawn, open);
  });
}

const FLAG = () => [
  { flag: false, label: { zh: say('no'), en: say('no') } },
  { flag: true, label: { zh: say('yes'), en: say('yes') } },
];

/** A question with several answers; an empty list says that none holds. */
function severalOf(asked, options, besides) {
  const { answers } = currentForm();
  return question(asked, (body) => {
    const known = new Set(options.map(([key]) => key));
    const read = () => {
      const ticked = [...body.querySelectorAll('input[data-key]:checked')].map((box) => box.dataset.key);
      const typed = body.querySelector('input[type=text]')?.value.split(/[\s,，、;；]+/).filter(Boolean) ?? [];
      return [...ticked, ...typed];
    };
    const none = choice('checkbox', asked.code, say('none'), {
      checked: answers[asked.code]?.length === 0,
      on: {
        change: (event) => {
          const inputs = body.querySelectorAll('input[data-key]');
          if (event.target.checked) for (const box of inputs) box.checked = false;
          const text = body.querySelector('input[type=text]');
          if (text && event.target.checked) text.value = '';
          put(answers, asked.code, event.target.checked ? [] : undefined);
        },
      },
    });
    const changed = () => {
      const now = read();
      none.querySelector('input').checked = false;
      put(answers, asked.code, now.length ? now : undefined);
    };
    const boxes = options.map(([key, label]) =>
      choice('checkbox', asked.code, label, {
        'data-key': key,
        checked: answers[asked.code]?.includes(key),
        on: { change: changed },
      }),
    );
    const typed = (answers[asked.code] ?? []).filter((entry) => !known.has(entry)).join(' ');
    const id = `typed-${asked.code}`;
    const text = besides
      ? make('div.field', {}, make('label', { for: id }, say('otherCode')), make('input', {
          id,
          type: 'text',
          autocomplete: 'off',
          value: typed,
          on: { change: changed },
        }))
      : null;
    refill(body, none, boxes, text);
    if (options.length > 6) body.classList.add('two');
  });
}

function field(asked) {
  switch (asked.type) {
    case 'flag':
      return oneOf(asked, FLAG());
    case 'choice':
      return oneOf(asked, asked.options);
    case 'choices':
      return severalOf(asked, asked.options.map((option) => [option.key, name(option.label)]));
    default:
      return severalOf(
        asked,
        asked.rows.map((row) => [row.icd ?? row.key, `${name(row.names)}${row.icd ? ` ${row.icd}` : ''}`]),
        true,
      );
  }
}

export function drawDomain(domain) {
  return domain.items.map((item) => oneOf(item, item.options, item.options.some((one) => one.score !== undefined)));
}

/** The fields, under the clauses that ask them. */
export function drawFields() {
  const instrument = currentInstrument();
  const drawn = [];
  let last = null;
  for (const asked of instrument.fields) {
    const found = asked.cite[0] && cited(instrument.documents, asked.cite[0]);
    const title = found ? name(found.heading) : null;
    if (title && title !== last) drawn.push(make('h3', {}, title));
    last = title;
    drawn.push(field(asked));
  }
  return drawn;
}

/** Puts findings beside the questions they concern. */
export function drawNotes(place) {
  const found = findingsOf(state.form);
  const refused = new Map();
  for (const problem of state.refused ?? []) {
    const [, form, code] = /^\/assessments\/(\d+)\/answers\/([^/]+)/.exec(problem.at) ?? [];
    if (Number(form) === state.form) refused.set(code, [...(refused.get(code) ?? []), problem.message]);
  }
  for (const notes of place.querySelectorAll('[data-notes]')) {
    const code = notes.dataset.notes;
    refill(
      notes,
      (found.get(code) ?? []).map((line) => make(`p.note.${line.mark}`, {}, line.text)),
      (refused.get(code) ?? []).map((text) => make('p.note.warning', {}, text)),
    );
  }
}
