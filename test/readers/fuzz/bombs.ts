import { deflateRawSync, deflateSync, zstdCompressSync } from 'node:zlib';
import { buildBcf, buildBcfXml, packBlocks, buildSfs, testSpectrum } from '../builders/bruker.ts';
import { buildSurf } from '../builders/digital-surf.ts';
import { array, buildHdf5, group } from '../builders/hdf5.ts';
import { matWriter } from '../builders/matlab.ts';
import { buildNpy, buildNpz } from '../builders/numpy.ts';
import { buildTiff, type BuiltPage, type BuiltTag } from '../builders/tiff.ts';
import { array2, array3, bloscFrame, shardCodec, zipStore } from '../builders/zarr.ts';
import type { Seed } from '../seeds.ts';
import { seal } from './seal.ts';

/* Small files that say they are enormous, or that unpack to more than they say, for every format that packs its data. */

const zeros = Buffer.alloc(64 * 2 ** 20);

/** A file whose bytes at these places (found by what stands before) are replaced. */
function patched(bytes: Uint8Array, change: (bytes: Buffer) => void): Uint8Array {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** Sizes of all members as the directory of a zip and their local headers tell them. */
function claim(bytes: Buffer, size: number): void {
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
    bytes.writeUInt32LE(size, at + 24);
  }
}

/** The .npy header of a large array, and nothing behind it. */
const hugeNpy = (elements: number): Buffer =>
  Buffer.from(
    buildNpy({ shape: [1, 7], dtype: 'float64' })
      .toString('latin1')
      .replace(/\(1, 7\), \}( *)/, (_, spaces: string) => {
        const shape = `(${elements},), }`;
        return shape + ' '.repeat(Math.max(0, '(1, 7), }'.length + spaces.length - shape.length));
      }),
    'latin1',
  );

const npz: Seed[] = [
  {
    name: 'npz, member of 4 GB',
    files: { 'x.npz': patched(buildNpz({ 'a.npy': hugeNpy(5e8) }, true), (b) => claim(b, 4e9)) },
  },
  { name: 'npz, array of 40 GB', files: { 'x.npz': buildNpz({ 'a.npy': hugeNpy(5e9) }, true) } },
  {
    name: 'npz, zeros behind an array of 40 GB',
    files: { 'x.npz': buildNpz({ 'a.npy': Buffer.concat([hugeNpy(5e9), zeros]) }, true) },
  },
  { name: 'npy, array of 40 GB', files: { 'x.npy': hugeNpy(5e9) } },
];

/** A chunked array of 8 values in two chunks, one of them these bytes. */
const chunk2 = (compressor: Record<string, unknown>, bytes: Uint8Array): Uint8Array =>
  zipStore({ ...array2('a', { shape: [8], chunks: [4], compressor }), 'a/0': bytes, 'a/1': bytes });

const described = (fields: object): Uint8Array => {
  const files = array2('a', {
    shape: [8],
    chunks: [4],
    compressor: { id: 'zlib' },
    pack: (bytes) => deflateSync(bytes),
  });
  const description = JSON.parse(Buffer.from(files['a/.zarray']!).toString()) as object;
  return zipStore({ ...files, 'a/.zarray': Buffer.from(JSON.stringify({ ...description, ...fields })) });
};

const shard = array3('', { shape: [4, 6], chunks: [2, 6], codecs: [shardCodec([2, 3])] });
const hugeShard = array3('', { shape: [4, 6], chunks: [2, 6], codecs: [shardCodec([2, 3])] });
hugeShard['zarr.json'] = Buffer.from(
  Buffer.from(hugeShard['zarr.json']!)
    .toString()
    .replace('"shape":[4,6]', '"shape":[1048576,1048576]')
    .replace('"chunk_shape":[2,6]', '"chunk_shape":[1048576,1048576]')
    .replace('"chunk_shape":[2,3]', '"chunk_shape":[1,1]'),
);

const blosc = { id: 'blosc', cname: 'zstd', clevel: 1, shuffle: 0, blocksize: 0 };
const zarr: Seed[] = [
  { name: 'zarr, deflated zeros', files: { 'x.zarr': chunk2({ id: 'zlib' }, deflateSync(zeros)) } },
  { name: 'zarr, zstd zeros', files: { 'x.zarr': chunk2({ id: 'zstd' }, zstdCompressSync(zeros)) } },
  {
    name: 'zarr, Blosc frame of 2 GB',
    files: { 'x.zarr': chunk2(blosc, bloscFrame(zstdCompressSync(zeros), 2 ** 31, 2, 0x90)) },
  },
  {
    name: 'zarr, Blosc frame of zeros',
    files: { 'x.zarr': chunk2(blosc, bloscFrame(zstdCompressSync(zeros), 8, 2, 0x90)) },
  },
  { name: 'zarr, chunks of 2 TB', files: { 'x.zarr': described({ shape: [2 ** 41], chunks: [2 ** 40] }) } },
  { name: 'zarr, chunk of 2 GB', files: { 'x.zarr': described({ shape: [2 ** 30], chunks: [2 ** 30] }) } },
  { name: 'zarr, 10^12 chunks', files: { 'x.zarr': described({ shape: [1e12], chunks: [1] }) } },
  { name: 'zarr, shards of 10^12 chunks', files: { 'x.zarr': zipStore({ ...shard, ...hugeShard }) } },
  {
    name: 'zarr, member of 4 GB',
    files: { 'x.zarr': patched(zipStore(array2('a', { shape: [8], chunks: [4] }), true), (b) => claim(b, 4e9)) },
  },
];

