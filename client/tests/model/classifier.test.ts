import { beforeEach, expect, test, vi } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import { Classifier } from "../../src/model/classifier";
import type { Answer, Request } from "../../src/model/protocol";
import { manifest } from "../manifest-example";

const MODEL = parse(manifest());
let asked: Request[];
let answer: (request: Request) => object;

class FakeWorker {
  onmessage: ((event: { data: Answer }) => void) | null = null;
  postMessage(request: Request) {
    asked.push(request);
    queueMicrotask(() => this.onmessage!({ data: { id: request.id, ...answer(request) } as Answer }));
  }
}

beforeEach(() => {
  asked = [];
  answer = () => ({ output: null });
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("__LITERT__", "assets/litert/");
  vi.stubGlobal("document", { baseURI: "https://weldspot.example/" });
});

test("the worker is told the side, the number of classes and whose pixels come", async () => {
  const classifier = new Classifier();
  await classifier.load(new ArrayBuffer(5), MODEL);
  await classifier.run(new Uint8Array(3), MODEL);
  expect(asked).toMatchObject([
    { kind: "load", side: 288, classes: 2, sha256: MODEL.sha256, runtime: "https://weldspot.example/assets/litert/" },
    { kind: "run", sha256: MODEL.sha256 },
  ]);
});

test.each([
  ["runtime", "NetworkError: x", "The app is not complete yet"],
  ["runtime", "CompileError: x", "This browser can't run the model"],
  ["model", "Error: input", "The model does not run here"],
  ["run", "Error: another model is loaded", "The model stopped"],
])("a failure of the %s (%s) is a sentence", async (where, error, title) => {
  answer = () => ({ where, error });
  await expect(new Classifier().load(new ArrayBuffer(5), MODEL)).rejects.toMatchObject({ title });
});
