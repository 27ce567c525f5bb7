/**
 * Writes a spectrum image larger than memory: five spectra of peaks, five maps, counts with noise of Poisson's variance.
 *
 *   node test/bench/make-large.mjs FILE.(npy|h5) [--pixels 2048x1536] [--channels 1024] [--dtype float32|uint16]
 *     [--chunks 32x32x64] [--seed 1]
 *
 * The defaults make 12.9 GB (12 GiB). Rows are made and written a few MiB at a time; .h5 is compressed by gzip in chunks.
 * The noise is normal with the variance of the counts, drawn from a table: what Poisson noise of more than about ten counts
 * looks like, at the speed of a disk. Then, with a ceiling that forces the data to stay on disk:
 *
 *   npm run --silent eigenscope -- decompose FILE.npy --algorithm SVD --output_dimension 20 --memory 1500M
 */
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pixels: { type: 'string', default: '2048x1536' },
    channels: { type: 'string', default: '1024' },
    dtype: { type: 'string', default: 'float32' },
    chunks: { type: 'string', default: '32x32x64' },
    seed: { type: 'string', default: '1' },
  },
});
const [file] = positionals;
const navigation = values.pixels.split('x').map(Number);
const channels = Number(values.channels);
const types = { float32: ['<f4', Float32Array], uint16: ['<u2', Uint16Array] };
if (file === undefined || types[values.dtype] === undefined || ![...navigation, channels].every((n) => n > 0)) {
  process.stderr.write(
    'node test/bench/make-large.mjs FILE.(npy|h5) [--pixels AxB] [--channels N] [--dtype float32|uint16]\n',
  );
  process.exit(2);
}
const [descriptor, Typed] = types[values.dtype];
const samples = navigation.reduce((a, b) => a * b, 1);
const bytes = samples * channels * Typed.BYTES_PER_ELEMENT;
const disk = statfsSync(dirname(resolve(file)));
if (disk.bavail * disk.bsize < 1.05 * bytes) {
  process.stderr.write(
    `${file} needs ${(bytes / 1e9).toFixed(1)} GB and the disk has ${((disk.bavail * disk.bsize) / 1e9).toFixed(1)} GB free.\n`,
  );
  process.exit(5);
}

/** Small and fast; the quality of the numbers does not matter here (Marsaglia's xorshift32). */
let state = Number(values.seed) * 2654435761 || 1;
const random = () => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
};
const tableBits = 16;
const normal = Float64Array.from(
  { length: 1 << tableBits },
  () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
);

const k = 5;
const spectra = Array.from({ length: k }, (_, c) =>
  Float64Array.from({ length: channels }, (_, j) => {
    const x = j / channels;
    const peak = (at, width, height) => height * Math.exp(-0.5 * ((x - at) / width) ** 2);
    return 4 + peak(0.1 + 0.17 * c, 0.015, 60) + peak(0.15 + 0.11 * c, 0.03, 25) + 8 * Math.exp(-3 * x);
  }),
);
const width = navigation.at(-1);
const weight = (c, row, column) =>
  1 + Math.sin((c + 1.3) * (0.7 + row * 2.1)) * Math.cos((0.6 * c + 1) * (0.4 + column * 3.3)) + 0.05 * c;

const shape = [...navigation, channels];

function openNpy() {
  const header = Buffer.alloc(128, 0x20);
  header.set([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
  header.write(`{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`, 10);
  header[127] = 0x0a;
  const out = openSync(file, 'w');
  const append = (view) => {
    const all = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let done = 0; done < all.length;) done += writeSync(out, all, done);
  };
  append(header);
  const rowsAtOnce = Math.max(1, Math.floor((8 * 2 ** 20) / (channels * Typed.BYTES_PER_ELEMENT)));
  return { append, rowsAtOnce, close: () => closeSync(out) };
}

/** Bands of whole chunks, so that each chunk is packed once. */
async function openHdf5() {
  const { default: h5wasm } = await import('h5wasm/node');
  await h5wasm.ready;
  const chunks = values.chunks.split('x').map(Number);
  const out = new h5wasm.File(file, 'w');
  const dtype = { float32: '<f', uint16: '<H' }[values.dtype];
  let cube = null;
  let lines = 0;
  // The data set grows by a band at a time: the library takes the data of a new one as a whole.
  const append = (view) => {
    const first = lines;
    lines += view.length / (width * channels);
    const grown = [lines, width, channels];
    if (cube === null) {
      const fixed = { name: 'cube', dtype, chunks, compression: 4, maxshape: shape };
      cube = out.create_dataset({ ...fixed, data: view, shape: grown });
    } else {
      cube.resize(grown);
      cube.write_slice(
        [
          [first, lines],
          [0, width],
          [0, channels],
        ],
        view,
      );
    }
  };
  return { append, rowsAtOnce: chunks[0] * width, close: () => out.close() };
}

const { append, rowsAtOnce, close } = await (/\.h5$/.test(file) ? openHdf5() : openNpy());
const block = new Typed(rowsAtOnce * channels);
const clean = new Float64Array(channels);
const whole = Typed === Uint16Array;
for (let first = 0; first < samples; first += rowsAtOnce) {
  const rows = Math.min(rowsAtOnce, samples - first);
  for (let r = 0; r < rows; r++) {
    const row = Math.floor((first + r) / width) / (samples / width);
    const column = ((first + r) % width) / width;
    clean.fill(0);
    for (let c = 0; c < k; c++) {
      const w = weight(c, row, column);
      const spectrum = spectra[c];
      for (let j = 0; j < channels; j++) clean[j] += w * spectrum[j];
    }
    let draw = (random() * normal.length) | 0;
    const step = (random() * normal.length) | 0 | 1;
    for (let j = 0, at = r * channels; j < channels; j++, at++) {
      draw = (draw + step) & (normal.length - 1);
      const value = clean[j] + Math.sqrt(clean[j]) * normal[draw];
      block[at] = value > 0 ? (whole ? value + 0.5 : value) : 0;
    }
  }
  append(block.subarray(0, rows * channels));
}
close();
process.stdout.write(`${file}: ${shape.join(' × ')} ${values.dtype}, ${(bytes / 1e9).toFixed(2)} GB\n`);
