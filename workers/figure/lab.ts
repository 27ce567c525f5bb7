/** CIE L*a*b* (D65, 2°) and sRGB: for building colour maps and for measuring contrast. */
const WHITE = [0.95047, 1, 1.08883] as const;
const EPSILON = 216 / 24389;
const KAPPA = 24389 / 27;

const encode = (linear: number): number =>
  linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.max(0, linear) ** (1 / 2.4) - 0.055;

/** sRGB component 0–255 → linear light 0–1. */
export const linearLight = (component: number): number => {
  const c = component / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};

/** L*a*b* → sRGB 0–255, rounded; colours out of gamut are clipped per component. */
export function labToRgb(l: number, a: number, b: number): [number, number, number] {
  const fy = (l + 16) / 116;
  const fx = fy + a / 500;
  const fz = fy - b / 200;
  const inverse = (f: number): number => (f ** 3 > EPSILON ? f ** 3 : (116 * f - 16) / KAPPA);
  const x = inverse(fx) * WHITE[0];
  const y = l > KAPPA * EPSILON ? fy ** 3 : l / KAPPA;
  const z = inverse(fz) * WHITE[2];
  const byte = (linear: number): number => Math.round(255 * Math.min(1, Math.max(0, encode(linear))));
  return [
    byte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    byte(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    byte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

/** sRGB 0–255 → L*a*b*. */
export function rgbToLab(red: number, green: number, blue: number): [number, number, number] {
  const [r, g, b] = [linearLight(red), linearLight(green), linearLight(blue)];
  const f = (t: number): number => (t > EPSILON ? Math.cbrt(t) : (KAPPA * t + 16) / 116);
  const fx = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
  const fy = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const fz = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE[2]);
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Relative luminance of an sRGB colour, 0–1 (WCAG 2.2). */
export const relativeLuminance = (red: number, green: number, blue: number): number =>
  0.2126 * linearLight(red) + 0.7152 * linearLight(green) + 0.0722 * linearLight(blue);

/** Contrast ratio of two relative luminances, 1–21 (WCAG 2.2). */
export const contrastRatio = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
