/**
 * The little of Markdown that the help pages are written in, as data: a component makes elements of it, so that no text
 * ever becomes markup. Headings, paragraphs, lists (also numbered), fenced code; in a line `code`, **bold**, *emphasis* or _emphasis_.
 * What is anything else stays the text that it is.
 */
export interface Span {
  kind: 'text' | 'code' | 'bold' | 'emphasis';
  text: string;
}

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; spans: readonly Span[] }
  | { kind: 'paragraph'; spans: readonly Span[] }
  | { kind: 'list'; isNumbered: boolean; items: readonly (readonly Span[])[] }
  | { kind: 'code'; text: string };

const inline = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|(?<!\w)_([^_\s][^_]*)_(?!\w)/g;

export function parseSpans(line: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of line.matchAll(inline)) {
    if (match.index > end) spans.push({ kind: 'text', text: line.slice(end, match.index) });
    if (match[1] !== undefined) spans.push({ kind: 'code', text: match[1] });
    else if (match[2] !== undefined) spans.push({ kind: 'bold', text: match[2] });
    else spans.push({ kind: 'emphasis', text: match[3] ?? match[4] ?? '' });
    end = match.index + match[0].length;
  }
  if (end < line.length) spans.push({ kind: 'text', text: line.slice(end) });
  return spans;
}

const itemOf = (line: string): RegExpExecArray | null => /^\s*(?:([-*])|(\d+)\.)\s+(.*)$/.exec(line);

export function parseMarkdown(source: string): Block[] {
  const lines = source.split(/\r?\n/);
  const blocks: Block[] = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] as string;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') i++;
    else if (line.startsWith('```')) {
      const first = ++i;
      while (i < lines.length && !(lines[i] as string).startsWith('```')) i++;
      blocks.push({ kind: 'code', text: lines.slice(first, i).join('\n') });
      i++;
    } else if (heading !== null) {
      const level = Math.min(3, (heading[1] ?? '#').length) as 1 | 2 | 3;
      blocks.push({ kind: 'heading', level, spans: parseSpans(heading[2] ?? '') });
      i++;
    } else {
      const first = itemOf(line);
      const texts: string[] = [];
      for (; i < lines.length; i++) {
        const next = lines[i] as string;
        if (next.trim() === '' || next.startsWith('#') || next.startsWith('```')) break;
        const item = itemOf(next);
        if (first === null && item !== null) break;
        // a line that begins nothing continues what stands above
        if (item !== null || texts.length === 0) texts.push(item?.[3] ?? next.trim());
        else texts.push(`${texts.pop() ?? ''} ${next.trim()}`);
      }
      if (first === null) blocks.push({ kind: 'paragraph', spans: parseSpans(texts[0] ?? '') });
      else blocks.push({ kind: 'list', isNumbered: first[2] !== undefined, items: texts.map(parseSpans) });
    }
  }
  return blocks;
}
