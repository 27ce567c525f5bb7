import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { openControl } from '../control.ts';
import type { Figure } from '../figure/figure-model.ts';
import type { RowSource } from '../model/rows.ts';
import type { FileHeader, SignalHeader } from '../model/signal.ts';
import { withRows } from '../passes/hdf5-rows.ts';
import type { ReadHints } from '../readers/reader.ts';
import { deriveSignal, type Derivation } from '../readers/derived-pixels.ts';
import { loadCube, probe, stats } from '../readers/pixels.ts';
import { openHeader } from '../readers/registry.ts';
import { planStream } from '../readers/stream-source.ts';
import { boxSpectrumOfSignal, boxSpectrumOfSource, type SampleBox } from './box-spectrum.ts';
import { channelsFirst, navigatorByChannel, overviewByChannel, type ChannelOrder } from './channel-order.ts';
import type { FigureFormat } from './render-figure.ts';
import { renderFigureFile } from './render-figure.ts';
import type { NavigatorRequest } from './navigator.ts';
import { computeNavigator } from './navigator.ts';
import { computeOverview, computeOverviewPart } from './overview.ts';
import { sendPixelBlocks } from './pixel-blocks.ts';
import { computePixelsSpectrum } from './pixels-spectrum.ts';
import { computeResidual, type ComponentModel } from './residual.ts';
import { retile } from './retile.ts';
import type { RowReader } from './row-reader.ts';
import { readSignal, readSource } from './row-reader.ts';
import { answer } from './task.ts';

/* What threads do for the window and for files; loaded by a thread when it is first asked for any of it. */

/** Rows from shared memory once a data set is loaded, else from its file. */
export type Place = { source: RowSource } | { signal: SignalHeader };

async function withReader<T>(place: Place, use: (reader: RowReader) => T): Promise<T> {
  if ('source' in place) return withRows(place.source, () => useReader(readSource(place.source), use));
  return useReader(await readSignal(place.signal), use);
}

function useReader<T>(reader: RowReader, use: (reader: RowReader) => T): T {
  try {
    return use(reader);
  } finally {
    reader.close();
  }
}

export const header = ({ path, hints }: { path: string; hints: ReadHints }) =>
  answer<FileHeader>(() => openHeader(path, hints));

export const load = (task: {
  signal: SignalHeader;
  buffer: SharedArrayBuffer;
  control: Int32Array<SharedArrayBuffer>;
  part?: readonly [first: number, end: number];
}) =>
  answer(async () => {
    const control = openControl(task.control);
    await loadCube(
      task.signal,
      task.buffer,
      (done, total) => control.progress(0, done, total),
      () => control.check(),
      task.part,
    );
    return null;
  });

/** A part of a signal that has to be decoded or computed: several threads load one together. */
export const loadPart = load;

/** How a file is read that is better read channel by channel; null for others. */
const byChannel = (place: Place): ChannelOrder | null => ('signal' in place ? channelsFirst(place.signal) : null);

const overviewOf = (place: Place, milliseconds: number, now: () => number) => {
  const order = byChannel(place);
  if (order !== null) return overviewByChannel(order, milliseconds, now);
  return withReader(place, (rows) => computeOverview(rows, milliseconds, now));
};

/** The first picture of a data set: all of it, or what can be read in a time. */
export const preview = (task: { place: Place; milliseconds: number }) =>
  answer(() => overviewOf(task.place, task.milliseconds, () => performance.now()));

/** The full picture, for which the window does not wait. */
export const overview = (task: { place: Place }) => answer(() => overviewOf(task.place, Infinity, () => 0));

/** Samples [first, last) of it: several threads make that of data in memory. */
export const overviewPart = ({ source, first, last }: { source: RowSource; first: number; last: number }) =>
  answer(() => withReader({ source }, (rows) => computeOverviewPart(rows, first, last)));

export const navigator = (task: { place: Place; request: NavigatorRequest }) =>
  answer(() => {
    const order = byChannel(task.place);
    if (order !== null) return navigatorByChannel(order, task.request);
    return withReader(task.place, (rows) => computeNavigator(rows, task.request));
  });

const boxSpectrumIn = (source: RowSource, task: { box: SampleBox; navigation: readonly number[] }) =>
  withRows(source, () => boxSpectrumOfSource(source, task.box, task.navigation));

export const boxSpectrum = (task: { place: Place; box: SampleBox; navigation: readonly number[] }) =>
  answer(() =>
    'source' in task.place ? boxSpectrumIn(task.place.source, task) : boxSpectrumOfSignal(task.place.signal, task.box),
  );

/** Mean and spread of the spectra of some pixels. */
export const pixelsSpectrum = (task: { place: Place; runs: readonly number[] }) =>
  answer(() => withReader(task.place, (rows) => computePixelsSpectrum(rows, task.runs)));

/** What a model of some components leaves of the data. */
export const residual = (task: { place: Place; model: ComponentModel }) =>
  answer(() => withReader(task.place, (rows) => computeResidual(rows, task.model)));

/** Sum, extremes and chosen values of a signal (info --stats --probe). */
export const inspect = (task: { signal: SignalHeader; stats: boolean; probes: number[][] }) =>
  answer(async () => {
    const values = [];
    for (const index of task.probes) values.push({ index, value: await probe(task.signal, index) });
    return { stats: task.stats ? await stats(task.signal) : null, probes: values };
  });

/** A figure as the bytes of a file, from our own fonts alone. */
export const renderFigure = (task: { figure: Figure; format: FigureFormat; dpi: number; assetsFolder: string }) =>
  answer(() => renderFigureFile(task.figure, task.format, task.dpi, join(task.assetsFolder, 'fonts')));

/** The signal that a preparation step makes of others; its pixels are computed when they are read. */
export const derive = (task: { derivation: Derivation; measure: boolean; control: Int32Array<SharedArrayBuffer> }) =>
  answer(() => deriveSignal(task.derivation, task.measure, () => openControl(task.control).check()));

/** How the rows of a signal can be read one after the other from its file. */
export const locate = (signal: SignalHeader) => answer(() => planStream(signal));

/** The pixels of a signal for whoever writes them. */
export const pixelBlocks = ({ signal, port }: { signal: SignalHeader; port: MessagePort }) =>
  answer(() => sendPixelBlocks(signal, port));

/** Writes the rows of a signal in order into a new file, for data whose rows do not lie together. */
export const putInOrder = (task: {
  signal: SignalHeader;
  path: string;
  bufferBytes: number;
  control: Int32Array<SharedArrayBuffer>;
}) =>
  answer(() => {
    const control = openControl(task.control);
    return retile(
      task.signal,
      task.path,
      task.bufferBytes,
      (done, total) => control.progress(0, done, total),
      () => control.check(),
    );
  });

/** All values of a small array as float64, row after row. */
export const values = (source: RowSource) =>
  answer(() => withReader({ source }, (rows) => rows.read(0, source.samples).slice()));
