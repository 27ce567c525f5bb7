import type { Column } from './grid.ts';

const blockLength = 65_536;

/** Numbers of which it is not known beforehand how many there are; grows without ever being copied. */
export class LongColumn implements Column {
  #blocks: Float64Array[] = [];
  #length = 0;
  get length(): number {
    return this.#length;
  }
  push(value: number): void {
    const at = this.#length % blockLength;
    if (at === 0) this.#blocks.push(new Float64Array(blockLength));
    this.#blocks[this.#blocks.length - 1]![at] = value;
    this.#length++;
  }
  at(i: number): number {
    return this.#blocks[Math.floor(i / blockLength)]?.[i % blockLength] ?? NaN;
  }
}
