import { capHeight, textAt } from './draw-frame.ts';
import type { Primitive, Rect } from './drawing.ts';
import type { FigureStyle, MapPanel } from './figure-model.ts';
import { contrastRatio, relativeLuminance } from './lab.ts';
import type { RgbaImage } from './rasterize.ts';
import { chooseScaleBar, fixedScaleBar, type ScaleBar } from './scale-bar.ts';
import { MM_PER_POINT, textWidth } from './text-metrics.ts';

const SCALE_BAR_INSET_MM = 1.5;

/** The bar that a panel shows, null for none. */
export function scaleBarOf(panel: MapPanel): ScaleBar | null {
  if (panel.scaleBar.kind === 'none') return null;
  return panel.scaleBar.kind === 'auto'
    ? chooseScaleBar(panel.xAxis)
    : fixedScaleBar(panel.xAxis, panel.scaleBar.value);
}

/** A bar of exact length at the lower left, its label above; measured from the calibration, never part of the pixels. */
export function drawScaleBar(
  panel: MapPanel,
  rect: Rect,
  image: RgbaImage,
  index: number,
  style: FigureStyle,
): Primitive[] {
  const bar = scaleBarOf(panel);
  if (bar === null) return [];
  const width = bar.fraction * rect.width;
  const height = style.scaleBarPt * MM_PER_POINT;
  const inset = Math.min(SCALE_BAR_INSET_MM, rect.width * 0.08, rect.height * 0.12);
  const x = rect.x + inset;
  const y = rect.y + rect.height - inset - height;
  const label = textWidth(bar.label, style.tickPt);
  const block = {
    x,
    width: Math.max(width, label),
    y: y - 0.6 - capHeight(style.tickPt),
    height: 0.6 + capHeight(style.tickPt) + height,
  };
  const { colour, halo, needsHalo } = readableInk(image, rect, block);
  const items: Primitive[] = [];
  if (needsHalo) {
    items.push({
      kind: 'rect',
      role: 'scale-bar-halo',
      panel: index,
      x: x - 0.2,
      y: y - 0.2,
      width: width + 0.4,
      height: height + 0.4,
      fill: halo,
    });
  }
  items.push({ kind: 'rect', role: 'scale-bar', panel: index, x, y, width, height, fill: colour });
  const isWide = label > width + 2 * inset;
  items.push(
    textAt(
      'scale-bar-label',
      index,
      bar.label,
      isWide ? x : x + width / 2,
      y - 0.6,
      style.tickPt,
      isWide ? 'start' : 'middle',
      { fill: colour, ...(needsHalo ? { halo: { colour: halo, widthPt: 1.1 } } : {}) },
    ),
  );
  return items;
}

const HATCH_LUMINANCE = relativeLuminance(0xe6, 0xe9, 0xeb);

/**
 * White or black, whichever reads better over the pixels under the bar; with a halo when the worst tenth of them
 * leaves less than 4.5 : 1.
 */
function readableInk(image: RgbaImage, rect: Rect, block: Rect): { colour: string; halo: string; needsHalo: boolean } {
  const column = (mm: number): number =>
    Math.min(image.width - 1, Math.max(0, Math.floor(((mm - rect.x) / rect.width) * image.width)));
  const row = (mm: number): number =>
    Math.min(image.height - 1, Math.max(0, Math.floor(((mm - rect.y) / rect.height) * image.height)));
  const onWhite: number[] = [];
  const onBlack: number[] = [];
  for (let y = row(block.y); y <= row(block.y + block.height); y++) {
    for (let x = column(block.x); x <= column(block.x + block.width); x++) {
      const at = 4 * (y * image.width + x);
      const [r = 0, g = 0, b = 0, alpha = 0] = image.data.subarray(at, at + 4);
      const luminance = alpha === 0 ? HATCH_LUMINANCE : relativeLuminance(r, g, b);
      onWhite.push(contrastRatio(1, luminance));
      onBlack.push(contrastRatio(0, luminance));
    }
  }
  const worstTenth = (ratios: number[]): number => ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 10)] ?? 21;
  const white = worstTenth(onWhite);
  const black = worstTenth(onBlack);
  return white >= black
    ? { colour: '#ffffff', halo: '#000000', needsHalo: white < 4.5 }
    : { colour: '#000000', halo: '#ffffff', needsHalo: black < 4.5 };
}
