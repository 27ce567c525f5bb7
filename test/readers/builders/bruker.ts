import { deflateSync } from 'node:zlib';
import type { Seed } from '../seeds.ts';

/* Small valid files of Bruker's programs, from the description of the formats. */

/** How the counts of a pixel are stored. */
export type Packing = 'pulses' | 'packed' | 'runs';

/** One count per pulse, in order of channels. */
export function pulsesOf(spectrum: ArrayLike<number>): number[] {
  const pulses: number[] = [];
  for (let channel = 0; channel < spectrum.length; channel++) {
    for (let i = 0; i < spectrum[channel]!; i++) pulses.push(channel);
  }
  return pulses;
}

function pulseBytes(pulses: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * pulses.length);
  pulses.forEach((channel, i) => bytes.writeUInt16LE(channel, 2 * i));
  return bytes;
}

/** A stream of 12-bit channels, highest bits first, whose bytes are then swapped in pairs. */
function packedBytes(pulses: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * Math.ceil((pulses.length * 12) / 16));
  pulses.forEach((channel, i) => {
    for (let bit = 0; bit < 12; bit++) {
      const at = 12 * i + bit;
      if ((channel >> (11 - bit)) & 1) bytes[(at >> 3) ^ 1]! |= 0x80 >> (at & 7);
    }
  });
  return bytes;
}

/** Runs of at most `longest` channels; those without counts are stepped over, the others take the least width. */
export function runBytes(spectrum: ArrayLike<number>, longest = 255): Buffer {
  const parts: Buffer[] = [];
  for (let from = 0; from < spectrum.length;) {
    const empty = spectrum[from] === 0;
    let to = from + 1;
    while (to < spectrum.length && to - from < longest && (spectrum[to] === 0) === empty) to++;
    const count = to - from;
    if (empty) parts.push(Buffer.from([0, count]));
    else {
      const values = Array.from({ length: count }, (_, i) => spectrum[from + i]!);
      const gain = Math.min(...values);
      const span = Math.max(...values) - gain;
      const size = span < 16 && gain < 256 ? 1 : span < 256 && gain < 65536 ? 2 : span < 65536 ? 4 : 8;
      const width = size >> 1;
      const bytes = Buffer.alloc(2 + size + (size === 1 ? (count + 1) >> 1 : width * count));
      bytes[0] = size;
      bytes[1] = count;
      bytes.writeUIntLE(gain, 2, Math.min(size, 6));
      values.forEach((value, i) => {
        const at = 2 + size;
        if (size === 1) bytes[at + (i >> 1)]! |= (value - gain) << (i & 1 ? 4 : 0);
        else bytes.writeUIntLE(value - gain, at + width * i, width);
      });
      parts.push(bytes);
    }
    from = to;
  }
  return Buffer.concat(parts);
}

function record(x: number, spectrum: ArrayLike<number>, packing: Packing): Buffer {
  const pulses = packing === 'runs' ? [] : pulsesOf(spectrum);
  const data =
    packing === 'runs' ? runBytes(spectrum) : packing === 'packed' ? packedBytes(pulses) : pulseBytes(pulses);
  const head = Buffer.alloc(22);
  head.writeUInt32LE(x, 0);
  let used = spectrum.length;
  while (used > 0 && spectrum[used - 1] === 0) used--;
  head.writeUInt16LE(used, 4);
  head.writeUInt32LE(786432, 8);
  head.writeUInt16LE({ pulses: 0, packed: 1, runs: 2 }[packing], 12);
  head.writeUInt16LE(pulses.length, 16);
  head.writeUInt32LE(data.length + (packing === 'runs' ? 4 : 0), 18);
  return Buffer.concat(packing === 'runs' ? [head, data, Buffer.alloc(4)] : [head, data]);
}

/** Runs with a list of single pulses behind them, as short spectra are stored. */
export function mixedRecord(x: number, spectrum: ArrayLike<number>, pulses: readonly number[]): Buffer {
  const runs = runBytes(spectrum);
  const head = record(x, spectrum, 'runs').subarray(0, 22);
  head.writeUInt16LE(3, 12);
  head.writeUInt16LE(pulses.length, 16);
  head.writeUInt32LE(runs.length + 4, 18);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(2 * pulses.length);
  return Buffer.concat([head, runs, size, pulseBytes(pulses)]);
}

export interface MapOptions {
  height: number;
  width: number;
  /** counts of a pixel; null for a pixel without any, which is then not stored */
  spectrum: (y: number, x: number) => ArrayLike<number> | null;
  packing: (y: number, x: number) => Packing;
}

