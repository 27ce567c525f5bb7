import type { Axis } from '../../model/axes.ts';
import type { Metadata, MetadataValue } from '../../model/signal.ts';
import { keyBelow, keyOfPath } from './keys.ts';

const isTree = (value: MetadataValue | undefined): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listAt = (tree: Metadata, name: string): MetadataValue[] => {
  const value = Object.hasOwn(tree, name) ? tree[name] : undefined;
  return Array.isArray(value) ? value : [];
};

/** Units as they are printed beside an axis. */
const shortUnits: Readonly<Record<string, string>> = {
  angstrom: 'Å',
  nanometer: 'nm',
  micrometer: 'µm',
  millimeter: 'mm',
  meter: 'm',
  picometer: 'pm',
  second: 's',
  millisecond: 'ms',
  microsecond: 'µs',
  nanosecond: 'ns',
};

interface Transform {
  scale: number[];
  offset: number[];
}

/** Scales and translations, one after the other. */
function transformOf(steps: MetadataValue[], rank: number, before: Transform): Transform {
  let { scale, offset } = before;
  for (const step of steps) {
    if (!isTree(step)) continue;
    const numbers = (name: string): number[] | null => {
      const list = listAt(step, name);
      return list.length === rank && list.every((value) => typeof value === 'number' && Number.isFinite(value))
        ? (list as number[])
        : null;
    };
    const factor = step['type'] === 'scale' ? numbers('scale') : null;
    if (factor) {
      scale = scale.map((value, i) => value * factor[i]!);
      offset = offset.map((value, i) => value * factor[i]!);
    }
    const shift = step['type'] === 'translation' ? numbers('translation') : null;
    if (shift) offset = offset.map((value, i) => value + shift[i]!);
  }
  return { scale, offset };
}

/** One picture of an OME-Zarr group: where its full resolution is, and how its axes are calibrated. */
export interface OmeImage {
  key: string;
  title: string;
  /** of the array at `key`, for its shape */
  axes(shape: readonly number[]): Axis[] | null;
  /** keys of the reduced copies of the picture */
  smaller: string[];
}

/**
 * The multiscale pictures that a group declares (OME-NGFF 0.4 and 0.5); the two last axes of space are the picture, all
 * others navigate.
 * @see https://ngff.openmicroscopy.org/0.5/
 */
export function omeImages(group: string, attributes: Metadata): OmeImage[] {
  const ome = isTree(attributes['ome']) ? attributes['ome'] : attributes;
  const images: OmeImage[] = [];
  for (const scales of listAt(ome, 'multiscales').slice(0, 64)) {
    if (!isTree(scales)) continue;
    const levels = listAt(scales, 'datasets')
      .filter(isTree)
      .map((level) => ({ level, path: typeof level['path'] === 'string' ? keyOfPath(level['path']) : null }))
      .filter((one): one is { level: Metadata; path: string } => one.path !== null);
    const [first, ...others] = levels;
    if (first === undefined) continue;
    const declared = listAt(scales, 'axes');
    images.push({
      key: keyBelow(group, first.path),
      title: typeof scales['name'] === 'string' ? scales['name'] : '',
      smaller: others.map(({ path }) => keyBelow(group, path)),
      axes(shape) {
        if (declared.length !== shape.length) return null;
        const start = { scale: shape.map(() => 1), offset: shape.map(() => 0) };
        const own = transformOf(listAt(first.level, 'coordinateTransformations'), shape.length, start);
        const { scale, offset } = transformOf(listAt(scales, 'coordinateTransformations'), shape.length, own);
        const described = declared.map((axis) => (isTree(axis) ? axis : { name: axis }));
        const space = described.map(
          ({ type, name }) => type === 'space' || (type === undefined && /^[zyx]$/.test(String(name))),
        );
        const inPicture = space.flatMap((is, i) => (is ? [i] : [])).slice(-2);
        const picture = inPicture.length > 0 ? inPicture : [shape.length - 1];
        return described.map(({ name, unit }, i) => ({
          name: typeof name === 'string' ? name : '',
          units:
            typeof unit === 'string' && unit !== ''
              ? Object.hasOwn(shortUnits, unit)
                ? shortUnits[unit]!
                : unit
              : null,
          size: shape[i]!,
          navigate: !picture.includes(i),
          scale: scale[i] || 1,
          offset: offset[i]!,
        }));
      },
    });
  }
  return images;
}
