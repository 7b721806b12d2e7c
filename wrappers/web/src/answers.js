// Between the options of a form and the answers of a case; citations and amounts in words.

import { list, name } from './words.js';

/** What a case says for this option: its score, or its key where scores are shared. */
export function answerFor(option, options) {
  if (option.flag !== undefined) return option.flag;
  const number = option.score ?? option.code;
  const shared = options.filter((one) => (one.score ?? one.code) === number).length > 1;
  return number === undefined || shared ? option.key : number;
}

/** The options that an answer names: one, several that share a score, or none. */
export function named(options, answer) {
  return options.filter((option) => {
    if (typeof answer === 'number') return (option.score ?? option.code) === answer;
    if (typeof answer === 'boolean') return option.flag === answer;
    return option.flag === undefined && answer !== undefined && option.key === answer;
  });
}

/** Items of a domain, or fields, that have an answer. */
export function progress(asked, answers) {
  return { done: asked.filter((one) => answers[one.code] !== undefined).length, all: asked.length };
}

/** The document and the clause of a citation; null where they are not known. */
export function cited(documents, id) {
  for (const document of documents) {
    if (!id.startsWith(`${document.id}.`)) continue;
    const key = id.slice(document.id.length + 1);
    const heading = document.clauses?.[key];
    if (heading) return { document, key, heading };
  }
  return null;
}

/** Citations as people write them: number or title of the document, and the clauses. */
export function citations(documents, ids) {
  const clauses = new Map();
  for (const id of ids) {
    const found = cited(documents, id);
    const title = found ? (found.document.number ?? name(found.document.names)) : id;
    const known = clauses.get(title) ?? [];
    // A clause that has no number goes by its heading; what is the project's own has none.
    const clause = !found || found.document.own ? [] : [/[a-z]/.test(found.key) ? name(found.heading) : found.key];
    clauses.set(title, [...known, ...clause.filter((one) => !known.includes(one))]);
  }
  return [...clauses].map(([title, known]) => [title, list(known)].filter(Boolean).join(' '));
}

/** Fen as yuan, without a detour through fractions. */
export function yuan(fen) {
  const whole = Math.trunc(fen / 100);
  return `${whole.toLocaleString('en-US')}.${String(fen % 100).padStart(2, '0')}`;
}

/** Yuan as typed, in fen; undefined where it is no amount. */
export function fen(text) {
  const [, whole, part = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(',', '')) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(part.padEnd(2, '0'));
}