const smallMap = { height: 4, width: 5, channels: 64, spectrum: testSpectrum(64), packing: () => 'packed' as const };
const aacs = (change: (bytes: Buffer) => void): Uint8Array =>
  patched(buildBcf({ ...smallMap, compressed: true }), (bytes) => {
    for (let at = bytes.indexOf('AACS'); at >= 0; at = bytes.indexOf('AACS', at + 4)) change(bytes.subarray(at));
  });
/** One block that unpacks to more than blocks have. */
const zeroBlock = patched(packBlocks(zeros, zeros.length), (b) => b.writeUInt32LE(524_288, 4)) as Buffer;
const bcf: Seed[] = [
  { name: 'bcf, blocks of 2 GB', files: { 'x.bcf': aacs((block) => block.writeUInt32LE(0x7fffffff, 4)) } },
  { name: 'bcf, 2^31 blocks', files: { 'x.bcf': aacs((block) => block.writeUInt32LE(0x7fffffff, 12)) } },
  {
    name: 'bcf, block of zeros',
    files: {
      'x.bcf': buildSfs({ files: { HeaderData: buildBcfXml(smallMap), SpectrumData0: zeroBlock } }),
    },
  },
  {
    name: 'bcf, header of zeros',
    files: { 'x.bcf': buildSfs({ files: { HeaderData: packBlocks(zeros), SpectrumData0: packBlocks(zeros) } }) },
  },
];

const w = matWriter();
const matlabStream = (part: Buffer): Buffer => {
  const stream = deflateSync(part);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(stream.length, 4);
  return Buffer.concat([tag, stream]);
};
const plainPart = w.numeric({ name: 'a', size: [20, 30], values: Array.from({ length: 600 }, (_, i) => i) });
const hugePart = w.numeric({ name: 'a', size: [65_536, 65_536], values: [1, 2, 3] });
const deepPart = (): Buffer => {
  let inner = w.numeric({ size: [1, 1], values: [1] });
  for (let i = 0; i < 2000; i++) inner = w.cell('', [1, 1], [inner]);
  return inner;
};
const matlab: Seed[] = [
  {
    name: 'matlab, stream of 2 GB',
    files: { 'x.mat': w.file(matlabStream(patched(plainPart, (b) => b.writeUInt32LE(2 ** 31 - 8, 4)) as Buffer)) },
  },
  {
    name: 'matlab, zeros behind a variable',
    files: { 'x.mat': w.file(matlabStream(Buffer.concat([plainPart, zeros]))) },
  },
  { name: 'matlab, matrix of 32 GB', files: { 'x.mat': w.file(matlabStream(hugePart)) } },
  {
    name: 'matlab, sparse matrix of 32 GB',
    files: { 'x.mat': w.file(matlabStream(w.sparse('a', [65_536, 65_536], [0], [0, 1], [5]))) },
  },
  { name: 'matlab, cells in cells', files: { 'x.mat': w.file(deepPart()) } },
];

const long = (tag: number, value: number): BuiltTag => ({ tag, type: 4, value: [value] });
const page = (compression: number, chunk: Uint8Array, side = 60_000): BuiltPage => ({
  width: side,
  height: side,
  dtype: 'uint8',
  chunks: [chunk],
  tags: [long(259, compression), long(278, side)],
});
const tiff: Seed[] = [
  ['LZW', 5, Uint8Array.of(0x80, 0x00, 0x60, 0x50)],
  ['deflate', 8, deflateSync(Buffer.alloc(1000))],
  ['old deflate', 32946, deflateSync(Buffer.alloc(1000))],
  ['PackBits', 32773, Uint8Array.of(0x81, 0, 0x81, 0)],
  ['zstd', 50000, zstdCompressSync(Buffer.alloc(1000))],
  ['JPEG', 7, Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0, 0xff, 0xd9)],
].map(([name, code, chunk]) => ({
  name: `tiff, ${String(name)} of 3.6 GB`,
  files: { 'x.tif': buildTiff({ pages: [page(code as number, chunk as Uint8Array)] }) },
}));
tiff.push({
  name: 'tiff, strip that unpacks to 64 MB',
  files: { 'x.tif': buildTiff({ pages: [page(8, deflateSync(zeros).subarray(0, 30_000), 8)] }) },
});

const hdf5Of = (change: (bytes: Buffer) => void) => async (): Promise<Uint8Array> =>
  seal(
    patched(
      await buildHdf5(group({ a: array(new Float64Array(3 * 5 * 7), [3, 5, 7], { chunks: [3, 5, 7], gzip: 4 }) })),
      change,
    ) as Buffer,
  );

