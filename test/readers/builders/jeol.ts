import type { Seed } from '../seeds.ts';

/* Small valid files of JEOL's Analysis Station, from the description of the formats. */

export interface TagValue {
  type: number;
  bytes: Buffer;
  children?: TagTree;
}
export type TagTree = Readonly<Record<string, TagValue>>;

const numbers = (count: number, size: number, write: (bytes: Buffer, i: number) => void): Buffer => {
  const bytes = Buffer.alloc(count * size);
  for (let i = 0; i < count; i++) write(bytes, i);
  return bytes;
};

export const folder = (children: TagTree): TagValue => ({ type: 0, bytes: Buffer.alloc(0), children });
export const text = (value: string, children?: TagTree): TagValue => ({
  type: 12,
  bytes: Buffer.from(`${value}\0`, 'latin1'),
  ...(children ? { children } : {}),
});
export const i16 = (value: number): TagValue => ({ type: 2, bytes: numbers(1, 2, (b) => b.writeInt16LE(value)) });
export const i32 = (value: number): TagValue => ({ type: 3, bytes: numbers(1, 4, (b) => b.writeInt32LE(value)) });
export const f32 = (value: number): TagValue => ({ type: 4, bytes: numbers(1, 4, (b) => b.writeFloatLE(value)) });
export const f64 = (value: number): TagValue => ({ type: 5, bytes: numbers(1, 8, (b) => b.writeDoubleLE(value)) });
const f32s = (...values: number[]): TagValue => ({
  type: 9,
  bytes: numbers(values.length, 4, (b, i) => b.writeFloatLE(values[i]!, 4 * i)),
});
export const i32s = (...values: number[]): TagValue => ({
  type: 8,
  bytes: numbers(values.length, 4, (b, i) => b.writeInt32LE(values[i]!, 4 * i)),
});
export const data = (bytes: Buffer): TagValue => ({ type: 6, bytes });

function tagBytes(name: string, { type, bytes, children = {} }: TagValue): Buffer {
  const label = name === '' ? Buffer.alloc(0) : Buffer.from(`${name}\0`, 'latin1');
  const head = Buffer.alloc(4);
  head.writeUInt32LE(label.length);
  const kind = Buffer.alloc(8);
  kind.writeUInt16LE(type, 0);
  kind.writeUInt32LE(bytes.length, 4);
  const inner = Object.entries(children).flatMap(([key, child]) => [Buffer.from([1]), tagBytes(key, child)]);
  return Buffer.concat([head, label, kind, bytes, ...inner, Buffer.from([0xff])]);
}

export const tagTree = (children: TagTree): Buffer => tagBytes('', folder(children));

/** Days since the last day of 1899. */
export const days = (iso: string): number => Date.parse(`${iso}Z`) / 86_400_000 + 25569;

/** A picture with 8 × its width of header before it. */
export function buildJeolImage(width: number, height: number, pixels: Uint8Array | Uint16Array): Buffer {
  const head = Buffer.alloc(0x40);
  head.writeUInt32LE(0x34, 0);
  head.write('JED-2200:LibJxImageForm', 4, 'latin1');
  const tree = (image: TagTree): Buffer =>
    tagTree({
      Instrument: folder({ ScanSize: f32(128), AccV: f32(15), Mag: i32(2000) }),
      FileType: text('JED-2200:IMG'),
      Image: folder({
        Created: f64(days('2017-04-07T18:08:05')),
        Title: text('C K'),
        Size: i32s(width, height),
        ...image,
      }),
    });
  const small = tree({ Thumbnail: data(Buffer.alloc(16)) });
  head.writeUInt32LE(0x40, 0x24);
  head.writeUInt32LE(small.length, 0x28);
  head.writeUInt32LE(0x40 + small.length, 0x2c);
  const bits = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return Buffer.concat([head, small, tree({ Bits: data(bits) })]);
}

export interface EventsOptions {
  width: number;
  height: number;
  /** words of every sweep */
  words: readonly number[];
  sweeps?: number;
}

/** Words of one sweep: counts[y][x] lists the channels of the photons of a pixel. */
export function sweepWords(
  width: number,
  height: number,
  channelsAt: (y: number, x: number) => readonly number[],
): number[] {
  const words: number[] = [];
  for (let y = 0; y < height; y++) {
    words.push(0x9000 | ((y * 4096) / height), 0x6000);
    for (let x = 0; x < width; x++) {
      const channels = channelsAt(y, x);
      if (channels.length > 0) words.push(0x8000 | ((x * 4096) / width), ...channels.map((c) => 0xb000 | c), 0x7000);
    }
  }
  return words;
}

