import { expect, it } from 'vitest';
import { pixelWord } from './paint-layer.ts';

it('a colour lies in memory as a canvas wants it', () => {
  expect([...new Uint8Array(Uint32Array.of(pixelWord([194, 74, 0], 0.5)).buffer)]).toEqual([194, 74, 0, 128]);
});