/** Every run of these words becomes a run of others. */
const replaceWords = (bytes: Buffer, from: readonly number[], to: readonly number[], wide: boolean): void => {
  const encode = (values: readonly number[]): Buffer =>
    Buffer.from(wide ? BigUint64Array.from(values.map(BigInt)).buffer : Uint32Array.from(values).buffer);
  const [old, now] = [encode(from), encode(to)];
  let hits = 0;
  for (let at = bytes.indexOf(old); at >= 0; at = bytes.indexOf(old, at + old.length)) hits += now.copy(bytes, at);
  if (hits === 0) throw new Error(`the words ${from.join()} are not in this file`);
};
const hdf5: Seed[] = [
  {
    name: 'hdf5, array of 512 GB',
    files: { 'x.h5': await hdf5Of((b) => replaceWords(b, [3, 5, 7], [1024, 4096, 16_384], true))() },
  },
  {
    name: 'hdf5, chunk of 2 GB',
    files: {
      'x.h5': await hdf5Of((b) => {
        replaceWords(b, [3, 5, 7], [256, 1024, 1023], true);
        replaceWords(b, [3, 5, 7], [256, 1024, 1023], false);
      })(),
    },
  },
];

const surface = (change: (bytes: Buffer) => void): Uint8Array =>
  patched(buildSurf({ type: 2, x: 6, y: 4, stored: Array.from({ length: 24 }, (_, i) => i), packed: 1 }), change);
const surf: Seed[] = [
  { name: 'digital surf, 2^31 pieces', files: { 'x.sur': surface((b) => b.writeUInt32LE(0x7fffffff, 512)) } },
  { name: 'digital surf, piece of 4 GB', files: { 'x.sur': surface((b) => b.writeUInt32LE(0xfffffff0, 516)) } },
  {
    name: 'digital surf, surface of 4 GB',
    files: {
      'x.sur': surface((b) => {
        b.writeInt32LE(32_000, 108);
        b.writeInt32LE(32_000, 112);
        b.writeInt32LE(1_024_000_000, 116);
        b.writeUInt32LE(4_096_000_000, 516);
      }),
    },
  },
];

/** 256 MiB of zeros, packed by Python's `bz2.compress`. */
const bzip2Zeros = Buffer.from(
  'QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kezuTbASo/wADABAAIIAAwzAUppqqoSRsAIkjxdyRThQkGsXyvAA==',
  'base64',
);
const phenom: Seed[] = [{ name: 'phenom, zeros', files: { 'x.elid': bzip2Zeros } }];

const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
const nested = (name: string, depth: number): string => `<${name}>`.repeat(depth);
const xml: Seed[] = [
  {
    name: 'spx, a billion laughs',
    files: {
      'x.spx': Buffer.from(
        `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">${lol}]><TRTSpectrum>&l9;</TRTSpectrum>`,
      ),
    },
  },
  { name: 'spx, deep', files: { 'x.spx': Buffer.from(`<?xml version="1.0"?><TRTSpectrum>${nested('a', 300_000)}`) } },
  { name: 'trivista, deep', files: { 'x.tvf': Buffer.from(`<?xml version="1.0"?><XmlMain>${nested('a', 300_000)}`) } },
  {
    name: 'labspec, deep',
    files: { 'x.xml': Buffer.from(`<?xml version="1.0"?><LSX_Data>${nested('LSX', 300_000)}`) },
  },
];

/** DigitalMicrograph 3: groups in groups. */
function deepTags(depth: number): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(3, 0);
  head.writeUInt32BE(9 * depth, 4);
  head.writeUInt32BE(1, 8);
  return Buffer.concat([head, Buffer.from('010000000001140000'.repeat(depth), 'hex'), Buffer.alloc(8)]);
}
const deep: Seed[] = [
  { name: 'dm3, groups in groups', files: { 'x.dm3': deepTags(200_000) } },
  {
    name: 'zarr, lists in lists',
    files: {
      'x.zarr': zipStore({
        ...array2('a', { shape: [8], chunks: [4] }),
        'a/.zattrs': Buffer.from(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
      }),
    },
  },
];

/** The description of an array, which unpacks to 64 MB where the directory tells 800 bytes. */
const lyingZip = patched(
  zipStore({ ...array2('a', { shape: [8], chunks: [4] }), 'a/.zarray': deflateRawSync(zeros) }),
  (bytes) => {
    const at = bytes.lastIndexOf('a/.zarray') - 46;
    bytes.writeUInt16LE(8, at + 10);
    bytes.writeUInt32LE(800, at + 24);
  },
);
const zip: Seed[] = [{ name: 'zspy, member of zeros', files: { 'x.zspy': lyingZip } }];

export const bombs: readonly Seed[] = [
  ...npz,
  ...zarr,
  ...zip,
  ...bcf,
  ...matlab,
  ...tiff,
  ...hdf5,
  ...surf,
  ...phenom,
  ...xml,
  ...deep,
];
