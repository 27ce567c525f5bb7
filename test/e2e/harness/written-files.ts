import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

/* What figure files say of themselves, read by their published layouts and not by our code. */

/** Size in pixels and resolution of a PNG (PNG 3rd ed., IHDR and pHYs). */
export function pngSize(path: string): { width: number; height: number; pixelsPerMetre: number | null } {
  const bytes = readFileSync(path);
  if (bytes.subarray(1, 4).toString('latin1') !== 'PNG') throw new Error(`${path} is not a PNG.`);
  let pixelsPerMetre: number | null = null;
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    const isPhysical = bytes.subarray(at + 4, at + 8).toString('latin1') === 'pHYs';
    if (isPhysical && bytes[at + 16] === 1) pixelsPerMetre = bytes.readUInt32BE(at + 8);
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), pixelsPerMetre };
}

/** Page width in points, embedded TrueType fonts and text operators of a PDF, its streams unpacked (ISO 32000-1, 7.3.8). */
export function pdfFacts(path: string): { widthPt: number; fontFiles: number; textOperators: number } {
  const bytes = readFileSync(path);
  const text = bytes.toString('latin1');
  const box = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)/.exec(text);
  let textOperators = 0;
  for (const found of text.matchAll(/(?<!end)stream\r?\n/g)) {
    const start = found.index + found[0].length;
    const end = text.indexOf('endstream', start);
    try {
      const content = inflateSync(bytes.subarray(start, end)).toString('latin1');
      if (/\bBT\b/.test(content)) textOperators += content.match(/\bT[jJ]\b/g)?.length ?? 0;
    } catch {
      // an image or a font that is packed in another way: no text in it
    }
  }
  return { widthPt: Number(box?.[1]), fontFiles: text.match(/\/FontFile2\b/g)?.length ?? 0, textOperators };
}
