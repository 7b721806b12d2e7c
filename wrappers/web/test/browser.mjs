// Opens the page in the system's Chromium, and fills it as an assessor does: by clicking.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
export const PAGE = join(TARGET, 'web', 'nengli.html');

export const readCase = (name) => JSON.parse(readFileSync(join(ROOT, 'tests/cases', `${name}.case.json`), 'utf8'));

function chromiumPath() {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (!found) throw new Error('expected a Chromium in /usr/bin; install the package chromium');
  return found;
}

export async function launch() {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--lang=zh-CN'],
    env: { ...process.env, LANGUAGE: 'zh_CN' },
  });
}

/** A fresh page with the network cut off. What it asked of the network, and its errors, are kept. */
export async function openPage(browser, viewport = { width: 1280, height: 900 }) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', acceptDownloads: true });
  await context.setOffline(true);
  const page = await context.newPage();
  page.asked = [];
  page.faults = [];
  page.on('request', (request) => {
    if (!/^(file|blob|data):/.test(request.url())) page.asked.push(request.url());
  });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') page.faults.push(message.text());
  });
  await page.goto(pathToFileURL(PAGE).href);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  return page;
}

export const part = (page, id) => page.click(`[data-section="${id}"]`);

/** The code of an item in a selector. */
const question = (code) => `[id="question-${code}"]`;

/** Clicks the option of an item or field that an answer of a case names. */
async function answer(page, asked, value) {
  const rows = page.locator(`${question(asked.code)} .option`);
  const options = asked.type === 'flag' ? [{ flag: false }, { flag: true }] : (asked.options ?? []);
  if (Array.isArray(value)) {
    if (!value.length) await rows.first().click();
    const typed = [];
    for (const key of value) {
      const box = page.locator(`${question(asked.code)} input[data-key="${key}"]`);
      if (await box.count()) await box.locator('..').click();
      else typed.push(key);
    }
    if (typed.length) {
      await page.fill(`${question(asked.code)} input[type=text]`, typed.join(' '));
      await page.press(`${question(asked.code)} input[type=text]`, 'Tab');
    }
    return;
  }
  const at = options.findIndex((one) =>
    typeof value === 'boolean' ? one.flag === value : typeof value === 'number' ? (one.score ?? one.code) === value : one.key === value);
  await rows.nth(at).click();
}

export async function fillAbout(page, given) {
  const [form] = given.assessments;
  await part(page, 'about');
  await page.fill('#case-id', given.case_id);
  await page.fill('#as-of', given.as_of);
  if (given.jurisdiction) await page.selectOption('#place', given.jurisdiction);
  await page.selectOption('#instrument', form.instrument);
  await page.fill('#form-date', form.date);
  for (const [i, one] of (form.assessors ?? []).entries()) {
    await page.fill(`#assessor-${i + 1}`, one.id);
    await page.selectOption(`#background-${i + 1}`, one.background);
  }
  if (form.informant) await page.selectOption('#informant', form.informant.relation);
}

/** Answers what `given` answers, in the parts whose id `within` accepts. */
export async function fillAnswers(page, given, within = () => true) {
  const [form] = given.assessments;
  const instrument = JSON.parse(readFileSync(join(ROOT, 'rules/instruments', `${form.instrument}.json`), 'utf8'));
  const parts = [...instrument.domains.map((domain) => [`domain-${domain.code}`, domain.items]), ['fields', instrument.fields ?? []]];
  for (const [id, asked] of parts) {
    const answered = asked.filter((one) => form.answers[one.code] !== undefined);
    if (!within(id) || !answered.length) continue;
    await part(page, id);
    for (const one of answered) await answer(page, one, form.answers[one.code]);
  }
}

/** States facts: dates, choices and yes or no. */
export async function fillFacts(page, facts) {
  await part(page, 'facts');
  for (const [id, value] of Object.entries(facts)) {
    const control = page.locator(`[id="fact-${id}"]`);
    const tag = await control.evaluate((element) => element.tagName);
    if (tag === 'FIELDSET') await control.locator(`input[value="${value}"]`).locator('..').click();
    else if (tag === 'SELECT') await control.selectOption(String(value));
    else {
      await control.fill(String(value));
      await control.press('Tab');
    }
  }
}

export async function fillCosts(page, costs) {
  await part(page, 'costs');
  for (const [i, cost] of costs.entries()) {
    await page.click('#add-cost');
    await page.selectOption(`#setting-${i}`, cost.setting);
    await page.fill(`#cost-${i}`, String(cost.fen / 100));
    await page.press(`#cost-${i}`, 'Tab');
  }
}

export async function fillAll(page, given) {
  await fillAbout(page, given);
  await fillAnswers(page, given);
  if (given.facts) await fillFacts(page, given.facts);
  if (given.costs) await fillCosts(page, given.costs);
}
