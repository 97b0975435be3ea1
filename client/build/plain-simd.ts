/**
 * LiteRT's WebAssembly for browsers without relaxed SIMD: each relaxed instruction becomes plain ones that give what
 * processors with that instruction give, a multiplication and an addition rounded once above all. LiteRT's own build
 * for these browsers rounds twice in the model's float layers; what they give is rounded to int8, and probabilities end
 * up to 9/255 from Python's.
 *
 * Binary format: https://webassembly.github.io/spec/core/binary/
 */

const [TYPES, FUNCTIONS, CODE] = [1, 3, 10];
const V128 = 0x7b;
const SIMD = 0xfd;

/** Relaxed instruction → the plain one that it may be. */
const SAME: Readonly<Record<number, number>> = {
  0x100: 0x0e, // swizzle
  ...{ 0x101: 0xf8, 0x102: 0xf9, 0x103: 0xfc, 0x104: 0xfd }, // trunc → trunc_sat
  ...{ 0x109: 0x52, 0x10a: 0x52, 0x10b: 0x52, 0x10c: 0x52 }, // laneselect → bitselect
  ...{ 0x10d: 0xea, 0x10e: 0xeb, 0x10f: 0xf6, 0x110: 0xf7 }, // min, max → pmin, pmax
  0x111: 0x82, // q15mulr
};
const MADD = 0x105; // f32x4.relaxed_madd
const [SHUFFLE, PROMOTE, DEMOTE] = [0x0d, 0x5f, 0x5e]; // f64x2.promote_low_f32x4, f32x4.demote_f64x2_zero
const [MUL64, ADD64] = [0xf2, 0xf0];
const HIGH = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const DOT_ADD = 0x113; // i32x4.relaxed_dot_i8x16_i7x16_add_s
const [SHL, SHR, DOT, ADD] = [0x8b, 0x8c, 0xba, 0xae]; // i16x8.shl, i16x8.shr_s, i32x4.dot_i16x8_s, i32x4.add

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  byte(): number {
    if (this.at >= this.bytes.length) throw new Error("the module ends in the middle");
    return this.bytes[this.at++]!;
  }

  /** Unsigned LEB128 of up to 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** Signed or unsigned, of any length. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.bytes.length) throw new Error("the module ends in the middle");
  }

  skipMemory(): void {
    if (this.number() & 0x40) this.skipNumber();
    this.skipNumber();
  }

  times(work: () => void): void {
    for (let left = this.number(); left > 0; left--) work();
  }
}

/** The same module without relaxed SIMD. Throws for one that holds what is not known here. */
export function plainSimd(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new Reader(module);
  const parts: Uint8Array[] = [module.subarray(0, 8)];
  reader.skip(8);
  let parameters: number[] = []; // of each type
  const types: number[] = []; // of each function in the code
  while (reader.at < module.length) {
    const id = reader.byte();
    const size = reader.number();
    const content = module.subarray(reader.at, reader.at + size);
    reader.skip(size);
    if (id === TYPES) parameters = parametersOf(content);
    if (id === FUNCTIONS) {
      const functions = new Reader(content);
      functions.times(() => types.push(functions.number()));
    }
    const next = id === CODE ? code(content, (i) => parameters[types[i]!]!) : content;
    parts.push(Uint8Array.of(id), leb(next.length), next);
  }
  return joined(parts);
}

function parametersOf(content: Uint8Array): number[] {
  const reader = new Reader(content);
  const counts: number[] = [];
  reader.times(() => {
    if (reader.byte() !== 0x60) throw new Error("a type that is no function");
    const count = reader.number();
    counts.push(count);
    reader.skip(count);
    reader.skip(reader.number());
  });
  return counts;
}

function code(content: Uint8Array, parameters: (i: number) => number): Uint8Array {
  const reader = new Reader(content);
  const parts: Uint8Array[] = [];
  let i = 0;
  reader.times(() => {
    const size = reader.number();
    const body = body_(content.subarray(reader.at, reader.at + size), parameters(i++));
    reader.skip(size);
    parts.push(leb(body.length), body);
  });
  return joined([leb(i), ...parts]);
}

/** One function: three locals more where one of its instructions needs them. */
function body_(body: Uint8Array, parameters: number): Uint8Array {
  const reader = new Reader(body);
  const groups = reader.number();
  const declarations = reader.at;
  let locals = parameters;
  for (let i = 0; i < groups; i++) {
    locals += reader.number();
    reader.byte();
  }
  const start = reader.at;
  const parts: Uint8Array[] = [];
  let from = start;
  let more = false;
  while (reader.at < body.length) {
    const at = reader.at;
    const relaxed = instruction(reader);
    if (relaxed === null) continue;
    const plain = replacement(relaxed, locals);
    more ||= plain.length > 3;
    parts.push(body.subarray(from, at), plain);
    from = reader.at;
  }
  if (!parts.length) return body;
  parts.push(body.subarray(from));
  const declared = body.subarray(declarations, start);
  return joined(
    more ? [leb(groups + 1), declared, Uint8Array.of(3, V128), ...parts] : [body.subarray(0, start), ...parts],
  );
}

