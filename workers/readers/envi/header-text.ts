/* The text of ENVI and ESRI headers: pairs of key and value, without any meaning yet. */

/** A value of an ENVI header: text, or the parts of a list in braces. */
export type EnviValue = string | string[];

/** Keys in lower case with single spaces, as both kinds of header are read without regard to them. */
export type EnviKeys = ReadonlyMap<string, EnviValue>;

const normalKey = (key: string): string => key.trim().replaceAll(/\s+/g, ' ').toLowerCase();

/** Text that is free: commas in it do not separate anything. */
const freeText = new Set(['description', 'coordinate system string']);

/** A list in braces, split at its commas; writers leave commas at either end. */
function listOf(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  while (parts.length > 0 && parts[0] === '') parts.shift();
  return parts;
}

export const isEnviText = (text: string): boolean => /^\ufeff?ENVI[ \t]*(?:\r|\n|$)/.test(text);

/**
 * Pairs of an ENVI header, whose first line is `ENVI`. A value in braces may run over lines; a line that begins with `;`
 * is a comment, also inside braces. The last of a repeated key counts.
 * @returns null when a brace is never closed
 */
export function parseEnviKeys(text: string): EnviKeys | null {
  const keys = new Map<string, EnviValue>();
  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const equals = line.indexOf('=');
    if (line.trimStart().startsWith(';') || equals < 0) continue;
    const key = normalKey(line.slice(0, equals));
    const value = line.slice(equals + 1).trim();
    if (!value.startsWith('{')) {
      keys.set(key, value);
      continue;
    }
    const parts = [value.slice(1)];
    while (!parts.at(-1)!.includes('}')) {
      if (++i >= lines.length) return null;
      if (!lines[i]!.trimStart().startsWith(';')) parts.push(lines[i]!);
    }
    parts.push(parts.pop()!.replace(/\}.*$/s, ''));
    const inside = parts.join('\n').trim();
    keys.set(key, freeText.has(key) ? inside : listOf(inside));
  }
  return keys;
}

/** Pairs of an ESRI header (BIL, BIP, BSQ, GridFloat): key, white space, value; the rest of a line is a remark. */
export function parseEsriKeys(text: string): EnviKeys {
  const keys = new Map<string, EnviValue>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const match = /^\s*([A-Za-z_]\w*)\s+(\S+)/.exec(line);
    if (match !== null) keys.set(match[1]!.toLowerCase(), match[2]!);
  }
  return keys;
}

export const isEsriText = (text: string): boolean => /^\s*nrows\s+\d/im.test(text) && /^\s*ncols\s+\d/im.test(text);
