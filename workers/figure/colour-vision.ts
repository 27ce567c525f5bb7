import { linearLight } from './lab.ts';

export type Dichromacy = 'deuteranopia' | 'protanopia' | 'tritanopia';
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Linear RGB matrices at full severity: Machado, Oliveira & Fernandes, IEEE TVCG 15(6), 1291 (2009), table 1. */
const MATRICES: Readonly<Record<Dichromacy, Matrix>> = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** An sRGB colour (0–255) as a dichromat sees it, for the colour-vision proof of maps and figures. */
export function simulate(
  rgb: readonly [red: number, green: number, blue: number],
  kind: Dichromacy,
): [red: number, green: number, blue: number] {
  const m = MATRICES[kind];
  const [r, g, b] = [linearLight(rgb[0]), linearLight(rgb[1]), linearLight(rgb[2])];
  const byte = (linear: number): number => {
    const l = Math.min(1, Math.max(0, linear));
    return Math.round(255 * (l <= 0.0031308 ? 12.92 * l : 1.055 * l ** (1 / 2.4) - 0.055));
  };
  return [
    byte(m[0] * r + m[1] * g + m[2] * b),
    byte(m[3] * r + m[4] * g + m[5] * b),
    byte(m[6] * r + m[7] * g + m[8] * b),
  ];
}
