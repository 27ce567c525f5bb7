import type { LabelLook } from './paint-labels.ts';
import type { Rgb } from './categories.ts';

/** More points than these of one kind are drawn as a density. */
export const mostPoints = 25_000;

/** Smallest and largest finite value with a little room on both sides; null when there is none. */
export function roomyExtent(values: ArrayLike<number>): [number, number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (v < min && v > -Infinity) min = v;
    if (v > max && v < Infinity) max = v;
  }
  if (min > max) return null;
  const room = min === max ? Math.abs(min) * 0.05 || 0.5 : 0.04 * (max - min);
  return [min - room, max + room];
}

/** Points on a canvas: where they are (canvas pixels, NaN = nowhere) and what they belong to. */
export interface ScatterPoints {
  x: Float32Array;
  y: Float32Array;
  labels: ArrayLike<number>;
  looks: ReadonlyMap<number, LabelLook>;
  /** of points without a label */
  neutral: Rgb;
  /** 1 = in full colour, 0 = faded; null = all in full */
  lit: ArrayLike<number> | null;
}

export interface ScatterCanvas {
  width: number;
  height: number;
  /** radius of a point, canvas pixels */
  radius: number;
  /** side of a cell of the density, canvas pixels */
  cell: number;
}

/** How many points of one cell there are, and the label that most of them have. */
export interface ScatterBins {
  columns: number;
  rows: number;
  counts: Uint32Array;
  labels: Int32Array;
  most: number;
}

const FADED = 0.16;

/** Counts the points of `chosen` in square cells. Points outside the canvas count in none. */
export function binPoints(points: ScatterPoints, canvas: ScatterCanvas, chosen: ArrayLike<number>): ScatterBins {
  const columns = Math.max(1, Math.ceil(canvas.width / canvas.cell));
  const rows = Math.max(1, Math.ceil(canvas.height / canvas.cell));
  const ids = [...points.looks.keys()];
  const place = tableOf(points, (id) => ids.indexOf(id));
  const kinds = ids.length + 1;
  const perKind = new Uint32Array(columns * rows * kinds);
  for (let i = 0; i < chosen.length; i++) {
    const p = chosen[i] as number;
    const column = Math.floor((points.x[p] as number) / canvas.cell);
    const row = Math.floor((points.y[p] as number) / canvas.cell);
    if (!(column >= 0 && column < columns && row >= 0 && row < rows)) continue;
    const at = (row * columns + column) * kinds + kindIn(place, points.labels[p] as number, ids.length);
    perKind[at] = (perKind[at] as number) + 1;
  }
  const counts = new Uint32Array(columns * rows);
  const labels = new Int32Array(columns * rows).fill(-1);
  let most = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    let total = 0;
    let best = 0;
    for (let kind = 0; kind < kinds; kind++) {
      const n = perKind[cell * kinds + kind] as number;
      total += n;
      if (n > best) {
        best = n;
        labels[cell] = ids[kind] ?? -1;
      }
    }
    counts[cell] = total;
    most = Math.max(most, total);
  }
  return { columns, rows, counts, labels, most };
}

/** Puts a colour over what is there; bytes are RGBA, not premultiplied. */
function blend(out: Uint8ClampedArray, at: number, rgb: Rgb, alpha: number): void {
  const under = (out[at + 3] as number) / 255;
  const all = alpha + under * (1 - alpha);
  const share = alpha / all;
  const rest = 1 - share;
  out[at] = share * rgb[0] + rest * (out[at] as number);
  out[at + 1] = share * rgb[1] + rest * (out[at + 1] as number);
  out[at + 2] = share * rgb[2] + rest * (out[at + 2] as number);
  out[at + 3] = 255 * all;
}

/** By label: a lookup that is quicker than a map for hundreds of thousands of points. −1 = without a look. */
function tableOf(points: ScatterPoints, valueOf: (id: number) => number): Int16Array {
  const table = new Int16Array(Math.max(0, ...points.looks.keys()) + 1).fill(-1);
  for (const id of points.looks.keys()) if (id >= 0) table[id] = valueOf(id);
  return table;
}
const kindIn = (table: Int16Array, label: number, other: number): number => {
  const kind = label >= 0 && label < table.length ? (table[label] as number) : -1;
  return kind < 0 ? other : kind;
};

interface Layer {
  chosen: Int32Array;
  opacity: number;
}

/** The points as RGBA bytes: those that are not lit beneath the others; many of one kind as a density on a log scale. */
export function paintScatter(points: ScatterPoints, canvas: ScatterCanvas): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * canvas.width * canvas.height);
  const n = points.x.length;
  // 1 = hidden: a hidden cluster is not there
  const hidden = tableOf(points, (id) => (points.looks.get(id)?.isHidden === true ? 1 : 0));
  const [faded, full] = [new Int32Array(n), new Int32Array(n)];
  let [fadedCount, fullCount] = [0, 0];
  for (let p = 0; p < n; p++) {
    // NaN compares as nothing
    if (kindIn(hidden, points.labels[p] as number, 0) === 1 || !((points.x[p] as number) > -Infinity)) continue;
    if (points.lit === null || points.lit[p] === 1) full[fullCount++] = p;
    else faded[fadedCount++] = p;
  }
  const layers: Layer[] = [
    { chosen: faded.subarray(0, fadedCount), opacity: FADED },
    { chosen: full.subarray(0, fullCount), opacity: 0.72 },
  ];
  for (const layer of layers) {
    if (layer.chosen.length > mostPoints)
      paintBins(out, binPoints(points, canvas, layer.chosen), points, canvas, layer);
    else paintDiscs(out, points, canvas, layer);
  }
  return out;
}

