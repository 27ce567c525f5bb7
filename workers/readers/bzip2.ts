import { EigenscopeError } from '../model/errors.ts';
import { corrupt } from './file-bytes.ts';

/** Bits of a stream, most significant first; beyond the end come zeros, counted. */
class Bits {
  #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;
  missing = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  /** bytes that were looked at */
  get used(): number {
    return this.#at;
  }
  /** The next 1 to 24 bits. */
  take(length: number): number {
    while (this.#count < length) {
      if (this.#at >= this.#bytes.length) this.missing++;
      this.#held = ((this.#held << 8) | (this.#bytes[this.#at++] ?? 0)) >>> 0;
      this.#count += 8;
    }
    this.#count -= length;
    const value = this.#held >>> this.#count;
    this.#held = this.#count === 0 ? 0 : this.#held & ((1 << this.#count) - 1);
    return value & (length === 24 ? 0xffffff : (1 << length) - 1);
  }
}

interface Codes {
  shortest: number;
  /** for each length the first code, the number of codes, and where their symbols begin */
  first: Int32Array;
  counts: Int32Array;
  starts: Int32Array;
  symbols: Uint16Array;
}

function codesOf(lengths: Uint8Array): Codes {
  const [first, counts, starts] = [new Int32Array(22), new Int32Array(22), new Int32Array(22)];
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  let code = 0;
  let start = 0;
  for (let length = 1; length < 22; length++) {
    code = (code + counts[length - 1]!) << 1;
    first[length] = code;
    starts[length] = start;
    start += counts[length]!;
  }
  const next = starts.slice();
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => (symbols[next[length]!++] = symbol));
  const shortest = Math.max(
    1,
    counts.findIndex((count) => count > 0),
  );
  return { shortest, first, counts, starts, symbols };
}

const blockMagic = 0x314159;
const endMagic = 0x177245;
const groupSymbols = 50;

/** Zeros alone pack twenty thousandfold, counts that are mostly zeros hardly ever a hundredfold. */
const mostGrowth = 1000;
/** What may come out of any stream before its growth is looked at. */
const harmlessBytes = 32 * 2 ** 20;

/** Kept for the next stream: every entry of a block is written before it is read. */
let scratch = new Uint32Array(0);

/**
 * Unpacks a bzip2 stream (Burrows–Wheeler blocks of up to 900 kB, Huffman coded).
 * @param most bytes at which it stops with an error
 * @throws EigenscopeError `corrupt-file` when it breaks off, makes no sense or unpacks to more than `most`, or grows as
 * no recording does: that is noticed after the first blocks
 */
export function unpackBzip2(path: string, source: Uint8Array, most: number): Uint8Array {
  const bad = (found: string): Error => corrupt(path, `its bzip2 data ${found}`, 'a whole bzip2 stream was expected');
  const bits = new Bits(source);
  if (bits.take(24) !== 0x425a68) throw bad('do not begin with BZh');
  const level = bits.take(8) - 0x30;
  if (level < 1 || level > 9) throw bad(`have blocks of size ${level}`);
  const blockSize = level * 100_000;
  if (scratch.length < blockSize) scratch = new Uint32Array(blockSize);
  const links = scratch;
  let out = new Uint8Array(Math.min(most, Math.max(65_536, source.length * 8)));
  let written = 0;
  for (;;) {
    const magic = bits.take(24);
    bits.take(24);
    if (magic === endMagic) return out.subarray(0, written);
    if (magic !== blockMagic || bits.missing > 0) throw bad('break off between blocks');
    bits.take(24);
    bits.take(8);
    if (bits.take(1) === 1) throw bad('are of an old kind (randomised)');
    const length = readBlock(bits, links, blockSize, bad);
    if (written > Math.max(harmlessBytes, mostGrowth * bits.used)) {
      throw bad(`unpack more than ${mostGrowth}-fold, ${written} bytes so far`);
    }
    // runs of four equal bytes are followed by how many more there are
    let at = links[length.origin]! >>> 8;
    let previous = -1;
    let equal = 0;
    for (let i = 0; i < length.size; i++) {
      const entry = links[at]!;
      const byte = entry & 0xff;
      at = entry >>> 8;
      const count = equal === 4 ? byte : 1;
      if (written + count > out.length) {
        if (written + count > most) throw bad(`unpack to more than ${most} bytes`);
        const larger = new Uint8Array(Math.min(most, Math.max(out.length * 2, written + count)));
        larger.set(out.subarray(0, written));
        out = larger;
      }
      if (equal === 4) {
        out.fill(previous, written, written + count);
        equal = 0;
        previous = -1;
      } else {
        out[written] = byte;
        equal = byte === previous ? equal + 1 : 1;
        previous = byte;
      }
      written += count;
    }
  }
}

