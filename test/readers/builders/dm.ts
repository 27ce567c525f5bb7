import type { BuiltType } from './elements.ts';
import { encodeElements, ramp } from './elements.ts';

/** A tag to be written: groups are lists of pairs, so that names may repeat or be empty. */
export type Tag =
  | TagEntries
  | { int: number }
  | { float: number }
  | { double: number }
  | { bool: boolean }
  | { text: string }
  | ElementArray
  | { raw: Buffer };
export type TagEntries = readonly (readonly [string, Tag])[];
interface ElementArray {
  /** type words of one element */
  element: readonly number[];
  count: number;
  bytes: Uint8Array;
}

export interface DmAxis {
  scale?: number;
  /** in pixels, as DigitalMicrograph keeps it: the coordinate of index 0 is −origin · scale */
  origin?: number;
  units?: string;
}

export interface DmOptions {
  /** C-order shape as the reader is to report it, slowest first */
  shape: readonly number[];
  dtype?: DmType;
  /** in C order of `shape`; 0, 1, 2 … when absent */
  data?: ArrayLike<number>;
  /** one per axis of `shape` */
  axes?: readonly DmAxis[];
  /** marks the image as a spectrum image; with three axes or more the last (energy) axis is stored slowest */
  spectrumImage?: boolean;
  /** ImageTags.Meta Data.Signal: EELS, X-ray, CL */
  signal?: string;
  name?: string;
  /** unit of the values */
  quantity?: string;
  bigEndian?: boolean;
  /** puts a small preview before the image and names it in Thumbnails; default true */
  preview?: boolean;
  /** further entries of ImageTags */
  tags?: TagEntries;
}

export type DmType = Exclude<BuiltType, 'float16'>;

const dataTypes: Readonly<Record<DmType, { dataType: number; element: readonly number[]; size: number }>> = {
  int16: { dataType: 1, element: [2], size: 2 },
  float32: { dataType: 2, element: [6], size: 4 },
  complex64: { dataType: 3, element: [15, 0, 2, 0, 6, 0, 6], size: 8 },
  uint8: { dataType: 6, element: [10], size: 1 },
  int32: { dataType: 7, element: [3], size: 4 },
  int8: { dataType: 9, element: [9], size: 1 },
  uint16: { dataType: 10, element: [4], size: 2 },
  uint32: { dataType: 11, element: [5], size: 4 },
  float64: { dataType: 12, element: [7], size: 8 },
  complex128: { dataType: 13, element: [15, 0, 2, 0, 7, 0, 7], size: 16 },
  bool: { dataType: 14, element: [8], size: 1 },
  int64: { dataType: 39, element: [11], size: 8 },
  uint64: { dataType: 40, element: [12], size: 8 },
};

/** Writes the tag tree of a DM3 or DM4 file; structure words are big-endian always, payloads as asked. */
export class DmWriter {
  readonly version: 3 | 4;
  readonly little: boolean;
  constructor(version: 3 | 4, little: boolean) {
    this.version = version;
    this.little = little;
  }

  word(value: number): Buffer {
    const bytes = Buffer.alloc(this.version === 3 ? 4 : 8);
    if (this.version === 3) bytes.writeUInt32BE(value);
    else bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  }

  value(types: readonly number[], payload: Uint8Array): Buffer {
    return Buffer.concat([Buffer.from('%%%%'), this.word(types.length), ...types.map((t) => this.word(t)), payload]);
  }

  #scalar(tag: Exclude<Tag, TagEntries | ElementArray | { raw: Buffer }>): Buffer {
    const { little } = this;
    if ('int' in tag) return this.value([3], encodeElements([tag.int], 'int32', little));
    if ('float' in tag) return this.value([6], encodeElements([tag.float], 'float32', little));
    if ('double' in tag) return this.value([7], encodeElements([tag.double], 'float64', little));
    if ('bool' in tag) return this.value([8], Uint8Array.of(tag.bool ? 1 : 0));
    const codes = Array.from({ length: tag.text.length }, (_, i) => tag.text.charCodeAt(i));
    return this.value([20, 4, codes.length], encodeElements(codes, 'uint16', little));
  }

  #body(tag: Tag): Buffer {
    if (Array.isArray(tag)) return this.group(tag as TagEntries);
    const leaf = tag as Exclude<Tag, TagEntries>;
    if ('raw' in leaf) return leaf.raw;
    if ('element' in leaf) return this.value([20, ...leaf.element, leaf.count], leaf.bytes);
    return this.#scalar(leaf);
  }

  entry(name: string, tag: Tag): Buffer {
    const title = Buffer.from(name, 'latin1');
    const head = Buffer.alloc(3);
    head[0] = Array.isArray(tag) ? 20 : 21;
    head.writeUInt16BE(title.length, 1);
    const body = this.#body(tag);
    return Buffer.concat([head, title, this.version === 4 ? this.word(body.length) : Buffer.alloc(0), body]);
  }

  group(entries: TagEntries): Buffer {
    const head = Buffer.concat([Buffer.from([0, 0]), this.word(entries.length)]);
    return Buffer.concat([head, ...entries.map(([name, tag]) => this.entry(name, tag))]);
  }

  file(root: TagEntries): Buffer {
    const body = this.group(root);
    const version = Buffer.alloc(4);
    version.writeUInt32BE(this.version);
    const flag = Buffer.alloc(4);
    flag.writeUInt32BE(this.little ? 1 : 0);
    return Buffer.concat([version, this.word(body.length), flag, body, Buffer.alloc(8)]);
  }
}

