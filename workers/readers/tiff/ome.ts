import { basename } from 'node:path';
import type { Metadata } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, findElements } from '../xml.ts';
import type { OmeSet, PageRange } from './ome-set.ts';
import type { LeadAxis, PageNote, Series } from './series.ts';
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

/** The pages that a block of planes is about: of the file itself or another of the set; null when they are not there. */
function rangeOf(set: OmeSet, block: XmlElement): PageRange | null {
  const uuid = block.children.find(({ name }) => /(^|:)UUID$/.test(name));
  if (uuid === undefined) return set.own;
  const id = uuid.text.trim();
  const other = uuid.attributes.FileName;
  if (other === undefined) return set.ownId === null || id === '' || id === set.ownId ? set.own : null;
  // a file that was given another name still knows its id
  if (basename(other) === set.ownName || (set.ownId !== null && id === set.ownId)) return set.own;
  return set.named.get(other) ?? null;
}

const blocksOf = (pixels: XmlElement): XmlElement[] =>
  pixels.children.filter(({ name }) => /(^|:)TiffData$/.test(name));

/** A page of an image, for what all its pages are alike in; −1 when none of them is there. */
function somePage(set: OmeSet, pixels: XmlElement, next: number): number {
  const blocks = blocksOf(pixels);
  if (blocks.length === 0) return next < set.own.count ? set.own.first + next : -1;
  for (const block of blocks) {
    const range = rangeOf(set, block);
    if (range === null) continue;
    const page = count(block, 'IFD', range === set.own && blocks.length === 1 ? next : 0);
    if (page < range.count) return range.first + page;
  }
  return -1;
}

/** Which page of the set each plane is; −1 for planes in files that are not there. */
function placePlanes(
  set: OmeSet,
  pixels: XmlElement,
  sizes: Readonly<Record<'Z' | 'C' | 'T', number>>,
  order: readonly ('Z' | 'C' | 'T')[],
  next: number,
): { pages: number[]; next: number } {
  // `order` is from the fastest on
  const strides: Record<string, number> = {};
  let total = 1;
  for (const letter of order) {
    strides[letter] = total;
    total *= sizes[letter];
  }
  const pages = new Array<number>(total).fill(-1);
  const { own } = set;
  const blocks = blocksOf(pixels);
  if (blocks.length === 0) {
    return { pages: pages.map((_, i) => (next + i < own.count ? own.first + next + i : -1)), next: next + total };
  }
  let page = next;
  let last = next;
  for (const block of blocks) {
    const place = (['Z', 'C', 'T'] as const).reduce(
      (sum, letter) => sum + count(block, `First${letter}`, 0) * strides[letter]!,
      0,
    );
    const range = rangeOf(set, block);
    if (range === null) continue;
    const hasPage = block.attributes.IFD !== undefined;
    if (range !== own) {
      const begin = count(block, 'IFD', 0);
      const planes = Math.min(
        count(block, 'PlaneCount', hasPage ? 1 : range.count),
        range.count - begin,
        total - place,
      );
      for (let i = 0; i < planes; i++) pages[place + i] = range.first + begin + i;
      continue;
    }
    page = count(block, 'IFD', blocks.length === 1 ? next : hasPage ? 0 : page);
    const planes = count(block, 'PlaneCount', hasPage ? 1 : blocks.length === 1 ? total : 1);
    for (let i = 0; i < planes && place + i < total; i++) {
      if (page + i < own.count) pages[place + i] = own.first + page + i;
    }
    page += planes;
    last = Math.max(last, page);
  }
  return { pages, next: last };
}

/**
 * OME-TIFF: one series for every Image of the description, its planes in one file or several. DimensionOrder counts from the fastest axis; samples of a
 * pixel are part of SizeC. Lengths without a unit are in µm, times in s (OME schema 2016-06).
 * @param samplesOf numbers per pixel of a page
 */
export function readOme(set: OmeSet, notes: readonly PageNote[], samplesOf: (page: number) => number): Series[] {
  const { root } = set;
  const images = [...findElements(root, ({ name }) => /(^|:)Image$/.test(name))].slice(0, 10_000);
  const series: Series[] = [];
  const missingFiles = [...set.named].filter(([, range]) => range === null).map(([name]) => name);
  const absent =
    missingFiles.length === 0
      ? ''
      : ` (${missingFiles.length === 1 ? 'a file' : `${missingFiles.length} files`} of the set, first “${missingFiles[0]!.slice(0, 200)}”, should be beside this one)`;
  let next = 0;
  let planes = 0;
  for (const image of images) {
    const pixels = image.children.find(({ name }) => /(^|:)Pixels$/.test(name));
    const some = pixels === undefined ? -1 : somePage(set, pixels, next);
    if (pixels === undefined || some < 0) continue;
    const samples = samplesOf(some);
    const channels = Math.max(1, count(pixels, 'SizeC', 1));
    const sizes = {
      Z: Math.max(1, count(pixels, 'SizeZ', 1)),
      C: samples > 1 && channels % samples === 0 ? channels / samples : channels,
      T: Math.max(1, count(pixels, 'SizeT', 1)),
    };
    // of all images together: each is a list in memory
    planes += sizes.Z * sizes.C * sizes.T;
    if (planes > mostPlanes) break;
    const told = [...(pixels.attributes.DimensionOrder ?? 'XYZCT')].filter((l) => 'ZCT'.includes(l)) as (
      'Z' | 'C' | 'T'
    )[];
    const order = new Set(told).size === 3 && told.length === 3 ? told : (['Z', 'C', 'T'] as const);
    const placed = placePlanes(set, pixels, sizes, order, next);
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
              `${missing} of ${pages.length} planes are not there${absent}; they are read as 0, or as NaN when they are floats.`,
            ]
          : [],
    });
  }
  return series;
}
