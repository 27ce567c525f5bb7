import { deflateSync } from 'node:zlib';
import type { Seed } from '../seeds.ts';
import type { BuiltType } from './elements.ts';
import { encodeElements, ramp } from './elements.ts';

/** A tag: numbers of a type (3 SHORT, 4 LONG, 5 RATIONAL as pairs, 12 DOUBLE, 16 LONG8), or text (2), or bytes (7). */
export interface BuiltTag {
  tag: number;
  type: number;
  value: readonly number[] | string | Uint8Array;
}

export interface BuiltPage {
  width: number;
  height: number;
  samples?: number;
  dtype?: BuiltType;
  /** in the order rows, columns, samples; a ramp when absent */
  values?: readonly number[];
  planar?: boolean;
  photometric?: number;
  compression?: 'none' | 'lzw' | 'packbits' | 'deflate';
  predictor?: 1 | 2 | 3;
  rowsPerStrip?: number;
  tile?: readonly [width: number, height: number];
  tags?: readonly BuiltTag[];
  /** the chunks themselves, already packed, with the tags that describe them in `tags` */
  chunks?: readonly Uint8Array[];
}

export interface TiffOptions {
  pages: readonly BuiltPage[];
  littleEndian?: boolean;
  big?: boolean;
  /** bytes between the data of two pages */
  gap?: number;
  /** the data of all pages before all directories, as ImageJ writes its stacks */
  dataFirst?: boolean;
}

const codes = { none: 1, lzw: 5, packbits: 32773, deflate: 8 };

/** PackBits of TIFF 6.0, section 9: runs of at least three, everything else as it is. */
export function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  const runAt = (at: number): number => {
    let length = 1;
    while (length < 128 && at + length < bytes.length && bytes[at + length] === bytes[at]) length++;
    return length;
  };
  for (let at = 0; at < bytes.length;) {
    const run = runAt(at);
    if (run >= 3) {
      out.push(257 - run, bytes[at]!);
      at += run;
      continue;
    }
    const first = at;
    while (at < bytes.length && at - first < 128 && runAt(at) < 3) at++;
    out.push(at - first - 1, ...bytes.subarray(first, at));
  }
  return Uint8Array.from(out);
}

/** LZW of TIFF 6.0, section 13, with the table as strings: slow and plain. */
export function packLzw(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let bag = 0;
  let held = 0;
  let table = new Map<string, number>();
  let width = 9;
  const put = (code: number): void => {
    bag = (bag << width) | code;
    held += width;
    while (held >= 8) {
      held -= 8;
      out.push((bag >> held) & 255);
    }
    bag &= (1 << held) - 1;
  };
  const clear = (): void => {
    put(256);
    table = new Map(Array.from({ length: 256 }, (_, i) => [String.fromCharCode(i), i]));
    width = 9;
  };
  clear();
  let next = 258;
  let known = '';
  for (const byte of bytes) {
    const longer = known + String.fromCharCode(byte);
    if (table.has(longer)) {
      known = longer;
      continue;
    }
    put(table.get(known)!);
    table.set(longer, next++);
    if (next === 512 || next === 1024 || next === 2048) width++;
    if (next === 4095) {
      clear();
      next = 258;
    }
    known = String.fromCharCode(byte);
  }
  if (known !== '') {
    put(table.get(known)!);
    // the reader has one string more by now
    next++;
    if (next === 512 || next === 1024 || next === 2048) width++;
  }
  put(257);
  if (held > 0) out.push((bag << (8 - held)) & 255);
  return Uint8Array.from(out);
}

/** Differences of neighbours (section 14), or the byte planes of floats (Adobe's technical note 3), row by row. */
function predict(
  values: readonly number[],
  dtype: BuiltType,
  littleEndian: boolean,
  predictor: number,
  perRow: number,
  samples: number,
): Uint8Array {
  if (predictor === 1) return encodeElements(values, dtype, littleEndian);
  const size = encodeElements([0], dtype).length;
  if (predictor === 2) {
    const range = 2 ** (8 * size);
    const words = encodeElements(values, dtype, true);
    const word = (i: number): number =>
      words.subarray(i * size, (i + 1) * size).reduce((sum, byte, k) => sum + byte * 256 ** k, 0);
    const unsigned = ({ 1: 'uint8', 2: 'uint16', 4: 'uint32' } as const)[size as 1 | 2 | 4];
    const changes = values.map((_, i) =>
      i % perRow < samples ? word(i) : (word(i) - word(i - samples) + range) % range,
    );
    return encodeElements(changes, unsigned, littleEndian);
  }
  const out: number[] = [];
  for (let row = 0; row < values.length; row += perRow) {
    const bytes = encodeElements(values.slice(row, row + perRow), dtype, false);
    const planes = Array.from({ length: bytes.length }, (_, i) => bytes[(i % perRow) * size + Math.floor(i / perRow)]!);
    out.push(...planes.map((byte, i) => (i < samples ? byte : (byte - planes[i - samples]! + 256) % 256)));
  }
  return Uint8Array.from(out);
}

