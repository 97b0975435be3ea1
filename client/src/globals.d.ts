/** The folder of LiteRT's WebAssembly, relative to the app: see build/litert.ts. */
declare const __LITERT__: string;
/** Bytes of each of its files, as they are without compression. */
declare const __LITERT_BYTES__: Readonly<Record<string, number>>;
/** The key that signs, where the app was built in a repository that has one: see build/trust.ts. */
declare const __TRUST__: { readonly public: string; readonly expires: string; readonly recovery: string } | null;
