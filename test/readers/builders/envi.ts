import type { BuiltType } from './elements.ts';
import { encodeElements } from './elements.ts';
import type { Seed } from '../seeds.ts';

/** ENVI's numbers for element types. */
const codes: Readonly<Partial<Record<BuiltType, number>>> = {
  uint8: 1,
  int16: 2,
  int32: 3,
  float32: 4,
  float64: 5,
  complex64: 6,
  complex128: 9,
  uint16: 12,
  uint32: 13,
  int64: 14,
  uint64: 15,
};

export interface EnviOptions {
  samples: number;
  lines: number;
  bands: number;
  interleave: 'bsq' | 'bil' | 'bip';
  dtype?: BuiltType;
  bigEndian?: boolean;
  offset?: number;
  /** further lines of the header; an empty text leaves a pair out */
  extra?: Readonly<Record<string, string | number>>;
}

/** Value at (line, sample, band), the same in every order. */
export const enviValue = (line: number, sample: number, band: number): number => line * 10_000 + sample * 100 + band;

/** Numbers in the order of the file. */
function stored({ samples, lines, bands, interleave }: EnviOptions): number[] {
  const values: number[] = [];
  const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  if (interleave === 'bsq') {
    for (const b of range(bands))
      for (const l of range(lines)) for (const s of range(samples)) values.push(enviValue(l, s, b));
  } else if (interleave === 'bil') {
    for (const l of range(lines))
      for (const b of range(bands)) for (const s of range(samples)) values.push(enviValue(l, s, b));
  } else {
    for (const l of range(lines))
      for (const s of range(samples)) for (const b of range(bands)) values.push(enviValue(l, s, b));
  }
  return values;
}

/** An ENVI pair: the text of the header and the bytes of the data. */
export function buildEnvi(options: EnviOptions): { hdr: Buffer; data: Buffer } {
  const { samples, lines, bands, interleave, dtype = 'uint16', bigEndian = false, offset = 0, extra = {} } = options;
  const values = stored(options);
  const numbers = dtype.startsWith('complex') ? values.flatMap((value) => [value, -value]) : values;
  const pairs: Record<string, string | number> = {
    samples,
    lines,
    bands,
    'header offset': offset,
    'file type': 'ENVI Standard',
    'data type': codes[dtype] ?? 0,
    interleave,
    'byte order': bigEndian ? 1 : 0,
    ...extra,
  };
  const text = Object.entries(pairs)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key} = ${value}`);
  return {
    hdr: Buffer.from(`ENVI\n; made by a test\n${text.join('\n')}\n`),
    data: Buffer.concat([Buffer.alloc(offset), encodeElements(numbers, dtype, !bigEndian)]),
  };
}

export interface EsriOptions {
  samples: number;
  lines: number;
  bands: number;
  layout: 'BSQ' | 'BIL' | 'BIP';
  dtype?: BuiltType;
  bigEndian?: boolean;
  extra?: Readonly<Record<string, string | number>>;
}

/** An ESRI pair. */
export function buildEsri(options: EsriOptions): { hdr: Buffer; data: Buffer } {
  const { samples, lines, bands, layout, dtype = 'uint16', bigEndian = false, extra = {} } = options;
  const interleave = layout.toLowerCase() as EnviOptions['interleave'];
  const bytes = encodeElements(stored({ samples, lines, bands, interleave }), dtype, !bigEndian);
  const pairs: Record<string, string | number> = {
    BYTEORDER: bigEndian ? 'M' : 'I',
    LAYOUT: layout,
    NROWS: lines,
    NCOLS: samples,
    NBANDS: bands,
    NBITS: (8 * bytes.length) / (lines * samples * bands),
    PIXELTYPE: dtype.startsWith('uint') ? 'UNSIGNEDINT' : dtype.startsWith('int') ? 'SIGNEDINT' : 'FLOAT',
    ...extra,
  };
  const text = Object.entries(pairs)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key.padEnd(14)}${value}`);
  return { hdr: Buffer.from(`${text.join('\r\n')}\r\n`), data: Buffer.from(bytes) };
}

const files = ({ hdr, data }: { hdr: Buffer; data: Buffer }): Seed['files'] => ({ 'x.hdr': hdr, 'x.dat': data });
const size = { samples: 4, lines: 3, bands: 5 } as const;

export const enviSeeds: readonly Seed[] = [
  {
    name: 'envi, bip',
    files: files(
      buildEnvi({
        ...size,
        interleave: 'bip',
        extra: {
          wavelength: '{400, 410, 430, 460,\n 500}',
          'wavelength units': 'Nanometers',
          'band names': '{a, b, c, d, e}',
        },
      }),
    ),
  },
  { name: 'envi, bil', files: files(buildEnvi({ ...size, interleave: 'bil', dtype: 'float32', offset: 16 })) },
  {
    name: 'envi, bsq, big-endian',
    files: files(
      buildEnvi({
        ...size,
        interleave: 'bsq',
        dtype: 'int32',
        bigEndian: true,
        extra: { 'map info': '{UTM, 1, 1, 500, 600, 2.5, 2.5, 33, North, WGS-84, units=Meters}' },
      }),
    ),
  },
  {
    name: 'envi, spectral library',
    files: files(
      buildEnvi({ samples: 5, lines: 2, bands: 1, interleave: 'bsq', extra: { 'file type': 'ENVI Spectral Library' } }),
    ),
  },
  { name: 'envi, ESRI', files: files(buildEsri({ ...size, layout: 'BIL', bigEndian: true })) },
];
