// The live result: level, total, bands, possible levels, changes.

import { bar, make, MARKS, refill } from './dom.js';
import { drawPayments } from './payments.js';
import { drawQuestions, drawRights } from './rights.js';
import { currentForm, currentInstrument, currentResult, findingsOf, instrumentOf, state } from './state.js';
import { list, name, pair, say } from './words.js';


/** The range of the scale that gives each level, in words, by code of the level. */
function bands(words, instrument) {
  const found = new Map();
  // Where there is no total, the scales are those of the domains.
  if (!instrument.result.total) return found;
  for (const { from, to, code } of words.gauges[0]?.bands ?? []) found.set(code, from === to ? `${from}` : `${from}–${to}`);
  return found;
}

function drawScale(result, instrument) {
  const ranges = bands(result.words, instrument);
  const possible = result.level ? [] : (result.possible_levels ?? []);
  const rows = instrument.levels.map((level) => {
    const is = result.level?.code === level.code;
    const may = possible.includes(level.code);
    const was = !is && result.preliminary?.code === level.code;
    const tag = is ? say('is') : may ? say('may') : was ? say('was') : '';
    return make(`li${is ? '.is' : ''}${may ? '.may' : ''}${was ? '.was' : ''}`, { 'aria-current': is ? 'true' : null },
      make('span.dot', { 'aria-hidden': 'true' }),
      make('span.level-name', {}, name(level.names)),
      ranges.has(level.code) ? make('span.band', {}, say('band', { range: ranges.get(level.code) })) : null,
      make('span.tag', {}, tag));
  });
  return make('ol.scale', { 'aria-label': say('levelsFrom') }, rows);
}

function gaugeText(gauge) {
  const [least, most] = gauge.range;
  return least === most ? `${least}` : `${least}–${most}`;
}

function drawGauge(gauge, first) {
  const [least, most] = gauge.range;
  return make(`div.gauge${first ? '.first' : ''}`, {},
    make('p', {}, make('span', {}, gauge.label), make('span.value', {}, make('strong', {}, gaugeText(gauge)), `／${gauge.max}`)),
    bar([{ share: least, kind: 'sure' }, { share: most - least, kind: 'open' }], gauge.max));
}

function drawLines(lines) {
  return make('ul.lines', {}, lines.map((line) =>
    make(`li.${line.mark}`, {}, make('span.mark', { 'aria-hidden': 'true' }, MARKS[line.mark] ?? '·'), make('span', {}, line.text))));
}

/** The lines of the report that tell of level changes: those with the rules of the instrument. */
export function changeLines(result) {
  const names = changeNames(instrumentOf(result.instrument));
  const lines = result.words.sections[0]?.lines ?? [];
  return lines.filter((line) => names.some((rule) => line.text.startsWith(rule)));
}

function changeNames(instrument) {
  const rules = instrument.steps.flatMap((step) => step.rule.level_change?.rules ?? []);
  return rules.map((rule) => name(rule.names));
}

function drawMissing(result, go) {
  const missing = result.missing ?? [];
  if (!missing.length || !Object.keys(currentForm().answers).length) return null;
  const shown = missing.slice(0, 8).map((code) =>
    make('button.small', { type: 'button', 'data-goto': code, on: { click: () => go(code) } }, code));
  return make('div.missing-items', {}, make('p', {}, say('stillMissing', { n: missing.length })),
    make('div.chips', {}, shown, missing.length > 8 ? make('span.quiet', {}, say('andMore', { n: missing.length })) : null));
}

/** The level, or that there is none, in one line. */
export function headline() {
  const result = currentResult();
  if (!result) return say('undecided');
  if (!Object.keys(currentForm().answers).length) return say('unanswered');
  return result.words.level;
}

function mayBe(result, instrument) {
  const names = instrument.levels.filter((level) => result.possible_levels?.includes(level.code)).map((level) => name(level.names));
  return names.length && !result.level ? say('mayBe', { levels: list(names) }) : null;
}

function drawLevel(go) {
  const result = currentResult();
  const instrument = currentInstrument();
  const { gauges } = result.words;
  const changes = changeLines(result);
  const started = Object.keys(currentForm().answers).length > 0;
  const possible = started ? mayBe(result, instrument) : null;
  const alternatives = result.alternatives.length
    ? result.alternatives.map((one) => {
      const reading = (instrument.interpretations ?? []).find((known) => known.id === one.interpretation);
      const choice = reading?.choices.find((known) => known.key === one.choice);
      const level = one.level && instrument.levels.find((known) => known.code === one.level.code);
      if (!choice) return null;
      return make('li.info', {}, make('span.mark', { 'aria-hidden': 'true' }, 'i'),
        make('span', {}, pair(list([name(reading.names), name(choice.names)]), level ? name(level.names) : say('undecided'))));
    })
    : [];
  const findings = [...findingsOf(state.form).values()].flat();
  return [
    make('div.verdict', {},
      make('p.quiet', {}, name(instrument.names)),
      make('p.level', { id: 'level' }, headline()),
      possible ? make('p.possible', {}, possible) : null,
      started && result.confidence === 'C' ? make('p.quiet', {}, say('gradeC')) : null),
    drawScale(result, instrument),
    drawMissing(result, go),
    changes.length && started ? [make('h3', {}, say('changes')), drawLines(changes)] : null,
    gauges.length ? [make('h3', {}, say('scores')), gauges.map((gauge, i) => drawGauge(gauge, i === 0 && instrument.result.total))] : null,
    alternatives.length ? [make('h3', {}, say('alternatives')), make('ul.lines', {}, alternatives)] : null,
    findings.length ? [make('h3', {}, say('lookAt')), drawLines(findings)] : null,
  ];
}

function drawRefusal() {
  return make('div.refused', { role: 'alert' }, make('h3', {}, say('refused')),
    make('ul', {}, state.refused.map((problem) => make('li', {}, make('code', {}, problem.at || '/'), ' ', problem.message))));
}

function section(key, lines) {
  return lines?.length ? [make('h3', {}, say(key)), drawLines(lines)] : null;
}

/** Draws the result anew; what was open stays open. */
export function drawResult(place, { go, goToAsked }) {
  const open = new Set([...place.querySelectorAll('details[open]')].map((one) => one.dataset.open));
  const scrolled = place.scrollTop;
  if (state.refused) {
    refill(place, drawRefusal());
    return;
  }
  refill(place,
    drawLevel(go),
    drawQuestions(goToAsked),
    drawPayments(),
    drawRights(),
    section('careLevels', state.report.care_levels),
    section('due', state.report.due),
    section('lookAt', state.report.findings),
    make('footer', {}, state.report.foot.map((line) => make('p', {}, line))));
  for (const one of place.querySelectorAll('details')) one.open = open.has(one.dataset.open);
  place.scrollTop = scrolled;
}
