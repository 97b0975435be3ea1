import { expect, test } from "vitest";
import { plainSimd } from "../../build/plain-simd";

const section = (id: number, ...content: number[]) => [id, ...leb(content.length), ...content];
const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]);
const relaxed = (opcode: number) => [0xfd, ...leb(opcode)];
const load = (at: number) => [0x41, ...signed(at), 0xfd, 0, 0, 0];
const signed = (value: number) => (value < 64 ? [value] : [value | 128, 0]);
const END = 0x0b;

/** A module whose functions take an i32 and have these bodies, the last with so many locals of its own, and a memory. */
function module(...bodies: number[][]): Uint8Array<ArrayBuffer> {
  const code = bodies.flatMap((body) => [...leb(body.length), ...body]);
  const exported = bodies.flatMap((_, i) => [1, 97 + i, 0, i]);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 0),
    ...section(3, bodies.length, ...bodies.map(() => 0)),
    ...section(5, 1, 0, 1),
    ...section(7, bodies.length + 1, 1, 109, 2, 0, ...exported),
    ...section(10, bodies.length, ...code),
  ]);
}

/** Three vectors go in, one comes out: this instruction, made plain. */
function given(opcode: number, vectors: readonly ArrayBufferView[]): DataView {
  const operands = vectors.flatMap((_, i) => load(16 * i));
  const plain = plainSimd(module([0, 0x41, 48, ...operands, ...relaxed(opcode), 0xfd, 11, 0, 0, END]));
  const { m, a } = new WebAssembly.Instance(new WebAssembly.Module(plain)).exports as any;
  const memory = new Uint8Array(m.buffer);
  vectors.forEach(({ buffer }, i) => memory.set(new Uint8Array(buffer as ArrayBuffer), 16 * i));
  a(0);
  return new DataView(m.buffer, 48, 16);
}

test("four products are added to what was there, whatever their signs", () => {
  const a = Int8Array.from({ length: 16 }, (_, i) => (i * 83) % 256);
  const b = Int8Array.from({ length: 16 }, (_, i) => ((i * 37) % 128) - 64);
  const c = Int32Array.of(1, -2, 1e6, 4);
  const out = given(0x113, [a, b, c]);
  for (let i = 0; i < 4; i++) {
    const sum = [0, 1, 2, 3].reduce((sum, k) => sum + a[4 * i + k]! * b[4 * i + k]!, c[i]!);
    expect(out.getInt32(4 * i, true)).toBe(sum);
  }
});

test("a product and its sum are rounded once", () => {
  const e = 2 ** -12;
  const a = Float32Array.of(1 + e, 3, -0.1, 1e30);
  const b = Float32Array.of(1 + e, 0.1, 0.1, 1e30);
  const c = Float32Array.of(-(1 + 2 * e), 1, 1e-8, -1);
  const out = given(0x105, [a, b, c]);
  const lanes = [0, 4, 8, 12].map((at) => out.getFloat32(at, true));
  expect(lanes).toEqual([...a].map((each, i) => Math.fround(each * b[i]! + c[i]!)));
  expect(lanes[0]).toBe(2 ** -24); // of two roundings it is 0
});

test.each([
  ["swizzle", 0x100, [7, 0, 15, 1]],
  ["minimum", 0x10d, [1, -5, 2, 0]],
  ["maximum", 0x10e, [4, 3, 2, 9]],
])("%s is the plain one", (name, opcode, wanted) => {
  if (name === "swizzle") {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => 10 * i);
    const out = given(opcode, [bytes, Uint8Array.from([...wanted, ...Array(12).fill(0)])]);
    return expect(wanted.map((_, i) => out.getUint8(i))).toEqual(wanted.map((at) => 10 * at));
  }
  const out = given(opcode, [Float32Array.of(1, 3, 2, 9), Float32Array.of(4, -5, 2, 0)]);
  return expect([0, 4, 8, 12].map((at) => out.getFloat32(at, true))).toEqual(wanted);
});

test("all around it stays: other functions byte for byte, blocks, tables, constants and locals", () => {
  const around = [
    ...[2, 2, 0x7f, 1, 0x7e], // locals: two of i32, one of i64
    ...[0x42, 0x80, 0x80, 0x80, 0x80, 0x10, 0x21, 3], // a long constant
    ...[0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0e, 2, 0, 1, 1, END, 0x41, 1, 0x21, 1, END], // br_table
    ...[0x41, 48, ...load(0), ...load(16), ...load(32), ...relaxed(0x113), 0xfd, 11, 0, 0],
    ...[0x41, 0xc0, 0, 0x20, 1, 0x36, 2, 0], // the local is stored behind it
    ...[0x43, 0xfd, 0x93, 0x02, 0, 0x1a], // a constant with the bytes of a relaxed instruction
    ...[0x44, 0xfd, 0x93, 0x02, 0, 0, 0, 0, 0, 0x1a, 0xfd, 12, ...Array(16).fill(0xfd), 0x1a, END],
  ];
  const plainBody = [0, 0x01, 0x43, 0xfd, 0x85, 0x02, 0, 0x1a, END];
  const before = module(plainBody, around);
  const after = plainSimd(before);
  const { m, b } = new WebAssembly.Instance(new WebAssembly.Module(after)).exports as any;
  const view = new DataView(m.buffer);
  for (let i = 0; i < 32; i++) view.setInt8(i, 1);
  b(0);
  expect([view.getInt32(48, true), view.getInt32(64, true)]).toEqual([4, 1]);
  b(1);
  expect(view.getInt32(64, true)).toBe(0);
  expect(Buffer.from(after).includes(Buffer.from(plainBody))).toBe(true);
  expect(plainSimd(after)).toEqual(after);
});

test("what is not known is refused, not copied", () => {
  expect(() => plainSimd(module([0, 0xfb, 0, END]))).toThrow("0xfb");
  expect(() => plainSimd(module([0, ...relaxed(0x112), END]))).toThrow("0x112");
  expect(() => plainSimd(module([0, 0x41]).subarray(0, -1))).toThrow();
});
