/*
 * The figure as the export will have it, a moment after the last change; newest wins.
 *   watchPreview(() => request | null)   { current, isStale, isDrawing, error }; call while a component is set up
 */
import type { FigureRequest } from '../../main/contract/methods.ts';
import { createNewest } from '../client/newest.ts';
import { client } from '../state/connection.ts';
import { sentenceOf } from '../state/toasts.svelte.ts';
import { svgSizeMm } from './figure-draft.ts';

export interface FigurePreview {
  /** object URL of the SVG: shown by an image element, so that nothing in it can run */
  url: string;
  widthMm: number;
  heightMm: number;
  warnings: readonly string[];
}

export interface WatchedPreview {
  readonly current: FigurePreview | null;
  /** `current` is of older settings */
  readonly isStale: boolean;
  /** newer settings are being drawn */
  readonly isDrawing: boolean;
  readonly error: string | null;
}

const DELAY_MS = 120;

export function watchPreview(request: () => FigureRequest | null): WatchedPreview {
  let current = $state.raw<FigurePreview | null>(null);
  let drawn = $state.raw<FigureRequest | null>(null);
  let failed = $state.raw<FigureRequest | null>(null);
  let error = $state<string | null>(null);

  function show(next: FigurePreview | null): void {
    if (current !== null) URL.revokeObjectURL(current.url);
    current = next;
  }
  const asking = createNewest<FigureRequest, { svg: string; warnings: readonly string[] }>(
    (figure) => client().call('figure.preview', { figure }),
    ({ svg, warnings }, figure) => {
      const size = svgSizeMm(svg) ?? { width: figure.widthMm, height: figure.heightMm ?? figure.widthMm * 0.75 };
      show({
        url: URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })),
        widthMm: size.width,
        heightMm: size.height,
        warnings,
      });
      error = null;
      drawn = figure;
    },
    (thrown, figure) => {
      error = sentenceOf(thrown);
      failed = figure;
    },
  );
  $effect(() => {
    const wanted = request();
    if (wanted === null) return;
    const timer = setTimeout(() => asking.ask(wanted), DELAY_MS);
    return () => clearTimeout(timer);
  });
  $effect(() => () => {
    asking.cancel();
    show(null);
  });
  return {
    get current() {
      return current;
    },
    get isStale() {
      return drawn !== request();
    },
    get isDrawing() {
      const wanted = request();
      return wanted !== null && drawn !== wanted && failed !== wanted;
    },
    get error() {
      return error;
    },
  };
}
