/** What of the WebAssembly JavaScript API is used here: the libraries of TypeScript have it for browsers only. */
declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module) => Instance;
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Memory {
    /** Another one after the memory has grown. */
    readonly buffer: ArrayBuffer;
    /** @param pages of 64 KiB */
    grow(pages: number): number;
  }
}
