// The page as an assessor meets it. It must see what the command line sees.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { fillAll, fillAnswers, launch, openPage, PAGE, part, readCase, ROOT } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'nengli-page-'));
const demo = readCase('gbt-42195-2022/demo');
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** What the command line says. `NENGLI` names it where it is built already. */
function nengli(...words) {
  const [command, ...first] = process.env.NENGLI ? [process.env.NENGLI] : ['cargo', 'run', '-q', '--locked', '-p', 'nengli-cli', '--'];
  return spawnSync(command, [...first, ...words], { cwd: ROOT, encoding: 'utf8' });
}

const assessed = (file) => JSON.parse(nengli('assess', '--json', file).stdout);

async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

/** The level, changes and rights that the page shows. */
function shown(page) {
  return page.evaluate(() => ({
    level: document.querySelector('#level').textContent,
    final: [...document.querySelectorAll('.scale li')].findIndex((row) => row.classList.contains('is')),
    changes: [...document.querySelectorAll('#result-body .lines')][0]?.innerText,
    rights: Object.fromEntries([...document.querySelectorAll('[data-status]')].map((group) =>
      [group.dataset.status, [...group.querySelectorAll('[data-open^="right-"]')].map((one) => one.dataset.open.slice(6))])),
  }));
}

function rightsOf(determination) {
  const groups = {};
  for (const { programme, status } of determination.entitlements) (groups[status] ??= []).push(programme);
  return groups;
}

