import { SaxesParser } from 'saxes';
import { corrupt, latin1 } from './file-bytes.ts';

/** An element of an XML document. Names keep their letter case; namespaces stay part of the name. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** all character data directly inside, in order, trimmed */
  text: string;
}

export interface XmlLimits {
  /** elements in the whole document */
  elements?: number;
  depth?: number;
}

interface Open {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  pieces: string[];
}

const mostElements = 2_000_000;
const mostDepth = 200;

/** Text of an XML document by its byte order mark or its declared encoding; UTF-8 where valid and nothing is declared. */
export function decodeXml(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const declared = /^[^<]*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(
    latin1(bytes.subarray(0, 512)),
  )?.[1];
  if (declared !== undefined) {
    try {
      // a text that says UTF-16 in bytes that are not is read as what it is
      const isWide = /utf-?16|ucs-?2/i.test(declared);
      if (!isWide) return new TextDecoder(declared).decode(bytes);
    } catch {
      // an encoding nobody knows: below
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * The root element of an XML document. Entities other than the five of XML itself are never expanded and nothing outside
 * the document is read.
 * @throws EigenscopeError `corrupt-file` when it is not well-formed or larger or deeper than the limits
 */
export function parseXml(path: string, text: string, limits: XmlLimits = {}): XmlElement {
  const most = limits.elements ?? mostElements;
  const deepest = limits.depth ?? mostDepth;
  const stack: Open[] = [];
  let root: XmlElement | null = null;
  let count = 0;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw corrupt(
      path,
      `its XML breaks off or is no XML (${error.message.slice(0, 120)})`,
      'a whole XML document was expected',
    );
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (++count > most || stack.length >= deepest) {
      throw corrupt(
        path,
        `its XML has more than ${most} elements or ${deepest} levels`,
        'an export of an instrument was expected',
      );
    }
    stack.push({ name, attributes, children: [], pieces: [] });
  });
  const addText = (piece: string): void => void stack.at(-1)?.pieces.push(piece);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const { name, attributes, children, pieces } = stack.pop()!;
    const element: XmlElement = { name, attributes, children, text: pieces.join('').trim() };
    const parent = stack.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text.replace(/^\ufeff/, '')).close();
  if (root === null) throw corrupt(path, 'it holds no XML element', 'an XML document was expected');
  return root;
}

/** The first child of this name, or undefined. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

/** Text of the element that a path of names leads to, or undefined. */
export function textAt(element: XmlElement | undefined, ...names: readonly string[]): string | undefined {
  let at = element;
  for (const name of names) at = childOf(at, name);
  return at?.text;
}

/** Every element below (and with) this one for which `wanted` holds, in document order. */
export function* findElements(element: XmlElement, wanted: (e: XmlElement) => boolean): Generator<XmlElement> {
  if (wanted(element)) yield element;
  for (const child of element.children) yield* findElements(child, wanted);
}
