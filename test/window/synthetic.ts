import type { Axis } from '../../workers/model/axes.ts';

/* A specimen for pictures of the window: grains with a bright rim on a film, energy-loss-like spectra. Seeded. */

export interface Synthetic {
  axes: readonly Axis[];
  navigation: readonly number[];
  signal: readonly number[];
  /** value at navigation index (flat) and signal index (flat) */
  at(pixel: number, channel: number): number;
  /** what it is made of: maps and spectra of the parts */
  truth?: { maps: readonly Float64Array[]; spectra: readonly Float64Array[] };
}

export function randomNumbers(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const axis = (
  name: string,
  units: string | null,
  size: number,
  navigate: boolean,
  scale: number,
  offset = 0,
): Axis => ({
  name,
  units,
  size,
  navigate,
  scale,
  offset,
});

const gauss = (x: number, c: number, w: number): number => Math.exp(-(((x - c) / w) ** 2));
const edge = (x: number, c: number, w: number): number => 1 / (1 + Math.exp(-(x - c) / w));

/** Shares of three parts at a place of the unit square: grain, rim, film. */
function parts(x: number, y: number): [number, number, number] {
  const grains: readonly (readonly [number, number, number])[] = [
    [0.38, 0.44, 0.22],
    [0.76, 0.68, 0.15],
    [0.7, 0.2, 0.11],
  ];
  let depth = -9;
  for (const [cx, cy, r] of grains)
    depth = Math.max(depth, r - Math.hypot((x - cx) * 1.05, y - cy) - 0.012 * Math.sin(23 * x + 17 * y));
  const grain = edge(depth, 0.02, 0.008);
  const rim = gauss(depth, 0.01, 0.018);
  const film = edge(y + 0.15 * Math.sin(5 * x), 0.62, 0.04) * (1 - 0.8 * grain);
  return [grain, rim, film];
}

function lines(e: number): [number, number, number] {
  const back = (440 / e) ** 2.8;
  const oxygen = edge(e, 531, 1) * 0.3 * Math.exp(-(e - 531) / 160) + 0.16 * gauss(e, 534, 2) + 0.1 * gauss(e, 541, 3);
  return [
    0.5 * back + oxygen + 0.4 * gauss(e, 883, 2.4) + 0.45 * gauss(e, 901, 2.6),
    0.52 * back + 0.6 * oxygen + 1.2 * gauss(e, 881, 2.5) + 0.9 * gauss(e, 899, 2.7),
    0.85 * (440 / e) ** 3.6,
  ];
}

function spectrumImage(height: number, width: number, channels: number): Synthetic {
  const energies = Array.from({ length: channels }, (_, i) => 440 + (i * 512) / channels);
  const table = energies.map(lines);
  const noise = randomNumbers(7);
  const grain = Float32Array.from(
    { length: 65536 },
    () => Math.sqrt(-2 * Math.log(noise() + 1e-9)) * Math.cos(6.2832 * noise()),
  );
  return {
    axes: [
      axis('y', 'nm', height, true, 0.25),
      axis('x', 'nm', width, true, 0.25),
      axis('Energy loss', 'eV', channels, false, 512 / channels, 440),
    ],
    navigation: [height, width],
    signal: [channels],
    truth: {
      maps: [0, 1, 2].map((part) =>
        Float64Array.from(
          { length: height * width },
          (_, pixel) => parts((pixel % width) / width, Math.floor(pixel / width) / height)[part] ?? 0,
        ),
      ),
      spectra: [0, 1, 2].map((part) => Float64Array.from(table, (values) => 4000 * (values[part] ?? 0))),
    },
    at(pixel, channel) {
      const [a, b, c] = parts((pixel % width) / width, Math.floor(pixel / width) / height);
      const [la, lb, lc] = table[channel] ?? [0, 0, 0];
      const v = 4000 * (a * la + b * lb + c * lc + 0.02 * lc);
      return Math.max(0, Math.round(v + Math.sqrt(v) * (grain[(pixel * 1031 + channel * 7) & 65535] ?? 0)));
    },
  };
}

function lineScan(): Synthetic {
  const image = spectrumImage(120, 120, 512);
  return {
    axes: [axis('x', 'nm', 120, true, 0.25), { ...(image.axes[2] as Axis) }],
    navigation: [120],
    signal: [512],
    at: (pixel, channel) => image.at(52 * 120 + pixel, channel),
  };
}

function imageStack(): Synthetic {
  const side = 96;
  return {
    axes: [axis('time', 's', 40, true, 0.5), axis('y', 'µm', side, false, 0.02), axis('x', 'µm', side, false, 0.02)],
    navigation: [40],
    signal: [side, side],
    at(pixel, channel) {
      const [a, b, c] = parts((channel % side) / side, Math.floor(channel / side) / side);
      return 100 * (a * Math.exp(-pixel / 25) + b * (pixel / 40) + 0.4 * c) + 10;
    },
  };
}

function singleSpectrum(): Synthetic {
  const image = spectrumImage(8, 8, 1024);
  return { axes: [image.axes[2] as Axis], navigation: [], signal: [1024], at: (_, channel) => image.at(27, channel) };
}

function plainMap(): Synthetic {
  const image = spectrumImage(64, 200, 256);
  const bare = image.axes.map((a, i) => ({
    ...a,
    name: ['y', 'x', 'Energy'][i] ?? '',
    units: null,
    scale: 1,
    offset: 0,
  }));
  // a corner that the detector missed
  const at = (pixel: number, channel: number): number =>
    pixel % 200 < 34 && pixel < 200 * 14 ? NaN : image.at(pixel, channel);
  return { ...image, axes: bare, at };
}

export const synthetics: Readonly<Record<string, () => Synthetic>> = {
  map_03: () => spectrumImage(128, 128, 1024),
  line_07: lineScan,
  stack_11: imageStack,
  spectrum_02: singleSpectrum,
  raw_block: plainMap,
};