async function seriousFaults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(' | ')}`);
}

test('the page is one file under 2 MB', () => {
  assert.ok(statSync(PAGE).size < 2_000_000, `${statSync(PAGE).size} bytes`);
});

test('clicked together offline, the demo comes out as on the command line; saved, reopened, sealed, printed', async () => {
  const page = await openPage(browser);
  await fillAll(page, demo);

  const saved = await download(page, '#save');
  const given = JSON.parse(readFileSync(saved, 'utf8'));
  const { answers, ...about } = given.assessments[0];
  const { answers: wanted, reason, ...known } = demo.assessments[0];
  assert.equal(reason, 'initial', 'the page asks the reason as A.1.3');
  assert.deepEqual({ ...given, assessments: [about] }, { ...demo, assessments: [known] });
  assert.deepEqual(Object.keys(answers).sort(), Object.keys(wanted).sort());

  // An option has a score and a key: the same answers may be written otherwise.
  const determination = assessed(saved);
  assert.deepEqual(determination, assessed('tests/cases/gbt-42195-2022/demo.case.json'));
  const [result] = determination.assessments;
  const seen = await shown(page);
  assert.equal(seen.final, result.level.code);
  assert.equal(seen.level, '中度失能');
  assert.deepEqual(seen.rights, rightsOf(determination));
  const changes = seen.changes.split('\n').filter((line) => line.length > 1);
  assert.equal(changes.length, result.changes.length);
  assert.match(changes[1], /痴呆.*A\.4\.1.*等级变更/);
  assert.match(changes[2], /A\.2\.14\.1.*A\.2\.14\.3.*不再提高/);

  // The very bytes of the command line.
  const text = readFileSync(saved, 'utf8');
  const own = await page.evaluate((given) => window.nengli.call('assess', given), text);
  const line = join(folder, 'line.jsonl');
  writeFileSync(line, JSON.stringify(given));
  const bytes = nengli('batch', line).stdout.trim();
  const differs = [...own].findIndex((letter, i) => letter !== bytes[i]);
  assert.ok(own === bytes, `from letter ${differs}: ${own.slice(differs, differs + 80)} / ${bytes.slice(differs, differs + 80)}`);

  const record = await download(page, '#seal');
  const replay = nengli('replay', record);
  assert.equal(replay.status, 0, replay.stdout + replay.stderr);

  const again = await openPage(browser);
  await again.setInputFiles('#file', saved);
  await again.waitForFunction(() => document.querySelector('#level').textContent === '中度失能');
  assert.deepEqual(await shown(again), seen);
  await again.setInputFiles('#file', record);
  await again.waitForFunction(() => document.querySelector('#message').textContent.includes('重算结果相同'));

  const pdf = await again.pdf({ preferCSSPageSize: true, printBackground: true });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  const paper = await again.evaluate(() => document.querySelector('#paper').textContent);
  for (const words of ['基本信息', 'B.1.1', '初步等级', '等级变更依据', '最终等级', '待遇与服务', '费用由谁负担']) {
    assert.ok(paper.includes(words), `the report has no ${words}`);
  }
  const order = ['评估指标得分', '一级指标得分', '初步等级', '等级变更依据', '最终等级', '评估人员（签名）', '待遇与服务'];
  const places = order.map((words) => paper.indexOf(words));
  assert.deepEqual(places, [...places].sort((a, b) => a - b), 'the order of Annex C');
  assert.equal(paper.split('评估人员（签名）').length - 1, 2);
  assert.ok(paper.includes('信息提供者（签名）'));

  for (const one of [page, again]) {
    assert.deepEqual(one.asked, [], 'nothing was asked of the network');
    assert.deepEqual(one.faults, []);
    assert.equal(await one.evaluate(() => localStorage.length), 0, 'nothing is kept unasked');
    await one.close({ runBeforeUnload: false });
  }
});

test('the level moves while answering; a missing answer is not zero', async () => {
  const page = await openPage(browser);
  assert.equal(await page.textContent('#level'), '还没有作答');
  await fillAnswers(page, demo, (id) => id === 'domain-B.1');
  assert.equal(await page.textContent('#level'), '等级未定');
  // 25 points so far; what is open may add up to 58.
  assert.equal(await page.textContent('.gauge.first .value'), '25–83／90');
  assert.equal(await page.locator('.scale .may').count(), 4, 'all levels but the best');
  await part(page, 'domain-B.1');
  await page.click('[id="question-B.1.1"] .clear');
  assert.equal(await page.textContent('.gauge.first .value'), '22–84／90');
  await page.close();
});

for (const name of ['mzt-039-2013/any-single-type-met', 'nhc-48-2019/two-answers-missing', 'nhsa-37-2021/cell-severe-mild',
  'nhsa-37-2021-self/class-a-two', 'tekun-self-care/one-not-alone', 'several/ninety-days-apart', 'rights/ninghe']) {
  test(`every form is drawn from the rulebook: ${name}`, async () => {
    const page = await openPage(browser);
    const file = `tests/cases/${name}.case.json`;
    await page.setInputFiles('#file', join(ROOT, file));
    await page.waitForFunction(() => document.querySelector('#message').textContent.includes('已打开'));
    const { assessments } = assessed(file);
    for (const [i, result] of assessments.entries()) {
      await part(page, 'about');
      await page.click(`[data-form="${i}"]`);
      const { final } = await shown(page);
      assert.equal(final, result.level ? result.level.code : -1, result.instrument);
      const parts = await page.evaluate(() => [...document.querySelectorAll('[data-section]')].map((one) => one.dataset.section));
      for (const id of parts) await part(page, id);
    }
    const saved = JSON.parse(readFileSync(await download(page, '#save'), 'utf8'));
    assert.deepEqual(saved, readCase(name), 'opened and saved, unchanged');
    assert.deepEqual(page.faults, []);
    await page.close();
  });
}

test('a finding stands beside the item that it concerns', async () => {
  const page = await openPage(browser);
  await page.setInputFiles('#file', join(ROOT, 'tests/cases/gbt-42195-2022/walking-without-bed-mobility.case.json'));
  await page.waitForFunction(() => document.querySelector('#message').textContent.includes('已打开'));
  const { findings } = assessed('tests/cases/gbt-42195-2022/walking-without-bed-mobility.case.json');
  const code = findings[0].at.split('/').at(-1);
  await part(page, `domain-${code.split('.').slice(0, 2).join('.')}`);
  assert.notEqual(await page.textContent(`[data-notes="${code}"]`), '');
  await page.close();
});

test('what the engine refuses is not opened, and a bad entry is told', async () => {
  const page = await openPage(browser);
  await page.setInputFiles('#file', join(ROOT, 'tests/cases/rejections/duplicate-key.case.json'));
  await page.waitForFunction(() => document.querySelector('#message').textContent.includes('打不开'));
  assert.equal(await page.textContent('#level'), '还没有作答');
  await page.fill('#case-id', '张三');
  await page.press('#case-id', 'Tab');
  assert.match(await page.textContent('.refused'), /case_id/);
  await page.close();
});

test('the page may not speak to the network', async () => {
  const page = await openPage(browser);
  const blocked = await page.evaluate(() => new Promise((tell) => {
    document.addEventListener('securitypolicyviolation', (event) => tell(event.effectiveDirective));
    fetch('https://example.invalid/').catch(() => setTimeout(() => tell('not blocked'), 1000));
  }));
  assert.equal(blocked, 'connect-src');
  await page.close();
});

test('a draft is kept only while the user asks for it', async () => {
  const page = await openPage(browser);
  const kept = () => page.evaluate(() => localStorage.length);
  await page.fill('#case-id', 'draft-1');
  await page.press('#case-id', 'Tab');
  assert.equal(await kept(), 0);
  await page.click('label:has(#keep)');
  assert.equal(await kept(), 1);
  await page.fill('#case-id', 'draft-2');
  await page.press('#case-id', 'Tab');
  await page.reload();
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  assert.equal(await page.inputValue('#case-id'), 'draft-2');
  await page.click('label:has(#keep)');
  assert.equal(await kept(), 0);
  await page.close();
});

test('the keyboard alone answers', async () => {
  const page = await openPage(browser);
  await page.focus('[data-section="domain-B.1"]');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  for (let i = 0; i < 6; i += 1) {
    if (await page.evaluate(() => document.activeElement.type === 'radio')) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  const chosen = await page.evaluate(() => document.querySelector('[id="question-B.1.1"] input:checked').value);
  assert.equal(chosen, '1', 'the second option');
  assert.equal(await page.textContent('[data-section="domain-B.1"] .part-state'), '1／8');
  await page.close();
});

for (const [title, viewport] of [['tablet', { width: 1280, height: 900 }], ['phone', { width: 390, height: 844 }]]) {
  test(`${title}: axe finds no serious fault, targets and type are large, nothing is wider than the screen`, async () => {
    const page = await openPage(browser, viewport);
    assert.deepEqual(await seriousFaults(page), [], 'empty');
    await page.setInputFiles('#file', join(ROOT, 'tests/cases/rights/heping.case.json'));
    await page.waitForFunction(() => document.querySelector('[data-status]'));
    for (const lang of ['zh-CN', 'en']) {
      if (lang === 'en') await page.click('#switch');
      for (const id of ['about', 'domain-B.1', 'fields', 'facts', 'costs']) {
        await part(page, id);
        if (title === 'phone') await page.click('#open-result');
        await page.evaluate(() => { for (const one of document.querySelectorAll('#result-body details')) one.open = true; });
        assert.deepEqual(await seriousFaults(page), [], `${lang} ${id}`);
        const small = await page.evaluate(() => [...document.querySelectorAll('button, select, summary, .option, input[type=text], input[type=date]')]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.9).map((one) => one.outerHTML.slice(0, 120)));
        assert.deepEqual(small, [], `targets under 44 px: ${lang} ${id}`);
        const fine = await page.evaluate(() => [...document.querySelectorAll('body *')]
          .filter((one) => one.checkVisibility() && one.firstChild?.nodeType === 3 && parseFloat(getComputedStyle(one).fontSize) < 17.9)
          .map((one) => one.outerHTML.slice(0, 120)));
        assert.deepEqual(fine, [], `type under 18 px: ${lang} ${id}`);
        const wide = await page.evaluate(() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll('main, #result-body')].map((one) => one.scrollWidth - one.clientWidth)]);
        assert.ok(wide[0] <= viewport.width && wide[1] <= 0 && wide[2] <= 0, `${lang} ${id}: ${wide}`);
        if (title === 'phone') await page.click('#open-result');
      }
    }
    await page.close();
  });
}

test('the report on paper clips nothing', async () => {
  const page = await openPage(browser, { width: 680, height: 960 });
  await page.setInputFiles('#file', join(ROOT, 'tests/cases/rights/heping.case.json'));
  await page.waitForFunction(() => document.querySelector('[data-status]'));
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  const clipped = await page.evaluate(() => [...document.querySelectorAll('#paper *')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.outerHTML.slice(0, 120)));
  assert.deepEqual(clipped, []);
  await page.close();
});

test('a decision takes under 5 ms', async () => {
  const page = await openPage(browser);
  const times = await page.evaluate(([text, withWords]) => {
    const median = (what, given) => {
      const all = Array.from({ length: 60 }, () => {
        const from = performance.now();
        window.nengli.call(what, given);
        return performance.now() - from;
      });
      return all.sort((a, b) => a - b)[30];
    };
    return { decision: median('assess', text), withWords: median('report', withWords) };
  }, [JSON.stringify(demo), JSON.stringify({ case: demo, lang: 'zh' })]);
  console.log(`decision ${times.decision.toFixed(2)} ms, with every word of the report ${times.withWords.toFixed(2)} ms`);
  assert.ok(times.decision < 5, `${times.decision} ms`);
  await page.close();
});
