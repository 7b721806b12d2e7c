// Takes the pictures of docs/page.md: the page in five states, and the report's pages.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillAbout, fillAll, fillAnswers, launch, openPage, part, readCase, ROOT } from './browser.mjs';

const PICTURES = join(ROOT, 'docs/pictures');
const LIMIT = 300_000;
const demo = readCase('gbt-42195-2022/demo');
const browser = await launch();

async function take(page, name) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    document.querySelector('#message').hidden = true;
    document.activeElement?.blur();
  });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function opened(name, viewport) {
  const page = await openPage(browser, viewport);
  await page.setInputFiles('#file', join(ROOT, 'tests/cases', `${name}.case.json`));
  await page.waitForFunction(() => document.querySelector('[data-status]'));
  return page;
}

const blank = structuredClone(demo);
delete blank.jurisdiction;

const empty = await openPage(browser);
await empty.fill('#case-id', 'case-0001');
await empty.fill('#as-of', demo.as_of);
await empty.fill('#form-date', demo.assessments[0].date);
await empty.press('#form-date', 'Tab');
await empty.evaluate(() => window.scrollTo(0, 0));
await take(empty, 'page-empty');

const half = await openPage(browser);
await fillAbout(half, blank);
await fillAnswers(half, demo, (id) => ['domain-B.1', 'domain-B.2'].includes(id));
await part(half, 'domain-B.3');
await half.click('[id="question-B.3.1"] .option >> nth=1');
await half.click('[id="question-B.3.1"] .tools button >> nth=1');
await take(half, 'page-half');

const done = await opened('rights/heping');
await part(done, 'domain-B.2');
await take(done, 'page-done');
await done.evaluate(() => {
  const body = document.querySelector('#result-body');
  document.querySelector('[data-status=entitled]').open = true;
  const figure = document.querySelector('.payment');
  body.scrollTop = figure.offsetTop - body.offsetTop - 60;
});
await part(done, 'facts');
await take(done, 'page-rights');

const english = await openPage(browser);
await fillAll(english, demo);
await english.click('#switch');
await part(english, 'domain-B.4');
await take(english, 'page-english');

const phone = await opened('gbt-42195-2022/demo', { width: 390, height: 844 });
await part(phone, 'domain-B.3');
await take(phone, 'page-phone');
await phone.click('#open-result');
await take(phone, 'page-phone-result');

// The report of the demo, page by page.
const folder = mkdtempSync(join(tmpdir(), 'nengli-report-'));
writeFileSync(join(folder, 'report.pdf'), await english.evaluate(() => document.querySelector('#switch').click())
  .then(() => english.pdf({ preferCSSPageSize: true, printBackground: true })));
execFileSync('pdftoppm', ['-r', '80', '-png', 'report.pdf', 'report'], { cwd: folder });
for (let page = 1; page <= 9; page += 1) {
  try {
    renameSync(join(folder, `report-${page}.png`), join(folder, 'one.png'));
  } catch {
    break;
  }
  execFileSync('cp', [join(folder, 'one.png'), join(PICTURES, `report-${page}.png`)]);
  if (statSync(join(PICTURES, `report-${page}.png`)).size > LIMIT) throw new Error(`report-${page}.png is too large`);
}
rmSync(folder, { recursive: true });
await browser.close();