function chunksOf(page: BuiltPage, littleEndian: boolean): Uint8Array[] {
  const { width, height, samples = 1, dtype = 'uint16', compression = 'none', predictor = 1, planar = false } = page;
  const values = page.values ?? ramp([height, width, samples], dtype);
  const [chunkWidth, chunkHeight] = page.tile ?? [width, page.rowsPerStrip ?? height];
  const chunks: Uint8Array[] = [];
  for (const plane of planar
    ? Array.from({ length: samples }, (_, s) => [s])
    : [Array.from({ length: samples }, (_, s) => s)]) {
    for (let top = 0; top < height; top += chunkHeight) {
      for (let left = 0; left < width; left += chunkWidth) {
        const rows = page.tile ? chunkHeight : Math.min(chunkHeight, height - top);
        const chunk: number[] = [];
        for (let y = top; y < top + rows; y++) {
          for (let x = left; x < left + chunkWidth; x++) {
            for (const s of plane) chunk.push(y < height && x < width ? values[(y * width + x) * samples + s]! : 0);
          }
        }
        const bytes = predict(chunk, dtype, littleEndian, predictor, chunkWidth * plane.length, plane.length);
        if (compression === 'lzw') chunks.push(packLzw(bytes));
        else if (compression === 'packbits') chunks.push(packBits(bytes));
        else chunks.push(compression === 'deflate' ? deflateSync(bytes) : bytes);
      }
    }
  }
  return chunks;
}

function bitsAndFormat(dtype: BuiltType): [bits: number, format: number] {
  const bits = dtype === 'bool' ? 1 : encodeElements(dtype.startsWith('complex') ? [0, 0] : [0], dtype).length * 8;
  if (dtype.startsWith('float')) return [bits, 3];
  if (dtype.startsWith('complex')) return [bits, 6];
  return [bits, dtype.startsWith('int') ? 2 : 1];
}

