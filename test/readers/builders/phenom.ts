import type { Seed } from '../seeds.ts';
import type { BuiltPage } from './tiff.ts';
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
const description = `<?xml version="1.0"?><FeiImage><time>2019-08-07T09:37:31</time><acquisition><scan><spotSize>3.3</spotSize><highVoltage unit="kV">-15</highVoltage><scanScale>1</scanScale><detectors><name>BSD</name></detectors></scan></acquisition>${length('pixelWidth', '0.0002')}${length('pixelHeight', '0.0002')}${length('workingDistance', '8')}<samplePosition><x>0.001</x><y>0.002</y></samplePosition></FeiImage>`;
const described = (page: BuiltPage): Uint8Array =>
  buildTiff({ pages: [{ ...page, tags: [{ tag: 34683, type: 2, value: description }] }] });
/** Values of the pictures, row by row. */
export const grey = [9, 8, 7, 6, 250, 4];
export const deep = [1, 2, 3, 1000, 2000, 40_000, 7, 7, 65_535];
export const colours = [1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 0, 10, 11, 12, 128];
const wide: BuiltPage = { width: 3, height: 2, dtype: 'uint8', values: grey };
const square: BuiltPage = { width: 3, height: 3, dtype: 'uint16', values: deep, rowsPerStrip: 2 };
const coloured: BuiltPage = { width: 2, height: 2, samples: 4, dtype: 'uint8', photometric: 2, values: colours };
const packed = { compression: 'lzw', predictor: 2 } as const;
const thumbnail = buildTiff({ pages: [{ width: 2, height: 2, dtype: 'uint8' }] });

/**
 * A picture with a spot, a map of 2 × 2, a line of 2 and a difference, all of 3 channels, and a coloured picture without a
 * description. Those of version 1 and later are packed by LZW, as the program does.
 */
export function buildProject(version: 0 | 1 | 2 | 3 | 4): Uint8Array {
  const isNew = version >= 1;
  const out = new Writer();
  const conditions = (): Writer => {
    out.real(15_000, isNew ? Math.PI / 6 : 30, 0, 5, 10, 0, 0, 126).text('');
    if (isNew) out.real(0, 0.008, 0, 0, 0);
    return version >= 3 ? out.real(0).bytes(1, 0) : out;
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
    if (version >= 2) out.bytes(...new Uint8Array(version >= 4 ? 5 : 1));
  };
  out.add(Buffer.from('EID2')).word(version, 2);
  out.piece(described(isNew ? { ...square, ...packed } : wide));
  out.text('Image 1').word(4);
  begin(2, 1, [1, 300, 3]);
  out.real(0.25, -0.25);
  begin(4, 2, [205, 70_007, 10]);
  out
    .real(-0.5, -0.5, isNew ? 0 : 0.5, isNew ? 0.25 : 0.5)
    .word(0, 2, 2, 3)
    .real(-40, 10);
  conditions()
    .bytes(1, 1)
    .counts(...mapCounts)
    .real(...new Array<number>(8).fill(1));
  begin(3, 3, [5, 7, 9]);
  out.real(0, 0, 1, 1).word(2, 3).real(-40, 10);
  conditions().bytes(1, 1).counts(1, 2, 3, 4, 5, 6).real(1, 1, 1, 1).bytes(1);
  begin(5, 4, [0, 1, 0xffffffff]);
  out.word(1, 2);
  out.piece(buildTiff({ pages: [isNew ? { ...coloured, ...packed } : coloured] }));
  return out.text('Colours').word(0).done();
}

/** Pictures without any analysis. */
export const buildPictures = (...pictures: readonly [name: string, tiff: Uint8Array][]): Uint8Array => {
  const out = new Writer().add(Buffer.from('EID2')).word(0, pictures.length);
  for (const [name, tiff] of pictures) out.piece(tiff).text(name).word(0);
  return out.done();
};
/** Two of them. */
export const album = buildPictures(
  ['Image 1', described({ ...square, compression: 'deflate' })],
  ['Colours', buildTiff({ pages: [{ width: 1, height: 1, samples: 3, dtype: 'uint8', photometric: 2 }] })],
);

