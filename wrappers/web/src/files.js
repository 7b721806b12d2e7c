// Cases and records as files. The page itself keeps nothing.

import { ask, call } from './engine.js';
import { caseOut, decide, state, takeCase } from './state.js';
import { language, say } from './words.js';

function download(text, file) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: file });
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read the address only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function saveCase() {
  const file = `${state.case.case_id}.case.json`;
  download(`${JSON.stringify(caseOut(), null, 2)}\n`, file);
  state.saved = true;
  return say('saved', { name: file });
}

/** The sealed record, exactly as the engine writes it. */
export function saveRecord() {
  const file = `${state.case.case_id}.record.json`;
  download(call('record', JSON.stringify(caseOut())), file);
  return say('saved', { name: file });
}

/** Opens a case or a record; gives what to tell, or throws the engine's problems. */
export async function openFile(file) {
  const text = (await file.text()).replace(/^\uFEFF/, '');
  let read;
  try {
    read = JSON.parse(text);
  } catch {
    throw new Error(say('notCase'));
  }
  const isRecord = typeof read?.seal === 'string' && read.case !== undefined;
  const given = isRecord ? read.case : read;
  // What the engine refuses is not opened: this page would have to guess what was meant.
  // The text goes in as it is: a key that stands twice is lost once it has been read.
  const asked = isRecord ? JSON.stringify(given) : text;
  const answer = ask('report', `{"case":${asked},"lang":"${language()}"}`);
  if (answer.rejected ?? answer.error) {
    const [first] = answer.rejected ?? [];
    throw new Error(`${say('notCase')} ${first ? `${first.at} ${first.message}` : ''}`);
  }
  takeCase(given);
  decide();
  if (!isRecord) return say('opened', { name: file.name });
  const same = ask('replay', text);
  return say(same.status === 'same' ? 'sealHolds' : 'sealBroken', { name: file.name });
}
