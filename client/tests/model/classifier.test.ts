import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import { Classifier } from "../../src/model/classifier";
import type { Answer, Request } from "../../src/model/protocol";
import { ran } from "../../src/storage/settings";
import { manifest } from "../manifest-example";

const MODEL = parse(manifest());
const OTHER = parse(manifest("b".repeat(64)));
const PIXELS = new Uint8Array(3);
const FINE = { output: null };
const SILENT = null;

let asked: Request[];
let workers: FakeWorker[];
let answer: (request: Request, worker: FakeWorker) => object | null;

class FakeWorker {
  onmessage: ((event: { data: Answer }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  terminated = false;
  constructor() {
    workers.push(this);
  }
  postMessage(request: Request) {
    asked.push(request);
    const given = answer(request, this);
    if (given) queueMicrotask(() => this.say({ id: request.id, ...given } as Answer));
  }
  say(data: Answer) {
    if (!this.terminated) this.onmessage!({ data });
  }
  terminate() {
    this.terminated = true;
  }
}

const kinds = () => asked.map(({ kind }) => kind);
const threaded = () => asked.flatMap((request) => (request.kind === "prepare" ? [request.threaded] : []));

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  workers = [];
  answer = () => FINE;
  ran("of another model", "wasm");
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("__LITERT__", "assets/litert/");
  vi.stubGlobal("document", { baseURI: "https://weldspot.example/" });
});
afterEach(() => vi.useRealTimers());

async function loaded(): Promise<Classifier> {
  const classifier = new Classifier();
  await classifier.load(new ArrayBuffer(5), MODEL);
  return classifier;
}

test("the worker is told the side, the number of classes and whose pixels come", async () => {
  const classifier = await loaded();
  await classifier.run(PIXELS, MODEL);
  expect(asked).toMatchObject([
    { kind: "prepare", threaded: true, runtime: "https://weldspot.example/assets/litert/" },
    { kind: "load", side: 288, classes: 2, sha256: MODEL.sha256 },
    { kind: "run", sha256: MODEL.sha256 },
  ]);
});

test("a worker that falls silent is started again with the model that ran, and then on one thread", async () => {
  const classifier = await loaded();
  answer = ({ kind }, worker) => (kind === "run" && worker !== workers[2] ? SILENT : FINE);
  const running = classifier.run(PIXELS, MODEL);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(2_000);
  await expect(running).resolves.toBeNull();
  expect(threaded()).toEqual([true, true, false]);
  expect(kinds()).toEqual(["prepare", "load", "run", "prepare", "load", "run", "prepare", "load", "run"]);
});

test("a worker that dies is one that falls silent", async () => {
  const classifier = await loaded();
  answer = ({ kind }, worker) => (kind === "run" && worker === workers[0] ? SILENT : FINE);
  const running = classifier.run(PIXELS, MODEL);
  await vi.advanceTimersByTimeAsync(0);
  workers[0]!.onerror!({ message: "killed" });
  await expect(running).resolves.toBeNull();
  expect(workers).toHaveLength(2);
});

test("when no new worker helps it is a Problem, and Try again begins anew", async () => {
  const classifier = await loaded();
  answer = ({ kind }) => (kind === "run" ? { where: "run", error: "RangeError: out of memory" } : FINE);
  await expect(classifier.run(PIXELS, MODEL)).rejects.toMatchObject({ code: "modelStopped" });
  expect(workers).toHaveLength(3);
  answer = () => FINE;
  classifier.renew();
  await expect(classifier.run(PIXELS, MODEL)).resolves.toBeNull();
  expect(threaded().at(-1)).toBe(true);
});

test("a phone without memory for threads gets the runtime on one", async () => {
  answer = (request) =>
    request.kind === "prepare" && request.threaded ? { where: "runtime", error: "RangeError: Out of memory" } : FINE;
  await (await loaded()).run(PIXELS, MODEL);
  expect(threaded()).toEqual([true, false]);
});