/** The same, packed by Python's `bz2.compress`. */
export const packedProjects: Readonly<Record<0 | 4, Uint8Array>> = {
  0: Buffer.from(
    'QlpoOTFBWSZTWfRgV+oAA0j/////5+RUU/r332RdgK7v//hAgAEAEAYQBMBCQABAAECQwAKuAEABJIRT9EGVPT1NCPQhpp6gPUeoNqZGg9QPUGmh6gM1HqaPIhwANAaBoAGmmQAGjTIANGTBAYgAA4AGgNA0ADTTIADRpkAGjJggMQAAIkkmiamRoBkBp6gyAAANA0AAAADINLwrASXtrflEQoo0ZiRZRwmBhTGUpcmYCjYt2wzDZptMYNsu4SBECFwWlBkg2lySDdFqUNCGVECi1bhN9RZIF8KEIDBcFDgGyX3DLoGZn1nXfQPxbDiWY6vBTdpuqEFtAefAKiqXwAvUcakiyJQ0lDQSIGZgaARugSINmLnQbuIFCa8ASogYpUG6IphgLiCCGrq6tgwQvINVQSV3Qg7ZOGnFG61ssbYL0wjojWkmiM2OhcutMMBtBNT9UOtkC9bAhk2VFpZoEKswYQgYoW6Fy0KwNas3Ptr6Wa4XDyilyVlG/x2wC/vQwl9y5UXEE5MThRUoYo+o+3tr4ano+L43hqApveLz+i9ciGH1JLDIDKA284MJweLC+GhM72vcmxE9eWQke7FZgsU1keaEWpaGvIkvxcDncxfzjenyDn+vsvTufI9mZoujcFDPnbkEq+t9xfA3xbgrQniG2dne4i+dsJPjX7BEWORLIbYtIelj1Tml39axXMAqKL8WZshOdAcEC2PCBkKSaa0aZO1ivnYc6ECECwfk4TaDNlKSlFgIlYs0OKTKaQ4lLZU4MxfLAQD+hqF3MalYLRKf5QXRVUjNpzJxKMwzMVaTiUpDj8g9GcqMxQa89ZmpKjYKCyxo1LQizDOhZGhB5qsDQKxORLhGMQrGc8oTtLKzSh3nveXeLGLkvYMW7g5b863Dd6oow5RbdYGZBysEJuHgi5w//i7kinChIejAr9Q=',
    'base64',
  ),
  4: Buffer.from(
    'QlpoOTFBWSZTWdZz1IEAA2r//////5dWU/r332ZdgL7v//xQgAEAUCYAAOhCUBBAAGDFwAMcACCKoSSKeqeU9U8jam1JoGm0JoGjEMnpNNBhD1MNDKYmAhpoaNGGpg4AA0AAMgAAAMho0AAAAAAAAAOAANAADIAAADIaNAAAAAAAAABIk1NECaaTyh6kekeSaPU9CDENNqAwQDCYgGJ6RsiepsoxkwhPv9uQpixZOcWG2QJhdt44TYGr7WYMJkvC0QtFejJIpFXDYgViKUEN0Q2ijQWuAlyClpKCTKHE9awlDBlsEBmGgw0EEBpsIGi84E7yNRwGB2CiwXJ06BMxFanGs8IcOkhUb1njpakBphp6NBCSJYirQQwKoFhENiYxsGQDCEUCKIowWGUQkIoMQK12MG0CsTEF4Kwj4WLgYgUsNkaQX2UaKsEi1iFfBpBueTe1wlMeJlwxY6UoDj6gYaiM6LRTT5CbDGKyLkXI5QojlhrobejqT4qpZvLEtIsYltbcC3MoVFwSCWtpQS6NkCQUVBMYwd6KbGxYlQSTDcjLHLk0hqzXIFybTcmQwNBV9BitYXNK4Gj4GL5WG+wyYLkLJqCcICfibBwbbt6WLva30VF4XIKFXIdXEz87z5QqcgVdBJVKsQMoDYDgyjXmzHzopHab3JqxJQtIUr30PjkFE+tSgq1CUeRT2uWndWCSY+tMLyZcP7enwHP7PkenX8HszNG6N/IWUiyL0icp97YK4t4ThEvbb1imd3cz7mOWAhrUMQjFsQS4DFFZF1i+FAWz2i7O/+aZbF2KWXGube0XzkEBJsizkhYeI0i/fzHGMD0MW8yImSZNA2TwmsG7qi8hkMiNALxhMejBkPGcQgqcUzQG6c0xBIf6Gc5W6Z8AaRU8qleystjfFvKCo2Nsy5oLQohw5o9HGTHEW5eSdRmokxTLctmKUzCYijZhnToDmaGdg5MBfLj1S664MBvHTC+61bqHxUpQ9sIcYtsWnyebOfX/uTz9AqlD2HtwRPncwqk+dzCsa9HoFDnFMiPQwnfFhwfkLg3lPpF3JFOFCQ1nPUgQ',
    'base64',
  ),
};

export const packedAlbum: Uint8Array = Buffer.from(
  'QlpoOTFBWSZTWUoW21wAAQf/9/3fZ8TQE/73n2BNgH/v//0ggAAEEgIgAAACAEAAQMABsKXCEqaUm9TUbUMQaaNAyGTTAmmRhDNQ0yNqZMTIeQMmkUZEwmQGmjQAaADEAAAAAADjQ0DRpkaaNMgMTBAADQGgNMgMCZAlTSn6qepp7VHhTeij0gBoAABkAAAANpAKuJ02ICploTQRKkGSIpVYClAxvEqCwK8yMBF6MHF9Vne6kMYEGhfIECFlEAJgIsUxvROLMUyTBMkmQLi6RMAxEAwNdgIC6RJosCBIkAT8/iIkwa9UW3eEohMo4gSsVgzke3whG5ZcFwCxDAhhPEJaDaAieKKUrS4Yry8Fe58K7YAa8Qr98ufCCt4KUqtBAxgG0EBaHFatvCbKt6lBy2wJ9yjJMEx1N26cTtz6YcSStUaEsST2YQFaofT1cvEJ9zfcqxF2ZmkUjyVp0/C0OwP5slEyEOMVhGxY5tkQku7g2YfmK/GjdcNER02SQLDWHcAUPuATVJiq505EKksVxBrVUVSM8DxMYKZx9+OlYRAsJfEcjSU9DBGkBQTtCkzyMFD4CuWKSu4KxAW2Kywya6RKLxjSARBEQfM0gJA97JUYXB5bIzHhciSDzDIyJCs9l3VRBGrEIq1ChARRxCNHGNNNBDNBYDYRjERgUJz36xjCC+jz3IQHEW+uZp1C7kinChIJQttrgA==',
  'base64',
);

export const phenomSeeds: readonly Seed[] = [
  { name: 'phenom, version 0', files: { 'x.elid': packedProjects[0] } },
  { name: 'phenom, version 4', files: { 'x.elid': packedProjects[4] } },
  { name: 'phenom, pictures', files: { 'x.elid': packedAlbum } },
];