const colourOf = (points: ScatterPoints, label: number): Rgb => points.looks.get(label)?.rgb ?? points.neutral;

function paintBins(
  out: Uint8ClampedArray,
  bins: ScatterBins,
  points: ScatterPoints,
  { width, height, cell }: ScatterCanvas,
  { opacity }: Layer,
): void {
  const full = Math.log1p(bins.most);
  for (let row = 0, at = 0; row < bins.rows; row++) {
    for (let column = 0; column < bins.columns; column++, at++) {
      const count = bins.counts[at] as number;
      if (count === 0) continue;
      const rgb = colourOf(points, bins.labels[at] as number);
      const alpha = (opacity === FADED ? FADED : 1) * (0.3 + (0.7 * Math.log1p(count)) / full);
      const right = Math.min(width, Math.round((column + 1) * cell));
      const bottom = Math.min(height, Math.round((row + 1) * cell));
      for (let y = Math.round(row * cell); y < bottom; y++) {
        for (let x = Math.round(column * cell); x < right; x++) blend(out, 4 * (y * width + x), rgb, alpha);
      }
    }
  }
}

function paintDiscs(
  out: Uint8ClampedArray,
  points: ScatterPoints,
  { width, height, radius }: ScatterCanvas,
  { chosen, opacity }: Layer,
): void {
  const stamps = stampsOf(radius, opacity);
  // a step that shares no factor with the count visits all in an order that is not that of the scan:
  // no cluster lies on top only because its pixels come last
  const step = strideOf(chosen.length);
  for (let i = 0, k = 0; i < chosen.length; i++, k = (k + step) % chosen.length) {
    const p = chosen[k] as number;
    const column = Math.floor(points.x[p] as number);
    const row = Math.floor(points.y[p] as number);
    const part =
      Math.floor(((points.y[p] as number) - row) * PARTS) * PARTS +
      Math.floor(((points.x[p] as number) - column) * PARTS);
    const stamp = stamps[part] as Stamp;
    if (!(column > -radius - 2 && column < width + radius + 2 && row > -radius - 2 && row < height + radius + 2))
      continue;
    const rgb = colourOf(points, points.labels[p] as number);
    for (let at = 0; at < stamp.alpha.length; at++) {
      const x = column + (stamp.dx[at] as number);
      const y = row + (stamp.dy[at] as number);
      if (x >= 0 && x < width && y >= 0 && y < height) {
        blend(out, 4 * (y * width + x), rgb, stamp.alpha[at] as number);
      }
    }
  }
}

/** Places within a pixel that a disc is drawn at, along each axis. */
const PARTS = 4;

/** The pixels of a disc around a place within the pixel (0, 0). */
interface Stamp {
  dx: Int8Array;
  dy: Int8Array;
  alpha: Float32Array;
}

/** Smooth discs for every place within a pixel, row by row: what a pixel is covered by is worked out once, not per point. */
function stampsOf(radius: number, opacity: number): Stamp[] {
  const reach = Math.ceil(radius + 1);
  return Array.from({ length: PARTS * PARTS }, (_, part) => {
    const cx = ((part % PARTS) + 0.5) / PARTS;
    const cy = (Math.floor(part / PARTS) + 0.5) / PARTS;
    const pixels: [number, number, number][] = [];
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        // how far the edge of the disc is beyond the middle of this pixel: half a pixel of it is smooth
        const cover = Math.min(1, radius + 0.5 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy));
        if (cover > 0) pixels.push([x, y, cover * opacity]);
      }
    }
    return {
      dx: Int8Array.from(pixels, ([x]) => x),
      dy: Int8Array.from(pixels, ([, y]) => y),
      alpha: Float32Array.from(pixels, ([, , alpha]) => alpha),
    };
  });
}

/** A number near 0.618 n that shares no factor with n. */
export function strideOf(n: number): number {
  const shared = (a: number, b: number): number => (b === 0 ? a : shared(b, a % b));
  let step = Math.max(1, Math.round(0.618 * n));
  while (n > 1 && shared(n, step) !== 1) step++;
  return step;
}

/** The nearest point within `reach` of a place (same units as the points), or −1. */
export function nearestPoint(points: Pick<ScatterPoints, 'x' | 'y'>, x: number, y: number, reach: number): number {
  let best = -1;
  let least = reach * reach;
  for (let p = 0; p < points.x.length; p++) {
    const dx = (points.x[p] as number) - x;
    const dy = (points.y[p] as number) - y;
    const d = dx * dx + dy * dy;
    if (d <= least) {
      least = d;
      best = p;
    }
  }
  return best;
}
