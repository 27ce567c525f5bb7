import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { drawFigure } from '../figure/draw.ts';
import type { Primitive, Rect, Stroke, TextPrimitive } from '../figure/drawing.ts';
import type { Figure } from '../figure/figure-model.ts';
import type { RgbaImage } from '../figure/rasterize.ts';
import { MM_PER_POINT } from '../figure/text-metrics.ts';
import { fontFiles } from './font-files.ts';

export interface PdfOptions {
  fontFolder?: string;
  /** written as creation date; the default keeps equal figures equal to the byte */
  made?: Date;
  /** false leaves page content readable, for tests */
  compress?: boolean;
}

const pt = (mm: number): number => mm / MM_PER_POINT;

/**
 * The figure as one PDF page of its own size: text as text with embedded TrueType, lines and scale bars as vectors,
 * maps as lossless RGB images that viewers are told not to smooth.
 */
export async function figureToPdf(figure: Figure, options: PdfOptions = {}): Promise<Uint8Array> {
  const drawing = drawFigure(figure);
  const fonts = fontFiles(options.fontFolder);
  const doc = new PDFDocument({
    size: [pt(drawing.widthMm), pt(drawing.heightMm)],
    margin: 0,
    compress: options.compress ?? true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: drawing.title,
      Subject: drawing.description,
      Creator: 'Eigenscope',
      Producer: 'Eigenscope',
      CreationDate: options.made ?? new Date(0),
    },
  });
  const parts: Uint8Array[] = [];
  doc.on('data', (part: Uint8Array) => parts.push(part));
  const finished = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  doc.registerFont('regular', readFileSync(fonts.regular));
  doc.registerFont('bold', readFileSync(fonts.bold));
  drawing.items.forEach((item, index) => draw(doc, item, index));
  doc.end();
  await finished;
  return new Uint8Array(Buffer.concat(parts));
}

type Doc = InstanceType<typeof PDFDocument>;

function draw(doc: Doc, item: Primitive, index: number): void {
  switch (item.kind) {
    case 'line':
      doc.moveTo(pt(item.x1), pt(item.y1)).lineTo(pt(item.x2), pt(item.y2));
      paint(doc, undefined, item.stroke);
      return;
    case 'path':
      doc.save();
      if (item.clip !== undefined) doc.rect(...box(item.clip)).clip();
      for (const run of item.runs) tracePath(doc, run, item.closed);
      doc.lineJoin('round');
      if (item.runs.length > 0) paint(doc, item.fill, item.stroke);
      doc.restore();
      return;
    case 'rect':
      doc.rect(...box(item));
      paint(doc, item.fill, item.stroke);
      return;
    case 'circle':
      doc.circle(pt(item.x), pt(item.y), pt(item.radius));
      paint(doc, item.fill, item.stroke);
      return;
    case 'text':
      drawText(doc, item);
      return;
    case 'image':
      drawImage(doc, item.pixels, item, `Map${index}`);
      return;
  }
}

const box = (r: Rect): [number, number, number, number] => [pt(r.x), pt(r.y), pt(r.width), pt(r.height)];

function tracePath(doc: Doc, run: readonly number[], closed: boolean): void {
  for (let i = 0; i + 1 < run.length; i += 2) {
    const [x, y] = [pt(run[i] as number), pt(run[i + 1] as number)];
    if (i === 0) doc.moveTo(x, y);
    else doc.lineTo(x, y);
  }
  if (closed) doc.closePath();
}

function paint(doc: Doc, fill: string | undefined, stroke: Stroke | undefined): void {
  if (stroke !== undefined) {
    doc.lineWidth(stroke.widthPt).strokeColor(stroke.colour);
    doc.addContent(`[${(stroke.dashPt ?? []).join(' ')}] 0 d`);
  }
  if (fill !== undefined && stroke !== undefined) doc.fillColor(fill).fillAndStroke();
  else if (fill !== undefined) doc.fillColor(fill).fill();
  else if (stroke !== undefined) doc.stroke();
}

function drawText(doc: Doc, item: TextPrimitive): void {
  doc.font(item.weight === 700 ? 'bold' : 'regular').fontSize(item.sizePt);
  const width = doc.widthOfString(item.text);
  const shift = item.anchor === 'start' ? 0 : item.anchor === 'middle' ? -width / 2 : -width;
  const [x, y] = [pt(item.x), pt(item.y)];
  const place = { lineBreak: false, baseline: 'alphabetic' } as const;
  doc.save();
  if (item.rotate !== 0) doc.rotate(item.rotate, { origin: [x, y] });
  if (item.halo !== undefined) {
    doc
      .lineWidth(item.halo.widthPt)
      .lineJoin('round')
      .undash()
      .strokeColor(item.halo.colour)
      .fillColor(item.halo.colour);
    doc.text(item.text, x + shift, y, { ...place, stroke: true, fill: true });
  }
  doc.fillColor(item.fill).text(item.text, x + shift, y, place);
  doc.restore();
}

/** Writes the image object ourselves: DeviceRGB, Flate, no smoothing, soft mask only where something is transparent. */
function drawImage(doc: Doc, image: RgbaImage, place: Rect, name: string): void {
  const count = image.width * image.height;
  const rgb = new Uint8Array(count * 3);
  const alpha = new Uint8Array(count);
  let isOpaque = true;
  for (let i = 0; i < count; i++) {
    rgb[3 * i] = image.data[4 * i] as number;
    rgb[3 * i + 1] = image.data[4 * i + 1] as number;
    rgb[3 * i + 2] = image.data[4 * i + 2] as number;
    alpha[i] = image.data[4 * i + 3] as number;
    if (alpha[i] !== 255) isOpaque = false;
  }
  const common = {
    Type: 'XObject',
    Subtype: 'Image',
    Width: image.width,
    Height: image.height,
    BitsPerComponent: 8,
    Interpolate: false,
  };
  const mask = isOpaque ? {} : { SMask: imageObject(doc, { ...common, ColorSpace: 'DeviceGray' }, alpha) };
  const object = imageObject(doc, { ...common, ColorSpace: 'DeviceRGB', ...mask }, rgb);
  (doc.page as unknown as { xobjects: Record<string, PdfReference> }).xobjects[name] = object;
  const [x, y, width, height] = box(place);
  doc.save();
  // images are painted on the unit square, upwards
  doc.transform(width, 0, 0, -height, x, y + height);
  doc.addContent(`/${name} Do`);
  doc.restore();
}

type PdfReference = ReturnType<Doc['ref']>;

function imageObject(doc: Doc, dictionary: Record<string, unknown>, bytes: Uint8Array): PdfReference {
  const object = doc.ref({ ...dictionary, Filter: 'FlateDecode' });
  object.end(deflateSync(bytes, { level: 6 }));
  return object;
}
