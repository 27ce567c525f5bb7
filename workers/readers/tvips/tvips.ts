import { extname, parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { elementCount } from '../../model/dtype.ts';
import type { FileHeader, Metadata } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { truncated, withFile } from '../file-bytes.ts';
import type { FrameRun } from '../frame-series.ts';
import { cutFrames, sliceRuns } from '../frame-series.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { StreamFiles } from './stream-files.ts';
import { firstOfStream, readStreamFiles } from './stream-files.ts';
import type { TvipsFrame, TvipsHeader } from './tvips-format.ts';
import { headerBytes, isTvips, readFrameHeader, readTvipsHeader } from './tvips-format.ts';

/** Header of one frame by its place in the runs. */
function frameAt(stream: StreamFiles, header: TvipsHeader, index: number): TvipsFrame {
  const [run] = sliceRuns(stream.runs, index, 1) as [FrameRun];
  return withFile(stream.files[run.file]!.path, (file) =>
    readFrameHeader(file.view(run.first - header.frameHeaderBytes, header.frameHeaderBytes)),
  );
}

/** First frame that the scan generator counted; 0 when it counted none, or all of them. */
function scanStart(stream: StreamFiles, header: TvipsHeader): number {
  let before = 0;
  for (const run of stream.runs) {
    const found = withFile(stream.files[run.file]!.path, (file) => {
      const bytes = new Uint8Array(header.frameHeaderBytes);
      for (let i = 0; i < run.count; i++) {
        file.readInto(bytes, run.first - header.frameHeaderBytes + i * run.step);
        if ((readFrameHeader(new DataView(bytes.buffer)).scanIndex ?? 0) > 0) return i;
      }
      return -1;
    });
    if (found >= 0) return before + found;
    before += run.count;
  }
  return 0;
}

/** The runs a scan of this shape is taken from: from where it began, when the stream holds more frames than the scan. */
function scanRuns(stream: StreamFiles, header: TvipsHeader, hints: ReadHints): FrameRun[] {
  const { navigationShape } = hints;
  if (navigationShape === undefined || hints.frames !== undefined || header.version === 1) return stream.runs;
  if (stream.frames <= elementCount(navigationShape)) return stream.runs;
  const start = scanStart(stream, header);
  return sliceRuns(stream.runs, start, stream.frames - start);
}

/** Time of the frames: from the first one on, in steps as between the first two. */
function timeAxis(stream: StreamFiles, header: TvipsHeader, first: TvipsFrame): Axis {
  const second = frameAt(stream, header, 1);
  const step = Number((second.time - first.time).toFixed(3));
  return { ...plainAxis('time', stream.frames, true), units: 's', scale: step, offset: first.time };
}

function metadataOf(name: string, header: TvipsHeader, first: TvipsFrame): Metadata {
  const when = new Date(first.time * 1000).toISOString();
  const { high_tension: tension, magnification } = header.original as Record<string, number>;
  const { fields } = first;
  const has = fields['stage_x'] !== undefined;
  return {
    General: {
      title: parse(name).name,
      original_filename: name,
      date: when.slice(0, 10),
      time: when.slice(11, 19),
      time_zone: 'UTC',
    },
    Signal: { signal_type: first.isDiffraction ? 'diffraction' : '' },
    Acquisition_instrument: {
      TEM: {
        // some versions write volts
        ...(tension! > 0 ? { beam_energy: tension! >= 10_000 ? tension! / 1000 : tension! } : {}),
        ...(magnification! > 0 ? { magnification: magnification! } : {}),
        ...(has
          ? {
              beam_current: fields['beam_current']!,
              defocus: fields['objective_current']!,
              Stage: {
                tilt_alpha: fields['stage_a']!,
                tilt_beta: fields['stage_b']!,
                x: fields['stage_x']!,
                y: fields['stage_y']!,
                z: fields['stage_z']!,
              },
            }
          : {}),
      },
    },
  };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const first = firstOfStream(path);
  const { header, name, size } = withFile(first, (file) => {
    const head = new Uint8Array(Math.min(headerBytes, file.size));
    file.readInto(head, 0);
    return { header: readTvipsHeader(first, head), name: file.name, size: file.size };
  });
  const frameShape = [header.height, header.width];
  const frameBytes = checkedBytes(first, frameShape, header.dtype);
  const stream = readStreamFiles(first, header, frameBytes);
  if (stream.frames === 0) throw truncated(first, headerBytes + header.frameHeaderBytes + frameBytes, size);

  const frame = frameAt(stream, header, 0);
  const time = stream.frames === 1 ? [] : [timeAxis(stream, header, frame)];
  const series = cutFrames(name, time, scanRuns(stream, header, hints), hints);
  const signalAxes = (frame.isDiffraction ? ['dy', 'dx'] : ['y', 'x']).map((axis, i): Axis => {
    const plain = plainAxis(axis, frameShape[i]!, false);
    const units = frame.isDiffraction ? '1/nm' : 'nm';
    return header.pixelSize > 0 ? { ...plain, units, scale: header.pixelSize } : plain;
  });
  const axes = calibrateByHints(name, [...series.axes, ...signalAxes], hints);
  return {
    format: 'tvips',
    signals: [
      {
        title: parse(first).name,
        signalType: frame.isDiffraction ? 'diffraction' : '',
        shape: axes.map(({ size: length }) => length),
        dtype: header.dtype,
        axes,
        quantity: { name: 'Intensity', units: null },
        metadata: metadataOf(name, header, frame),
        originalMetadata: { tvips_header: header.original, first_frame_header: frame.fields },
        layout: { kind: 'frames', files: stream.files, frameRank: 2, runs: series.runs, littleEndian: true },
        ...(series.options === undefined ? {} : { options: series.options }),
        warnings: [
          ...series.warnings,
          ...(time[0]?.scale === 0 && series.axes[0]?.name === 'time'
            ? ['The first frames carry the same time, so the time axis has no step.']
            : []),
          ...(stream.rest > 0 ? [`${stream.rest} bytes at the end make no whole frame; they are not read.`] : []),
        ],
      },
    ],
  };
}

/** Streams of TVIPS cameras: NAME_000.tvips and the files that follow it. */
export const tvipsReader: Reader = {
  id: 'tvips',
  title: 'TVIPS stream',
  extensions: ['tvips'],
  probe: (head, path) => (isTvips(head) ? (extname(path).toLowerCase() === '.tvips' ? 0.9 : 0.2) : 0),
  header: async (path, hints) => readHeader(path, hints),
};
