// The report on paper, in the order of Annex C of the standard: basic facts, scores,
// total, preliminary level, level changes, final level; then rights and payments.

import { citations, named } from './answers.js';
import { make, MARKS, refill, UNCHECKED } from './dom.js';
import { changeLines } from './result.js';
import { instrumentOf, state } from './state.js';
import { list, name, pair, say, statements } from './words.js';

function pairs(rows) {
  return make('table.pairs', {}, make('tbody', {}, rows.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => make('tr', {}, make('th', { scope: 'row' }, key), make('td', {}, value)))));
}

/** An answer in words, with its score where it has one. */
function answerOf(asked, options, answer) {
  if (answer === undefined) return { text: say('noAnswer'), open: true };
  const chosen = named(options ?? [], answer);
  const [option] = chosen;
  if (chosen.length > 1) return { text: say('scoreOnly', { n: answer }), score: option.score };
  const text = option?.label ? name(option.label) : '';
  return { text, score: option?.score };
}

function itemTable(instrument, form, result) {
  const rows = instrument.domains.flatMap((domain) => {
    const items = domain.items.map((item) => {
      const { text, score, open } = answerOf(item, item.options, form.answers[item.code]);
      return make(`tr${open ? '.open' : ''}`, {},
        make('td', {}, item.code), make('td', {}, name(item.names)), make('td', {}, text),
        make('td.number', {}, score === undefined ? '—' : String(score)));
    });
    const sum = result.scores[domain.code];
    const range = result.score_ranges?.[domain.code];
    const total = sum ?? (range ? `${range.min}–${range.max}` : null);
    const foot = total === null ? null : make('tr.subtotal', {},
      make('td', {}, domain.code), make('td', { colspan: 2 }, `${name(domain.names)} · ${say('subtotal')}`), make('td.number', {}, String(total)));
    const head = make('tr.domain', {}, make('th', { colspan: 4, scope: 'rowgroup' }, `${domain.code} ${name(domain.names)}`));
    return [head, ...items, foot];
  });
  const columns = ['code', 'item', 'chosen', 'score'].map((key) => make('th', { scope: 'col' }, say(key)));
  return make('table.items', {}, make('thead', {}, make('tr', {}, columns)), make('tbody', {}, rows));
}

function fieldAnswer(field, answer) {
  if (field.type === 'flag') return answer ? say('yes') : say('no');
  if (field.type === 'choice') return answerOf(field, field.options, answer).text;
  if (!answer.length) return say('none');
  const title = (key) => {
    const row = (field.rows ?? []).find((one) => one.icd === key || one.key === key);
    const option = (field.options ?? []).find((one) => one.key === key);
    if (row) return row.icd ? `${name(row.names)}（${row.icd}）` : name(row.names);
    return option ? name(option.label) : key;
  };
  return list(answer.map(title));
}

function fieldTable(instrument, form) {
  const answered = (instrument.fields ?? []).filter((field) => form.answers[field.code] !== undefined);
  if (!answered.length) return null;
  return [make('h3', {}, say('answersBesides')),
    pairs(answered.map((field) => [`${field.code} ${name(field.names)}`, fieldAnswer(field, form.answers[field.code])]))];
}

/** The clauses that a line rests on, after it. */
function clauses(ids) {
  const written = citations(state.rulebook.documents, ids);
  return written.length ? make('span.quiet', {}, ` [${written.join('; ')}]`) : null;
}

function lines(all) {
  return make('ul.lines', {}, all.map((line) =>
    make(`li.${line.mark}`, {}, make('span.mark', {}, MARKS[line.mark] ?? '·'),
      make('span', {}, line.text, clauses(line.citations)))));
}

function levelName(instrument, level) {
  const known = level && instrument.levels.find((one) => one.code === level.code);
  return known ? known.official ?? name(known.names) : null;
}

function possibleText(instrument, result) {
  const names = instrument.levels.filter((one) => result.possible_levels?.includes(one.code)).map((one) => name(one.names));
  return names.length ? statements([say('undecided'), say('mayBe', { levels: list(names) })]) : say('undecided');
}

function officialName(instrument, level) {
  const known = instrument.levels.find((one) => one.code === level.code);
  return document.documentElement.lang.startsWith('zh') ? levelName(instrument, level) : name(known.names);
}

/** Scores of the domains, and the total last where there is one. */
function scoreTable(instrument, result) {
  const { gauges: all } = result.words;
  const gauges = instrument.result.total ? [...all.slice(1), ...all.slice(0, 1)] : all;
  if (!gauges.length) return null;
  const score = ({ range: [least, most], max }) => `${least === most ? least : `${least}–${most}`}／${max}`;
  return [make('h3', {}, say('sumOf')),
    make('table.sums', {}, make('thead', {}, make('tr', {}, gauges.map((gauge) => make('th', { scope: 'col' }, gauge.label)))),
      make('tbody', {}, make('tr', {}, gauges.map((gauge) => make('td', {}, score(gauge))))))];
}