/** A TIFF or BigTIFF file: the data of each page, then its directory, then the next page; or all data first. */
export function buildTiff(options: TiffOptions): Uint8Array {
  const { pages, littleEndian = true, big = false, gap = 0, dataFirst = false } = options;
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (bytes: Uint8Array): number => {
    const place = at;
    parts.push(bytes);
    at += bytes.length;
    return place;
  };
  const word = (type: BuiltType, ...values: number[]): Uint8Array => encodeElements(values, type, littleEndian);
  const pointer = (value: number): Uint8Array => word(big ? 'uint64' : 'uint32', value);
  add(Buffer.from(littleEndian ? 'II' : 'MM'));
  add(word('uint16', big ? 43 : 42));
  if (big) add(word('uint16', 8, 0));
  // where the pointer to the next directory stands, and what it has to say
  const links: { at: number; to: number }[] = [];
  let link = add(pointer(0));
  const addData = (page: BuiltPage): { chunks: readonly Uint8Array[]; offsets: number[] } => {
    const chunks = page.chunks ?? chunksOf(page, littleEndian);
    const offsets = chunks.map((chunk) => add(chunk));
    add(new Uint8Array(gap));
    return { chunks, offsets };
  };
  const written = dataFirst ? pages.map(addData) : null;
  for (const [i, page] of pages.entries()) {
    const { chunks, offsets } = written?.[i] ?? addData(page);
    const tags = new Map<number, BuiltTag>();
    const tag = (number: number, type: number, value: BuiltTag['value']): void =>
      void tags.set(number, { tag: number, type, value });
    const { samples = 1, dtype = 'uint16' } = page;
    const [bits, format] = bitsAndFormat(dtype);
    tag(256, 4, [page.width]);
    tag(257, 4, [page.height]);
    tag(258, 3, new Array<number>(samples).fill(bits));
    tag(259, 3, [codes[page.compression ?? 'none']]);
    tag(262, 3, [page.photometric ?? 1]);
    tag(277, 3, [samples]);
    tag(284, 3, [page.planar ? 2 : 1]);
    tag(339, 3, new Array<number>(samples).fill(format));
    if ((page.predictor ?? 1) > 1) tag(317, 3, [page.predictor!]);
    if (page.tile) {
      tag(322, 4, [page.tile[0]]);
      tag(323, 4, [page.tile[1]]);
    } else tag(278, 4, [page.rowsPerStrip ?? page.height]);
    tag(page.tile ? 324 : 273, big ? 16 : 4, offsets);
    tag(
      page.tile ? 325 : 279,
      4,
      chunks.map((chunk) => chunk.length),
    );
    for (const more of page.tags ?? []) tags.set(more.tag, more);
    const bytesOf = ({ type, value }: BuiltTag): [count: number, bytes: Uint8Array] => {
      if (typeof value === 'string') {
        const text = Buffer.from(`${value}\0`);
        return [text.length, text];
      }
      if (value instanceof Uint8Array) return [value.length, value];
      const kind = ({ 3: 'uint16', 4: 'uint32', 5: 'uint32', 12: 'float64', 16: 'uint64' } as const)[
        type as 3 | 4 | 5 | 12 | 16
      ];
      return [type === 5 ? value.length / 2 : value.length, encodeElements(value, kind, littleEndian)];
    };
    const room = big ? 8 : 4;
    const entries = [...tags.values()]
      .sort((a, b) => a.tag - b.tag)
      .map((one) => {
        const [count, bytes] = bytesOf(one);
        const value =
          bytes.length > room ? pointer(add(bytes)) : Buffer.concat([bytes, Buffer.alloc(room - bytes.length)]);
        return Buffer.concat([word('uint16', one.tag, one.type), pointer(count), value]);
      });
    if (at % 2 === 1) add(new Uint8Array(1));
    links.push({ at: link, to: at });
    add(big ? word('uint64', entries.length) : word('uint16', entries.length));
    entries.forEach(add);
    link = add(pointer(0));
  }
  const file = new Uint8Array(Buffer.concat(parts));
  for (const { at: place, to } of links) file.set(pointer(to), place);
  return file;
}

/*
 * A picture of 11 × 6 as JPEG with colours of half resolution, made once with Pillow 9.4 (libjpeg-turbo):
 *   y, x = np.mgrid[:6, :11]; img = np.stack([(y * 40) % 256, (x * 20) % 256, (x * y * 7) % 256], -1).astype('u1')
 *   Image.fromarray(img).save(out, 'JPEG', subsampling=2, quality=60)
 * and what Pillow reads from it.
 */
export const smallJpeg = {
  width: 11,
  height: 6,
  bytes: Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAGAAsDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDG0LSo325xXWxabB5S4QEY70UVw4t8lGMluzfMMJR9p8J//9k=',
    'base64',
  ),
  values: [
    ...Buffer.from(
      'DAEAEw8AFiEDFjIKEEQUDFccC2wlCH8tB44wDaI8FrJHIQcAJxUBLScNLDoZJ0wjJV8tJXc5IYg/H5ZCJqxNML1XQwsASBgKTysbUD8rTFE6TGdGS35TSpFZTKVhUrloWsltYgsCaBgRcSwnc0A8cVROcWtfdINucZZ0eLF+fcJ/gM98hQsIixkYlS00mEJNmFVmmGx5m4aLmpqQmq2Pn7+NoMuDnBIQpB8irDRAsUdbsFx2snSNtYyetKGjpKOPqbiNr8iG',
      'base64',
    ),
  ],
};