/** The stream of a map. */
export function buildMap({ height, width, spectrum, packing }: MapOptions): Buffer {
  const head = Buffer.alloc(0x1a0);
  head.writeUInt32LE(height, 0);
  head.writeUInt32LE(width, 4);
  const parts: Buffer[] = [head];
  for (let y = 0; y < height; y++) {
    const records: Buffer[] = [];
    for (let x = 0; x < width; x++) {
      const counts = spectrum(y, x);
      if (counts !== null) records.push(record(x, counts, packing(y, x)));
    }
    const count = Buffer.alloc(4);
    count.writeUInt32LE(records.length);
    parts.push(count, ...records);
  }
  return Buffer.concat(parts);
}

/** zlib blocks behind a header, as compressed containers hold every file. */
export function packBlocks(bytes: Buffer, blockBytes = 524288): Buffer {
  const count = Math.ceil(bytes.length / blockBytes);
  const head = Buffer.alloc(0x80);
  head.write('AACS', 0, 'latin1');
  head.writeUInt32LE(blockBytes, 4);
  head.writeUInt32LE(count, 12);
  const parts = [head];
  for (let i = 0; i < count; i++) {
    const block = bytes.subarray(i * blockBytes, (i + 1) * blockBytes);
    const packed = deflateSync(block, { level: 1 });
    const blockHead = Buffer.alloc(16);
    blockHead.writeUInt32LE(packed.length, 0);
    blockHead.writeUInt32LE(block.length, 4);
    parts.push(blockHead, packed);
  }
  return Buffer.concat(parts);
}

export interface SfsOptions {
  files: Readonly<Record<string, Buffer>>;
  folder?: string;
  chunkBytes?: number;
  compressed?: boolean;
  /** chunks of the files are spread so that neighbours do not lie together */
  scattered?: boolean;
}

/** A container with one folder and some files in it. */
export function buildSfs(options: SfsOptions): Buffer {
  const { folder = 'EDSDatabase', chunkBytes = 4096, compressed = false, scattered = false } = options;
  const payload = chunkBytes - 32;
  // chunk 0 holds the numbers below
  const chunks: { payload: Buffer; next: number }[] = [{ payload: Buffer.alloc(0), next: 0xffffffff }];
  /** Adds chunks in a chain; their numbers come back. */
  const addChain = (bytes: Buffer): number[] => {
    const numbers: number[] = [];
    for (let at = 0; at < Math.max(1, bytes.length); at += payload) {
      numbers.push(chunks.length);
      chunks.push({ payload: bytes.subarray(at, at + payload), next: 0xffffffff });
      if (scattered) chunks.push({ payload: Buffer.alloc(payload, 0xee), next: 0 });
    }
    numbers.slice(1).forEach((number, i) => (chunks[numbers[i]!]!.next = number));
    return numbers;
  };
  const items: { name: string; parent: number; isFolder: boolean; pointer: number; size: number }[] = [
    { name: folder, parent: -1, isFolder: true, pointer: 0xffffffff, size: 0 },
  ];
  for (const [name, contents] of Object.entries(options.files)) {
    const bytes = compressed ? packBlocks(contents) : contents;
    const numbers = addChain(bytes);
    const list = Buffer.alloc(4 * numbers.length);
    numbers.forEach((number, i) => list.writeUInt32LE(number, 4 * i));
    items.push({ name, parent: 0, isFolder: false, pointer: addChain(list)[0]!, size: bytes.length });
  }
  const perChunk = Math.floor(payload / 512);
  const table = Buffer.alloc(Math.ceil(items.length / perChunk) * payload);
  items.forEach((item, i) => {
    const at = Math.floor(i / perChunk) * payload + (i % perChunk) * 512;
    table.writeUInt32LE(item.pointer, at);
    table.writeBigUInt64LE(BigInt(item.size), at + 4);
    table.writeInt32LE(item.parent, at + 40);
    table[at + 220] = item.isFolder ? 1 : 0;
    table.write(item.name, at + 224, 255, 'utf8');
  });
  const tableChunk = addChain(table)[0]!;
  const bytes = Buffer.alloc(0x118 + chunks.length * chunkBytes);
  chunks.forEach((chunk, k) => {
    bytes.writeUInt32LE(chunk.next, 0x118 + k * chunkBytes);
    chunk.payload.copy(bytes, 0x138 + k * chunkBytes);
  });
  bytes.write('AAMVHFSS', 0, 'latin1');
  bytes.writeFloatLE(2.6, 0x124);
  bytes.writeUInt32LE(chunkBytes, 0x128);
  bytes.writeUInt32LE(tableChunk, 0x140);
  bytes.writeUInt32LE(items.length, 0x144);
  bytes.writeUInt32LE(chunks.length, 0x148);
  return bytes;
}

