import type { Seed } from '../seeds.ts';

/* Phenom projects built from what is known of the format; packed ones were made by Python's bz2. */

class Writer {
  #parts: Buffer[] = [];
  bytes = (...values: number[]): this => this.add(Buffer.from(values));
  word = (...values: number[]): this => this.add(Buffer.from(Uint32Array.from(values).buffer));
  real = (...values: number[]): this => this.add(Buffer.from(Float64Array.from(values).buffer));
  text = (value: string): this => this.word(value.length).add(Buffer.from(value, 'latin1'));
  counts(...values: number[]): this {
    for (let value of values) {
      while (value > 127) {
        this.bytes((value & 127) | 128);
        value >>>= 7;
      }
      this.bytes(value);
    }
    return this;
  }
  add(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }
  done = (): Uint8Array => new Uint8Array(Buffer.concat(this.#parts));
}

export const mapCounts = [1, 2, 3, 200, 0, 0, 0, 70_000, 1, 4, 5, 6];

/** A picture with a spot, a map of 2 × 2, a line of 2 and a difference, all of 3 channels. */
export function buildProject(version: 0 | 4): Uint8Array {
  const isNew = version === 4;
  const out = new Writer();
  const conditions = (): Writer => {
    out.real(15_000, isNew ? Math.PI / 6 : 30, 0, 5, 10, 0, 0, 126).text('');
    return isNew ? out.real(0, 0.008, 0, 0, 0, 0).bytes(1, 0) : out;
  };
  const begin = (kind: number, order: number, counts: number[]): void => {
    out
      .bytes(kind)
      .text('thumb')
      .real(-40, 10)
      .word(counts.length)
      .counts(...counts);
    conditions();
    // one element in, none out, no windows, one oxide
    out.word(1).bytes(13).word(0, 0, 1).bytes(13, 2, 3).bytes(1).word(order, 0);
    if (isNew) out.bytes(0, 0, 0, 0, 0);
  };
  out.add(Buffer.from('EID2')).word(version, 1);
  out.text(
    'II*\0<?xml version="1.0"?><FeiImage><time>2019-08-07T09:37:31</time><samplePosition><x>0.001</x><y>0.002</y></samplePosition></FeiImage>',
  );
  out.text('Image 1').word(4);
  begin(2, 1, [1, 300, 3]);
  out.real(0.25, -0.25);
  begin(4, 2, [205, 70_007, 10]);
  out.real(-0.5, -0.5, 0.5, 0.5).word(0, 2, 2, 3).real(-40, 10);
  conditions()
    .bytes(1, 1)
    .counts(...mapCounts)
    .real(...new Array<number>(8).fill(1));
  begin(3, 3, [5, 7, 9]);
  out.real(0, 0, 1, 1).word(2, 3).real(-40, 10);
  conditions().bytes(1, 1).counts(1, 2, 3, 4, 5, 6).real(1, 1, 1, 1).bytes(1);
  begin(5, 4, [0, 1, 0xffffffff]);
  out.word(1, 2);
  return out.done();
}

/** The same, packed by Python's `bz2.compress`. */
export const packedProjects: Readonly<Record<0 | 4, Uint8Array>> = {
  0: Buffer.from(
    'QlpoOTFBWSZTWTWas9AAAVt/3/+ypCBUE/j3xyREALLn32BAgBAEAADAQkAAQABAgLABOFENEp6jTQAADQGmR6jR6gDQAA9Q5gTE0GEyZMmRhME00yMTAEMAkkyiaTaNRkaGgGgAAANAaYajCGuxNhhKVNNycmMZITAwukKDGVSTMBc0gpLlVkE9pCZh4ndJA4yIYRADJP93boTTtOgSR/MlgYQ8SCyDZHkQSYYi3CWVpmdjLUEDgIqqkO6k6J2jDAZb0Uvo2HtzMWFMc7XXEmQIVwR7IYH5QBaMmWhFGYgqcDGBIUNeNSYDW2hYSgpbsuTkFOo6MV/9ySeW848aos+dqxK9rYheR4i5xVCcRt8BSF3z0JvSD6OQWmYKxfiyjB+DDcp8leNZw0BihhijMaKrCo3LJnTrMUFq/frsF8HigrDqhLyEfATTrLTwfWChaYC/OgGZAMMBLfoj/i7kinChIGs1Z6A=',
    'base64',
  ),
  4: Buffer.from(
    'QlpoOTFBWSZTWWC/oPkAAWb/3//zpAVUE/j3xyZUALLn32BAgBAkAADgQlAAQABghLABeNaENUn6aoDIAaaDQAAaB6gAAAAAaSn6mkBoeoAABoAAAAAAAAikQp6T1T2qPU8k0epoGhobUegmgaNA0aeo9Nqnqb1Sfkiyy3ylRoJDAcYVmgtkxAGILC2saBw2zGY002DKCmqiaATICiFaAIVn+cWIKaoqRBgIghFC+EdyBJ5JBshGnuDXMqJQQJYWIu6EoNA7KAWBggApTQGZGQXQbLK4HWElg37Y7aYNhpM8SXaokqbgwvL8+Hf6wPJn4PwOOo40z4iAuYaGW00d1sl2SQZB0FFiS/cgwsuhQbI3PoSCnoCD9eY1qQOoZOTt8p8B+4yE9Q+DePEGP5YKeag6DfHWO0bw97GOh8xAc4/okRmOcu5B0OoMJBswQYOkyNwYzdwGpm6SssXLlu2DKE6Ky4PXRR6JS6B0jX5+q8d3Men3DrH6YNY/3NeMF4xOEOqAqvHD0jcy/i7kinChIMF/QfI=',
    'base64',
  ),
};

export const phenomSeeds: readonly Seed[] = [
  { name: 'phenom, version 0', files: { 'x.elid': packedProjects[0] } },
  { name: 'phenom, version 4', files: { 'x.elid': packedProjects[4] } },
];
