import { expect, test } from "@playwright/test";
import { initializeApp } from "firebase/app";
import { connectAuthEmulator, getAuth, signInAnonymously } from "firebase/auth";
import {
  connectStorageEmulator,
  deleteObject,
  type FirebaseStorage,
  getBytes,
  getMetadata,
  getStorage,
  listAll,
  ref,
  updateMetadata,
  uploadBytes,
} from "firebase/storage";
import { BUCKET, PROJECT, start } from "../emulator/emulators.mjs";
import { CLASSES_CHARACTERS, IMAGE_BYTES, TELEMETRY_BYTES } from "../src/contract/generated/limits";

const CORRECTION = {
  labels: "Crack,Porosity",
  scores: "0.010000,0.000000,0.930000,0.010000,0.020000,0.610000,0.030000",
  model: "a".repeat(64),
  taken: "2026-11-24T08:15:30.123Z",
};
const MODELS = ["models/weldspot/manifest.json", `models/weldspot/models/${"b".repeat(64)}.tflite`];

let emulators: Awaited<ReturnType<typeof start>>;
let [mine, other, stranger]: string[] = [];
let phone: FirebaseStorage;
let nobody: FirebaseStorage;

test.beforeAll(async () => {
  emulators = await start({ free: true, double: true });
  [phone, mine] = await signedIn("phone");
  [, other] = await signedIn("other");
  nobody = storageOf(initializeApp({ apiKey: "none", projectId: PROJECT, storageBucket: BUCKET }, "nobody"));
  stranger = `feedback/${other}/${crypto.randomUUID()}.jpg`;
  for (const path of [...MODELS, stranger]) await asServiceAccount(path);
});
test.afterAll(() => emulators?.stop());

function storageOf(app: ReturnType<typeof initializeApp>): FirebaseStorage {
  const storage = getStorage(app);
  const [host, port] = emulators.storage.split(":");
  connectStorageEmulator(storage, host!, Number(port));
  return storage;
}

async function signedIn(name: string): Promise<[FirebaseStorage, string]> {
  const app = initializeApp({ apiKey: "none", projectId: PROJECT, storageBucket: BUCKET }, name);
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${emulators.auth}`, { disableWarnings: true });
  return [storageOf(app), (await signInAnonymously(auth)).user.uid];
}

async function asServiceAccount(path: string): Promise<void> {
  const address = `http://${emulators.storage}/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=${encodeURIComponent(path)}`;
  const answer = await fetch(address, { method: "POST", headers: { Authorization: "Bearer owner" }, body: "x" });
  expect(answer.ok).toBe(true);
}

const fresh = () => `feedback/${mine}/${crypto.randomUUID()}.jpg`;

function upload(path: string, customMetadata: object = CORRECTION, contentType = "image/jpeg", bytes = 3, by = phone) {
  const metadata = { contentType, customMetadata: { ...customMetadata } as Record<string, string> };
  return uploadBytes(ref(by, path), new Uint8Array(bytes), metadata);
}

const DENIED = { code: expect.stringMatching(/^storage\/(unauthorized|unauthenticated)$/) };

test("a signed-in phone adds corrections to its own folder", async () => {
  await upload(fresh());
  await upload(fresh(), { ...CORRECTION, device: "a phone", note: "second pass, ±2 mm", sha256: "c".repeat(64) });
  await upload(fresh(), CORRECTION, "image/jpeg", IMAGE_BYTES);
});

test("classes have names in any script, and there may be a hundred", async () => {
  await upload(fresh(), { ...CORRECTION, classes: "Background,Bad Welding,Crack" });
  await upload(fresh(), {
    ...CORRECTION,
    labels: "Längsriss,裂纹,شق",
    classes: "Längsriss,裂纹,شق,rolled_in-scale (2) & more",
  });
  const classes = Array.from({ length: 100 }, (_, i) => `Klasse ${i}`.padEnd(39, "ß"));
  expect(classes.join().length).toBeLessThanOrEqual(CLASSES_CHARACTERS);
  const scores = classes.map(() => "0.010000").join();
  await upload(fresh(), { ...CORRECTION, labels: classes.join(), classes: classes.join(), scores });
});

test("everyone reads models and manifest, signed in or not", async () => {
  for (const path of MODELS) {
    for (const by of [phone, nobody]) expect((await getBytes(ref(by, path))).byteLength).toBe(1);
  }
});

const sums = () => `telemetry/${crypto.randomUUID()}.json`;

test("a signed-in phone adds the sums of a day, once, and nobody reads them", async () => {
  const own = sums();
  await upload(own, {}, "application/json");
  await upload(sums(), {}, "application/json", TELEMETRY_BYTES);
  await expect(upload(own, {}, "application/json")).rejects.toMatchObject(DENIED);
  for (const by of [phone, nobody]) await expect(getBytes(ref(by, own))).rejects.toMatchObject(DENIED);
});