/** The same for a chunk that becomes `limit` bytes at most; null when it is damaged or would become more. */
export function undoBzip2(bytes: Uint8Array, limit: number): Uint8Array | null {
  try {
    return unpackBzip2('', bytes, limit);
  } catch (error) {
    if (error instanceof EigenscopeError) return null;
    throw error;
  }
}

/** Reads one block into `links`: for each place of the sorted block the byte (low) and where the next one is (high 24). */
function readBlock(
  bits: Bits,
  links: Uint32Array,
  blockSize: number,
  bad: (found: string) => Error,
): { size: number; origin: number } {
  const origin = bits.take(24);
  const used = bits.take(16);
  const alphabet: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((used >> (15 - high)) & 1) === 0) continue;
    const low = bits.take(16);
    for (let i = 0; i < 16; i++) if (((low >> (15 - i)) & 1) === 1) alphabet.push(high * 16 + i);
  }
  const tables = bits.take(3);
  const selectors = bits.take(15);
  if (alphabet.length === 0 || tables < 2 || tables > 6 || selectors === 0) throw bad('have no codes');
  const order = [0, 1, 2, 3, 4, 5].slice(0, tables);
  const chosen = new Uint8Array(selectors);
  for (let i = 0; i < selectors; i++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= tables) throw bad('choose a table that is not there');
    const [table] = order.splice(place, 1) as [number];
    order.unshift(table);
    chosen[i] = table;
  }
  const end = alphabet.length + 1;
  const codes: Codes[] = [];
  for (let t = 0; t < tables; t++) {
    const lengths = new Uint8Array(end + 1);
    let length = bits.take(5);
    for (let symbol = 0; symbol <= end; symbol++) {
      for (;;) {
        if (length < 1 || length > 20) throw bad('have codes of impossible length');
        if (bits.take(1) === 0) break;
        length += bits.take(1) === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
    }
    codes.push(codesOf(lengths));
  }

  const front = Uint8Array.from(alphabet);
  const counts = new Uint32Array(256);
  let size = 0;
  let run = 0;
  let weight = 1;
  const flush = (): void => {
    if (run === 0) return;
    if (size + run > blockSize) throw bad('overflow a block');
    const byte = front[0]!;
    counts[byte]! += run;
    links.fill(byte, size, size + run);
    size += run;
    run = 0;
    weight = 1;
  };
  for (let symbolAt = 0; ; symbolAt++) {
    const group = Math.floor(symbolAt / groupSymbols);
    if (group >= selectors) throw bad('run out of tables');
    const { shortest, first, counts: many, starts, symbols } = codes[chosen[group]!]!;
    let code = bits.take(shortest);
    let symbol = -1;
    for (let length = shortest; length <= 20; length++) {
      if (length > shortest) code = (code << 1) | bits.take(1);
      const offset = code - first[length]!;
      if (offset >= 0 && offset < many[length]!) {
        symbol = symbols[starts[length]! + offset]!;
        break;
      }
    }
    if (symbol < 0 || bits.missing > 0) throw bad('break off inside a block');
    if (symbol <= 1) {
      // runs of the byte in front are counted in digits 1 and 2
      run += weight << symbol;
      weight <<= 1;
      if (run > blockSize) throw bad('overflow a block');
      continue;
    }
    flush();
    if (symbol === end) break;
    const byte = front[symbol - 1]!;
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    if (size >= blockSize) throw bad('overflow a block');
    counts[byte]!++;
    links[size++] = byte;
  }
  if (origin >= size) throw bad('begin outside of a block');
  // where each byte of the sorted column comes from (inverse Burrows–Wheeler transform)
  let sum = 0;
  const places = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    places[byte] = sum;
    sum += counts[byte]!;
  }
  for (let i = 0; i < size; i++) {
    const place = places[links[i]! & 0xff]!++;
    links[place]! |= i << 8;
  }
  return { size, origin };
}
