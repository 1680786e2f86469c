// WebAssembly that the program brings along as text.

/** The part of the interface that is used; the types of Node.js do not name it. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** What a module exports. @param compiled the module in Base64, which needs nothing from outside */
export function instanceOf<Exports extends object>(compiled: string): Exports {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyLike };
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(compiled, 'base64'))).exports as Exports;
}
