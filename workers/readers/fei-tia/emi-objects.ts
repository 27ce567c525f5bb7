import type { Metadata, MetadataValue } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { decodeText, withFile } from '../file-bytes.ts';
import type { XmlElement } from '../xml.ts';
import { childOf, parseXml, textAt } from '../xml.ts';

/* The EMI file of TIA: binary, with one XML document per recorded object in it. The k-th belongs to NAME_k.ser. */

const opening = Buffer.from('<ObjectInfo>');
const closing = Buffer.from('</ObjectInfo>');
const windowBytes = 4 * 2 ** 20;
/** A document is a page of text; more is damage. */
const longestDocument = 4 * 2 ** 20;
const mostObjects = 4096;

/** Position of the next occurrence at or after `from`, at most before `end`; −1 when there is none. */
function find(file: FileBytes, wanted: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at += windowBytes - wanted.length) {
    const bytes = Buffer.alloc(Math.min(windowBytes, end - at));
    file.readInto(bytes, at);
    const found = bytes.indexOf(wanted);
    if (found >= 0) return at + found;
    if (at + bytes.length >= end) break;
  }
  return -1;
}

/** The object descriptions of an EMI file, in order; null for one that is no well-formed XML. */
export function readEmiObjects(path: string): (XmlElement | null)[] {
  return withFile(path, (file) => {
    const objects: (XmlElement | null)[] = [];
    for (let at = 0; objects.length < mostObjects;) {
      const start = find(file, opening, at, file.size);
      if (start < 0) break;
      const end = find(file, closing, start, Math.min(file.size, start + longestDocument));
      if (end < 0) break;
      const bytes = new Uint8Array(end + closing.length - start);
      file.readInto(bytes, start);
      objects.push(parseObject(path, bytes));
      at = start + bytes.length;
    }
    return objects;
  });
}

function parseObject(path: string, bytes: Uint8Array): XmlElement | null {
  try {
    return parseXml(path, decodeText(bytes), { elements: 100_000, depth: 50 });
  } catch {
    // the pixels are in another file and can be read without
    return null;
  }
}

/** What a microscope told about itself when an object was recorded: `Label` → value and unit. */
export function describedValues(object: XmlElement): Map<string, { value: string; unit: string }> {
  const values = new Map<string, { value: string; unit: string }>();
  const root = childOf(childOf(object, 'ExperimentalDescription'), 'Root');
  for (const data of root?.children ?? []) {
    const label = textAt(data, 'Label');
    if (label) values.set(label, { value: textAt(data, 'Value') ?? '', unit: textAt(data, 'Unit') ?? '' });
  }
  return values;
}

/** The whole description as plain values; lists of `Label`, `Value`, `Unit` and of `Index`, `Value` become pairs. */
export function plainObject(path: string, object: XmlElement): Metadata {
  const plain = (element: XmlElement): MetadataValue => {
    if (element.children.length === 0) {
      // an XML document within the text of another one
      if (!/^<Root>/.test(element.text)) return element.text;
      const inner = parseObject(path, Buffer.from(element.text));
      return inner === null ? element.text : plain(inner);
    }
    const tree: Metadata = {};
    for (const child of element.children) {
      const key = textAt(child, 'Label') ?? textAt(child, 'Index');
      const value = textAt(child, 'Value');
      if (key !== undefined && value !== undefined) tree[key] = `${value} ${textAt(child, 'Unit') ?? ''}`.trim();
      else {
        const name = child.name in tree ? `${child.name} ${Object.keys(tree).length}` : child.name;
        tree[name] = plain(child);
      }
    }
    return tree;
  };
  const tree = plain(object);
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? tree : {};
}
