import type { Seed } from '../seeds.ts';

/* Hamamatsu images built from what is known of the format. */

export interface ImgSpec {
  width: number;
  height: number;
  counts: readonly number[];
  bytes?: 1 | 2 | 4;
  /** tables of the axes at the end of the file; factors without them */
  x?: readonly number[];
  y?: readonly number[];
}

export function buildImg({ width, height, counts, bytes = 2, x, y }: ImgSpec): Uint8Array {
  const data = bytes === 1 ? Uint8Array.from(counts) : bytes === 2 ? Uint16Array.from(counts) : Int32Array.from(counts);
  const tables = [x ?? [], y ?? []].map((table) => Buffer.from(Float32Array.from(table).buffer));
  // the length of the comment is that of the text with offsets of seven digits
  const commentOf = (first: number, second: number): string =>
    '[Application],Date="20/01/2023",Time="11:34:55.147"\r\n' +
    '[Acquisition],NrExposure=60,ExposureTime=200 ms,AcqMode=4,pntBinning="2,2",BacksubCorr=-1,ZAxisLabel=Intensity,ZAxisUnit=Count\r\n' +
    '[Grabber],Type=5,SubType=0[Streak camera],DeviceName="C5680",Time Range="20 us",MCP Gain="50"\r\n' +
    `[Scaling],ScalingXType=${x ? 2 : 1},ScalingXScale=0.5,ScalingXUnit="nm",ScalingXScalingFile="#${String(first).padStart(7, '0')},${String(width).padStart(4, '0')}",` +
    `ScalingYType=${y ? 2 : 1},ScalingYScale=2,ScalingYUnit="us",ScalingYScalingFile="#${String(second).padStart(7, '0')},${String(height).padStart(4, '0')}"[Comment],UserComment=""`;
  const length = commentOf(0, 0).length;
  const first = 64 + length + data.byteLength;
  const comment = commentOf(first, first + tables[0]!.length);
  const head = Buffer.alloc(64);
  head.write('IM', 'latin1');
  [length, width, height, 0, 0, { 1: 0, 2: 2, 4: 3 }[bytes]].forEach((value, i) =>
    head.writeUInt16LE(value, 2 + 2 * i),
  );
  return new Uint8Array(Buffer.concat([head, Buffer.from(comment, 'latin1'), Buffer.from(data.buffer), ...tables]));
}

const counts = [1, 2, 3, 4, 5, 6];
export const hamamatsuSeeds: readonly Seed[] = [
  { name: 'hamamatsu, tables', files: { 'x.img': buildImg({ width: 3, height: 2, counts, x: [1, 2, 4], y: [0, 3] }) } },
  { name: 'hamamatsu, 32 bits', files: { 'x.img': buildImg({ width: 3, height: 2, counts, bytes: 4 }) } },
];
