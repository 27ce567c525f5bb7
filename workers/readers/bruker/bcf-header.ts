import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, findElements, parseXml, textAt } from '../xml.ts';
import { corrupt } from '../file-bytes.ts';
import type { TrtSpectrum } from './trt-spectrum.ts';
import { readTrtSpectrum } from './trt-spectrum.ts';
import { childInstances, countAt, dateOf, instanceOf, numberAt, numberOf, plainTree, timeOf } from './trt-xml.ts';

/** A plane of a picture that was recorded with the map. */
export interface BcfImage {
  title: string;
  width: number;
  height: number;
  /** bytes per value: 1, 2 or 4 */
  itemBytes: number;
  /** µm per pixel */
  scaleX: number | null;
  scaleY: number | null;
  /** base64 */
  data: string;
}

/** What the header of a BCF says. */
export interface BcfHeader {
  name: string | null;
  date: string | undefined;
  time: string | undefined;
  /** kV */
  beamEnergy: number | null;
  magnification: number | null;
  /** µm per pixel */
  scaleX: number | null;
  scaleY: number | null;
  stage: Metadata;
  /** how often each line was scanned, in all */
  lineScans: number | null;
  /** seconds per pixel and scan */
  dwellTime: number | null;
  elements: string[];
  xrayLines: string[];
  images: BcfImage[];
  /** sum spectra by the number of their map */
  spectra: ReadonlyMap<number, TrtSpectrum>;
  original: Metadata;
}

/** Elements and lines that were chosen when the map was recorded: “Cu”, “Cu_Ka”. */
function chosenLines(database: XmlElement): { elements: string[]; xrayLines: string[] } {
  const list = instanceOf(instanceOf(database, 'TRTElementInformationList'), 'TRTSpectrumRegionList');
  const elements = new Set<string>();
  const xrayLines = new Set<string>();
  for (const region of childInstances(childOf(list, 'ChildClassInstances'), 'TRTSpectrumRegion')) {
    const element = region.attributes['Name'];
    if (element === undefined || !/^[A-Z][a-z]?$/.test(element)) continue;
    elements.add(element);
    const shell = /^([KLMN])A?/.exec(textAt(region, 'Line') ?? '')?.[1];
    if (shell !== undefined) xrayLines.add(`${element}_${shell}a`);
  }
  return { elements: [...elements].sort(), xrayLines: [...xrayLines].sort() };
}

/** A plane that was never recorded is marked as not valid and all zeros; single pictures are marked so with values too. */
const isRecorded = (plane: XmlElement): boolean =>
  textAt(plane, 'Valid') !== '0' || /[^A=\s]/.test(textAt(plane, 'Data') ?? '');

function planesOf(picture: XmlElement, scale: { x: number | null; y: number | null }): BcfImage[] {
  const width = countAt(picture, 'Width') ?? 0;
  const height = countAt(picture, 'Height') ?? 0;
  const itemBytes = countAt(picture, 'ItemSize') ?? 0;
  if (width === 0 || height === 0 || ![1, 2, 4].includes(itemBytes)) return [];
  return picture.children
    .filter((child) => /^Plane\d+$/.test(child.name) && isRecorded(child))
    .map((plane) => ({
      title:
        textAt(plane, 'Description') ?? textAt(plane, 'TRTBase', 'Description') ?? textAt(plane, 'Name') ?? 'Image',
      width,
      height,
      itemBytes,
      // 0 when it is not calibrated by itself
      scaleX: numberAt(picture, 'XCalibration') || scale.x,
      scaleY: numberAt(picture, 'YCalibration') || scale.y,
      data: textAt(plane, 'Data') ?? '',
    }));
}

/**
 * Pictures beside the map: the planes of the first one that were recorded, and overviews. Counters and pixel times are
 * tables of the instrument, not pictures.
 */
function imagesOf(database: XmlElement, scale: { x: number | null; y: number | null }): BcfImage[] {
  const own = childInstances(database, 'TRTImageData').filter(({ attributes }) => attributes['Name'] === undefined);
  const overviews = [
    ...findElements(
      database,
      ({ attributes }) => attributes['Type'] === 'TRTContainerClass' && attributes['Name'] === 'OverviewImages',
    ),
  ].flatMap((container) => childInstances(childOf(container, 'ChildClassInstances'), 'TRTImageData'));
  return [...own, ...overviews].flatMap((picture) => planesOf(picture, scale));
}

const stageNames = { x: 'X', y: 'Y', z: 'Z', rotation: 'Rotation', tilt_alpha: 'Tilt' } as const;

function product(...factors: (number | null)[]): number | null {
  return factors.reduce<number | null>((all, one) => (all === null || one === null ? null : all * one), 1);
}

/**
 * Reads `EDSDatabase/HeaderData`.
 * @throws EigenscopeError `corrupt-file` when it is no XML or not that of a spectrum database
 */
export function readBcfHeader(path: string, xml: string): BcfHeader {
  const root = parseXml(path, xml);
  const database = childInstances(root, 'TRTSpectrumDatabase')[0];
  if (database === undefined) {
    throw corrupt(path, `its header is about “${root.name.slice(0, 40)}”`, 'a TRTSpectrumDatabase was expected');
  }
  const microscope = instanceOf(database, 'TRTSEMData');
  const stage = instanceOf(database, 'TRTSEMStageData');
  const scan = instanceOf(database, 'TRTDSPConfiguration');
  const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
  const scaleX = positive(numberAt(microscope, 'DX'));
  const scaleY = positive(numberAt(microscope, 'DY'));
  const scans = textAt(database, 'LineCounter')?.split(',').map(numberOf) ?? [];
  const spectra = new Map<number, TrtSpectrum>();
  const sums: MetadataValue[] = [];
  for (const child of database.children) {
    const number = /^SpectrumData(\d{1,4})$/.exec(child.name)?.[1];
    const spectrum = number === undefined ? undefined : instanceOf(child, 'TRTSpectrum');
    if (spectrum === undefined) continue;
    spectra.set(Number(number), readTrtSpectrum(spectrum));
    sums.push(plainTree(spectrum));
  }
  const tree = (element: XmlElement | undefined): MetadataValue => (element === undefined ? null : plainTree(element));
  return {
    name: database.attributes['Name']?.trim() ? database.attributes['Name'] : null,
    date: dateOf(textAt(database, 'Header', 'Date')),
    time: timeOf(textAt(database, 'Header', 'Time')),
    beamEnergy: positive(numberAt(microscope, 'HV')),
    magnification: numberAt(microscope, 'Mag'),
    scaleX,
    scaleY,
    stage: Object.fromEntries(
      Object.entries(stageNames)
        .map(([name, key]): [string, number | null] => [name, numberAt(stage, key)])
        .filter(([, value]) => value !== null),
    ),
    lineScans: scans.length > 0 ? scans.reduce<number>((sum, n) => sum + (n ?? 0), 0) : null,
    dwellTime: product(
      numberAt(scan, 'PixelTime'),
      numberAt(scan, 'PixelAverage'),
      numberAt(scan, 'LineAverage'),
      1e-6,
    ),
    ...chosenLines(database),
    images: imagesOf(database, { x: scaleX, y: scaleY }),
    spectra,
    original: {
      Header: tree(childOf(database, 'Header')),
      Microscope: tree(microscope),
      Stage: tree(stage),
      'DSP Configuration': tree(scan),
      Elements: tree(instanceOf(database, 'TRTElementInformationList')),
      Spectra: sums,
    },
  };
}