function signatures(form) {
  const rows = [
    [say('signAssessor'), form.assessors?.[0]?.id], [say('signAssessor'), form.assessors?.[1]?.id],
    [say('signInformant'), form.informant ? say(form.informant.relation) : null],
  ].map(([title, who]) => make('div.sign', {},
    make('p', {}, title, who ? make('span.quiet', {}, ` ${who}`) : null),
    make('p.rule', {}), make('p', {}, say('signDay')), make('p.rule', {})));
  return make('section.signatures', {}, make('h3', {}, say('signatures')), rows);
}

function people(form) {
  const assessors = (form.assessors ?? []).filter((one) => one.id).map((one) => `${one.id}（${say(one.background)}）`);
  return list(assessors);
}

function drawForm(form, at) {
  const instrument = instrumentOf(form.instrument);
  const result = state.determination.assessments[at];
  result.words = state.report.assessments[at];
  const changes = changeLines(result);
  const findings = result.words.sections.slice(1);
  return make('section.form-report', {},
    make('h2', {}, result.words.heading),
    pairs([[say('date'), form.date], [say('assessor', { n: '' }), people(form)],
      [say('informant'), form.informant ? say(form.informant.relation) : null]]),
    make('h3', {}, say('itemScores')),
    itemTable(instrument, form, result),
    fieldTable(instrument, form),
    make('div.verdict', {},
      scoreTable(instrument, result),
      pairs([[say('preliminary'), result.preliminary ? officialName(instrument, result.preliminary) : null]]),
      changes.length ? [make('h3', {}, say('groundsOfChange')), lines(changes)] : null,
      make('p.final', {}, make('span', {}, say('level')), make('strong', {},
        result.level ? officialName(instrument, result.level) : possibleText(instrument, result))),
      result.confidence === 'C' ? make('p.quiet', {}, say('gradeC')) : null),
    findings.map((section) => [make('h3', {}, section.heading), lines(section.lines)]),
    signatures(form));
}

function rightRow(right) {
  const terms = right.benefits.map((one) => (one.terms.length ? pair(one.name, statements(one.terms)) : one.name));
  const besides = right.missing.length ? [pair(say('ask'), list(right.missing))] : [];
  const others = right.alternatives.map((line) => line.text);
  return make('tr', {}, make('td', {}, right.name, right.confidence ? UNCHECKED : null),
    make('td', {}, [...terms, ...besides, ...others].map((text) => make('p', {}, text))),
    make('td', {}, [right.place, ...citations(state.rulebook.documents, right.citations).slice(0, 1)].join(' · ')));
}

function drawRightsTable() {
  const groups = state.report.rights;
  if (!groups.length) return null;
  const shown = groups.filter((group) => group.status !== 'not_entitled');
  const rest = groups.filter((group) => group.status === 'not_entitled').flatMap((group) => group.rights.map((right) => right.name));
  const head = make('tr', {}, [say('right'), say('content'), say('source')].map((text) => make('th', { scope: 'col' }, text)));
  return make('section.rights-report', {}, make('h2', {}, say('rights')),
    shown.map((group) => [make('h3', {}, `${group.heading}（${group.rights.length}）`),
      make('table.rights-table', {}, make('thead', {}, head.cloneNode(true)), make('tbody', {}, group.rights.map(rightRow)))]),
    rest.length ? [make('h3', {}, groups.find((group) => group.status === 'not_entitled').heading), make('p', {}, list(rest))] : null,
    make('p.quiet.below', {}, say('gradeC')));
}

function drawPaymentsTable() {
  const { payments } = state.report;
  if (!payments.length) return null;
  return make('section', {}, make('h2', {}, say('payments')), payments.map((payment, at) => [
    make('h3', {}, `${payment.heading} · ${payment.total_text}`),
    pairs(payment.payers.map((payer) => [payer.name, payer.amount])),
    payment.alternatives.map((reading) => make('p', {}, pair(reading.heading, list(reading.payers.map((payer) => `${payer.name} ${payer.amount}`))))),
    state.determination.payments[at].confidence === 'C' ? make('p.quiet', {}, say('gradeC')) : null]));
}

/** Draws the report for the printer. */
export function drawPrint(place) {
  if (!state.report) {
    refill(place, state.refused ? make('p', {}, say('refused')) : null);
    return;
  }
  const where = state.rulebook.jurisdictions.find((one) => one.code === state.case.jurisdiction);
  const birth = state.case.facts.birth_date;
  const born = state.rulebook.facts.find((fact) => fact.id === 'birth_date');
  const besides = [['careLevels', state.report.care_levels], ['due', state.report.due], ['lookAt', state.report.findings]];
  refill(place,
    make('h1', {}, say('reportTitle')),
    make('h3', {}, say('basicFacts')),
    pairs([
      [say('caseId'), state.case.case_id],
      [say('asOf'), state.case.as_of],
      [say('place'), where ? `${name(where.names)}（${where.code}）` : state.case.jurisdiction],
      [born ? name(born.names) : '', typeof birth === 'string' ? birth : null],
    ]),
    state.case.assessments.map(drawForm),
    drawRightsTable(),
    drawPaymentsTable(),
    besides.map(([key, all]) => (all.length ? [make('h3', {}, say(key)), lines(all)] : null)),
    make('footer', {}, state.report.foot.map((line) => make('p', {}, line))));
}
