import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, FileStamp, Metadata, PixelLayout, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { XmlElement } from '../xml.ts';
import { textAt } from '../xml.ts';
import { readCounts } from './elid-cursor.ts';
import type { ElidPicture } from './elid-picture.ts';
import { lookAtPicture, pictureSignal, shortName } from './elid-picture.ts';
import { unpackProject } from './elid-pixels.ts';
import type { ElidAnalysis } from './elid-records.ts';
import { readProject } from './elid-records.ts';
import { generalOf, known, microscopeOf } from './fei-note.ts';

/** The tree in HyperSpy's words. */
function metadataOf(path: string, { conditions, title }: ElidAnalysis, note: XmlElement | null): Metadata {
  return {
    General: generalOf(path, title, note),
    Signal: { signal_type: 'EDS_SEM' },
    Acquisition_instrument: {
      SEM: {
        ...known({ microscope: conditions.instrument }),
        ...(note === null ? { Stage: {} } : microscopeOf(note)),
        ...known({ beam_energy: conditions.beamEnergy, working_distance: conditions.workingDistance }),
        Detector: {
          EDS: known({
            azimuth_angle: conditions.azimuth,
            elevation_angle: conditions.elevation,
            energy_resolution_MnKa: conditions.resolution,
            live_time: conditions.liveTime,
            real_time: conditions.realTime,
          }),
        },
      },
    },
  };
}

/**
 * How far the places of a map are apart. An area is told in parts of the field of view, which is known where the picture is
 * a square: what parts of the sides of others mean is told nowhere. Null when it is not known, and for lines, whose ends may
 * or may not be places.
 */
function mapScale({ kind, place, navigation }: ElidAnalysis, { note, scale }: ElidPicture): Partial<Axis>[] | null {
  const [left, top, right, bottom] = place;
  const zoom = Number(textAt(note ?? undefined, 'acquisition', 'scan', 'scanScale') ?? '1');
  if (kind !== 'Map' || scale === null || !scale.isSquare || zoom !== 1) return null;
  const sides = [bottom! - top!, right! - left!];
  if (!sides.every((side) => side > 1e-6 && side <= 1)) return null;
  return navigation.map((size, i) => ({ scale: (sides[i]! * scale.field) / size, units: scale.units }));
}

function signalOf(
  path: string,
  stamp: FileStamp,
  project: Uint8Array,
  analysis: ElidAnalysis,
  picture: ElidPicture,
  hints: ReadHints,
): SignalHeader {
  const { note } = picture;
  const { kind, navigation, channels, title } = analysis;
  const names = kind === 'Line' ? ['point'] : ['y', 'x'];
  const energy: Axis = {
    name: 'Energy',
    units: 'keV',
    size: channels,
    navigate: false,
    scale: analysis.dispersion / 1000,
    offset: analysis.offset / 1000,
  };
  if (!Number.isFinite(energy.scale) || energy.scale === 0 || !Number.isFinite(energy.offset)) {
    throw corrupt(path, `“${title}” has ${analysis.dispersion} eV per channel`, 'a number other than 0 was expected');
  }
  const scales = mapScale(analysis, picture);
  const axes = [...navigation.map((size, i) => ({ ...plainAxis(names[i]!, size, true), ...scales?.[i] })), energy];
  const shape = axes.map(({ size }) => size);
  const isAlone = navigation.length === 0;
  const dtype = isAlone ? 'int64' : 'uint32';
  checkedBytes(path, shape, dtype);
  let layout: PixelLayout = { kind: 'coded', codec: 'phenom', path, stamp, about: { start: analysis.start } };
  if (isAlone) {
    const counts = new Uint32Array(channels);
    readCounts(project, analysis.start, counts);
    // differences may be negative
    const wide = BigInt64Array.from(counts, (count) => BigInt(kind === 'Difference' ? count | 0 : count));
    layout = { kind: 'bytes', bytes: new Uint8Array(wide.buffer) };
  }
  return {
    title,
    signalType: 'EDS_SEM',
    shape,
    dtype,
    axes: calibrateByHints(basename(path), axes, hints),
    quantity: { name: 'Counts', units: null },
    metadata: metadataOf(path, analysis, note),
    originalMetadata: {
      analysis: { kind, image: analysis.image, place: [...analysis.place], conditions: { ...analysis.conditions } },
      ...picture.original,
    },
    layout,
    warnings:
      isAlone || scales !== null
        ? []
        : ['The size of the area is told in parts of the field of view alone; positions are counted.'],
  };
}

/** What is said of pictures that are left out. */
function leftOut(pictures: readonly ElidPicture[]): string[] {
  const refused = pictures.filter(({ picture }) => picture instanceof EigenscopeError);
  const [first] = refused;
  if (first === undefined) return [];
  const isDamaged = (first.picture as EigenscopeError).code === 'corrupt-file';
  const why = isDamaged ? 'is damaged' : 'is of a kind that cannot be read';
  const others = refused.length === 1 ? ' and is' : `; it and ${refused.length - 1} more are`;
  return [`The picture “${shortName(first.image)}” ${why}${others} left out.`];
}

/**
 * The signals of an unpacked project: its analyses, then its pictures. Pictures that cannot be read are left out with a
 * warning at the first signal.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`, `newer-version`; `unsupported-format` when there is nothing in
 * it, or pictures alone of kinds that cannot be read
 */
export function projectSignals(path: string, stamp: FileStamp, project: Uint8Array, hints: ReadHints): SignalHeader[] {
  const { images, analyses } = readProject(path, project);
  const pictures = images.map((image) => lookAtPicture(path, image));
  const signals = analyses.map((analysis) =>
    signalOf(path, stamp, project, analysis, pictures[analysis.picture]!, hints),
  );
  for (const one of pictures) {
    if (one.picture === null || one.picture instanceof EigenscopeError) continue;
    // what a person says of the axes is about the first signal
    signals.push(pictureSignal(path, stamp, one, one.picture, signals.length === 0 ? hints : {}));
  }
  const [first, ...others] = signals;
  if (first !== undefined) return [{ ...first, warnings: [...first.warnings, ...leftOut(pictures)] }, ...others];
  const refusal = pictures.find(({ picture }) => picture instanceof EigenscopeError)?.picture;
  throw refusal instanceof EigenscopeError
    ? refusal
    : new EigenscopeError(
        'unsupported-format',
        `${basename(path)} holds no picture and no spectrum. Open the project in the Phenom software to see what is in it.`,
        { path },
      );
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => ({
    format: 'phenom',
    signals: projectSignals(path, file.stamp(), unpackProject(file), hints),
  }));
}

/** Phenom (Thermo Fisher) Element Identification projects: spectra, lines and maps of EDS, and the pictures that they were taken in. */
export const phenomReader: Reader = {
  id: 'phenom',
  title: 'Phenom project (ELID)',
  extensions: ['elid'],
  probe: (head, path) => (/^BZh[1-9]1AY&SY/.test(latin1(head.subarray(0, 10))) && /\.elid$/i.test(path) ? 1 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
