// Every case of the project through the WebAssembly module, byte for byte what the function
// API gives; calls that must be refused; and the time of one decision.
//
//   node wrappers/abi/tests/cases.mjs
//
// needs the module that `wrappers/abi/build-wasm` makes, and cargo for the other side.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { open } from "./nengli.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const cases = join(root, "tests/cases");
/** The most that one decision may take in the page, in milliseconds. */
const LIMIT = 5;

const module = readFileSync(join(target, "web/nengli.wasm"));
const { call, exports } = await open(module);

everyCase();
refusals();
speed();

function everyCase() {
  const cargo = ["run", "--locked", "--quiet", "-p", "nengli-abi", "--example", "answers", "--"];
  const run = spawnSync("cargo", [...cargo, cases], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.equal(run.status, 0, "the function API's answers");
  const lines = run.stdout.split("\n").slice(0, -1);
  const counts = {};
  for (const line of lines) {
    const [asked, name, expected] = line.split("\t");
    const [kind, lang] = asked.split(" ");
    const file = readFileSync(join(cases, name), "utf8");
    const text = lang ? `{"case":${file},"lang":"${lang}"}` : file;
    assert.ok(call(kind, text) === expected, `${asked} ${name}: not what the function API gives`);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  assert.ok(counts.assess > 200 && counts.replay > 0, JSON.stringify(counts));
  const said = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`);
  console.log(`identical bytes: ${said.join(", ")}`);
}

// Past the border as a page could come to it by a mistake.
function refusals() {
  const { memory, nengli_alloc, nengli_free, nengli_call, nengli_release } = exports;
  const ask = (...pointers) => {
    const answer = nengli_call(...pointers) >>> 0;
    const length = new DataView(memory.buffer).getUint32(answer, true);
    const bytes = new Uint8Array(memory.buffer, answer + 4, length);
    const { error } = JSON.parse(new TextDecoder().decode(bytes));
    nengli_release(answer);
    return error.message;
  };
  const ptr = nengli_alloc(8);
  new Uint8Array(memory.buffer, ptr, 8).fill(0xff);
  assert.equal(ask(0, 0, ptr, 0), "found a null pointer");
  assert.equal(ask(ptr, 0, 0, 8), "found a null pointer");
  assert.equal(ask(ptr, 8, ptr, 0), "found bytes that are not UTF-8");
  assert.equal(ask(ptr, 0, ptr, 0xffffffff), "found a length above 4194304 bytes");
  nengli_free(ptr, 8);
  assert.equal(nengli_alloc(0xffffffff), 0);
  nengli_release(0);
  nengli_free(0, 8);

  // Memory is given back: many answers need no more of it than a few.
  const before = memory.buffer.byteLength;
  for (let i = 0; i < 500; i += 1) call("rulebook");
  assert.ok(memory.buffer.byteLength <= before + 2 ** 20, "memory of answers is kept");
}

function speed() {
  const text = readFileSync(join(cases, "rights/heping.case.json"), "utf8");
  const times = [];
  for (let i = 0; i < 500; i += 1) {
    const start = performance.now();
    call("assess", text);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  const at95 = times[Math.floor(times.length * 0.95)];
  const ms = (time) => `${time.toFixed(2)} ms`;
  console.log(`one decision (rights/heping): median ${ms(median)}, 95% within ${ms(at95)}`);
  console.log(`the module: ${module.length} bytes`);
  assert.ok(median < LIMIT, `expected less than ${ms(LIMIT)}`);
}
