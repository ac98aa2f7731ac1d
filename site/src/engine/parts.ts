// The engine's modules and the examples, as scripts beside the page that are loaded when first needed.
//
// In: the name of a part. Out: its bytes, still packed, to hand to a worker; `unpack` opens them there.
// Invariant: a script element is the only way anything is loaded, which file:// and the page's policy both allow.

export type Part = "core" | "files" | "examples";

declare global {
  // eslint-disable-next-line no-var
  var jiheParts: Partial<Record<Part, string>> | undefined;
}

const loading = new Map<Part, Promise<string>>();

/** Loads a part once; the promise fails with a sentence when its script is missing. */
export function load(part: Part): Promise<string> {
  const known = loading.get(part);
  if (known) return known;
  const begun = new Promise<string>((done, fail) => {
    const script = document.createElement("script");
    script.src = `parts/${part}.js`;
    script.onload = () => {
      const text = globalThis.jiheParts?.[part];
      if (text === undefined) fail(new Error(`parts/${part}.js 内容不完整 / is incomplete`));
      else done(text);
    };
    script.onerror = () => {
      loading.delete(part);
      fail(new Error(`缺少文件 parts/${part}.js，请复制完整的文件夹 / parts/${part}.js is missing; copy the whole folder`));
    };
    document.head.append(script);
  });
  loading.set(part, begun);
  return begun;
}

/** The bytes of a packed part. */
export async function unpack(packed: string): Promise<Uint8Array> {
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