/** What gives the same for the operands on the stack; the locals from this one on may be used. */
function replacement(relaxed: number, local: number): Uint8Array {
  const simd = (opcode: number) => [SIMD, ...leb(opcode)];
  const same = SAME[relaxed];
  if (same !== undefined) return Uint8Array.from(simd(same));
  const set = (i: number) => [0x21, ...leb(local + i)];
  const get = (i: number) => [0x20, ...leb(local + i)];
  if (relaxed === MADD) {
    // rounded once, as processors with a fused one do: in doubles the product is exact
    const half = (i: number, high: boolean) => [
      ...get(i),
      ...(high ? [...get(i), ...simd(SHUFFLE), ...HIGH] : []),
      ...simd(PROMOTE),
    ];
    const sum = (high: boolean) => [
      ...[...half(0, high), ...half(1, high), ...simd(MUL64)],
      ...[...half(2, high), ...simd(ADD64), ...simd(DEMOTE)],
    ];
    return Uint8Array.from([
      ...[...set(2), ...set(1), ...set(0)],
      ...[...sum(false), ...sum(true), ...simd(SHUFFLE), ...LOW_HALVES],
    ]);
  }
  if (relaxed !== DOT_ADD) throw new Error(`relaxed instruction 0x${relaxed.toString(16)} is not known here`);
  const eight = [0x41, 8];
  const odd = (i: number) => [...get(i), ...eight, ...simd(SHR)];
  const even = (i: number) => [...get(i), ...eight, ...simd(SHL), ...eight, ...simd(SHR)];
  const dot = (which: (i: number) => number[]) => [...which(0), ...which(1), ...simd(DOT)];
  return Uint8Array.from([
    ...[...set(2), ...set(1), ...set(0)],
    ...[...dot(odd), ...dot(even), ...simd(ADD)],
    ...[...get(2), ...simd(ADD)],
  ]);
}

/** Goes behind the next instruction; its number where it is a relaxed one, else null. */
function instruction(reader: Reader): number | null {
  const opcode = reader.byte();
  if (opcode === SIMD) return simdInstruction(reader);
  if (opcode === 0xfc) otherInstruction(reader);
  else if (opcode === 0xfe) reader.byte() === 3 ? reader.byte() : reader.skipMemory();
  else if ([0x02, 0x03, 0x04, 0x06].includes(opcode))
    reader.skipNumber(); // blocks: their type
  else if (opcode === 0x0e) {
    reader.times(() => reader.skipNumber());
    reader.skipNumber();
  } else if (opcode === 0x1c) reader.skip(reader.number());
  else if (opcode === 0x1f) {
    reader.skipNumber();
    reader.times(() => {
      if (reader.byte() < 2) reader.skipNumber();
      reader.skipNumber();
    });
  } else if (opcode === 0x11 || opcode === 0x13) {
    reader.skipNumber();
    reader.skipNumber();
  } else if (opcode >= 0x28 && opcode <= 0x3e) reader.skipMemory();
  else if (opcode === 0x43) reader.skip(4);
  else if (opcode === 0x44) reader.skip(8);
  else if (ONE.has(opcode)) reader.skipNumber();
  else if (!NONE.has(opcode) && !(opcode >= 0x45 && opcode <= 0xc4)) {
    throw new Error(`instruction 0x${opcode.toString(16)} is not known here`);
  }
  return null;
}

/** One number behind it: a label, a function, a local, a global, a table, a memory, a tag, a constant. */
const ONE = new Set([
  ...[0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x14, 0x15, 0x18, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26],
  ...[0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2],
]);
const NONE = new Set([0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1]);

function otherInstruction(reader: Reader): void {
  const opcode = reader.number();
  if (opcode > 17) throw new Error(`instruction 0xfc ${opcode} is not known here`);
  const numbers = [8, 10, 12, 14].includes(opcode) ? 2 : opcode > 8 ? 1 : 0;
  for (let i = 0; i < numbers; i++) reader.skipNumber();
}

function simdInstruction(reader: Reader): number | null {
  const opcode = reader.number();
  if (opcode <= 11 || opcode === 92 || opcode === 93) reader.skipMemory();
  else if (opcode === 12 || opcode === 13) reader.skip(16);
  else if (opcode >= 21 && opcode <= 34) reader.byte();
  else if (opcode >= 84 && opcode <= 91) {
    reader.skipMemory();
    reader.byte();
  }
  return opcode >= 0x100 ? opcode : null;
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Uint8Array.from(bytes);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