export interface BcfXmlOptions {
  width: number;
  height: number;
  channels: number;
  /** kV */
  energy?: number | string;
  maps?: number;
  /** values of a picture, two bytes each */
  image?: ArrayLike<number>;
  /** the picture alone, marked as not valid */
  invalidImage?: boolean;
  sum?: ArrayLike<number>;
  scale?: string;
  offset?: string;
}

const instance = (type: string, contents: string, name = ''): string =>
  `<ClassInstance Type="${type}"${name === '' ? '' : ` Name="${name}"`}>${contents}</ClassInstance>`;

/** Layers in front of the detector, as their own XML, packed. */
const detectorLayers = deflateSync(
  '<DetLayers><Layer0 Atom="13" Thickness="5E-3"/><Layer1 Atom="6" Thickness="6E-3"/></DetLayers>',
).toString('base64');

const spectrumXml = (options: BcfXmlOptions): string =>
  instance(
    'TRTSpectrum',
    `<TRTHeaderedClass>${instance('TRTSpectrumHardwareHeader', '<RealTime>7575</RealTime><LifeTime>7385</LifeTime><ZeroPeakPosition>95</ZeroPeakPosition><ZeroPeakFrequency>3333</ZeroPeakFrequency><Amplification>2E4</Amplification><ShapingTime>130000</ShapingTime>')}${instance(
      'TRTDetectorHeader',
      `<Type>XFlash 6|10</Type><DetLayers>${detectorLayers}</DetLayers>`,
    )}${instance('TRTESMAHeader', '<PrimaryEnergy>2E1</PrimaryEnergy><ElevationAngle>3.5E1</ElevationAngle><AzimutAngle>9E1</AzimutAngle>')}</TRTHeaderedClass>${instance(
      'TRTSpectrumHeader',
      `<Date>1.4.2016</Date><Time>18:5:9</Time><ChannelCount>${options.channels}</ChannelCount><CalibAbs>${options.offset ?? '-4.7E-1'}</CalibAbs><CalibLin>${options.scale ?? '1E-2'}</CalibLin><SigmaAbs>2.286813269E-4</SigmaAbs><SigmaLin>4.466391048E-4</SigmaLin>`,
    )}<Channels>${Array.from(options.sum ?? new Uint8Array(options.channels)).join(',')}</Channels>`,
    'sum.spx',
  );

/** The header of a map as XML. */
export function buildBcfXml(options: BcfXmlOptions): Buffer {
  const { width, height, maps = 1, image } = options;
  const values = image === undefined ? null : Buffer.alloc(2 * width * height);
  if (values !== null) for (let i = 0; i < width * height; i++) values.writeUInt16LE(image![i]!, 2 * i);
  const picture = (planes: string, name = ''): string =>
    instance(
      'TRTImageData',
      `<ItemSize>2</ItemSize><Width>${width}</Width><Height>${height}</Height><PlaneCount>${planes === '' ? 0 : 1}</PlaneCount><XCalibration>0</XCalibration><YCalibration>0</YCalibration>${planes}`,
      name,
    );
  const plane = `<Data>${values?.toString('base64') ?? ''}</Data><Size>${values?.length ?? 0}</Size>`;
  const empty = `<Data>${Buffer.alloc(2 * width * height).toString('base64')}</Data><Size>${2 * width * height}</Size>`;
  const region = (element: string, line: string): string =>
    instance('TRTSpectrumRegion', `<Element>1</Element><Line>${line}</Line>`, element);
  const database = [
    '<Header><Date>1.4.2016</Date><Time>18:5:10</Time><FileVersion>1</FileVersion></Header>',
    instance('TRTSEMData', `<HV>${options.energy ?? 20}</HV><Mag>131.1433</Mag><DX>2,5</DX><DY>2.5</DY>`),
    instance('TRTSEMStageData', '<X>62409.2</X><Y>36517.61</Y><Rotation>329.5</Rotation><Tilt>0.5</Tilt>'),
    instance(
      'TRTDSPConfiguration',
      '<PixelAverage>16</PixelAverage><LineAverage>2</LineAverage><PixelTime>2</PixelTime>',
    ),
    picture(
      values === null
        ? ''
        : options.invalidImage
          ? `<Plane0><Description>BSE</Description><Valid>0</Valid>${plane}</Plane0>`
          : `<Plane0><Description>BSE</Description>${plane}</Plane0><Plane1><Valid>0</Valid>${empty}</Plane1>`,
    ),
    picture(`<Plane0><Valid>0</Valid>${plane}</Plane0>`, 'PixelTimes'),
    instance(
      'TRTContainerClass',
      `<ChildClassInstances>${instance(
        'TRTElementInformationList',
        instance(
          'TRTSpectrumRegionList',
          `<ChildClassInstances>${region('Ti', 'KA')}${region('Pd', 'LA')}</ChildClassInstances>`,
        ),
      )}</ChildClassInstances>`,
    ),
    `<LineCounter>${Array.from({ length: height }, () => 3).join(',')}</LineCounter>`,
    `<ChCount>${2 * options.channels}</ChCount><DetectorCount>1</DetectorCount><ChannelFactor0>2</ChannelFactor0>`,
    ...Array.from({ length: maps }, (_, i) => `<SpectrumData${i}>${spectrumXml(options)}</SpectrumData${i}>`),
  ];
  return Buffer.from(
    `<?xml version="1.0" encoding="WINDOWS-1252" standalone="yes"?>\n<TRTSpectrumDatabase><RTHeader/>${instance('TRTSpectrumDatabase', database.join(''), 'Grain 7')}</TRTSpectrumDatabase>`,
    'latin1',
  );
}

