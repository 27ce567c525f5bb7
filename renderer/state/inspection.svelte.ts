/*
 * Where one is looking in a dataset: shared by workspace, wizard and results, so that the cursor is the same everywhere.
 *   inspectionOf(datasetId)      the one of a dataset, made on first use
 *     .at        indices of the cursor, one per navigation axis (slowest first: [y, x])
 *     .mode      'point' | 'box'
 *     .box       [y0, x0, y1, x1], ends exclusive (starts of all navigation axes, then ends); null = none drawn yet
 *     .reduce    'mean' | 'sum' of the box
 *     .channel   index on the signal axis under the spectrum cursor, or null
 *     .window    [first, end) channels whose image the navigator shows, or null = all
 *     .image     'sum' | 'mean' | 'max' of the navigator
 *     .percentiles  [low, high] of the navigator's contrast, or .limits when they were typed in (display only)
 *     .step      px that Ctrl+arrows move
 * Pure steps (clamping, moving, boxes) are in cursor-steps.ts.
 */
import type { DatasetId, Reduction } from '../../main/contract/methods.ts';
import type { Limits } from '../../workers/figure/contrast.ts';
import type { Metadata } from '../../workers/model/signal.ts';

/** What Enter sets: a few hot pixels do not decide the contrast. */
export const automaticPercentiles = [0.5, 99.5] as const;

export class Inspection {
  at = $state.raw<readonly number[]>([]);
  mode = $state<'point' | 'box'>('point');
  box = $state.raw<readonly number[] | null>(null);
  reduce = $state<'mean' | 'sum'>('mean');
  channel = $state<number | null>(null);
  window = $state.raw<readonly [number, number] | null>(null);
  image = $state<Reduction>('sum');
  percentiles = $state.raw<readonly [number, number]>(automaticPercentiles);
  limits = $state.raw<Limits | null>(null);
  step = $state(1);
}

// a plain map: an inspection may be made while a component is being drawn
const inspections = new Map<DatasetId, Inspection>();
let generation = $state(0);

/** The inspection of a dataset, made on first use. */
export function inspectionOf(dataset: DatasetId): Inspection {
  // read, so that whoever shows an inspection follows `forgetInspections`
  void generation;
  let found = inspections.get(dataset);
  if (found === undefined) {
    found = new Inspection();
    inspections.set(dataset, found);
  }
  return found;
}

/** Plain values for the project's layout. */
export function saveInspections(): Metadata {
  return Object.fromEntries(
    [...inspections].map(([id, i]) => [
      id,
      {
        at: [...i.at],
        mode: i.mode,
        box: i.box === null ? null : [...i.box],
        reduce: i.reduce,
        window: i.window === null ? null : [...i.window],
        image: i.image,
        percentiles: [...i.percentiles],
        limits: i.limits === null ? null : [i.limits.min, i.limits.max],
      },
    ]),
  );
}

const numbers = (value: unknown): number[] | null =>
  Array.isArray(value) && value.every((v): v is number => typeof v === 'number' && Number.isFinite(v)) ? value : null;

/** Takes what `saveInspections` gave; whatever does not fit the data any more is corrected where it is used. */
export function restoreInspections(kept: unknown): void {
  if (typeof kept !== 'object' || kept === null) return;
  for (const [id, value] of Object.entries(kept)) {
    if (typeof value !== 'object' || value === null) continue;
    const v = value as Record<string, unknown>;
    const inspection = inspectionOf(id as DatasetId);
    inspection.at = numbers(v['at']) ?? [];
    inspection.mode = v['mode'] === 'box' ? 'box' : 'point';
    inspection.box = numbers(v['box']);
    inspection.reduce = v['reduce'] === 'sum' ? 'sum' : 'mean';
    const [first, end] = numbers(v['window']) ?? [];
    inspection.window = first !== undefined && end !== undefined && end > first ? [first, end] : null;
    const [low, high] = numbers(v['percentiles']) ?? [];
    if (low !== undefined && high !== undefined && low >= 0 && high <= 100 && low < high)
      inspection.percentiles = [low, high];
    const [min, max] = numbers(v['limits']) ?? [];
    inspection.limits = min !== undefined && max !== undefined && min < max ? { min, max } : null;
    inspection.image = v['image'] === 'mean' ? 'mean' : v['image'] === 'max' ? 'max' : 'sum';
  }
}

/** Another project is opened: whoever shows an inspection asks for it anew. */
export function forgetInspections(): void {
  inspections.clear();
  generation++;
}
