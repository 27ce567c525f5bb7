import type { Metadata } from '../../model/signal.ts';
import { scalar } from './vendor.ts';

const mostLines = 100_000;

/** Sections of `[name]` with lines `key=value`, as instruments write them; keys before the first section are left out. */
export function parseIni(text: string): Record<string, Metadata> {
  const sections: Record<string, Metadata> = {};
  let section: Metadata | null = null;
  for (const line of text.split(/\r\n|\n|\r/, mostLines)) {
    const name = /^\s*\[([^\]]{1,200})\]\s*$/.exec(line)?.[1];
    if (name !== undefined) {
      section = Object.hasOwn(sections, name) ? sections[name]! : {};
      Object.defineProperty(sections, name, { value: section, enumerable: true, configurable: true, writable: true });
      continue;
    }
    const cut = line.indexOf('=');
    if (cut <= 0 || section === null) continue;
    Object.defineProperty(section, line.slice(0, cut).trim(), {
      value: scalar(line.slice(cut + 1)),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return sections;
}
