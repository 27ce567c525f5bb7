import { colormapTables } from './colormap-tables.ts';
import { labToRgb } from './lab.ts';

export type ColormapId = 'viridis' | 'cividis' | 'greys' | 'magma' | 'inferno' | 'blue-white-red' | 'blue-black-red';

/** 256 colours from low to high. Diverging maps have their neutral colour between entries 127 and 128. */
export interface Colormap {
  id: ColormapId;
  title: string;
  kind: 'sequential' | 'diverging';
  /** 256 × (red, green, blue), 0–255 */
  rgb: Uint8ClampedArray;
}

function fromHex(hex: string): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 768 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

const greys = (): Uint8ClampedArray => Uint8ClampedArray.from({ length: 768 }, (_, i) => Math.floor(i / 3));

/** One arm of a diverging map: lightness (L*), chroma and hue (degrees) at the given distances from zero. */
type Arm = ReadonlyArray<readonly [at: number, lightness: number, chroma: number, hue: number]>;

/*
 * Both arms have the same lightness at the same distance from zero, so that +x and −x weigh the same in grey print;
 * blue (hue ≈ 265°) against red (≈ 35°) is the pair that stays apart in protanopia and deuteranopia.
 */
const LIGHT_BLUE: Arm = [
  [0, 98, 0, 255],
  [0.25, 83, 20, 255],
  [0.5, 65, 37, 262],
  [0.75, 46, 48, 270],
  [1, 27, 44, 276],
];
const LIGHT_RED: Arm = [
  [0, 98, 0, 40],
  [0.25, 83, 24, 45],
  [0.5, 65, 48, 38],
  [0.75, 46, 60, 33],
  [1, 27, 48, 27],
];
const DARK_BLUE: Arm = [
  [0, 4, 0, 270],
  [0.25, 22, 30, 278],
  [0.5, 41, 46, 274],
  [0.75, 61, 45, 262],
  [1, 82, 24, 245],
];
const DARK_RED: Arm = [
  [0, 4, 0, 30],
  [0.25, 22, 38, 30],
  [0.5, 41, 58, 33],
  [0.75, 61, 56, 38],
  [1, 82, 32, 55],
];

function diverging(negative: Arm, positive: Arm): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(768);
  for (let i = 0; i < 256; i++) {
    const signed = (i - 127.5) / 127.5;
    rgb.set(colourOnArm(signed < 0 ? negative : positive, Math.abs(signed)), 3 * i);
  }
  return rgb;
}

function colourOnArm(arm: Arm, distance: number): [number, number, number] {
  const upper = Math.max(
    1,
    arm.findIndex(([at]) => at >= distance),
  );
  const [at0, l0, c0, h0] = arm[upper - 1] ?? [0, 0, 0, 0];
  const [at1, l1, c1, h1] = arm[upper] ?? [1, 0, 0, 0];
  const t = (distance - at0) / (at1 - at0);
  const chroma = c0 + t * (c1 - c0);
  const hue = ((h0 + t * (h1 - h0)) * Math.PI) / 180;
  return labToRgb(l0 + t * (l1 - l0), chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** All colour maps, in the order the picker shows them. No rainbow. */
export const colormaps: readonly Colormap[] = [
  { id: 'viridis', title: 'Viridis', kind: 'sequential', rgb: fromHex(colormapTables.viridis) },
  { id: 'cividis', title: 'Cividis', kind: 'sequential', rgb: fromHex(colormapTables.cividis) },
  { id: 'greys', title: 'Greys', kind: 'sequential', rgb: greys() },
  { id: 'magma', title: 'Magma', kind: 'sequential', rgb: fromHex(colormapTables.magma) },
  { id: 'inferno', title: 'Inferno', kind: 'sequential', rgb: fromHex(colormapTables.inferno) },
  { id: 'blue-white-red', title: 'Blue–white–red', kind: 'diverging', rgb: diverging(LIGHT_BLUE, LIGHT_RED) },
  { id: 'blue-black-red', title: 'Blue–black–red', kind: 'diverging', rgb: diverging(DARK_BLUE, DARK_RED) },
];

/** The colour map of an id; viridis when the id is unknown (an old session must still open). */
export function colormapOf(id: string): Colormap {
  return colormaps.find((map) => map.id === id) ?? (colormaps[0] as Colormap);
}
