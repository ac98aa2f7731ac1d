// What the library refuses, as classes; and what keeps a broken module from taking the page down.
//
// In: calls into a wasm module. Out: their results, or a thrown JiheError.
// Invariant: after a trap the module is a fresh instance, and a handle of the old one is refused, never used.

/** What the library refuses: `kind`, `code`, Chinese and English message, diagnostics. */
export class JiheError extends Error {
  constructor(wire, cause) {
    super(wire.message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.kind = wire.kind;
    this.code = wire.code ?? null;
    this.messageEn = wire.message_en ?? wire.message;
    this.diagnostics = wire.diagnostics ?? [];
  }
}
/** The rules do not compile; `diagnostics` says where and why. */
export class CompileError extends JiheError {}
/** The claims are not what the schema says. */
export class ClaimsError extends JiheError {}
/** The call itself is wrong: an unknown option, an input beyond its limit, a handle already freed. */
export class UsageError extends JiheError {}
/** The module broke (out of memory, or a fault of ours) and was started afresh. */
export class InternalError extends JiheError {}

const CLASSES = { rules: CompileError, claims: ClaimsError, usage: UsageError };

/** The error of a wire object. */
export function failure(wire) {
  return new (CLASSES[wire.kind] ?? JiheError)(wire);
}

export function misuse(message, message_en) {
  return new UsageError({ kind: "usage", code: "E0002", message, message_en });
}

/** The most a call takes, in bytes of UTF-8 (files: as they are on disk). */
export const LIMITS = Object.freeze({ rules: 33554432, claims: 134217728, files: 1073741824 });

/** Refuses a text beyond its limit, before it is copied. */
export function withinLimit(what, text) {
  const limit = LIMITS[what];
  const fits = text.length * 3 <= limit || (text.length <= limit && new TextEncoder().encode(text).length <= limit);
  if (!fits) {
    throw misuse(`输入过大：${what} 最多 ${limit} 字节`, `input too large: ${what} may have at most ${limit} bytes`);
  }
  return text;
}

const broke = (thrown) =>
  thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError || thrown?.name === "InternalError";

/** Calls into one wasm module. `restart` replaces its instance. */
export function guarded(restart) {
  let generation = 0;
  let started = false;
  const recover = (cause) => {
    generation += 1;
    try {
      restart();
    } catch {
      started = false;
    }
    const message = "引擎内部出错或内存用尽，已重新启动；先前的规则与会话需重新建立";
    const message_en = "the engine broke or ran out of memory and was restarted; compile and open again what was there before";
    return new InternalError({ kind: "internal", message, message_en }, cause);
  };
  return {
    start() {
      started = true;
    },
    generation: () => generation,
    // A wire error is thrown as its JSON text; anything else goes on as it is.
    call(work) {
      if (!started) throw misuse("模块尚未载入：先 await init()", "the module is not loaded: await init() first");
      try {
        return work();
      } catch (thrown) {
        if (typeof thrown === "string") throw failure(JSON.parse(thrown));
        throw broke(thrown) ? recover(thrown) : thrown;
      }
    },
  };
}

/** A thing that lives in the module: freed once, refused after a restart. */
export class Handle {
  #native;
  #guard;
  #born;
  constructor(native, guard) {
    this.#native = native;
    this.#guard = guard;
    this.#born = guard.generation();
  }
  call(work) {
    if (this.#native === null) throw misuse("已经释放", "this was freed");
    if (this.#born !== this.#guard.generation()) {
      throw misuse("引擎重新启动过，请重新建立", "the engine was restarted since; make it again");
    }
    return this.#guard.call(() => work(this.#native));
  }
  free() {
    if (this.#native !== null && this.#born === this.#guard.generation()) this.#native.free();
    this.#native = null;
  }
}
