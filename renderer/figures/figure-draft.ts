import type { FigureKind, FigureRequest, ResultId } from '../../main/contract/methods.ts';
import { figurePresets } from '../../workers/figure/presets.ts';
import { chosenPreset, CUSTOM, DPI_RANGE, TEXT_RANGE, WIDTH_RANGE } from './presets.ts';

/** What is chosen in the figure view. */
export interface FigureDraft {
  kind: FigureKind;
  preset: string;
  /** used when the preset leaves it open */
  widthMm: number;
  /** null = as the content needs */
  heightMm: number | null;
  dpi: number;
  textPt: number;
  /** null = by the data: viridis, or blue–white–red around zero */
  colormap: string | null;
  shareLimits: boolean;
  /** indices from 0; scree: as many as are kept */
  components: readonly number[];
}

export function newDraft(components: number): FigureDraft {
  const preset = figurePresets[0] ?? chosenPreset(CUSTOM, 89);
  return {
    kind: 'loadings',
    preset: preset.id,
    widthMm: preset.widthMm,
    heightMm: null,
    dpi: preset.rasterDpi,
    textPt: preset.textPt,
    colormap: null,
    shareLimits: false,
    components: firstComponents(Math.min(4, components)),
  };
}

export const firstComponents = (count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, k) => k);

/** A preset brings its width, text size and resolution along. */
export function withPreset(draft: FigureDraft, id: string): FigureDraft {
  const preset = chosenPreset(id, draft.widthMm);
  return { ...draft, preset: id, widthMm: preset.widthMm, textPt: preset.textPt, dpi: preset.rasterDpi };
}

/** What cannot be drawn as it is, by field. */
export function draftProblems(draft: FigureDraft, componentCount: number): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  const within = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max;
  if (!within(draft.widthMm, WIDTH_RANGE))
    problems['widthMm'] = `Width goes from ${WIDTH_RANGE.min} to ${WIDTH_RANGE.max} mm.`;
  if (draft.heightMm !== null && !within(draft.heightMm, { min: 10, max: 400 })) {
    problems['heightMm'] = 'Height goes from 10 to 400 mm; leave it empty for automatic.';
  }
  if (!within(draft.dpi, DPI_RANGE)) problems['dpi'] = `Resolution goes from ${DPI_RANGE.min} to ${DPI_RANGE.max} dpi.`;
  if (!within(draft.textPt, TEXT_RANGE))
    problems['textPt'] = `Text goes from ${TEXT_RANGE.min} to ${TEXT_RANGE.max} pt.`;
  if (draft.components.length === 0) problems['components'] = 'Choose at least one component.';
  if (draft.components.some((k) => k >= componentCount)) {
    problems['components'] = `This result has components 1 to ${componentCount}.`;
  }
  return problems;
}

/**
 * What the drawing itself cannot tell: that less resolution was asked for than the journal does. The rest of the list
 * comes with the preview. Warnings: nothing is blocked.
 */
export function presetWarnings(draft: FigureDraft): string[] {
  const preset = chosenPreset(draft.preset, draft.widthMm);
  return draft.kind === 'loadings' && draft.dpi < preset.rasterDpi
    ? [`Maps at ${draft.dpi} dpi; ${preset.title} asks for ${preset.rasterDpi} dpi.`]
    : [];
}

export const requestOf = (draft: FigureDraft, result: ResultId): FigureRequest => ({
  result,
  kind: draft.kind,
  components: draft.components,
  widthMm: draft.widthMm,
  heightMm: draft.heightMm,
  dpi: draft.dpi,
  textPt: draft.textPt,
  colormap: draft.kind === 'loadings' ? draft.colormap : null,
  shareLimits: draft.kind === 'loadings' && draft.shareLimits,
});

/** A file name from the name of the result and what is drawn: "NMF 5 · masked" → "NMF-5-masked-loadings". */
export function fileNameOf(resultName: string, kind: string): string {
  const plain = resultName
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${plain === '' ? 'result' : plain}-${kind}`;
}

/** Size on paper as an SVG says it (width and height in mm, pt, in, cm or px), in millimetres; null when it does not. */
export function svgSizeMm(svg: string): { width: number; height: number } | null {
  const head = /<svg\b[^>]*>/.exec(svg)?.[0] ?? '';
  const side = (name: string): number | null => {
    const [, value, unit = 'px'] = new RegExp(`\\s${name}="([0-9.]+)(mm|cm|in|pt|px)?"`).exec(head) ?? [];
    const perUnit = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72, px: 25.4 / 96 }[unit];
    return value === undefined || perUnit === undefined ? null : Number(value) * perUnit;
  };
  const width = side('width');
  const height = side('height');
  return width === null || height === null || !(width > 0) || !(height > 0) ? null : { width, height };
}
