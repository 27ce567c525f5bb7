import type { BuiltType } from './elements.ts';
import { encodeElements, ramp } from './elements.ts';

export interface RippleOptions {
  width: number;
  height: number;
  depth: number;
  recordBy: 'vector' | 'image' | 'dont-care';
  dtype?: BuiltType;
  data?: ArrayLike<number>;
  offset?: number;
  byteOrder?: 'big-endian' | 'little-endian' | 'dont-care';
  extra?: Readonly<Record<string, string | number>>;
}

/** A ripple pair: the header's text and the raw bytes. */
export function buildRipple(options: RippleOptions): { rpl: Buffer; raw: Buffer } {
  const { width, height, depth, recordBy, dtype = 'uint16', offset = 0, byteOrder = 'little-endian' } = options;
  const kind = dtype.startsWith('uint') ? 'unsigned' : dtype.startsWith('int') ? 'signed' : 'float';
  const bytes = encodeElements(options.data ?? ramp([width, height, depth], dtype), dtype, byteOrder !== 'big-endian');
  const pairs = {
    width,
    height,
    depth,
    offset,
    'data-length': bytes.length / (width * height * depth),
    'data-type': kind,
    'byte-order': byteOrder,
    'record-by': recordBy,
    ...options.extra,
  };
  const lines = Object.entries(pairs).map(([key, value]) => `${key}\t${value}`);
  return {
    rpl: Buffer.from(`;made by a test\nkey\tvalue\n${lines.join('\n')}\n`),
    raw: Buffer.concat([Buffer.alloc(offset), bytes]),
  };
}

export interface MsaOptions {
  values: readonly number[];
  positions?: readonly number[];
  keywords?: Readonly<Record<string, string>>;
}

/** A spectrum as EMSA/MAS text. */
export function buildMsa({ values, positions, keywords = {} }: MsaOptions): Buffer {
  const all = {
    FORMAT: 'EMSA/MAS Spectral Data File',
    VERSION: '1.0',
    TITLE: 'Synthetic spectrum',
    NPOINTS: `${values.length}.`,
    NCOLUMNS: '1.',
    XUNITS: 'eV',
    YUNITS: 'Counts',
    DATATYPE: positions ? 'XY' : 'Y',
    XPERCHAN: '10.',
    OFFSET: '200.',
    ...keywords,
  };
  const header = Object.entries(all).map(([key, value]) => `#${key.padEnd(12)}: ${value}`);
  const lines = values.map((value, i) => (positions ? `${positions[i]}, ${value}` : `${value},`));
  return Buffer.from([...header, '#SPECTRUM    : begins', ...lines, '#ENDOFDATA   : ends', ''].join('\r\n'));
}
