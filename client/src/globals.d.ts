/** The folder of LiteRT's WebAssembly, relative to the app: see build/litert.ts. */
declare const __LITERT__: string;
