import { basename } from 'node:path';
import type { Metadata } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, findElements, parseXml } from '../xml.ts';
import type { FirstPage, LeadAxis, PageNote, Series } from './series.ts';
import { leadAxis } from './series.ts';
import { known, scalar, uniform, unitOf } from './vendor.ts';
import type { Calibration } from './vendor.ts';

export const isOme = (description: string): boolean => /<(\w+:)?OME[\s>]/.test(description.slice(0, 4096));

const mostPlanes = 2 ** 22;
const axisNames: Readonly<Record<string, string>> = { Z: 'depth', C: 'channel', T: 'time' };

const count = (element: XmlElement, name: string, otherwise: number): number => {
  const value = Number(element.attributes[name] ?? otherwise);
  return Number.isInteger(value) && value >= 0 && value <= mostPlanes ? value : otherwise;
};

function calibration(pixels: XmlElement, size: string, unit: string, otherwise: string): Calibration | undefined {
  const text = pixels.attributes[size];
  return text === undefined ? undefined : uniform(Number(text), unitOf(pixels.attributes[unit] ?? otherwise));
}

/** Which page of this file each plane is; −1 for planes in other files or nowhere. */
function placePlanes(
  file: string,
  pixels: XmlElement,
  sizes: Readonly<Record<'Z' | 'C' | 'T', number>>,
  order: readonly ('Z' | 'C' | 'T')[],
  next: number,
  available: number,
): { pages: number[]; next: number } {
  // `order` is from the fastest on
  const strides: Record<string, number> = {};
  let total = 1;
  for (const letter of order) {
    strides[letter] = total;
    total *= sizes[letter];
  }
  const pages = new Array<number>(total).fill(-1);
  const blocks = pixels.children.filter(({ name }) => /(^|:)TiffData$/.test(name));
  if (blocks.length === 0)
    return { pages: pages.map((_, i) => (next + i < available ? next + i : -1)), next: next + total };
  let page = next;
  let last = next;
  for (const block of blocks) {
    const place = (['Z', 'C', 'T'] as const).reduce(
      (sum, letter) => sum + count(block, `First${letter}`, 0) * strides[letter]!,
      0,
    );
    const uuid = block.children.find(({ name }) => /(^|:)UUID$/.test(name));
    const other = uuid?.attributes.FileName;
    if (other !== undefined && basename(other) !== file) continue;
    const hasPage = block.attributes.IFD !== undefined;
    page = count(block, 'IFD', blocks.length === 1 ? next : hasPage ? 0 : page);
    const planes = count(block, 'PlaneCount', hasPage ? 1 : blocks.length === 1 ? total : 1);
    for (let i = 0; i < planes && place + i < total; i++) {
      if (page + i < available) pages[place + i] = page + i;
    }
    page += planes;
    last = Math.max(last, page);
  }
  return { pages, next: last };
}

/**
 * OME-TIFF: one series for every Image of the description. DimensionOrder counts from the fastest axis; samples of a
 * pixel are part of SizeC. Lengths without a unit are in µm, times in s (OME schema 2016-06).
 * @throws EigenscopeError `corrupt-file` when the XML is damaged
 */
export function readOme(
  path: string,
  description: string,
  notes: readonly PageNote[],
  samplesOf: (page: number) => FirstPage,
): Series[] {
  const root = parseXml(path, description);
  const images = [...findElements(root, ({ name }) => /(^|:)Image$/.test(name))].slice(0, 10_000);
  const series: Series[] = [];
  let next = 0;
  for (const image of images) {
    const pixels = image.children.find(({ name }) => /(^|:)Pixels$/.test(name));
    if (pixels === undefined || next >= notes.length) continue;
    const { samples } = samplesOf(next);
    const channels = Math.max(1, count(pixels, 'SizeC', 1));
    const sizes = {
      Z: Math.max(1, count(pixels, 'SizeZ', 1)),
      C: samples > 1 && channels % samples === 0 ? channels / samples : channels,
      T: Math.max(1, count(pixels, 'SizeT', 1)),
    };
    if (sizes.Z * sizes.C * sizes.T > mostPlanes) continue;
    const told = [...(pixels.attributes.DimensionOrder ?? 'XYZCT')].filter((l) => 'ZCT'.includes(l)) as (
      'Z' | 'C' | 'T'
    )[];
    const order = new Set(told).size === 3 && told.length === 3 ? told : (['Z', 'C', 'T'] as const);
    const placed = placePlanes(basename(path), pixels, sizes, order, next, notes.length);
    next = placed.next;
    const found = placed.pages.find((page) => page >= 0);
    if (found === undefined) continue;
    const key = notes[found]!.key;
    const pages = placed.pages.map((page) => (page >= 0 && notes[page]!.key === key ? page : -1));
    const missing = pages.filter((page) => page < 0).length;
    const along: Readonly<Record<string, Calibration | undefined>> = {
      Z: calibration(pixels, 'PhysicalSizeZ', 'PhysicalSizeZUnit', 'µm'),
      T: calibration(pixels, 'TimeIncrement', 'TimeIncrementUnit', 's'),
    };
    const lead: LeadAxis[] = [...order]
      .reverse()
      .map((letter) => leadAxis(axisNames[letter]!, sizes[letter], along[letter]))
      .filter(({ size }) => size > 1);
    const x = calibration(pixels, 'PhysicalSizeX', 'PhysicalSizeXUnit', 'µm');
    const y = calibration(pixels, 'PhysicalSizeY', 'PhysicalSizeYUnit', 'µm');
    const names = pixels.children
      .filter(({ name }) => /(^|:)Channel$/.test(name))
      .slice(0, 1000)
      .map(({ attributes }) => attributes.Name ?? '');
    const scalars = (attributes: Readonly<Record<string, string>>): Metadata =>
      Object.fromEntries(Object.entries(attributes).map(([k, v]) => [k, scalar(v)]));
    const date = childOf(image, 'AcquisitionDate')?.text ?? childOf(image, 'AcquiredDate')?.text;
    series.push({
      title: image.attributes.Name ?? '',
      pages,
      lead,
      ...(x ? { x } : {}),
      ...(y ? { y } : {}),
      original: {
        OME: known({
          Image: scalars(image.attributes),
          Pixels: scalars(pixels.attributes),
          channels: names,
          AcquisitionDate: date,
        }),
      },
      warnings:
        missing > 0
          ? [
              `${missing} of ${pages.length} planes are not in this file (they may be in others of the set); they are read as 0, or as NaN when they are floats.`,
            ]
          : [],
    });
  }
  return series;
}
