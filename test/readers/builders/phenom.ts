import type { Seed } from '../seeds.ts';
import { buildTiff } from './tiff.ts';

/* Phenom projects built from what is known of the format; packed ones were made by Python's bz2. */

class Writer {
  #parts: Buffer[] = [];
  bytes = (...values: number[]): this => this.add(Buffer.from(values));
  word = (...values: number[]): this => this.add(Buffer.from(Uint32Array.from(values).buffer));
  real = (...values: number[]): this => this.add(Buffer.from(Float64Array.from(values).buffer));
  text = (value: string): this => this.piece(Buffer.from(value, 'latin1'));
  piece = (bytes: Uint8Array): this => this.word(bytes.length).add(Buffer.from(bytes));
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

const length = (name: string, value: string): string => `<${name} unit="mm">${value}</${name}>`;
const description = `<?xml version="1.0"?><FeiImage><time>2019-08-07T09:37:31</time><acquisition><scan><spotSize>3.3</spotSize><scanScale>1</scanScale><detectors><name>BSD</name></detectors></scan></acquisition>${length('pixelWidth', '0.0002')}${length('pixelHeight', '0.0002')}${length('workingDistance', '8')}<samplePosition><x>0.001</x><y>0.002</y></samplePosition></FeiImage>`;
/** The picture as a TIFF with FEI's description, and a small one without. */
const picture = buildTiff({
  pages: [{ width: 3, height: 2, dtype: 'uint8', tags: [{ tag: 34683, type: 2, value: description }] }],
});
const thumbnail = buildTiff({ pages: [{ width: 2, height: 2, dtype: 'uint8' }] });

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
      .piece(thumbnail)
      .real(-40, 10)
      .word(counts.length)
      .counts(...counts);
    conditions();
    // one element in, none out, no windows, one oxide
    out.word(1).bytes(13).word(0, 0, 1).bytes(13, 2, 3).bytes(1).word(order, 0);
    if (isNew) out.bytes(0, 0, 0, 0, 0);
  };
  out.add(Buffer.from('EID2')).word(version, 1);
  out.piece(picture);
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
    'QlpoOTFBWSZTWdpptDIAAuh/////p6RUE/j312RMgK7v//hCgAUAEAQAAMBCQABAAECAwAJdgGpmYSSmim0TIAAAHqANBiHpADag0A9QA2UEiImkU8CIGCaaAAAADQAAAPUPU0DgaDTIaaNDCBkNDBGhpk0aAZBiAANBKhNKaeU21NJtRhGEGTTQyMgaGI0AyDCaaaeoyoG0kYGlUbQgUxmrEGzKKEJBIiIZSMpCUgMggDEZUZsAKZQb4GIbEygTMiIcA2iWJogQWaAgmNVDgGFWQAME0JilEIoiahhpT8Bv5Fe7CEcANWEgS6LAoxIL2hXIFhBEIhEIhAkG4DEf5iSKzArmgWhiVmgVgaA/eiklw0REIcd4GjMjbRx0UxIrYLI3ERxkbiMevRLS7MRLSz/qEadkLkpBBs5IJcqBJRKaGmwvc9KgQgTDTGYji5CrZXlECuiBHEYqsVAYhckTQiSXte77PgrDyvwXQijHZwqAR8YlHrgyfGrPBGWuHu0tgjxTCe6Ya0KYo3clFfjILrPK6bVRL4a61spo/MqYB53vE4ezIHMzNC9DkifuXGmEqeV4ikLQt0WAJwhtCx6mISBF2U9YhR3QClNwWGORbxzIIqRMKpUqqUhKAoHCAaBZiGDjj5rOpei/yRS2lrWPHyYDcCHIPj6HjTNQfMgkaPskKCE4x1CwzBJISB0GDY0jbWWjepy1BpGxtmxsQXGZNG8ah/DGWvbxmc2jEGbOXWbHFMQ6Uk6bToXljWLWsGA3jvhWrdQ3nOcRWxNM2xX6eqvPV3zgiFQpTirXYMyCdgfo/Sb/F3JFOFCQ2mm0Mg==',
    'base64',
  ),
  4: Buffer.from(
    'QlpoOTFBWSZTWaqnIUkAAvP/////p4VUE/j312ZcgL7v//hCgAUAECQAAOBCUABAAGCEwAKdgGkxtCSio9R5J6TRoNBoNBoANANqZGQaaAA9IAG1NqCREQiT00npAaaaekABoBkaDQAAAD1Bp5QBw0AANBoNAYIAaGmmQDQ0aZADEDQAJRJqZJmamU9QaGgAAAAAAAAADTT0gEINxXgZDDHjE4qjBFCAqjmIqgSyhRKU8RwPieGRSKtEgqxVCYzhEOAbRLE0QCo0BBOJEwDCrIAGgGAxoYpRCKIkVQvxSn0DRkVzqCDdBowgEucwKMSRc0KxAr4IhEIhFAlAMYABjBgv8wQrJgVGgWRiWe0CtBoDbyYxZ1C4aIiEOOyDRiRwkWIpgRW0LUY0Rqoxowb2iX5drES0sX2hG3phYlIktPPglyoElKlDTYXOdbWqEoEw/EbkjVwlWyvHIFZEIDGwqxUBgJTxMSFXh6W9kHattqlgqqHqMEIsB0IKYlBqA1QelAbJ4+vs0tvR3JhPaL9aFLwtxO1hqr2Agsueg6alRL28BaWgZPrKmpE7zjSRqVltu6Lp/WZ/tIYsomp+bynILuE0RsCl5W5CYJWDNrv6I6jocFYKAohTCcJxHVik0nvmIKVK1lYHScNB47xTC3BwhLwkSL4p0VdFXUY15rWjjtO4wQm2RPUkJEcWBCSHoKPHsWTAmM4oI0KwUyYs6AOJw8l+lJqrLjow+BVFVSpUYPkaKhXLErERBPVYiQuiEI0SQfgVRWNhFbSTpNOhcWm/LbbQvGU7YVq3UOrMycjKL0ijM+hx1uajajFtUinnCiE8/EL8kxiYRiZbMQWmBcRik/Ysyj/i7kinChIVVOQpIA==',
    'base64',
  ),
};

export const phenomSeeds: readonly Seed[] = [
  { name: 'phenom, version 0', files: { 'x.elid': packedProjects[0] } },
  { name: 'phenom, version 4', files: { 'x.elid': packedProjects[4] } },
];
