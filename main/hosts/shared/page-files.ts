import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
};

export interface PageFile {
  bytes: Uint8Array;
  mediaType: string;
}

/**
 * The names of a URL path, decoded, or null when the path tries anything but plain names: an empty or dotted
 * segment, a slash or backslash in disguise, a drive, a NUL.
 */
export function plainSegments(urlPath: string): string[] | null {
  const segments: string[] = [];
  for (const part of urlPath.replace(/^\//, '').split('/')) {
    let name: string;
    try {
      name = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (name === '' || name.startsWith('.') || /[/\\:]/.test(name) || name.includes('\0')) return null;
    segments.push(name);
  }
  return segments;
}

/**
 * A file of the built window. `/` is its page; only the types a page consists of are served (no source maps).
 *
 * @returns null for everything that is not a file inside `folder`, links out of it included
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  const segments = plainSegments(urlPath === '/' || urlPath === '' ? '/index.html' : urlPath);
  if (segments === null) return null;
  const mediaType = mediaTypes[extname(segments.at(-1) ?? '').toLowerCase()];
  if (mediaType === undefined) return null;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...segments));
    if (!path.startsWith(root + sep)) return null;
    return { bytes: await readFile(path), mediaType };
  } catch {
    return null;
  }
}
