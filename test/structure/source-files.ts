import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';

export interface SourceFile {
  /** relative to the project, with slashes */
  path: string;
  text: string;
}

const folders = ['main', 'renderer', 'workers', 'test', 'assets', '.ci'];
const skipped = /(^|\/)(node_modules|out|dist|output|fixtures|samples|fonts)(\/|$)|\.gen\.ts$/;
const isText = /\.(ts|mts|mjs|js|svelte|css|html|json|md|yml|svg)$|^\.ci\//;

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (skipped.test(path)) continue;
    if (entry.isDirectory()) yield* walk(path);
    else if (isText.test(path)) yield path;
  }
}

/** Every text file of the project that people write, the ones at the top included. */
export function readSources(): SourceFile[] {
  const top = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isFile() && isText.test(entry.name) && entry.name !== 'package-lock.json')
    .map((entry) => entry.name);
  const paths = [...top, ...folders.filter((folder) => existsSync(folder)).flatMap((folder) => [...walk(folder)])];
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const importPatterns = [
  // import x from 'y', import 'y', export … from 'y'
  /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom\s*)?\s*['"]([^'"]+)['"]/gm,
  // import('y') and types written so
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  /\brequire\(\s*['"]([^'"]+)['"]\s*\)/g,
  // files started or read by their place
  /new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g,
];

/** What a file imports: paths relative to the project for its own files, names as written for packages. */
export function importsOf({ path, text }: SourceFile): string[] {
  const found = new Set<string>();
  for (const pattern of importPatterns) {
    for (const match of text.matchAll(pattern)) {
      const name = (match[1] ?? '').replace(/\?.*$/, '');
      found.add(name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), name)) : name);
    }
  }
  return [...found];
}