const without = (key: keyof typeof CORRECTION) => ({ ...CORRECTION, [key]: undefined });
const REFUSED: Record<string, () => Promise<unknown>> = {
  "without signing in": () => upload(fresh(), CORRECTION, "image/jpeg", 3, nobody),
  "into another phone's folder": () => upload(`feedback/${other}/${crypto.randomUUID()}.jpg`),
  "into a folder inside one's own": () => upload(`feedback/${mine}/more/${crypto.randomUUID()}.jpg`),
  "beside the folders": () => upload(`feedback/${crypto.randomUUID()}.jpg`),
  "at the bucket's top": () => upload("weld.jpg"),
  "under a name that is no UUID": () => upload(`feedback/${mine}/weld.jpg`),
  "under a UUID with something before it": () => upload(`feedback/${mine}/x${crypto.randomUUID()}.jpg`),
  "a PNG": () => upload(fresh(), CORRECTION, "image/png"),
  "a web page": () => upload(fresh(), CORRECTION, "text/html"),
  "nothing at all": () => upload(fresh(), CORRECTION, "image/jpeg", 0),
  "a byte more than a photograph may have": () => upload(fresh(), CORRECTION, "image/jpeg", IMAGE_BYTES + 1),
  "no metadata": () => uploadBytes(ref(phone, fresh()), new Uint8Array(3), { contentType: "image/jpeg" }),
  "no labels": () => upload(fresh(), without("labels")),
  "no scores": () => upload(fresh(), without("scores")),
  "no model": () => upload(fresh(), without("model")),
  "no time": () => upload(fresh(), without("taken")),
  "empty labels": () => upload(fresh(), { ...CORRECTION, labels: "" }),
  "labels with markup": () => upload(fresh(), { ...CORRECTION, labels: "<b>Crack</b>" }),
  "labels with a line's end": () => upload(fresh(), { ...CORRECTION, labels: "Crack\nPorosity" }),
  "labels without end": () => upload(fresh(), { ...CORRECTION, labels: "x".repeat(CLASSES_CHARACTERS + 1) }),
  "classes with markup": () => upload(fresh(), { ...CORRECTION, classes: "Crack,<b>Porosity</b>" }),
  "classes that other tables separate with": () => upload(fresh(), { ...CORRECTION, classes: "Crack;Porosity" }),
  "classes without end": () => upload(fresh(), { ...CORRECTION, classes: "x".repeat(CLASSES_CHARACTERS + 1) }),
  "empty classes": () => upload(fresh(), { ...CORRECTION, classes: "" }),
  "scores without end": () => upload(fresh(), { ...CORRECTION, scores: "0,".repeat(CLASSES_CHARACTERS) }),
  "scores that are words": () => upload(fresh(), { ...CORRECTION, scores: "high" }),
  "a model that is no SHA-256": () => upload(fresh(), { ...CORRECTION, model: "latest" }),
  "a time that is none": () => upload(fresh(), { ...CORRECTION, taken: "yesterday" }),
  "metadata without end": () =>
    upload(fresh(), { ...CORRECTION, ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x${i}`, "1"])) }),
  "sums without signing in": () => upload(sums(), {}, "application/json", 3, nobody),
  "sums under a name that is no UUID": () => upload("telemetry/mine.json", {}, "application/json"),
  "sums of another kind": () => upload(sums(), {}, "text/html"),
  "sums without end": () => upload(sums(), {}, "application/json", TELEMETRY_BYTES + 1),
  "a model": () => upload(MODELS[1]!, CORRECTION, "application/octet-stream"),
  "a new model": () => upload("models/weldspot/models/new.tflite", CORRECTION, "application/octet-stream"),
  "a manifest": () => upload(MODELS[0]!, {}, "application/json"),
};
for (const [what, attempt] of Object.entries(REFUSED)) {
  test(`may not upload: ${what}`, () => expect(attempt()).rejects.toMatchObject(DENIED));
}

test("may not touch what is there, not even its own", async () => {
  const own = fresh();
  await upload(own);
  for (const path of [own, stranger!]) {
    const object = ref(phone, path);
    await expect(upload(path), "write over").rejects.toMatchObject(DENIED);
    await expect(getBytes(object), "read").rejects.toMatchObject(DENIED);
    await expect(getMetadata(object), "read metadata").rejects.toMatchObject(DENIED);
    await expect(updateMetadata(object, { customMetadata: { note: "x" } }), "relabel").rejects.toMatchObject(DENIED);
    await expect(deleteObject(object), "delete").rejects.toMatchObject(DENIED);
  }
  for (const path of MODELS) await expect(deleteObject(ref(phone, path)), "delete").rejects.toMatchObject(DENIED);
});

test("may not list anything", async () => {
  for (const path of ["", "feedback", `feedback/${mine}`, "models", "models/weldspot"]) {
    await expect(listAll(ref(phone, path)), path).rejects.toMatchObject(DENIED);
  }
});
