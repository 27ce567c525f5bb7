import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { XmlElement } from '../xml.ts';
import { findElements, textAt } from '../xml.ts';

/* Bruker's XML: objects are `ClassInstance` elements told apart by their `Type`. */

/** A number as Bruker writes it, with a point or, in old files, a comma; null when there is none. */
export function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

export const numberAt = (element: XmlElement | undefined, ...names: readonly string[]): number | null =>
  numberOf(textAt(element, ...names));

/** A whole number of at least 0, or null. */
export function countAt(element: XmlElement | undefined, ...names: readonly string[]): number | null {
  const value = numberAt(element, ...names);
  return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

const isInstance = (element: XmlElement, type: string): boolean =>
  element.name === 'ClassInstance' && element.attributes['Type'] === type;

/** The first object of this type at or below an element, in document order. */
export function instanceOf(element: XmlElement | undefined, type: string): XmlElement | undefined {
  if (element === undefined) return undefined;
  for (const found of findElements(element, (e) => isInstance(e, type))) return found;
  return undefined;
}

/** The objects of this type directly below an element. */
export const childInstances = (element: XmlElement | undefined, type: string): XmlElement[] =>
  element?.children.filter((child) => isInstance(child, type)) ?? [];

/** “9.8.2016” as “2016-08-09”; undefined when it is no date. */
export function dateOf(text: string | undefined): string | undefined {
  const parts = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text?.trim() ?? '');
  return parts === null ? undefined : `${parts[3]!}-${parts[2]!.padStart(2, '0')}-${parts[1]!.padStart(2, '0')}`;
}

/** “18:5:9” as “18:05:09”; undefined when it is no time. */
export function timeOf(text: string | undefined): string | undefined {
  const parts = /^(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(text?.trim() ?? '');
  return parts
    ?.slice(1)
    .map((part) => part.padStart(2, '0'))
    .join(':');
}

/** Pictures, spectra and packed blobs are data, not metadata; whole lists of counts would drown the rest. */
const longestValue = 1024;

const valueOf = (text: string): MetadataValue => {
  const value = Number(text);
  return /^-?\d/.test(text) && Number.isFinite(value) ? value : text;
};

/** An element as plain JSON: attributes and children by name, several of one name as a list, long texts left out. */
export function plainTree(element: XmlElement): MetadataValue {
  const attributes = Object.entries(element.attributes);
  if (element.children.length === 0 && attributes.length === 0) {
    return element.text.length > longestValue ? null : valueOf(element.text);
  }
  const tree = new Map<string, MetadataValue>();
  for (const [name, value] of attributes) tree.set(name, valueOf(value));
  const seen = new Map<string, MetadataValue[]>();
  for (const child of element.children) {
    if (child.children.length === 0 && child.text.length > longestValue) continue;
    const name = isClass(child) ? (child.attributes['Type'] ?? child.name) : child.name;
    const list = seen.get(name);
    if (list === undefined) seen.set(name, [plainTree(child)]);
    else list.push(plainTree(child));
  }
  for (const [name, list] of seen) tree.set(name, list.length === 1 ? list[0]! : list);
  if (element.text !== '' && element.text.length <= longestValue) tree.set('text', valueOf(element.text));
  return Object.fromEntries(tree);
}

const isClass = (element: XmlElement): boolean => element.name === 'ClassInstance';

/** The same for the object of a document, as the root of a signal's original metadata. */
export function originalMetadataOf(element: XmlElement | undefined): Metadata {
  if (element === undefined) return {};
  const tree = plainTree(element);
  return tree !== null && typeof tree === 'object' && !Array.isArray(tree) ? tree : {};
}
