// LHC-Forms in the system's Chromium, with the network cut off: loads a Questionnaire,
// answers it by clicking and typing, and takes the QuestionnaireResponse it gives back.

import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
/** Where `run` unpacks LHC-Forms. */
const LFORMS = join(TARGET, 'lforms');

const PAGE = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>LHC-Forms</title>
<link rel="stylesheet" href="webcomponent/styles.css"></head><body><div id="form"></div>
${['webcomponent/assets/lib/zone.min.js', 'webcomponent/runtime.js', 'webcomponent/polyfills.js', 'webcomponent/main.js', 'fhir/R4/lformsFHIR.min.js']
    .map((script) => `<script src="${script}"></script>`).join('\n')}
</body></html>
`;

export async function launch() {
  const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const executablePath = known.find((path) => existsSync(path));
  if (!executablePath) throw new Error('expected a Chromium in /usr/bin; install the package chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--lang=zh-CN'] });
}

/** A page with the form, on the day `date`. What it asked of the network, and its errors, are kept. */
export async function openForm(browser, questionnaire, date) {
  const file = join(LFORMS, 'page.html');
  writeFileSync(file, PAGE);
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await context.setOffline(true);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.clock.setFixedTime(new Date(`${date}T07:00:00+08:00`));
  page.asked = [];
  page.faults = [];
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) page.asked.push(request.url());
  });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => window.LForms?.Util && window.LForms?.FHIR?.R4);
  await page.evaluate((form) => LForms.Util.addFormToPage(form, 'form', { fhirVersion: 'R4' }), questionnaire);
  return page;
}

const byId = (id) => `[id=${JSON.stringify(id)}]`;

/** Every question of a Questionnaire, in order. */
export function questions(questionnaire) {
  return questionnaire.item.flatMap((group) => group.item);
}

/** The label of the option, on the page. */
const option = (page, question, coding) => page.locator(byId(`${question.linkId}/1/1|${coding.system}|${coding.code}`));

/** Whether the question stands on the page, with its text and all its options. */
export async function stands(page, question) {
  const item = page.locator(byId(`item-${question.linkId}/1/1`));
  if (!await item.isVisible()) return `${question.linkId} is not there`;
  if (!(await item.innerText()).includes(question.text)) return `${question.linkId} has another text`;
  if (question.type !== 'choice') return null;
  for (const { valueCoding } of question.answerOption) {
    const label = option(page, question, valueCoding);
    if (!await label.isVisible()) return `${valueCoding.code} is not there`;
    if (!(await label.innerText()).includes(valueCoding.display)) return `${valueCoding.code} has another label`;
  }
  return null;
}

const ORDINAL = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';
const score = (option) => option.extension?.find((one) => one.url === ORDINAL)?.valueDecimal;

/**
 * The option that a coding names. A score that two options share may stand in a case by
 * itself; its code ends in the score, and on a form one of the two is chosen.
 */
function offered(question, coding) {
  const options = question.answerOption;
  const last = Number(coding.code.split(':').at(-1));
  const found = options.find(({ valueCoding }) => valueCoding.code === coding.code)
    ?? options.find((one) => score(one) === last);
  return found.valueCoding;
}

/** Answers a question with the answers of a QuestionnaireResponse. */
export async function answer(page, question, answers) {
  const box = page.locator(byId(`${question.linkId}/1/1`));
  for (const one of answers) {
    if (one.valueBoolean !== undefined) {
      await page.locator(byId(`${question.linkId}/1/1|${one.valueBoolean}`)).click();
    } else if (question.type === 'choice') {
      await option(page, question, offered(question, one.valueCoding)).click();
    } else if (question.answerOption.some(({ valueCoding }) => valueCoding.code === one.valueCoding?.code)) {
      // Of an open list: a row is chosen from the list that opens.
      await box.click();
      await page.locator('#searchResults li', { hasText: one.valueCoding.display }).first().click();
    } else {
      await box.fill(one.valueString ?? one.valueCoding.code);
      await box.press('Tab');
    }
  }
}

export const response = (page) => page.evaluate(() => LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4'));
