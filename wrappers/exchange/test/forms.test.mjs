// Every form that nengli exports is loaded into LHC-Forms and filled in there; the
// response comes back through the command line and is graded as the case itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, TARGET, answer, launch, openForm, questions, response, stands } from './lforms.mjs';

const NENGLI = process.env.NENGLI ?? join(TARGET, 'debug', 'nengli');
const nengli = (...args) => JSON.parse(execFileSync(NENGLI, args, { encoding: 'utf8', maxBuffer: 64 << 20 }));

/** A case for each form that answers all of it. */
const CASES = {
  'gbt-42195-2022': 'demo',
  'nhsa-37-2021': 'cell-moderate-mild',
  'mzt-039-2013': 'one-assessor-and-another-reason',
  'nhc-48-2019': 'all-ones',
  'nhsa-37-2021-self': 'all-dependent',
  'tekun-self-care': 'all-alone',
};

let browser;
let folder;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'nengli-exchange-'));
  execFileSync(NENGLI, ['export', 'fhir', '-o', folder]);
});
after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});

for (const [instrument, name] of Object.entries(CASES)) {
  test(`${instrument} in LHC-Forms`, async () => {
    const file = join(ROOT, 'tests/cases', instrument, `${name}.case.json`);
    const questionnaire = JSON.parse(readFileSync(join(folder, `Questionnaire-${instrument}.json`), 'utf8'));
    // What the case answers, as its own response says it.
    const own = nengli('export', 'response', file).entry
      .map((entry) => entry.resource)
      .find((one) => one.resourceType === 'QuestionnaireResponse');
    const answered = new Map(questions(own).map((item) => [item.linkId, item.answer]));

    const page = await openForm(browser, questionnaire, own.authored);
    const asked = questions(questionnaire);
    assert.ok(asked.length >= 6);
    await page.locator(`[id="item-${asked.at(-1).linkId}/1/1"]`).waitFor();
    for (const question of asked) assert.equal(await stands(page, question), null);

    for (const question of asked) {
      assert.ok(answered.has(question.linkId), `the case does not answer ${question.linkId}`);
      await answer(page, question, answered.get(question.linkId));
    }
    if (process.env.PICTURES) {
      await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
      await page.screenshot({ path: join(process.env.PICTURES, `${instrument}.png`), animations: 'disabled' });
    }
    const filled = await response(page);
    assert.deepEqual(page.asked, [], 'nothing is asked of the network');
    assert.deepEqual(page.faults, []);
    await page.context().close();

    assert.equal(questions(filled).filter((item) => item.answer).length, asked.length);
    const back = join(folder, `${instrument}.response.json`);
    writeFileSync(back, JSON.stringify(filled));
    const again = join(folder, `${instrument}.case.json`);
    execFileSync(NENGLI, ['import', 'fhir', back, '--case-id', 'from-lhc-forms', '-o', again]);
    const [expected] = nengli('assess', '--json', file).assessments;
    const [found] = nengli('assess', '--json', again).assessments;
    assert.equal(expected.outcome, found.outcome);
    for (const part of ['date', 'scores', 'grades', 'preliminary', 'changes', 'level', 'alternatives']) {
      assert.deepEqual(found[part], expected[part], part);
    }
  });
}

test('one answer changed on the page changes the score', async () => {
  // A guard of the test itself: had the answers not come from the page, it would not see this.
  const file = join(ROOT, 'tests/cases/nhsa-37-2021', 'all-best.case.json');
  const questionnaire = JSON.parse(readFileSync(join(folder, 'Questionnaire-nhsa-37-2021.json'), 'utf8'));
  const own = nengli('export', 'response', file).entry.at(-1).resource;
  const page = await openForm(browser, questionnaire, own.authored);
  const answered = new Map(questions(own).map((item) => [item.linkId, item.answer]));
  const [first] = questions(questionnaire);
  await page.locator(`[id="item-${first.linkId}/1/1"]`).waitFor();
  for (const question of questions(questionnaire)) await answer(page, question, answered.get(question.linkId));
  await answer(page, first, [first.answerOption.at(-1)]);
  const back = join(folder, 'changed.response.json');
  writeFileSync(back, JSON.stringify(await response(page)));
  await page.context().close();
  const again = join(folder, 'changed.case.json');
  execFileSync(NENGLI, ['import', 'fhir', back, '--case-id', 'from-lhc-forms', '-o', again]);
  const [expected] = nengli('assess', '--json', file).assessments;
  const [found] = nengli('assess', '--json', again).assessments;
  assert.notDeepEqual(found.scores, expected.scores);
});
