// The page: puts the parts together and listens.

import { drawAbout } from './about.js';
import { drawCosts } from './costs.js';
import { make, refill } from './dom.js';
import { restoreDraft, updateDraft } from './draft.js';
import { ask, call, start } from './engine.js';
import { drawFacts } from './facts.js';
import { openFile, saveCase, saveRecord } from './files.js';
import { drawDomain, drawFields, drawNotes } from './items.js';
import { drawPrint } from './print.js';
import { drawResult, headline } from './result.js';
import { drawSections, sections } from './sections.js';
import { currentInstrument, currentResult, decide, newCase, state, whenDecided } from './state.js';
import { language, pair, say, speak } from './words.js';

const at = (id) => document.getElementById(id);

function tell(text, warning = false) {
  const message = at('message');
  message.className = warning ? 'warning' : '';
  message.textContent = text;
  message.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { message.hidden = true; }, warning ? 12_000 : 4_000);
}

function drawSection() {
  const all = sections();
  if (!all.some((part) => part.id === state.section)) state.section = 'about';
  const position = all.findIndex((part) => part.id === state.section);
  const part = all[position];
  const domain = currentInstrument().domains.find((one) => `domain-${one.code}` === part.id);
  const draw = { about: () => drawAbout(drawAll), fields: drawFields, facts: drawFacts, costs: () => drawCosts(drawSection) };
  const following = all[position + 1];
  const next = make('button.next', {
    type: 'button',
    on: { click: () => (following ? go(following.id) : seeResult()) },
  }, following ? say('next', { name: following.title }) : say('finish'));
  refill(at('form'),
    make('h2', { id: 'part-title', tabindex: -1 }, part.code ? make('span.code', {}, part.code) : null, part.code ? ' ' : null, make('span.named', {}, part.title)),
    domain ? drawDomain(domain) : draw[part.id](),
    make('div.turn', {}, next));
  drawNotes(at('form'));
}

function go(section) {
  state.section = section;
  showResult(false);
  drawSection();
  drawSections(at('sections'), go);
  window.scrollTo({ top: 0 });
  at('part-title').focus({ preventScroll: true });
}

function focusOn(element) {
  if (!element) return;
  for (let one = element; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true;
  element.scrollIntoView({ block: 'center' });
  const control = element.matches('input, select') ? element : element.querySelector('input, select, button');
  control?.focus({ preventScroll: true });
}

/** Goes to the question with this code. */
function goToCode(code) {
  const domain = currentInstrument().domains.find((one) => one.items.some((item) => item.code === code));
  go(domain ? `domain-${domain.code}` : 'fields');
  focusOn(at(`question-${code}`));
}

/** Goes to what a right asks for: a fact, an assessment, a local condition. */
function goToAsked(what) {
  const [kind, id] = what.split(/:(.*)/);
  if (kind === 'assessment') {
    go('about');
    focusOn(at('add-form'));
    return;
  }
  go('facts');
  focusOn(at(`fact-${kind === 'fact' ? id : 'other_local_conditions_met'}`));
}

function showResult(shown) {
  document.body.classList.toggle('result-open', shown);
  at('open-result').setAttribute('aria-expanded', String(shown));
  if (shown) at('result-body').scrollTop = 0;
  at('open-result').querySelector('.do').textContent = say(shown ? 'hideResult' : 'showResult');
}

function seeResult() {
  showResult(true);
  at('result-body').focus();
}

function drawBar() {
  const gauge = currentResult()?.words.gauges[0];
  const [least, most] = gauge?.range ?? [];
  at('bar-level').textContent = state.refused ? say('refused') : headline();
  at('bar-total').textContent = gauge && currentInstrument().result.total ? `${gauge.label} ${least === most ? least : `${least}–${most}`}／${gauge.max}` : '';
}

/** A field that is left by tapping a button is decided before the tap is over: what is
    drawn anew then would take the button from under the finger. */
const tap = { down: false, waits: false };

function drawWhenFree() {
  if (tap.down) tap.waits = true;
  else drawLive();
}

function release() {
  tap.down = false;
  if (!tap.waits) return;
  tap.waits = false;
  drawLive();
}

function listenToTaps() {
  document.addEventListener('pointerdown', () => { tap.down = true; }, true);
  // A click comes before the change that it makes, and that one may draw at once.
  document.addEventListener('click', () => {
    tap.down = false;
    setTimeout(release);
  }, true);
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => setTimeout(release, 300), true);
}

let spoken = '';

function drawLive() {
  drawResult(at('result-body'), { go: goToCode, goToAsked });
  drawSections(at('sections'), go);
  drawNotes(at('form'));
  drawBar();
  const line = headline();
  if (line !== spoken) at('live').textContent = pair(say('result'), line);
  spoken = line;
  updateDraft();
  document.documentElement.dataset.took = state.took.toFixed(2);
}

function drawWords() {
  document.documentElement.lang = language() === 'en' ? 'en' : 'zh-CN';
  document.title = `nengli · ${say('title')}`;
  for (const one of document.querySelectorAll('[data-say]')) one.textContent = say(one.dataset.say);
  for (const one of document.querySelectorAll('[data-label]')) one.setAttribute('aria-label', say(one.dataset.label));
  at('switch').lang = language() === 'en' ? 'zh-CN' : 'en';
}

function drawAll() {
  drawWords();
  drawSection();
  drawLive();
  at('open-result').querySelector('.do').textContent = say(document.body.classList.contains('result-open') ? 'hideResult' : 'showResult');
}

async function take(input) {
  const [file] = input.files;
  input.value = '';
  if (!file) return;
  try {
    const told = await openFile(file);
    drawAll();
    tell(told);
  } catch (problem) {
    tell(problem.message, true);
  }
}

function listen() {
  at('switch').addEventListener('click', () => {
    speak(language() === 'en' ? 'zh' : 'en');
    decide();
    drawAll();
  });
  at('new').addEventListener('click', () => {
    if (!state.saved && !window.confirm(say('confirmNew'))) return;
    newCase();
    decide();
    drawAll();
  });
  at('open').addEventListener('click', () => at('file').click());
  at('file').addEventListener('change', (event) => take(event.target));
  at('save').addEventListener('click', () => tell(saveCase()));
  at('seal').addEventListener('click', () => tell(saveRecord()));
  at('print').addEventListener('click', () => window.print());
  at('open-result').addEventListener('click', () => showResult(!document.body.classList.contains('result-open')));
  window.addEventListener('beforeprint', () => drawPrint(at('paper')));
  window.addEventListener('beforeunload', (event) => {
    if (!state.saved) event.preventDefault();
  });
}

async function run() {
  drawWords();
  try {
    await start(at('module').textContent.trim());
  } catch (problem) {
    refill(at('form'), make('p.note.warning', {}, say('noEngine')));
    throw problem;
  }
  state.rulebook = ask('rulebook');
  newCase();
  const restored = restoreDraft();
  whenDecided(drawWhenFree);
  listenToTaps();
  listen();
  decide();
  drawAll();
  if (restored) tell(say('restored'));
  // The engine, for tests and for the curious.
  window.nengli = { call };
  document.documentElement.dataset.ready = 'true';
}

run();
