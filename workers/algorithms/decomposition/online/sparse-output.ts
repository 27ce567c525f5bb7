import type { Job } from '../../../job.ts';
import type { ResultArray } from '../../../model/result.ts';
import type { Prepared } from '../pipeline/prepare.ts';
import type { Stream } from './samples.ts';

/** Where the sparse parts go: an array [pixels × channels] of full size in shared memory. */
export interface SparseOutput {
  out: Float64Array<SharedArrayBuffer>;
  channels: number;
  stream: Stream;
  /** kept pixels and channels, all when absent */
  pixelRows?: Int32Array;
  channelRows?: Int32Array;
  pixelScale?: Float64Array;
  channelScale?: Float64Array;
}

/** Room for the sparse part, NaN where pixels or channels are left out. */
export function createSparseOutput({ pixels, channels, poisson }: Prepared, stream: Stream, job: Job): SparseOutput {
  const out = job.allocate(pixels.size * channels.size);
  for (const pixel of pixels.masked) out.fill(NaN, pixel * channels.size, (pixel + 1) * channels.size);
  for (const channel of channels.masked) {
    for (let pixel = 0; pixel < pixels.size; pixel++) out[pixel * channels.size + channel] = NaN;
  }
  return {
    out,
    channels: channels.size,
    stream,
    ...(pixels.kept ? { pixelRows: pixels.kept } : {}),
    ...(channels.kept ? { channelRows: channels.kept } : {}),
    ...(poisson ? { pixelScale: poisson.pixel, channelScale: poisson.channel } : {}),
  };
}

/** Writes the sparse part of one sample, with the scaling for Poisson noise undone. */
export function placeSparse(target: SparseOutput, sample: number, values: Float64Array): void {
  const { out, channels, stream, pixelRows, channelRows, pixelScale, channelScale } = target;
  const byChannel = stream === 'channels';
  const sampleRows = byChannel ? channelRows : pixelRows;
  const entryRows = byChannel ? pixelRows : channelRows;
  const entryScale = byChannel ? pixelScale : channelScale;
  const factor = (byChannel ? channelScale : pixelScale)?.[sample] ?? 1;
  const place = sampleRows ? sampleRows[sample]! : sample;
  const [base, step] = byChannel ? [place, channels] : [place * channels, 1];
  for (let i = 0; i < values.length; i++) {
    const at = base + (entryRows ? entryRows[i]! : i) * step;
    out[at] = values[i]! * factor * (entryScale ? entryScale[i]! : 1);
  }
}

export const sparseArray = ({ out, channels }: SparseOutput): ResultArray => ({
  dtype: 'float64',
  shape: [out.length / channels, channels],
  data: out,
});