export interface BcfOptions extends BcfXmlOptions, MapOptions {
  chunkBytes?: number;
  compressed?: boolean;
  scattered?: boolean;
}

/** Counts of all pixels together. */
function sumOf({ height, width, channels, spectrum }: BcfOptions): Float64Array {
  const sum = new Float64Array(channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const counts = spectrum(y, x) ?? [];
      for (let channel = 0; channel < counts.length; channel++) sum[channel]! += counts[channel]!;
    }
  }
  return sum;
}

/** A whole BCF; several maps are equal. */
export function buildBcf(given: BcfOptions): Buffer {
  const options = { ...given, sum: given.sum ?? sumOf(given) };
  const map = buildMap(options);
  const names = Array.from({ length: options.maps ?? 1 }, (_, i) => `SpectrumData${i}`);
  return buildSfs({
    ...options,
    files: { HeaderData: buildBcfXml(options), ...Object.fromEntries(names.map((name) => [name, map])) },
  });
}

/** A spectrum of its own. */
export const buildSpx = (counts: ArrayLike<number>): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="WINDOWS-1252" standalone="yes"?>\n<TRTSpectrum><RTHeader/>${spectrumXml({
      width: 1,
      height: 1,
      channels: counts.length,
      sum: counts,
    })}</TRTSpectrum>`,
    'latin1',
  );

/** Counts that differ from pixel to pixel, small enough for a byte unless `peak` is large. */
export const testSpectrum =
  (channels: number, peak = 3) =>
  (y: number, x: number): number[] | null =>
    (x + y) % 5 === 4
      ? null
      : Array.from({ length: channels }, (_, c) => ((c * 7 + x * 3 + y) % 11 === 0 ? ((c + x + y) % peak) + 1 : 0));

const small = { height: 4, width: 5, channels: 64, spectrum: testSpectrum(64) };
const packings: readonly Packing[] = ['pulses', 'packed', 'runs'];

export const brukerSeeds: readonly Seed[] = [
  ...packings.map((packing) => ({
    name: `bcf, ${packing}`,
    files: { 'x.bcf': buildBcf({ ...small, packing: () => packing }) },
  })),
  {
    name: 'bcf, compressed, 16 bit, picture',
    files: {
      'x.bcf': buildBcf({
        ...small,
        spectrum: testSpectrum(64, 700),
        packing: () => 'runs',
        compressed: true,
        image: Uint16Array.from({ length: 20 }, (_, i) => i * 1000),
      }),
    },
  },
  {
    name: 'bcf, two maps, scattered',
    files: { 'x.bcf': buildBcf({ ...small, packing: (y, x) => packings[(x + y) % 3]!, maps: 2, scattered: true }) },
  },
  { name: 'spx', files: { 'x.spx': buildSpx([0, 1, 2, 300, 4]) } },
];
