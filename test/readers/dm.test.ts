import { describe, expect, it } from 'vitest';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { unpackHalfSpectrum, unpackHermitian } from '../../workers/readers/gatan-fft.ts';
import { gatanDm3Reader, gatanDm4Reader } from '../../workers/readers/gatan.ts';
import { loadCube, probe, rowSourceOf, stats } from '../../workers/readers/pixels.ts';
import type { DmType, TagEntries } from './builders/dm.ts';
import { buildDm3, buildDm4, dmRoot, DmWriter } from './builders/dm.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
const readers = { 3: gatanDm3Reader, 4: gatanDm4Reader } as const;
const open = (bytes: Uint8Array, version: 3 | 4 = 4) => readers[version].header(write(`file.dm${version}`, bytes), {});
const refusal = async (opening: Promise<unknown>): Promise<EigenscopeError> =>
  opening.then(
    () => Promise.reject(new Error('it was opened')),
    (error: EigenscopeError) => error,
  );

const types: DmType[] = [
  'bool',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'complex64',
  'complex128',
];

describe.each([
  [3, false],
  [3, true],
  [4, false],
  [4, true],
] as const)('a DM%i file (big-endian: %s)', (version, bigEndian) => {
  const build = version === 3 ? buildDm3 : buildDm4;

  it.each(types)('of %s gives the values that were stored', async (dtype) => {
    const { signals } = await open(build({ shape: [3, 4], dtype, bigEndian }), version);
    expect(signals[0]).toMatchObject({ shape: [3, 4], dtype });
    const value = await probe(signals[0]!, [2, 3]);
    if (dtype.startsWith('complex')) expect(value).toEqual({ re: 22, im: 23 });
    else expect(value).toBe(dtype === 'bool' ? true : 11);
  });

  it('with a spectrum image has its energy axis last, whatever the order of storage', async () => {
    const bytes = build({
      shape: [2, 3, 4],
      dtype: 'uint16',
      spectrumImage: true,
      signal: 'EELS',
      bigEndian,
      axes: [
        { scale: 0.5, units: 'nm' },
        { scale: 0.25, units: 'nm', origin: 4 },
        { scale: 0.1, origin: -3000, units: 'eV' },
      ],
    });
    const { format, signals } = await open(bytes, version);
    const [signal] = signals;
    expect(format).toBe(`gatan-dm${version}`);
    expect(signals).toHaveLength(1);
    expect(signal).toMatchObject({
      signalType: 'EELS',
      shape: [2, 3, 4],
      quantity: { units: 'Counts' },
      title: 'Synthetic',
    });
    expect(signal!.axes).toEqual([
      { name: 'y', units: 'nm', size: 2, navigate: true, scale: 0.5, offset: 0 },
      { name: 'x', units: 'nm', size: 3, navigate: true, scale: 0.25, offset: -1 },
      { name: 'Energy loss', units: 'eV', size: 4, navigate: false, scale: 0.1, offset: 300 },
    ]);
    expect(rowSourceOf(signal!)).toBeNull();
    const buffer = new SharedArrayBuffer(48);
    await loadCube(signal!, buffer);
    expect([...new Uint16Array(buffer)]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(await probe(signal!, [1, 0, 2])).toBe(14);
  });

  it('with a line of spectra is stored in order and can be streamed', async () => {
    const { signals } = await open(build({ shape: [5, 8], spectrumImage: true, signal: 'X-ray', bigEndian }), version);
    expect(signals[0]).toMatchObject({ signalType: 'EDS_TEM', shape: [5, 8] });
    expect(signals[0]!.axes.map((a) => a.navigate)).toEqual([true, false]);
    expect(rowSourceOf(signals[0]!)).toMatchObject({ samples: 5, features: 8, littleEndian: !bigEndian });
  });
});

describe('a DM file', () => {
  it('of an image has two signal axes, a stack of images one navigation axis more', async () => {
    expect((await open(buildDm4({ shape: [3, 4] }))).signals[0]!.axes.map((a) => [a.name, a.navigate])).toEqual([
      ['y', false],
      ['x', false],
    ]);
    expect((await open(buildDm4({ shape: [2, 3, 4] }))).signals[0]!.axes.map((a) => [a.name, a.navigate])).toEqual([
      ['z', true],
      ['y', false],
      ['x', false],
    ]);
  });

  it('without a list of previews shows every image', async () => {
    expect((await open(buildDm4({ shape: [4], preview: false }))).signals).toHaveLength(1);
  });

  it('drops axes of size 1', async () => {
    const { signals } = await open(buildDm4({ shape: [1, 3, 4], spectrumImage: true, dtype: 'uint8' }));
    expect(signals[0]!.shape).toEqual([3, 4]);
    expect(signals[0]!.axes.map((a) => a.name)).toEqual(['x', 'channel']);
    expect(await probe(signals[0]!, [2, 1])).toBe(9);
  });

  it('with fewer calibrations than axes leaves the others uncalibrated', async () => {
    const root = dmRoot({
      shape: [2, 3, 4],
      preview: false,
      axes: [{}, { scale: 2, units: 'nm' }, { scale: 3, units: 'nm' }],
    });
    const list = root[0]![1] as TagEntries;
    const image = list[0]![1] as TagEntries;
    const data = image[0]![1] as TagEntries;
    const calibrations = data[0]![1] as TagEntries;
    const two = (calibrations[1]![1] as TagEntries).slice(0, 2);
    const changed = [
      ['Calibrations', [calibrations[0]!, ['Dimension', two]]],
      ...data.slice(1),
    ] as unknown as TagEntries;
    const bytes = new DmWriter(4, true).file([['ImageList', [['', [['ImageData', changed], ...image.slice(1)]]]]]);
    const axes = (await open(bytes)).signals[0]!.axes;
    expect(axes.map((a) => [a.scale, a.units])).toEqual([
      [1, null],
      [2, 'nm'],
      [3, 'nm'],
    ]);
  });

  it('of colour pixels gives them as R, G, B, A in either byte order', async () => {
    for (const little of [true, false]) {
      const words = Buffer.alloc(8);
      // 0xAARRGGBB
      if (little) words.writeUInt32LE(0xff102030, 4);
      else words.writeUInt32BE(0xff102030, 4);
      const bytes = new DmWriter(4, little).file([
        [
          'ImageList',
          [
            [
              '',
              [
                [
                  'ImageData',
                  [
                    ['Data', { element: [3], count: 2, bytes: words }],
                    ['DataType', { int: 23 }],
                    [
                      'Dimensions',
                      [
                        ['', { int: 2 }],
                        ['', { int: 1 }],
                      ],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
      ]);
      const [signal] = (await open(bytes)).signals;
      expect(signal!.dtype).toBe('rgba8');
      expect(await probe(signal!, [1])).toEqual([0x10, 0x20, 0x30, 0xff]);
      expect((await stats(signal!)).sum).toBe(0x10 + 0x20 + 0x30 + 0xff);
    }
  });

  it('keeps its tags, large arrays by type and length only', async () => {
    const long = new Uint8Array(40_000);
    const tags: TagEntries = [
      [
        'Microscope Info',
        [
          ['Voltage', { double: 300_000 }],
          ['Probe Current (nA)', { float: 0.5 }],
        ],
      ],
      ['Dark reference', { element: [6], count: 10_000, bytes: long }],
      ['__proto__', { text: 'harmless' }],
    ];
    const [signal] = (await open(buildDm4({ shape: [4, 4], tags }))).signals;
    expect(signal!.metadata.Acquisition_instrument).toMatchObject({ TEM: { beam_energy: 300, beam_current: 0.5 } });
    const image = JSON.parse(JSON.stringify(signal!.originalMetadata)) as {
      Image: { ImageTags: Record<string, unknown> };
    };
    expect(image.Image.ImageTags['Dark reference']).toBe('(10000 × float32)');
    expect(JSON.stringify(signal!.originalMetadata)).not.toContain('"Data":');
    expect(({} as Record<string, unknown>).harmless).toBeUndefined();
    expect(JSON.stringify(signal!.originalMetadata)).toContain('harmless');
  });
});

describe('a hostile DM file', () => {
  const list = (writer: DmWriter, entries: TagEntries): Buffer => writer.file(entries);

  it('cut anywhere says that it is shorter than its tags say', async () => {
    const whole = buildDm4({ shape: [4, 5] });
    for (const length of [17, 60, 200, whole.length - 200]) {
      const error = await refusal(open(whole.subarray(0, length)));
      expect(error.code).toBe('truncated-file');
      expect(error.message).toContain('file.dm4');
    }
  });

  it('with a group of 2^40 tags is refused at once', async () => {
    const bytes = list(new DmWriter(4, true), [['a', [['b', { int: 1 }]]]]);
    bytes.writeBigUInt64BE(2n ** 40n, 18);
    expect((await refusal(open(bytes))).code).toBe('truncated-file');
    bytes.writeBigUInt64BE(2n ** 63n, 18);
    expect((await refusal(open(bytes))).code).toBe('corrupt-file');
  });

  it('nested a thousand groups deep is refused, not followed', async () => {
    let nested: TagEntries = [];
    for (let i = 0; i < 1000; i++) nested = [['g', nested]];
    const error = await refusal(open(list(new DmWriter(3, true), nested), 3));
    expect(error.message).toContain('nested deeper');
  });

  it('whose dimensions exceed its data, or 2^53, or are zero or negative, is refused', async () => {
    for (const sizes of [
      [1000, 1000],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [0, 4],
      [-4, -4],
    ]) {
      const bytes = new DmWriter(4, true).file([
        [
          'ImageList',
          [
            [
              '',
              [
                [
                  'ImageData',
                  [
                    ['Data', { element: [6], count: 4, bytes: new Uint8Array(16) }],
                    ['DataType', { int: 2 }],
                    ['Dimensions', sizes.map((int) => ['', { int }] as const)],
                  ],
                ],
              ],
            ],
          ],
        ],
      ]);
      expect((await refusal(open(bytes))).code).toBe('corrupt-file');
    }
  });

  it('with an array that claims more bytes than the file has is refused', async () => {
    const root: TagEntries = [['big', { element: [7], count: 2 ** 40, bytes: new Uint8Array(8) }]];
    expect((await refusal(open(new DmWriter(4, true).file(root)))).code).toBe('truncated-file');
  });

  it('with a struct of nested structs ends', async () => {
    const writer = new DmWriter(3, true);
    const words = Array.from({ length: 4000 }, (_, i) => (i % 5 === 0 ? 15 : i % 5 === 2 ? 1 : 0));
    const error = await refusal(open(writer.file([['odd', { raw: writer.value(words, new Uint8Array(8)) }]]), 3));
    expect(error.code).toBe('corrupt-file');
  });

  it('without any image says so', async () => {
    const error = await refusal(open(new DmWriter(4, true).file([['Settings', [['a', { int: 1 }]]]])));
    expect(error.code).toBe('unsupported-format');
  });

  it('of a data type that is not known names it', async () => {
    const root: TagEntries = [
      [
        'ImageList',
        [
          [
            '',
            [
              [
                'ImageData',
                [
                  ['Data', { element: [6], count: 1, bytes: new Uint8Array(4) }],
                  ['DataType', { int: 99 }],
                ],
              ],
            ],
          ],
        ],
      ],
    ];
    expect((await refusal(open(new DmWriter(4, true).file(root)))).message).toContain('99');
  });
});

describe('packed Fourier transforms', () => {
  it('of the old kind restore a Hermitian image from its half', () => {
    // a Hermitian image of 6 × 6, A[i, j] = conj A[−i, −j], written out by the rules of the format
    const side = 6;
    const n = side / 2;
    const twin = (i: number, j: number): [number, number] => [(side - i) % side, (side - j) % side];
    const re = (i: number, j: number): number => {
      const [a, b] = twin(i, j);
      return i * side + j + 1 + (a * side + b + 1);
    };
    const im = (i: number, j: number): number => {
      const [a, b] = twin(i, j);
      return i * side + j - (a * side + b);
    };
    const packed = new Float32Array(side * side);
    packed[0] = re(n, 0);
    packed[1] = re(0, 0);
    packed[2 * n * n] = re(n, n);
    packed[2 * n * n + 1] = re(0, n);
    const put = (at: number, i: number, j: number): void => {
      packed[at] = re(i, j);
      packed[at + 1] = im(i, j);
    };
    for (let i = 0; i < n; i++) for (let j = 0; j < n - 1; j++) put(2 * i * n + 2 + 2 * j, i, n + 1 + j);
    for (let i = 1; i < n; i++) put(2 * n * i, n + i, 0);
    for (let j = 0; j < n - 1; j++) put(2 * n * n + 2 + 2 * j, n, n + 1 + j);
    for (let i = 0; i < n - 1; i++)
      for (let j = 0; j < n; j++) put(2 * n * n + 2 * n + 2 * (i * n + j), n + 1 + i, n + j);
    const full = unpackHermitian(packed, side);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        expect([full[2 * (i * side + j)], full[2 * (i * side + j) + 1]], `${i},${j}`).toEqual([re(i, j), im(i, j)]);
      }
    }
  });

  it('of the new kind reverse the half and append its conjugates', () => {
    const half = Float64Array.of(1, 10, 2, 20, 3, 30);
    expect([...unpackHalfSpectrum(half, 1, 3, new Float64Array(8))]).toEqual([3, 30, 2, 20, 1, 10, 2, -20]);
  });
});
