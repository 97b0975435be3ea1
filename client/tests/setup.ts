import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";

// each file begins as in a process of its own, which takes longer to start than most of them to run
vi.useRealTimers();
vi.restoreAllMocks();
vi.unstubAllGlobals();
vi.resetModules();
globalThis.indexedDB = new IDBFactory();
