/*
 * What is pointed at, chosen and selected among the clusters of one result, and how they look: shared by map, scatter,
 * spectra and list. Pixels are selected by choosing clusters, or by a region drawn in the map or the scatter.
 *   new ClusterScene(() => labels shown, () => clusters shown)
 */
import { cssColour, pageTheme } from '../charts/page-theme.svelte.ts';
import { hueToken, parseRgb, patternOf, type Rgb } from '../charts/categories.ts';
import type { LabelLook } from '../charts/paint-labels.ts';
import { combine, countOf, inverted, pixelsOf, type Combine } from './pixel-sets.ts';
import type { ShownCluster } from './shown-clusters.ts';

export class ClusterScene {
  #labels: () => Int32Array;
  #clusters: () => readonly ShownCluster[];
  /** cluster under the pointer, in whichever view */
  hovered = $state<number | null>(null);
  /** pixel under the pointer */
  pixel = $state<number | null>(null);
  /** clusters chosen in the list: their pixels are the selection */
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  hidden = $state.raw<ReadonlySet<number>>(new Set());
  selection = $state.raw<Uint8Array | null>(null);
  /** a region is being drawn */
  isDrawing = $state(false);
  #before: Uint8Array | null = null;

  count = $derived.by(() => (this.selection === null ? 0 : countOf(this.selection)));
  looks = $derived.by((): ReadonlyMap<number, LabelLook> => {
    void pageTheme.version;
    return new Map(
      this.#clusters().map(({ id, colour }) => [
        id,
        { rgb: parseRgb(cssColour(hueToken(colour))), pattern: patternOf(colour), isHidden: this.hidden.has(id) },
      ]),
    );
  });
  neutral = $derived.by((): Rgb => {
    void pageTheme.version;
    return parseRgb(cssColour('--n-5'));
  });
  ground = $derived.by((): Rgb => {
    void pageTheme.version;
    return parseRgb(cssColour('--bg-plot'));
  });
  /** what stands out: the cluster pointed at, else the selection; null = everything alike */
  lit = $derived.by((): Uint8Array | null => {
    if (this.isDrawing || this.hovered === null) return this.selection;
    return pixelsOf(this.#labels(), new Set([this.hovered]));
  });

  constructor(labels: () => Int32Array, clusters: () => readonly ShownCluster[]) {
    this.#labels = labels;
    this.#clusters = clusters;
  }

  /** Whether lines and rows of a cluster stand out: null = all alike. */
  isLit(cluster: number): boolean | null {
    if (this.hovered !== null) return this.hovered === cluster;
    return this.chosen.size === 0 ? null : this.chosen.has(cluster);
  }

  point(pixel: number | null): void {
    this.pixel = pixel;
    const label = pixel === null ? -1 : (this.#labels()[pixel] ?? -1);
    this.hovered = label < 0 || this.hidden.has(label) ? null : label;
  }

  /** Chooses one cluster, or with `isAdded` one more; the same again lets it go. */
  choose(cluster: number, isAdded = false): void {
    const next = new Set(isAdded ? this.chosen : []);
    if (this.chosen.has(cluster) && (isAdded || this.chosen.size === 1)) next.delete(cluster);
    else next.add(cluster);
    this.chooseAll(next);
  }

  chooseAll(clusters: ReadonlySet<number>): void {
    this.chosen = clusters;
    this.selection = clusters.size === 0 ? null : pixelsOf(this.#labels(), clusters);
  }

  /** A region while it is drawn (`isDone` false) and in the end; it is combined with what was selected before. */
  take(region: Uint8Array, how: Combine, isDone: boolean): void {
    if (!this.isDrawing) {
      this.#before = this.selection;
      this.isDrawing = true;
    }
    const visible = region.map((v, p) => {
      const label = this.#labels()[p] ?? -1;
      return label < 0 || this.hidden.has(label) ? 0 : v;
    });
    const next = combine(this.#before, visible, how);
    this.chosen = new Set();
    this.selection = isDone && countOf(next) === 0 ? null : next;
    if (isDone) this.isDrawing = false;
  }

  invert(): void {
    if (this.selection === null) return;
    this.chosen = new Set();
    this.selection = inverted(this.selection, this.#labels());
  }

  clear(): void {
    this.chosen = new Set();
    this.selection = null;
  }

  toggle(cluster: number): void {
    const next = new Set(this.hidden);
    if (!next.delete(cluster)) next.add(cluster);
    this.hidden = next;
  }
}
