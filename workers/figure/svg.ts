import { toBase64 } from './base64.ts';
import type { Drawing, PathPrimitive, Primitive, Rect, Stroke, TextPrimitive } from './drawing.ts';
import { encodePng, type Deflate } from './png.ts';
import { MM_PER_POINT } from './text-metrics.ts';

/** First the font that is measured and embedded, then those with the same widths. */
export const FONT_FAMILY = 'Arimo, Arial, Helvetica, sans-serif';

export interface SvgOptions {
  /** compresses the embedded maps; without it they are stored as they are */
  deflate?: Deflate;
  /** put before every id, so that several figures can stand in one document */
  idPrefix?: string;
}

/**
 * SVG 1.1 text of a drawing: size in mm, one user unit per mm, live text, maps as lossless PNG drawn without
 * smoothing, every scale bar and label an object of its own. The same drawing gives the same text, to the byte.
 */
export function toSvgText(drawing: Drawing, options: SvgOptions = {}): string {
  const clips: Rect[] = [];
  const prefix = options.idPrefix ?? '';
  const groups: string[] = [];
  const panels = [null, ...drawing.panelNames.map((_, i) => i)];
  for (const panel of panels) {
    const body = drawing.items
      .filter((item) => item.panel === panel)
      .map((item) => `    ${element(item, options, clips, prefix)}`)
      .join('\n');
    if (body === '') continue;
    const name = panel === null ? 'page' : `panel-${drawing.panelNames[panel] ?? panel}`;
    groups.push(`  <g id="${escape(prefix + name)}">\n${body}\n  </g>`);
  }
  const [w, h] = [round(drawing.widthMm), round(drawing.heightMm)];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" ` +
      `width="${w}mm" height="${h}mm" viewBox="0 0 ${w} ${h}" role="img" font-family="${FONT_FAMILY}">`,
    `  <title>${escape(drawing.title)}</title>`,
    `  <desc>${escape(drawing.description)}</desc>`,
  ];
  if (clips.length > 0) {
    const shapes = clips.map(
      (c, i) => `<clipPath id="${escape(`${prefix}clip-${i + 1}`)}"><rect ${box(c)}/></clipPath>`,
    );
    lines.push(`  <defs>${shapes.join('')}</defs>`);
  }
  return `${[...lines, ...groups, '</svg>'].join('\n')}\n`;
}

/** Three decimals of a millimetre are a micrometre; no exponent, no minus zero. */
export const round = (value: number): string => String(Number(value.toFixed(3)) + 0);

function element(item: Primitive, options: SvgOptions, clips: Rect[], prefix: string): string {
  const role = `class="${item.role}"`;
  switch (item.kind) {
    case 'line':
      return (
        `<line ${role} x1="${round(item.x1)}" y1="${round(item.y1)}" x2="${round(item.x2)}" y2="${round(item.y2)}"` +
        `${strokeOf(item.stroke)}/>`
      );
    case 'path':
      return pathElement(item, role, clips, prefix);
    case 'rect':
      return `<rect ${role} ${box(item)}${fillOf(item.fill)}${strokeOf(item.stroke)}/>`;
    case 'circle':
      return (
        `<circle ${role} cx="${round(item.x)}" cy="${round(item.y)}" r="${round(item.radius)}"` +
        `${fillOf(item.fill)}${strokeOf(item.stroke)}/>`
      );
    case 'text':
      return textElement(item, role);
    case 'image': {
      const png = encodePng(item.pixels, options.deflate === undefined ? {} : { deflate: options.deflate });
      // the attribute is SVG 1.1, the style is CSS: between them every renderer keeps the pixels square
      return (
        `<image ${role} ${box(item)} preserveAspectRatio="none" image-rendering="optimizeSpeed" ` +
        `style="image-rendering:pixelated" xlink:href="data:image/png;base64,${toBase64(png)}"/>`
      );
    }
  }
}

function pathElement(item: PathPrimitive, role: string, clips: Rect[], prefix: string): string {
  const d = item.runs.map((run) => {
    const points: string[] = [];
    for (let i = 0; i + 1 < run.length; i += 2)
      points.push(`${round(run[i] as number)} ${round(run[i + 1] as number)}`);
    return `M${points.join('L')}${item.closed ? 'Z' : ''}`;
  });
  let clip = '';
  if (item.clip !== undefined) {
    clips.push(item.clip);
    clip = ` clip-path="url(#${escape(`${prefix}clip-${clips.length}`)})"`;
  }
  const join = item.stroke === undefined ? '' : ' stroke-linejoin="round"';
  return `<path ${role} d="${d.join('')}"${fillOf(item.fill)}${strokeOf(item.stroke)}${join}${clip}/>`;
}

function textElement(item: TextPrimitive, role: string): string {
  const place =
    item.rotate === 0
      ? `x="${round(item.x)}" y="${round(item.y)}"`
      : `transform="translate(${round(item.x)} ${round(item.y)}) rotate(${item.rotate})"`;
  const anchor = item.anchor === 'start' ? '' : ` text-anchor="${item.anchor}"`;
  const weight = item.weight === 400 ? '' : ` font-weight="${item.weight}"`;
  const common = `${place} font-size="${round(item.sizePt * MM_PER_POINT)}"${weight}${anchor}`;
  const words = escape(item.text);
  const halo =
    item.halo === undefined
      ? ''
      : `<text class="halo" aria-hidden="true" ${common}${fillOf(item.halo.colour)}${strokeOf(item.halo)} ` +
        `stroke-linejoin="round">${words}</text>`;
  return `${halo}<text ${role} ${common}${fillOf(item.fill)}>${words}</text>`;
}

const box = (r: Rect): string =>
  `x="${round(r.x)}" y="${round(r.y)}" width="${round(r.width)}" height="${round(r.height)}"`;
const fillOf = (fill: string | undefined): string => ` fill="${fill ?? 'none'}"`;

function strokeOf(stroke: Stroke | undefined): string {
  if (stroke === undefined) return '';
  const dash = stroke.dashPt ?? [];
  const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map((d) => round(d * MM_PER_POINT)).join(' ')}"`;
  return ` stroke="${stroke.colour}" stroke-width="${round(stroke.widthPt * MM_PER_POINT)}"${dashes}`;
}

/** XML text: markup escaped, characters that XML 1.0 forbids left out. */
function escape(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
  );
}
