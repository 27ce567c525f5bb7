import { inverseDct } from './jpeg-idct.ts';
import type { HuffmanTable, JpegComponent, JpegFrame } from './jpeg-tables.ts';
import { zigzag } from './jpeg-tables.ts';

/** Samples of one colour at its own resolution, in whole blocks. */
export interface Plane {
  bytes: Uint8Array;
  stride: number;
  /** samples that are part of the picture */
  width: number;
  height: number;
}

/** Bits of a scan, highest first, without the zeros stuffed after 0xFF; zeros after its end. */
class ScanBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #bag = 0;
  #held = 0;
  /** bits asked for after the end */
  missing = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  #fill(): void {
    while (this.#held <= 16) {
      let byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        byte = 0;
        this.missing += 8;
      } else this.#at += byte === 0xff ? 2 : 1;
      this.#bag = ((this.#bag << 8) | byte) & 0xffffff;
      this.#held += 8;
    }
  }

  take(count: number): number {
    if (count === 0) return 0;
    if (this.#held < count) this.#fill();
    this.#held -= count;
    return (this.#bag >>> this.#held) & ((1 << count) - 1);
  }

  /** The next symbol, or −1 for a code that the table does not have. */
  symbol(table: HuffmanTable): number {
    if (this.#held < 16) this.#fill();
    const quick = table.quick[(this.#bag >>> (this.#held - 9)) & 511]!;
    if (quick !== 0) {
      this.#held -= quick >> 8;
      return quick & 255;
    }
    for (let length = 10; length <= 16; length++) {
      const code = (this.#bag >>> (this.#held - length)) & ((1 << length) - 1);
      if (table.largest[length]! >= 0 && code <= table.largest[length]!) {
        this.#held -= length;
        return table.symbols[code + table.shift[length]!] ?? -1;
      }
    }
    return -1;
  }

  /** Forgets the rest of this interval and goes behind its restart marker; false when there is none. */
  restart(): boolean {
    this.#held = 0;
    this.#bag = 0;
    for (; this.#at + 1 < this.#bytes.length; this.#at++) {
      if (this.#bytes[this.#at] !== 0xff) continue;
      const marker = this.#bytes[this.#at + 1]!;
      if (marker >= 0xd0 && marker <= 0xd7) {
        this.#at += 2;
        return true;
      }
      if (marker !== 0 && marker !== 0xff) return false;
    }
    return false;
  }
}

/** A number of `size` bits as T.81 (F.2.2.1) extends its sign. */
const extend = (value: number, size: number): number =>
  size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;

/**
 * Unpacks a scan in which all colours are interleaved (or the only one is alone), as planes of samples.
 * @returns null when the codes make no sense or end too early
 */
export function decodeScan(bytes: Uint8Array, frame: JpegFrame): Plane[] | null {
  const scan = frame.scan!;
  const most = {
    horizontal: Math.max(...frame.components.map((c) => c.horizontal)),
    vertical: Math.max(...frame.components.map((c) => c.vertical)),
  };
  const alone = scan.components.length === 1;
  const mcuWidth = alone ? 8 : 8 * most.horizontal;
  const mcuHeight = alone ? 8 : 8 * most.vertical;
  const across = Math.ceil(frame.width / mcuWidth);
  const down = Math.ceil(frame.height / mcuHeight);
  const per = (c: JpegComponent): { h: number; v: number } =>
    alone ? { h: 1, v: 1 } : { h: c.horizontal, v: c.vertical };
  const parts = scan.components.map((component) => {
    const { h, v } = per(component);
    const stride = across * h * 8;
    return {
      h,
      v,
      dc: frame.dc[component.dc],
      ac: frame.ac[component.ac],
      quantization: frame.quantization[component.quantization],
      before: 0,
      plane: {
        bytes: new Uint8Array(stride * down * v * 8),
        stride,
        width: alone ? frame.width : Math.ceil((frame.width * component.horizontal) / most.horizontal),
        height: alone ? frame.height : Math.ceil((frame.height * component.vertical) / most.vertical),
      },
    };
  });
  const bits = new ScanBits(bytes, scan.at);
  const block = new Int32Array(64);
  let toRestart = frame.restart;
  for (let mcu = 0; mcu < across * down; mcu++) {
    if (frame.restart > 0 && toRestart-- === 0) {
      if (!bits.restart()) return null;
      for (const part of parts) part.before = 0;
      toRestart = frame.restart - 1;
    }
    const column = mcu % across;
    const row = Math.floor(mcu / across);
    for (const part of parts) {
      const { dc, ac, quantization, plane, h, v } = part;
      if (dc === undefined || ac === undefined || quantization === undefined) return null;
      for (let i = 0; i < h * v; i++) {
        block.fill(0);
        const size = bits.symbol(dc);
        if (size < 0 || size > 15) return null;
        part.before += extend(bits.take(size), size);
        block[0] = part.before * quantization[0]!;
        for (let k = 1; k < 64; k++) {
          const symbol = bits.symbol(ac);
          if (symbol < 0) return null;
          const length = symbol & 15;
          if (length === 0) {
            if (symbol !== 0xf0) break;
            k += 15;
            continue;
          }
          k += symbol >> 4;
          if (k > 63) return null;
          const place = zigzag[k]!;
          block[place] = extend(bits.take(length), length) * quantization[place]!;
        }
        const y = (row * v + Math.floor(i / h)) * 8;
        const x = (column * h + (i % h)) * 8;
        inverseDct(block, plane.bytes, y * plane.stride + x, plane.stride);
      }
    }
    // a little more than the last byte is read ahead; much more was never there
    if (bits.missing > 64) return null;
  }
  return parts.map(({ plane }) => plane);
}
