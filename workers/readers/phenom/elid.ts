import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, FileStamp, Metadata, MetadataValue, PixelLayout, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { corrupt, latin1, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { XmlElement } from '../xml.ts';
import { decodeXml, parseXml, textAt } from '../xml.ts';
import { readCounts } from './elid-cursor.ts';
import { unpackProject } from './elid-pixels.ts';
import type { ElidAnalysis, ElidImage } from './elid-records.ts';
import { readProject } from './elid-records.ts';

/** The XML that stands inside of a picture; null when there is none or it is damaged. */
function noteOf(path: string, { tiff }: ElidImage): XmlElement | null {
  const bytes = Buffer.from(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const from = bytes.indexOf('<?xml');
  const end = bytes.indexOf('</FeiImage>');
  if (from < 0 || end < from) return null;
  try {
    return parseXml(path, decodeXml(bytes.subarray(from, end + '</FeiImage>'.length)), { elements: 10_000 });
  } catch (error) {
    if (error instanceof EigenscopeError) return null;
    throw error;
  }
}

function treeOf(element: XmlElement): MetadataValue {
  if (element.children.length === 0) return element.text;
  const tree: Metadata = {};
  for (const child of element.children) if (child.name !== '__proto__') tree[child.name] = treeOf(child);
  return tree;
}

const known = (tree: Record<string, MetadataValue | undefined>): Metadata =>
  Object.fromEntries(
    Object.entries(tree).filter(
      (pair): pair is [string, MetadataValue] =>
        pair[1] !== undefined && pair[1] !== null && pair[1] !== '' && !Number.isNaN(pair[1]),
    ),
  );

/** The tree in HyperSpy's words; stage positions in mm. */
function metadataOf(path: string, analysis: ElidAnalysis, note: XmlElement | null): Metadata {
  const { conditions, title } = analysis;
  const [date, time] = (textAt(note ?? undefined, 'time') ?? '').split('T');
  const millimetres = (name: string): number => Number(textAt(note ?? undefined, 'samplePosition', name) || NaN) * 1000;
  return {
    General: known({ title, original_filename: basename(path), date, time }),
    Signal: { signal_type: 'EDS_SEM' },
    Acquisition_instrument: {
      SEM: {
        ...known({
          beam_energy: conditions.beamEnergy,
          working_distance: conditions.workingDistance,
          microscope: textAt(note ?? undefined, 'instrument', 'uniqueID') ?? conditions.instrument,
        }),
        Stage: known({ x: millimetres('x'), y: millimetres('y') }),
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

function signalOf(
  path: string,
  stamp: FileStamp,
  project: Uint8Array,
  analysis: ElidAnalysis,
  note: XmlElement | null,
  hints: ReadHints,
): SignalHeader {
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
  const axes = [...navigation.map((size, i) => plainAxis(names[i]!, size, true)), energy];
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
      ...(note === null ? {} : { FeiImage: treeOf(note) }),
    },
    layout,
    warnings: isAlone ? [] : ['The size of the area is told in parts of the picture alone; positions are counted.'],
  };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const project = unpackProject(file);
    const { images, analyses } = readProject(path, project);
    if (analyses.length === 0) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} holds ${images.length} pictures and no spectra. Export the pictures as .tif from the Phenom software.`,
        { path },
      );
    }
    const notes = new Map(images.map((image) => [image, noteOf(path, image)]));
    const signals = analyses.map((analysis) =>
      signalOf(path, file.stamp(), project, analysis, notes.get(images[analysis.picture]!) ?? null, hints),
    );
    return { format: 'phenom', signals };
  });
}

/** Phenom (Thermo Fisher) Element Identification projects: spectra, lines and maps of EDS. */
export const phenomReader: Reader = {
  id: 'phenom',
  title: 'Phenom project (ELID)',
  extensions: ['elid'],
  probe: (head, path) => (/^BZh[1-9]1AY&SY/.test(latin1(head.subarray(0, 10))) && /\.elid$/i.test(path) ? 1 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
