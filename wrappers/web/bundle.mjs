// Puts the page into one file: bundle.mjs MODULE.wasm PAGE.html
//
// The sources are small modules that import each other by name. Here each becomes a
// function of its own, after those it needs; a name that two export is an error.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 2_000_000;
const SOURCES = join(dirname(fileURLToPath(import.meta.url)), 'src');
const STYLES = ['page.css', 'result.css', 'print.css'];

const read = (file) => readFileSync(join(SOURCES, file), 'utf8');

/** The modules that `first` needs, each after those it imports. */
function collect(first, seen = new Set(), out = []) {
  if (seen.has(first)) return out;
  seen.add(first);
  for (const [, file] of read(first).matchAll(/^import [^;]*? from '\.\/([\w-]+\.js)';$/gm)) collect(file, seen, out);
  out.push(first);
  return out;
}

/** The text of a module as a block: what it exports goes into the names of the page. */
function block(file) {
  const text = read(file).replace(/^import [^;]*;\n/gm, '');
  const exported = [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(([, name]) => name);
  return { file, text: text.replace(/^export /gm, ''), exported };
}

function script() {
  const owners = new Map();
  const parts = collect('page.js').map(block).map(({ file, text, exported }) => {
    for (const name of exported) {
      if (owners.has(name)) throw new Error(`${file} and ${owners.get(name)} both export ${name}`);
      owners.set(name, file);
    }
    // Each module keeps what it does not export to itself.
    const given = exported.length ? `const { ${exported.join(', ')} } = ` : '';
    return `// ${file}\n${given}(() => {\n${text}\nreturn { ${exported.join(', ')} };\n})();\n`;
  });
  return `\n${parts.join('\n')}`;
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function page(module) {
  const parts = {
    STYLE: `\n${STYLES.map(read).join('\n')}`,
    SCRIPT: script(),
    MODULE: gzipSync(module, { level: 9 }).toString('base64'),
  };
  if (parts.SCRIPT.includes('</script') || parts.STYLE.includes('</style')) throw new Error('a source closes its own tag');
  const filled = { ...parts, STYLE_HASH: hash(parts.STYLE), SCRIPT_HASH: hash(parts.SCRIPT) };
  return read('page.html').replace(/\{\{(\w+)\}\}/g, (_, key) => filled[key]);
}

const [module, out] = process.argv.slice(2);
if (!out) throw new Error('usage: bundle.mjs MODULE.wasm PAGE.html');
const text = page(readFileSync(module));
if (Buffer.byteLength(text) >= LIMIT) throw new Error(`the page is ${Buffer.byteLength(text)} bytes, over ${LIMIT}`);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, text);
console.log(`${out}: ${Buffer.byteLength(text)} bytes`);
