import { basename } from 'node:path';
import { besideAll } from '../companion.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { decodeText, withFile } from '../file-bytes.ts';
import type { XmlElement } from '../xml.ts';
import { findElements, parseXml } from '../xml.ts';
import type { ListedFile } from './file-set.ts';
import { openTiff, readDirectory, textOf } from './ifd.ts';
import { listPages, type PageList } from './list-pages.ts';
import { tags } from './tags.ts';

/** Pages of one file among all pages of a set. */
export interface PageRange {
  first: number;
  count: number;
}

/** A set of files that one OME description tells of. */
export interface OmeSet {
  root: XmlElement;
  /** pages of the file that was opened, and by what the description may call it */
  own: PageRange;
  ownName: string;
  ownId: string | null;
  /** the other files by name; null: named, but not there or not readable */
  named: ReadonlyMap<string, PageRange | null>;
}

/** More files than this make no set of the field, and would take minutes to look through. */
const mostFiles = 10_000;
const mostText = 64 * 2 ** 20;

const isNamed = (name: string) => (element: XmlElement) => element.name === name || element.name.endsWith(`:${name}`);

/** The name of a file in the same folder, or null: neither paths nor the folder itself are followed. */
const plainName = (name: string | undefined): string | null =>
  name === undefined || /[\\/\0]/.test(name) || /^\.{0,2}$/.test(name) ? null : name;

/** The text that a file of a set refers to: of a companion file, or of the first page of another TIFF. */
function textBeside(path: string, name: string): string | null {
  const found = besideAll(path, [name]).get(name);
  if (found === undefined) return null;
  return withFile(found, (file) => {
    const head = new Uint8Array(Math.min(2, file.size));
    file.readInto(head, 0);
    if (['II', 'MM'].includes(decodeText(head))) {
      const tiff = openTiff(file);
      return textOf(tiff, readDirectory(tiff, tiff.first), tags.imageDescription) ?? null;
    }
    if (file.size > mostText) return null;
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return decodeText(bytes);
  });
}

/** The description itself, or the one it refers to (`BinaryOnly`), and the id of this file. */
function rootOf(path: string, description: string, warnings: string[]): { root: XmlElement; ownId: string | null } {
  const root = parseXml(path, description);
  const [reference] = findElements(root, isNamed('BinaryOnly'));
  if (reference === undefined) return { root, ownId: findId(root) };
  const ownId = reference.attributes.UUID ?? null;
  const name = reference.attributes.MetadataFile ?? '';
  const plain = plainName(name);
  const text = plain === null ? null : textBeside(path, plain);
  if (text === null) {
    warnings.push(`What its pages mean is written in “${name.slice(0, 200)}”, which is not beside it.`);
    return { root, ownId };
  }
  return { root: parseXml(path, text), ownId };
}

const findId = (root: XmlElement): string | null => {
  const [ome] = isNamed('OME')(root) ? [root] : findElements(root, isNamed('OME'));
  return ome?.attributes.UUID ?? null;
};

/**
 * Finds the files that an OME description names, in the folder of the file alone, and adds their pages behind its own
 * (OME-TIFF specification, "Multi-file": `TiffData/UUID` with the attribute `FileName`).
 * @param pages those of the file; pages of the others are added
 * @param files the file; the others are added
 */
export function gatherOme(path: string, pages: PageList, files: ListedFile[], warnings: string[]): OmeSet {
  const { root, ownId } = rootOf(path, pages.description, warnings);
  const ownName = basename(path);
  const names = new Set<string>();
  for (const block of findElements(root, isNamed('TiffData'))) {
    const uuid = block.children.find(isNamed('UUID'));
    const name = plainName(uuid?.attributes.FileName);
    if (name === null || name === ownName || (ownId !== null && uuid!.text.trim() === ownId)) continue;
    names.add(name);
    if (names.size >= mostFiles) break;
  }
  const own = { first: 0, count: pages.notes.length };
  const named = new Map<string, PageRange | null>();
  const places = besideAll(path, names);
  const refused: string[] = [];
  for (const name of names) {
    named.set(name, null);
    const place = places.get(name);
    if (place === undefined) continue;
    try {
      withFile(place, (file) => {
        const tiff = openTiff(file);
        const list = listPages(tiff, files.length, warnings);
        named.set(name, { first: pages.notes.length, count: list.notes.length });
        files.push({ path: place, stamp: file.stamp(), littleEndian: tiff.littleEndian });
        for (const note of list.notes) pages.notes.push(note);
        for (const [key, page] of list.firsts) if (!pages.firsts.has(key)) pages.firsts.set(key, page);
        pages.skipped += list.skipped;
      });
    } catch (error) {
      if (!(error instanceof EigenscopeError)) throw error;
      refused.push(error.message);
    }
  }
  if (refused.length > 0) warnings.push(`Of the files of its set ${refused.length} cannot be read: ${refused[0]}`);
  return { root, own, ownName, ownId, named };
}
