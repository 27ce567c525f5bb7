import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileStamp, Metadata, SignalHeader } from '../../model/signal.ts';
import { corrupt } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import { memoryBytes } from '../memory-bytes.ts';
import type { ReadHints } from '../reader.ts';
import type { FirstPicture } from '../tiff/first-picture.ts';
import { describeFirstPicture } from '../tiff/first-picture.ts';
import { photometric } from '../tiff/tags.ts';
import type { XmlElement } from '../xml.ts';
import type { ElidImage } from './elid-records.ts';
import { findNote, generalOf, microscopeOf, treeOf, valueAt } from './fei-note.ts';

/** Rows and columns of a picture and how large they are. */
export interface PictureScale {
  /** of a pixel, in `units` */
  width: number;
  height: number;
  units: string;
  /** of the larger side, in `units` */
  field: number;
  isSquare: boolean;
}

/** A picture of a project as far as it can be read. */
export interface ElidPicture {
  image: ElidImage;
  note: XmlElement | null;
  /** the note for the original metadata, made once for the many analyses of a picture */
  original: Metadata;
  /** null when there is none; why not, when it cannot be read */
  picture: FirstPicture | EigenscopeError | null;
  /** null when its note does not tell */
  scale: PictureScale | null;
}

const lengths: readonly (readonly [units: string, power: number])[] = [
  ['m', 0],
  ['mm', -3],
  ['µm', -6],
  ['nm', -9],
];

function scaleOf(note: XmlElement | null, { page }: FirstPicture): PictureScale | null {
  const sides = (power: number): [width: number, height: number] => [
    valueAt(note, 'm', power, 'pixelWidth'),
    valueAt(note, 'm', power, 'pixelHeight'),
  ];
  if (!sides(0).every((size) => Number.isFinite(size) && size > 0)) return null;
  const fieldOf = ([width, height]: [number, number]): number => Math.max(width * page.width, height * page.height);
  const metres = fieldOf(sides(0));
  if (!Number.isFinite(metres)) return null;
  // a fifth of the picture, about the length of a scale bar, is 1 or more
  const [units, power] = lengths.find(([, power]) => 0.2 * metres > 10 ** power) ?? lengths.at(-1)!;
  const [width, height] = sides(power);
  const isSquare = Math.abs(width * page.width - height * page.height) < 1e-6 * width * page.width;
  return { width, height, units, field: fieldOf([width, height]), isSquare };
}

/** For messages. */
export const shortName = ({ name }: ElidImage): string => name.slice(0, 80);

/** Looks at a picture without its pixels. */
export function lookAtPicture(path: string, image: ElidImage): ElidPicture {
  const note = findNote(path, image.tiff);
  const original: Metadata = note === null ? {} : { FeiImage: treeOf(note) };
  const seen = { image, note, original };
  if (image.tiff.length === 0) return { ...seen, picture: null, scale: null };
  try {
    const picture = describeFirstPicture(memoryBytes(path, image.tiff));
    return { ...seen, picture, scale: scaleOf(note, picture) };
  } catch (error) {
    if (!(error instanceof EigenscopeError)) throw error;
    // the piece of the project is as long as the project says: what is too short is wrong in itself
    const isShort = error.code === 'truncated-file';
    const found = `the picture “${shortName(image)}” in it ends too early`;
    return { ...seen, picture: isShort ? corrupt(path, found, 'a whole TIFF was expected') : error, scale: null };
  }
}

/** The picture as a signal of its own. */
export function pictureSignal(
  path: string,
  stamp: FileStamp,
  { image, note, original, scale }: ElidPicture,
  { page, dtype }: FirstPicture,
  hints: ReadHints,
): SignalHeader {
  const axis = (name: string, size: number, perPixel: number | undefined): Axis => ({
    ...plainAxis(name, size, false),
    ...(perPixel === undefined || scale === null ? {} : { scale: perPixel, units: scale.units }),
  });
  const axes = [axis('y', page.height, scale?.height), axis('x', page.width, scale?.width)];
  return {
    title: image.name,
    signalType: '',
    shape: [page.height, page.width],
    dtype,
    axes: calibrateByHints(basename(path), axes, hints),
    quantity: { name: 'Intensity', units: null },
    metadata: {
      General: generalOf(path, image.name, note),
      Signal: { signal_type: '' },
      ...(note === null ? {} : { Acquisition_instrument: { SEM: microscopeOf(note) } }),
    },
    originalMetadata: original,
    layout: {
      kind: 'coded',
      codec: 'phenom',
      path,
      stamp,
      about: { picture: { start: image.start, length: image.tiff.length } },
    },
    warnings:
      page.photometric === photometric.whiteIsZero
        ? ['0 is white in this picture; its values are read as they are stored.']
        : [],
  };
}
