import { kernels } from '../kernels/kernels.ts';
import { createRowBuffer } from '../linalg/row-buffer.ts';
import type { PresentSums } from './present-sums.ts';

export interface PresentSummer {
  /** Adds rows [count × features] and writes the sum of each to image[start…]. */
  add(rows: Float64Array, image: Float64Array, start: number): void;
  result(): PresentSums;
  close(): void;
}

/** Rows that stay near the core while they are looked at twice, bytes. */
const pieceBytes = 512 * 1024;

export function createPresentSums(features: number): PresentSummer {
  const k = kernels();
  const buffer = createRowBuffer(k, features, Math.max(1, Math.floor(pieceBytes / (8 * features))));
  const [columnSums, missing] = [k.allocate(features * 8), k.allocate(features * 8)];
  const rowSums = k.allocate(buffer.capacity * 8);
  k.f64(columnSums, features).fill(0);
  k.f64(missing, features).fill(0);
  let added = 0;
  return {
    add(rows, image, start) {
      const total = rows.length / features;
      for (const { address, start: at, count } of buffer.fill(rows, total)) {
        k.run.sumPresent(count, features, address, columnSums, missing, rowSums);
        image.set(k.f64(rowSums, count), start + at);
      }
      added += total;
    },
    result: () => ({
      columnSums: k.f64(columnSums, features).slice(),
      missing: k.f64(missing, features).slice(),
      rows: added,
    }),
    close() {
      for (const address of [rowSums, missing, columnSums]) k.free(address);
      buffer.free();
    },
  };
}