const stack = (page: BuiltPage, count: number): BuiltPage[] => Array.from({ length: count }, () => page);
const text = (value: string): BuiltTag => ({ tag: 270, type: 2, value });
export const jpegPage: BuiltPage = {
  width: smallJpeg.width,
  height: smallJpeg.height,
  samples: 3,
  dtype: 'uint8',
  photometric: 6,
  chunks: [smallJpeg.bytes],
  tags: [
    { tag: 259, type: 3, value: [7] },
    { tag: 530, type: 3, value: [2, 2] },
  ],
};
export const omeText = (pixels: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0" Name="cells"><Pixels ID="Pixels:0" ${pixels}>${more}</Pixels></Image></OME>`;

export const tiffSeeds: readonly Seed[] = [
  { name: 'tiff', files: { 'x.tif': buildTiff({ pages: stack({ width: 7, height: 5, rowsPerStrip: 2 }, 3) }) } },
  {
    name: 'tiff, big-endian BigTIFF',
    files: {
      'x.tif': buildTiff({
        pages: stack({ width: 7, height: 5, dtype: 'float32' }, 2),
        big: true,
        littleEndian: false,
      }),
    },
  },
  {
    name: 'tiff, LZW',
    files: {
      'x.tif': buildTiff({
        pages: stack({ width: 9, height: 8, compression: 'lzw', predictor: 2, rowsPerStrip: 3 }, 2),
      }),
    },
  },
  {
    name: 'tiff, deflate tiles, planar',
    files: {
      'x.tif': buildTiff({
        pages: [
          {
            width: 20,
            height: 18,
            samples: 3,
            planar: true,
            dtype: 'float32',
            predictor: 3,
            compression: 'deflate',
            tile: [16, 16],
          },
        ],
      }),
    },
  },
  {
    name: 'tiff, PackBits',
    files: {
      'x.tif': buildTiff({
        pages: [{ width: 9, height: 8, dtype: 'uint8', samples: 3, photometric: 2, compression: 'packbits' }],
      }),
    },
  },
  { name: 'tiff, JPEG', files: { 'x.tif': buildTiff({ pages: [jpegPage] }) } },
  {
    name: 'tiff, ImageJ',
    files: {
      'x.tif': buildTiff({
        pages: stack(
          {
            width: 6,
            height: 5,
            tags: [
              text('ImageJ=1.53\nimages=6\nchannels=2\nslices=3\nhyperstack=true\nunit=micron\nspacing=0.5\n'),
              { tag: 282, type: 5, value: [4, 1] },
              { tag: 283, type: 5, value: [2, 1] },
            ],
          },
          6,
        ),
        dataFirst: true,
      }),
    },
  },
  {
    name: 'tiff, OME',
    files: {
      'x.tif': buildTiff({
        pages: stack(
          {
            width: 6,
            height: 5,
            tags: [
              text(
                omeText(
                  'DimensionOrder="XYCZT" Type="uint16" SizeX="6" SizeY="5" SizeZ="2" SizeC="2" SizeT="1" PhysicalSizeX="0.25"',
                  '<TiffData/>',
                ),
              ),
            ],
          },
          4,
        ),
      }),
    },
  },
  {
    name: 'tiff, OME set of two files',
    files: Object.fromEntries(
      ['x.ome.tif', 'y.ome.tif'].map((name, file) => [
        name,
        buildTiff({
          pages: stack(
            {
              width: 6,
              height: 5,
              compression: 'lzw',
              tags: [
                text(
                  omeText(
                    'DimensionOrder="XYZCT" Type="uint16" SizeX="6" SizeY="5" SizeZ="2" SizeC="1" SizeT="1"',
                    ['x', 'y']
                      .map((one, z) => `<TiffData FirstZ="${z}" IFD="0"><UUID FileName="${one}.ome.tif"/></TiffData>`)
                      .join(''),
                  ),
                ),
              ],
            },
            1,
          ),
          littleEndian: file === 0,
        }),
      ]),
    ),
  },
  {
    name: 'tiff, of instruments',
    files: {
      'x.tif': buildTiff({
        pages: [
          {
            width: 6,
            height: 5,
            tags: [
              {
                tag: 34682,
                type: 2,
                value:
                  '[User]\r\nDate=06/13/2016\r\nTime=05:06:40 PM\r\n[Beam]\r\nHV=5000\r\n[Scan]\r\nPixelWidth=3e-9\r\n',
              },
              {
                tag: 34118,
                type: 7,
                value: Buffer.from(
                  '0\r\n0\r\n0\r\n5.8e-009\r\nAP_WD\r\nWD = 3.9 mm\r\nAP_DATE\r\nDate :25 Sep 2018\r\n',
                ),
              },
              { tag: 65009, type: 12, value: [0.5] },
              { tag: 33560, type: 4, value: [8] },
              { tag: 33550, type: 12, value: [2, 3, 0] },
              text('[Application],Date="10/02/2022"\r\n[Scaling],ScalingXUnit="nm",ScalingXScalingFile="#8,6"'),
            ],
          },
        ],
      }),
    },
  },
];