/** An event list. */
export function buildJeolEvents({ width, height, words, sweeps = 1 }: EventsOptions): Buffer {
  const head = Buffer.alloc(0x131);
  head.writeUInt32LE(0x130, 0);
  head.write('PTTDFILE', 4, 'latin1');
  head.writeDoubleLE(days('2017-04-07T18:16:41'), 0x128);
  const tree = tagTree({
    'PTTD Param': folder({
      Params: folder({
        PARAMPAGE1: text('EDXRF', { Tpl: folder({ T2: folder({ DigZ: i16(96) }) }) }),
        PARAMPAGE0: text('SEM', {
          DetT: text('EX240'),
          MnKaRES: f32(138),
          DirAng: f32(90),
          ElevAng: f32(22.5),
          ScanSize: f32(128),
        }),
      }),
    }),
    'PTTD Data': folder({
      'AnalyzableMap MeasData': folder({
        Doc: folder({
          LiveTime: f64(325.5),
          RealTime: f64(366.5),
          'DwellTime(msec)': f64(0.1),
          Sweep: i16(sweeps),
          CoefA: f64(0.01),
          CoefB: f64(-0.001),
        }),
        'Meas Cond': folder({ Tpl: text('T2'), Pixels: text(`${width}x${height}`) }),
        MeasCond: folder({ AccKV: f32(200), Mag: i32(40000) }),
      }),
    }),
  });
  head.writeUInt32LE(0x131, 0x14);
  head.writeUInt32LE(tree.length, 0x18);
  head.writeUInt32LE(0x131 + tree.length, 0x1c);
  head.writeUInt32LE(2 * words.length, 0x20);
  return Buffer.concat([head, tree, Buffer.from(Uint16Array.from(words).buffer)]);
}

/** A single spectrum. */
export function buildJeolSpectrum(counts: readonly number[]): Buffer {
  const head = Buffer.alloc(0x1ca);
  head.writeUInt32LE(2, 0);
  head.writeDoubleLE(days('2018-06-25T14:14:51'), 0x0a);
  head.writeDoubleLE(30, 0x102);
  head.writeDoubleLE(34.97, 0x10a);
  head.writeDoubleLE(0.01, 0x16a);
  head.writeDoubleLE(-0.002, 0x172);
  head.writeUInt32LE(counts.length, 0x1c6);
  // no elements excluded, selected or quantified; then parameters are announced
  const lists = Buffer.alloc(20);
  lists.writeInt32LE(5, 16);
  const end = Buffer.alloc(374);
  end.write('EX240', 0, 'latin1');
  end.write('JEM', 16, 'latin1');
  end.writeDoubleLE(200, 48);
  end.writeDoubleLE(138, 102);
  end.writeDoubleLE(90, 180);
  end.writeDoubleLE(22.5, 196);
  return Buffer.concat([head, Buffer.from(Int32Array.from(counts).buffer), lists, end]);
}

/** A project that names these files. */
export const buildJeolProject = (names: readonly string[]): Buffer =>
  tagTree({
    FileType: text('Analysis Station'),
    SampleInfo: folder({
      0: folder({
        ViewInfo: folder({
          0: folder({
            // left, top, width to the left, height
            PositionMM: f32s(0, 0, -0.004, 0.004),
            ViewData: folder(Object.fromEntries(names.map((name, i) => [String(i), folder({ Filename: text(name) })]))),
          }),
        }),
      }),
    }),
  });

const words = sweepWords(4, 4, (y, x) => ((x + y) % 3 === 0 ? [96, 100 + x, 100 + x, 4095] : []));
const events = buildJeolEvents({ width: 4, height: 4, words: [...words, ...words], sweeps: 2 });
const picture = buildJeolImage(
  5,
  3,
  Uint8Array.from({ length: 15 }, (_, i) => i * 3),
);

export const jeolSeeds: readonly Seed[] = [
  { name: 'jeol, pts', files: { 'x.pts': events } },
  { name: 'jeol, img', files: { 'x.img': picture } },
  { name: 'jeol, eds', files: { 'x.eds': buildJeolSpectrum([0, 5, 2, 100]) } },
  {
    name: 'jeol, asw',
    files: { 'x.asw': buildJeolProject(['.\\v.pts', '.\\v.img']), 'v.pts': events, 'v.img': picture },
  },
];
