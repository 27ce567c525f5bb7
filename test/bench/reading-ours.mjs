// Loads a file whole as the application does and prints how long it took, as JSON:
//   node test/bench/reading-ours.mjs FILE [--sources]
// The pool and the way data are shared among its threads are the application's own; the threads run its build, or the
// sources with --sources. Threads are started before the clock, as in the application; decoders are loaded within the time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCubeOf } from '../../main/services/load-input.ts';
import { createPool } from '../../main/services/pool.ts';
import { isComplex, isColour, elementCount, itemSize } from '../../workers/model/dtype.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const [path, ...flags] = process.argv.slice(2);
const statusMib = (name) =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

const threads = availableParallelism();
const workerFile = flags.includes('--sources') ? 'workers/entry.ts' : 'out/main/worker.js';
const pool = createPool({
  workerFile: resolve(root, workerFile),
  pluginFile: resolve(root, 'out/main/plugin.js'),
  threads,
  host: 'electron',
});

/** A header and a load of next to nothing, and all threads for parts. */
async function startThreads() {
  const { signals } = await pool.run('header', { path: fileURLToPath(new URL('one-value.npy', scratchFolder())), hints: {} });
  await Promise.all([
    loadCubeOf(pool, signals[0]),
    ...Array.from({ length: threads }, () => pool.run('ready', null)),
  ]);
}

function scratchFolder() {
  const folder = new URL(`file://${resolve(dirname(path))}/`);
  const file = new URL('one-value.npy', folder);
  if (!existsSync(file)) {
    const head = Buffer.alloc(132, ' ');
    head.set([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]);
    head.write("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 10);
    head[127] = 0x0a;
    head.fill(0, 128);
    writeFileSync(file, head);
  }
  return folder;
}

function sumOf({ buffer, dtype }) {
  const types = { uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array, uint32: Uint32Array };
  const more = { int32: Int32Array, float32: Float32Array, float64: Float64Array };
  const Typed = { ...types, ...more }[dtype];
  if (Typed === undefined || isComplex(dtype) || isColour(dtype)) return null;
  const values = new Typed(buffer);
  let total = 0;
  for (let from = 0; from < values.length; from += 65536) {
    const end = Math.min(values.length, from + 65536);
    let sum = 0;
    for (let i = from; i < end; i++) sum += values[i];
    total += sum;
  }
  return total;
}

await startThreads();
writeFileSync('/proc/self/clear_refs', '5');
const before = statusMib('VmRSS');
const cpu = process.cpuUsage();
const started = performance.now();
const { signals } = await pool.run('header', { path, hints: {} });
const bytesOf = (signal) => elementCount(signal.shape) * itemSize(signal.dtype);
const signal = signals.toSorted((a, b) => bytesOf(b) - bytesOf(a))[0];
const header = (performance.now() - started) / 1000;
const source = await loadCubeOf(pool, signal, threads);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  JSON.stringify({
    seconds,
    header,
    cpu: (user + system) / 1e6,
    mib: statusMib('VmHWM') - before,
    bytes: source.buffer.byteLength,
    shape: signal.shape,
    dtype: signal.dtype,
    sum: sumOf(source),
  }),
);
await pool.close();