test("so does one whose model has come before that has shown", async () => {
  answer = (request) =>
    request.kind === "prepare" && request.threaded ? { where: "runtime", error: "RangeError: Out of memory" } : FINE;
  const classifier = new Classifier();
  await Promise.all([classifier.prepare(), classifier.load(new ArrayBuffer(5), MODEL)]);
  await expect(classifier.run(PIXELS, MODEL)).resolves.toBeNull();
});

test("a page that was frozen gives its worker time again", async () => {
  const classifier = await loaded();
  answer = () => SILENT;
  const running = classifier.run(PIXELS, MODEL);
  await vi.advanceTimersByTimeAsync(0);
  const now = performance.now();
  const clock = vi.spyOn(performance, "now").mockReturnValue(now + 60_000);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(workers).toHaveLength(1);
  clock.mockRestore();
  workers[0]!.say({ id: asked.at(-1)!.id, output: null });
  await expect(running).resolves.toBeNull();
});

test("while bytes of the runtime come nobody loses patience, and they are told", async () => {
  const told: number[] = [];
  answer = () => SILENT;
  const ready = new Classifier().prepare((bytes) => told.push(bytes));
  for (let i = 1; i <= 5; i++) {
    await vi.advanceTimersByTimeAsync(20_000);
    workers[0]!.say({ id: 0, arrived: i, total: 5 });
  }
  workers[0]!.say({ id: 0, output: null });
  await ready;
  expect(told).toEqual([1, 2, 3, 4, 5]);
  expect(workers).toHaveLength(1);
});

test("another model than the one that runs is not asked for, and one that does not load leaves the one before", async () => {
  const classifier = await loaded();
  answer = ({ kind }) => (kind === "load" ? { where: "model", error: "Error: input" } : FINE);
  await expect(classifier.load(new ArrayBuffer(5), OTHER)).rejects.toMatchObject({ code: "modelUnfit" });
  await expect(classifier.run(PIXELS, OTHER)).rejects.toMatchObject({ code: "otherModel" });
  await expect(classifier.run(PIXELS, MODEL)).resolves.toBeNull();
  expect(workers).toHaveLength(1);
});

test.each([
  ["network", "NetworkError: x", "The app is not complete yet"],
  ["runtime", "CompileError: x", "This browser can't run the model"],
  ["model", "Error: input", "The model does not run here"],
])("a failure of the %s (%s) is a sentence", async (where, error, title) => {
  answer = () => ({ where, error });
  await expect(new Classifier().load(new ArrayBuffer(5), MODEL)).rejects.toMatchObject({ title });
});

test("a race is run once for each model, when the first verdicts are there; what fails then is never tried again", async () => {
  vi.stubGlobal("navigator", { gpu: {} });
  const ways = () => asked.flatMap((request) => (request.kind === "load" ? [request.way] : []));
  answer = (request) => (request.kind === "load" ? { output: null, way: request.way === "wasm" ? "wasm" : "webgpu" } : FINE); // prettier-ignore
  const classifier = await loaded();
  await classifier.run(PIXELS, MODEL);
  expect(ways()).toEqual(["wasm"]);
  await vi.advanceTimersByTimeAsync(11_000);
  await classifier.run(PIXELS, MODEL);
  expect(ways()).toEqual(["wasm", "race"]);
  await loaded(); // at the next start
  await vi.advanceTimersByTimeAsync(11_000);
  expect(ways()).toEqual(["wasm", "race", "webgpu"]);

  answer = (request) => (request.kind === "load" && request.way === "race" ? SILENT : FINE); // a driver that hangs
  await classifier.load(new ArrayBuffer(5), OTHER);
  await vi.advanceTimersByTimeAsync(10_500);
  const running = classifier.run(PIXELS, OTHER); // waits for the end of the race
  await vi.advanceTimersByTimeAsync(15_000);
  await expect(running).resolves.toBeNull();
  expect(ways().slice(3)).toEqual(["wasm", "race", "wasm"]);
  await classifier.load(new ArrayBuffer(5), MODEL);
  expect(ways().at(-1)).toBe("wasm"); // though it ran there before
  vi.stubGlobal("navigator", {});
});
