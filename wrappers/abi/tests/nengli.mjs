// The module as JavaScript calls it: the memory rules in one place.

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

/** A function `call(name, text) -> text` on the bytes of the module. */
export async function open(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { memory, nengli_alloc, nengli_free, nengli_call, nengli_release } = instance.exports;

  // A text in the module's memory. The empty one needs a pointer all the same.
  const lend = (string) => {
    const bytes = utf8.encode(string);
    const size = Math.max(bytes.length, 1);
    const ptr = nengli_alloc(size) >>> 0;
    if (ptr === 0) throw new Error(`no memory for a text of ${bytes.length} bytes`);
    new Uint8Array(memory.buffer, ptr, bytes.length).set(bytes);
    return { ptr, length: bytes.length, free: () => nengli_free(ptr, size) };
  };

  const call = (name, string = "") => {
    const [asked, about] = [lend(name), lend(string)];
    const answer = nengli_call(asked.ptr, asked.length, about.ptr, about.length) >>> 0;
    asked.free();
    about.free();
    if (answer === 0) throw new Error("no memory for the answer");
    // The memory may have grown: its buffer is asked for anew.
    const length = new DataView(memory.buffer).getUint32(answer, true);
    const json = text.decode(new Uint8Array(memory.buffer, answer + 4, length));
    nengli_release(answer);
    return json;
  };
  return { call, exports: instance.exports };
}
