import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import type { DType } from '../../model/dtype.ts';
import type { FileHeader, FileStamp, Metadata, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { instrumentOf, parseComment } from './surf-comment.ts';
import type { SurfAxis, SurfHeader } from './surf-header.ts';
import { surfSignature } from './surf-header.ts';
import type { SurfObject } from './surf-objects.ts';
import { listObjects } from './surf-objects.ts';
import type { SurfPart } from './surf-pixels.ts';

/** Kinds of objects whose parts follow as objects of their own. */
const kinds = { surfaceSeries: 5, rgbImage: 12, rgbSeries: 18, profileSeries: 4, profile: 1, spectrum: 20 } as const;

const toAxis = ({ name, units, size, scale, offset }: SurfAxis, navigate: boolean): Axis => ({
  name,
  units,
  size,
  scale,
  offset,
  navigate,
});

/** Axes of one object, slowest first: spectra on points, images, or a line. */
function ownAxes(header: SurfHeader): Axis[] {
  const { x, y, spectral, type } = header;
  if (spectral.size > 1) {
    return [toAxis(y, true), toAxis(x, true), toAxis(spectral, false)].filter(
      ({ size, navigate }) => !navigate || size > 1,
    );
  }
  const isLine = ([kinds.profile, kinds.profileSeries, kinds.spectrum] as number[]).includes(type);
  if (isLine || y.size === 1) return y.size > 1 ? [toAxis(y, true), toAxis(x, false)] : [toAxis(x, false)];
  return [toAxis(y, false), toAxis(x, false)];
}

const partOf = ({ header, position, values, streams }: SurfObject): SurfPart => ({
  position,
  values,
  bits: header.bits,
  littleEndian: header.littleEndian,
  lowest: header.lowest,
  step: header.step,
  base: header.base,
  hasHoles: header.hasHoles,
  streams: streams.map((stream) => [stream.position, stream.packed, stream.unpacked] as const),
});

const isSameShape = (a: SurfHeader, b: SurfHeader): boolean =>
  a.x.size === b.x.size && a.y.size === b.y.size && a.spectral.size === b.spectral.size;

/** Objects that make one signal together: the three colours of a picture, the parts of a series; else each its own. */
function groupObjects(objects: readonly SurfObject[]): SurfObject[][] {
  const type = objects[0]?.header.type;
  const together =
    objects.length > 1 &&
    objects.every(({ header }) => isSameShape(header, objects[0]!.header)) &&
    (type === kinds.surfaceSeries ||
      type === kinds.profileSeries ||
      ((type === kinds.rgbImage || type === kinds.rgbSeries) && objects.length % 3 === 0));
  return together ? [[...objects]] : objects.map((object) => [object]);
}

function originalOf(header: SurfHeader, comment: Metadata): Metadata {
  const { x, y, spectral, quantity, ...rest } = header;
  return {
    header: { ...rest, x: { ...x }, y: { ...y }, spectral: { ...spectral }, quantity: { ...quantity } },
    comment,
  };
}

function signalOf(
  path: string,
  stamp: FileStamp,
  group: readonly SurfObject[],
  hints: ReadHints,
  warnings: readonly string[],
): SignalHeader {
  const [{ header, comment }] = group as [SurfObject];
  const isColour = group.length > 1 && (header.type === kinds.rgbImage || header.type === kinds.rgbSeries);
  const { name: seriesName, scale, offset, units: seriesUnits } = header.spectral;
  const outer = !isColour
    ? group.length > 1
      ? [{ ...plainAxis(seriesName || 'T', group.length, true), scale, offset, units: seriesUnits }]
      : []
    : [...(group.length > 3 ? [plainAxis('T', group.length / 3, true)] : []), plainAxis('Colour', 3, true)];
  const axes = [...outer, ...ownAxes(header)];
  const shape = axes.map(({ size }) => size);
  const dtype: DType = isColour ? 'int64' : 'float64';
  checkedBytes(path, shape, dtype);
  const { name, units } = header.quantity;
  const signalType = name.startsWith('CL Intensity') ? 'CL' : '';
  const told = parseComment(comment);
  const instrument = instrumentOf(told);
  const { name: stem, base } = parse(path);
  const title = header.name.replaceAll(/^[* ]+|[* ]+$/g, '') || stem;
  return {
    title,
    signalType,
    shape,
    dtype,
    axes: calibrateByHints(base, axes, hints),
    quantity: header.quantity,
    metadata: {
      General: {
        title,
        original_filename: base,
        authors: header.operator,
        ...(header.date === '' ? {} : { date: header.date, time: header.time }),
      },
      Signal: { signal_type: signalType, quantity: units === null ? name : `${name} (${units})` },
      ...(Object.keys(instrument).length > 0 ? { Acquisition_instrument: instrument } : {}),
    },
    originalMetadata: originalOf(header, told),
    layout: {
      kind: 'coded',
      codec: 'digital-surf',
      path,
      stamp,
      about: { parts: group.map((object) => ({ ...partOf(object) })) } as unknown as Metadata,
    },
    warnings,
  };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const warnings: string[] = [];
    const objects = listObjects(file, warnings);
    const signals = groupObjects(objects).map((group) => signalOf(path, file.stamp(), group, hints, warnings));
    return { format: 'digital-surf', signals };
  });
}

/** Digital Surf MountainsMap and Attolight: surfaces, images, profiles, spectra and maps of spectra. */
export const digitalSurfReader: Reader = {
  id: 'digital-surf',
  title: 'Digital Surf (SUR, PRO)',
  extensions: ['sur', 'pro'],
  probe: (head) => (surfSignature(head) === null ? 0 : 1),
  header: async (path, hints) => readHeader(path, hints),
};
