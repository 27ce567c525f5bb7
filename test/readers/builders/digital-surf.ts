import { deflateSync } from 'node:zlib';
import type { Seed } from '../seeds.ts';

/* Digital Surf files built from what is known of the format: 512 bytes before every object. */

export interface SurfSpec {
  type: number;
  x: number;
  y: number;
  channels?: number;
  stored: readonly number[];
  bits?: 16 | 32;
  lowest?: number;
  step?: number;
  base?: number;
  holes?: boolean;
  /** pieces of the packed data */
  packed?: number;
  comment?: string;
}

export function buildSurf(...objects: readonly SurfSpec[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      objects.map((spec) => {
        const { bits = 32, channels = 0, comment = '', packed = 0 } = spec;
        const head = Buffer.alloc(512);
        head.write(packed > 0 ? 'DSCOMPRESSED' : 'DIGITAL SURF', 'latin1');
        head.writeInt16LE(objects.length, 14);
        head.writeInt16LE(1, 16);
        head.writeInt16LE(spec.type, 18);
        head.write('* name *'.padEnd(30), 20, 'latin1');
        head.writeInt16LE(spec.holes ? 1 : 0, 86);
        head.writeInt32LE(channels, 94);
        head.writeInt16LE(bits, 98);
        head.writeInt32LE(spec.lowest ?? 0, 100);
        [spec.x, spec.y, spec.x * spec.y].forEach((n, i) => head.writeInt32LE(n, 108 + 4 * i));
        [0.5, 0.25, spec.step ?? 1].forEach((n, i) => head.writeFloatLE(n, 120 + 4 * i));
        ['Width', 'Height', 'CL Intensity', 'mm', 'mm', 'a.u.', 'mm', 'mm', 'a.u.'].forEach((text, i) =>
          head.write(text.padEnd(16), 132 + 16 * i, 'latin1'),
        );
        // from the units of steps to those of lengths, which are the same
        [1, 1, 1].forEach((n, i) => head.writeFloatLE(n, 276 + 4 * i));
        head.writeInt16LE(comment.length, 334);
        [10, 20, spec.base ?? 0, 2, 300].forEach((n, i) => head.writeFloatLE(n, 466 + 4 * i));
        head.write('Wavelength   nm', 486, 'latin1');
        const numbers = bits === 16 ? Int16Array.from(spec.stored) : Int32Array.from(spec.stored);
        const data = Buffer.from(numbers.buffer);
        if (packed === 0) return Buffer.concat([head, Buffer.from(comment, 'latin1'), data]);
        const length = Math.ceil(data.length / packed);
        const pieces = Array.from({ length: packed }, (_, i) => data.subarray(i * length, (i + 1) * length));
        const streams = pieces.map((piece) => deflateSync(piece));
        const list = Uint32Array.from([packed, ...pieces.flatMap((piece, i) => [piece.length, streams[i]!.length])]);
        return Buffer.concat([head, Buffer.from(comment, 'latin1'), Buffer.from(list.buffer), ...streams]);
      }),
    ),
  );
}

const stored = Array.from({ length: 24 }, (_, i) => i);
export const digitalSurfSeeds: readonly Seed[] = [
  {
    name: 'digital surf, map',
    files: {
      'x.sur': buildSurf({
        type: 21,
        x: 3,
        y: 2,
        channels: 4,
        stored,
        bits: 16,
        comment: '$_SEM\n$Beam Energy = 5000 V\n',
      }),
    },
  },
  { name: 'digital surf, packed', files: { 'x.sur': buildSurf({ type: 2, x: 6, y: 4, stored, packed: 2 }) } },
  {
    name: 'digital surf, colours',
    files: { 'x.sur': buildSurf(...[12, 10, 10].map((type) => ({ type, x: 6, y: 4, stored, packed: 1 }))) },
  },
];
