// The engine: a WebAssembly module inside the page, text in and text out.

const engine = { exports: null };
const utf8 = { write: new TextEncoder(), read: new TextDecoder() };

/** Starts the engine from gzipped, base64 text. */
export async function start(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const module = await new Response(stream).arrayBuffer();
  const { instance } = await WebAssembly.instantiate(module, {});
  engine.exports = instance.exports;
}

function put(text) {
  const bytes = utf8.write.encode(text);
  // The empty text needs a place all the same.
  const size = Math.max(bytes.length, 1);
  const at = engine.exports.nengli_alloc(size) >>> 0;
  if (at === 0) throw new Error('no memory for a text');
  new Uint8Array(engine.exports.memory.buffer, at, bytes.length).set(bytes);
  return { at, length: bytes.length, free: () => engine.exports.nengli_free(at, size) };
}

/** The answer to a call, as text. */
export function call(what, text = '') {
  const { nengli_call, nengli_release, memory } = engine.exports;
  const [asked, about] = [put(what), put(text)];
  const answerAt = nengli_call(asked.at, asked.length, about.at, about.length) >>> 0;
  asked.free();
  about.free();
  if (answerAt === 0) throw new Error('no memory for the answer');
  // The memory may have grown: its buffer is asked for anew.
  const length = new DataView(memory.buffer).getUint32(answerAt, true);
  const answer = utf8.read.decode(new Uint8Array(memory.buffer, answerAt + 4, length));
  nengli_release(answerAt);
  return answer;
}

/** The answer to a call, read. */
export function ask(what, text) {
  return JSON.parse(call(what, text));
}