/** Moves the last axis to the front: how DigitalMicrograph stores a spectrum image. */
function energyFirst(values: ArrayLike<number>, shape: readonly number[], lanes: number): number[] {
  const energies = shape.at(-1)!;
  const pixels = values.length / lanes / energies;
  const out: number[] = [];
  for (let e = 0; e < energies; e++) {
    for (let p = 0; p < pixels; p++) {
      for (let lane = 0; lane < lanes; lane++) out.push(values[(p * energies + e) * lanes + lane]!);
    }
  }
  return out;
}

const imageData = (
  dataType: number,
  depth: number,
  stored: readonly number[],
  data: ElementArray,
  axes: readonly DmAxis[],
  quantity: string,
): TagEntries => [
  [
    'Calibrations',
    [
      [
        'Brightness',
        [
          ['Origin', { float: 0 }],
          ['Scale', { float: 1 }],
          ['Units', { text: quantity }],
        ],
      ],
      [
        'Dimension',
        [...axes].reverse().map((axis) => [
          '',
          [
            ['Origin', { double: axis.origin ?? 0 }],
            ['Scale', { double: axis.scale ?? 1 }],
            ['Units', { text: axis.units ?? '' }],
          ],
        ]) as TagEntries,
      ],
    ],
  ],
  ['Data', data],
  ['DataType', { int: dataType }],
  ['Dimensions', [...stored].reverse().map((size) => ['', { int: size }])],
  ['PixelDepth', { int: depth }],
];

/** The root group of a file with one image; to be altered by tests that need something odd. */
export function dmRoot(options: DmOptions): TagEntries {
  const { shape, dtype = 'float32', spectrumImage = false } = options;
  const { dataType, element, size } = dataTypes[dtype];
  const lanes = dtype.startsWith('complex') ? 2 : 1;
  const moved = spectrumImage && shape.length > 2;
  const values = options.data ?? ramp(shape, dtype);
  const stored = moved ? [shape.at(-1)!, ...shape.slice(0, -1)] : shape;
  const calibrations = shape.map((_, i) => options.axes?.[i] ?? {});
  const axes = moved ? [calibrations.at(-1)!, ...calibrations.slice(0, -1)] : calibrations;
  const bytes = encodeElements(moved ? energyFirst(values, shape, lanes) : values, dtype, !options.bigEndian);
  const count = shape.reduce((n, s) => n * s, 1);
  const meta: (readonly [string, Tag])[] = [];
  if (spectrumImage) meta.push(['Format', { text: 'Spectrum image' }]);
  if (options.signal !== undefined) meta.push(['Signal', { text: options.signal }]);
  const image: TagEntries = [
    ['ImageData', imageData(dataType, size, stored, { element, count, bytes }, axes, options.quantity ?? 'Counts')],
    ['ImageTags', [...(meta.length > 0 ? [['Meta Data', meta] as const] : []), ...(options.tags ?? [])]],
    ['Name', { text: options.name ?? 'Synthetic' }],
  ];
  if (options.preview === false) return [['ImageList', [['', image]]]];
  const pixels: ElementArray = { element: [3], count: 4, bytes: new Uint8Array(16) };
  const preview: TagEntries = [['ImageData', imageData(23, 4, [2, 2], pixels, [{}, {}], '')]];
  return [
    [
      'ImageList',
      [
        ['', preview],
        ['', image],
      ],
    ],
    ['Thumbnails', [['', [['ImageIndex', { int: 0 }]]]]],
  ];
}

const build = (version: 3 | 4, options: DmOptions): Buffer =>
  new DmWriter(version, !options.bigEndian).file(dmRoot(options));

/** A DM3 file with one image, byte by byte. */
export const buildDm3 = (options: DmOptions): Buffer => build(3, options);
/** A DM4 file with one image, byte by byte. */
export const buildDm4 = (options: DmOptions): Buffer => build(4, options);
