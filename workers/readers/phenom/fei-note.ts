import { basename } from 'node:path';
import { EigenscopeError } from '../../model/errors.ts';
import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, decodeXml, parseXml, textAt } from '../xml.ts';

/** The XML (FeiImage) that stands inside of a picture and says how it was taken; null when there is none or it is damaged. */
export function findNote(path: string, tiff: Uint8Array): XmlElement | null {
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

/** The note as it is; texts with attributes become `value` beside these. */
export function treeOf(element: XmlElement): MetadataValue {
  const told = Object.entries(element.attributes).filter(([name]) => name !== '__proto__');
  if (element.children.length === 0) {
    return told.length === 0 ? element.text : { ...Object.fromEntries(told), value: element.text };
  }
  const tree: Metadata = {};
  for (const child of element.children) if (child.name !== '__proto__') tree[child.name] = treeOf(child);
  return tree;
}

export const known = (tree: Record<string, MetadataValue | undefined>): Metadata =>
  Object.fromEntries(
    Object.entries(tree).filter(
      (pair): pair is [string, MetadataValue] =>
        pair[1] !== undefined && pair[1] !== null && pair[1] !== '' && !Number.isNaN(pair[1]),
    ),
  );

const prefixes: Readonly<Record<string, number>> = { p: -12, n: -9, u: -6, µ: -6, μ: -6, m: -3, '': 0, k: 3, M: 6 };

/** A division where a factor such as 10⁻³ would round. */
const byPowerOfTen = (value: number, power: number): number => (power < 0 ? value / 10 ** -power : value * 10 ** power);

/** A value whose unit is told, in 10^`power` of the unit `base`; NaN when there is none. */
export function valueAt(note: XmlElement | null, base: 'm' | 'V', power: number, ...names: readonly string[]): number {
  let at = note ?? undefined;
  for (const name of names) at = childOf(at, name);
  const unit = at?.attributes['unit'];
  const prefix = unit?.endsWith(base) ? unit.slice(0, -1) : null;
  if (at === undefined || prefix === null || at.text === '' || !Object.hasOwn(prefixes, prefix)) return NaN;
  return byPowerOfTen(Number(at.text), prefixes[prefix]! - power);
}

/** Name and time in HyperSpy's words. */
export function generalOf(path: string, title: string, note: XmlElement | null): Metadata {
  const [date, time] = (textAt(note ?? undefined, 'time') ?? '').split('T');
  return known({ title, original_filename: basename(path), date, time });
}

/** The microscope in HyperSpy's words: beam energy in keV, working distance and stage positions in mm. */
export function microscopeOf(note: XmlElement): Metadata {
  const stage = (name: string): number => Number(textAt(note, 'samplePosition', name) || NaN) * 1000;
  return {
    ...known({
      // electrons are accelerated by a negative voltage
      beam_energy: Math.abs(valueAt(note, 'V', 3, 'acquisition', 'scan', 'highVoltage')),
      working_distance: valueAt(note, 'm', -3, 'workingDistance'),
      microscope: textAt(note, 'instrument', 'uniqueID'),
    }),
    Stage: known({ x: stage('x'), y: stage('y') }),
  };
}
