import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import type { ElidCursor } from './elid-cursor.ts';
import { openCursor } from './elid-cursor.ts';

/** How a spectrum was taken. Angles in degrees, times in s, resolution in eV, beam energy in keV. */
export interface ElidConditions {
  beamEnergy: number;
  elevation: number;
  azimuth: number;
  liveTime: number;
  realTime: number;
  resolution: number;
  instrument: string;
  /** mm; null when not told */
  workingDistance: number | null;
}

/** One analysis of a picture. `start` is the byte of the first count in the unpacked project. */
export interface ElidAnalysis {
  /** number of the picture that it belongs to */
  picture: number;
  image: string;
  kind: 'MSA' | 'Spot' | 'Region' | 'Map' | 'Line' | 'Difference';
  title: string;
  /** navigation sizes, slowest first; none for single spectra */
  navigation: readonly number[];
  channels: number;
  /** eV, and eV per channel */
  offset: number;
  dispersion: number;
  start: number;
  conditions: ElidConditions;
  /** of the area, in parts of the field of view; x, y of a spot, x0, y0, x1, y1 of others */
  place: readonly number[];
}

const kinds = { 1: 'MSA', 2: 'Spot', 3: 'Line', 4: 'Map', 5: 'Difference', 6: 'Region' } as const;
const mostRecords = 10_000;
const newestVersion = 4;

// What later versions have added to a record is passed where it tells nothing that is shown.

function readConditions(cursor: ElidCursor, version: number): ElidConditions {
  const beamEnergy = cursor.real() / 1000;
  // radians from version 1 on
  const elevation = cursor.real() * (version >= 1 ? 180 / Math.PI : 1);
  const azimuth = cursor.real() * (version >= 1 ? 180 / Math.PI : 1);
  const liveTime = cursor.real();
  const realTime = cursor.real();
  cursor.skip(16);
  const resolution = cursor.real();
  const instrument = cursor.text();
  let workingDistance: number | null = null;
  if (version >= 1) {
    cursor.skip(8);
    workingDistance = cursor.real() * 1000;
    cursor.skip(8 + 16);
  }
  if (version >= 3) cursor.skip(8 + 2);
  return { beamEnergy, elevation, azimuth, liveTime, realTime, resolution, instrument, workingDistance };
}

/** Passes the elements that were looked for; returns the number under which the analysis is listed. */
function readElements(path: string, cursor: ElidCursor, version: number): number {
  cursor.skip(cursor.word());
  cursor.skip(cursor.word());
  if (cursor.word() !== 0) {
    throw new EigenscopeError(
      'unsupported-format',
      `${path.split(/[\\/]/).at(-1)} holds analyses with background windows of their own, which cannot be read yet. Export them from the Phenom software as .msa.`,
      { path },
    );
  }
  cursor.skip(3 * cursor.word());
  cursor.skip(1);
  const order = cursor.word();
  cursor.skip(2 * cursor.word());
  if (version >= 2) cursor.skip(version >= 4 ? 5 : 1);
  return order;
}

const reals = (cursor: ElidCursor, count: number): number[] => Array.from({ length: count }, () => cursor.real());

function readAnalysis(path: string, cursor: ElidCursor, image: string, picture: number, version: number): ElidAnalysis {
  const kind = kinds[cursor.byte() as keyof typeof kinds];
  if (kind === undefined)
    throw corrupt(path, `a record of its picture “${image}” is of no known kind`, '1 to 6 were expected');
  cursor.piece();
  const offset = cursor.real();
  const dispersion = cursor.real();
  const channels = cursor.word();
  const start = cursor.at;
  cursor.skipCounts(channels);
  const conditions = readConditions(cursor, version);
  const order = readElements(path, cursor, version);
  const title = `${image}, ${kind} ${order}`;
  const alone: ElidAnalysis = {
    picture,
    image,
    kind,
    title,
    navigation: [],
    channels,
    offset,
    dispersion,
    start,
    conditions,
    place: [],
  };
  if (kind === 'MSA') return alone;
  if (kind === 'Difference') return { ...alone, title: `${image}, ${kind} ${cursor.word()} - ${cursor.word()}` };
  if (kind === 'Spot') return { ...alone, place: reals(cursor, 2) };
  const place = reals(cursor, 4);
  if (kind === 'Region') return { ...alone, place };

  if (kind === 'Map') cursor.skip(4);
  const fast = cursor.word();
  const navigation = kind === 'Map' ? [cursor.word(), fast] : [fast];
  const depth = cursor.word();
  const own = { offset: cursor.real(), dispersion: cursor.real() };
  readConditions(cursor, version);
  cursor.skip(2);
  const first = cursor.at;
  const positions = navigation.reduce((n, size) => n * size, 1);
  cursor.skipCounts(positions * depth);
  // live and real time of every position
  cursor.skip(16 * positions + (kind === 'Line' ? 1 : 0));
  return { ...alone, ...own, place, navigation, channels: depth, start: first };
}

/** A picture as it lies in the project: a TIFF with XML inside that says how it was taken. */
export interface ElidImage {
  name: string;
  tiff: Uint8Array;
  /** byte of the unpacked project at which the TIFF begins */
  start: number;
}

/**
 * Every picture and every analysis of an unpacked project, without pixels and counts.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`; `newer-version` for versions whose records are not known
 */
export function readProject(
  path: string,
  bytes: Uint8Array,
): { version: number; images: ElidImage[]; analyses: ElidAnalysis[] } {
  const cursor = openCursor(path, bytes);
  if (cursor.word() !== 0x32444945) throw corrupt(path, 'it is no Phenom project', '“EID2” was expected, unpacked');
  const version = cursor.word();
  if (version > newestVersion) {
    throw new EigenscopeError(
      'newer-version',
      `${path.split(/[\\/]/).at(-1)} is a Phenom project of version ${version}; versions 0 to ${newestVersion} can be read. Export its analyses from the Phenom software as .msa.`,
      { path, version },
    );
  }
  const images: ElidImage[] = [];
  const analyses: ElidAnalysis[] = [];
  const checkCount = (): void => {
    if (analyses.length + images.length <= mostRecords) return;
    throw corrupt(path, `it has more than ${mostRecords} records`, 'fewer were expected');
  };
  for (let left = cursor.word(); left > 0; left--) {
    const tiff = cursor.piece();
    const start = cursor.at - tiff.length;
    const name = cursor.text();
    images.push({ name, tiff, start });
    checkCount();
    for (let some = cursor.word(); some > 0; some--) {
      analyses.push(readAnalysis(path, cursor, name, images.length - 1, version));
      checkCount();
    }
  }
  return { version, images, analyses };
}
