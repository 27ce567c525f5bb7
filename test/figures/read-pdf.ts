import { inflateSync } from 'node:zlib';

/** Just enough of a PDF reader to check what was written: objects, streams, and text through ToUnicode. */
export interface PdfObject {
  id: number;
  dictionary: string;
  stream: Buffer | null;
}

export function readPdf(bytes: Uint8Array): PdfObject[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map((match) => {
    const body = match[2] as string;
    const start = body.indexOf('stream\n');
    if (start < 0) return { id: Number(match[1]), dictionary: body, stream: null };
    const dictionary = body.slice(0, start);
    const raw = Buffer.from(body.slice(start + 7, body.lastIndexOf('\nendstream')), 'latin1');
    return { id: Number(match[1]), dictionary, stream: /FlateDecode/.test(dictionary) ? inflateSync(raw) : raw };
  });
}

/** The content of the only page. */
export function pageContent(objects: readonly PdfObject[]): string {
  const page = objects.find((o) => /\/Type \/Page\n/.test(o.dictionary))?.dictionary ?? '';
  const id = Number(/\/Contents (\d+) 0 R/.exec(page)?.[1]);
  return (objects.find((o) => o.id === id)?.stream ?? Buffer.alloc(0)).toString('latin1');
}

/** Every shown string, decoded with the character map of its font. */
export function shownTexts(objects: readonly PdfObject[]): string[] {
  const maps = fontMaps(objects);
  const out: string[] = [];
  let map = new Map<number, string>();
  for (const match of pageContent(objects).matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (match[1] !== undefined) {
      map = maps.get(match[1]) ?? new Map<number, string>();
      continue;
    }
    const codes = [...(match[2] as string).matchAll(/<([0-9a-fA-F]*)>/g)].flatMap(
      (hex) => (hex[1] as string).match(/.{4}/g) ?? [],
    );
    out.push(codes.map((code) => map.get(parseInt(code, 16)) ?? '\ufffd').join(''));
  }
  return out;
}

function fontMaps(objects: readonly PdfObject[]): Map<string, Map<number, string>> {
  const byId = new Map(objects.map((o) => [o.id, o] as const));
  const maps = new Map<string, Map<number, string>>();
  for (const object of objects) {
    for (const [, name = '', id] of object.dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const font = byId.get(Number(id))?.dictionary ?? '';
      const stream = byId.get(Number(/\/ToUnicode (\d+) 0 R/.exec(font)?.[1]))?.stream;
      if (stream) maps.set(name, unicodeMap(stream.toString('latin1')));
    }
  }
  return maps;
}

function unicodeMap(cmap: string): Map<number, string> {
  const map = new Map<number, string>();
  for (const [, first = '0', list = ''] of cmap.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g)) {
    [...list.matchAll(/<([0-9a-fA-F ]*)>/g)].forEach(([, hex = ''], i) => {
      const units = hex.replaceAll(' ', '').match(/.{4}/g) ?? [];
      map.set(parseInt(first, 16) + i, String.fromCharCode(...units.map((u) => parseInt(u, 16))));
    });
  }
  return map;
}
