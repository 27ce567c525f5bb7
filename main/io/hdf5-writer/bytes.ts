const encoder = new TextEncoder();

/** Address that stands for "nowhere". */
export const undefinedAddress = 0xffff_ffff_ffff_ffffn;

export interface ByteBuilder {
  readonly length: number;
  u8(value: number): ByteBuilder;
  u16(value: number): ByteBuilder;
  u32(value: number): ByteBuilder;
  /** whole numbers up to 2^53, or any 64 bits as a bigint */
  u64(value: number | bigint): ByteBuilder;
  i64(value: number | bigint): ByteBuilder;
  f64(value: number): ByteBuilder;
  /** little-endian, in so many bytes */
  uint(value: number, width: number): ByteBuilder;
  text(value: string): ByteBuilder;
  raw(bytes: Uint8Array): ByteBuilder;
  zeros(count: number): ByteBuilder;
  done(): Uint8Array;
}

/** Builds a run of little-endian fields. */
export function buildBytes(): ByteBuilder {
  let buffer = new Uint8Array(64);
  let view = new DataView(buffer.buffer);
  let length = 0;
  const room = (count: number): number => {
    if (length + count > buffer.length) {
      const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
      larger.set(buffer);
      buffer = larger;
      view = new DataView(buffer.buffer);
    }
    length += count;
    return length - count;
  };
  const builder: ByteBuilder = {
    get length() {
      return length;
    },
    u8(value) {
      const at = room(1);
      view.setUint8(at, value);
      return builder;
    },
    u16(value) {
      const at = room(2);
      view.setUint16(at, value, true);
      return builder;
    },
    u32(value) {
      const at = room(4);
      view.setUint32(at, value, true);
      return builder;
    },
    u64(value) {
      const at = room(8);
      view.setBigUint64(at, BigInt(value), true);
      return builder;
    },
    i64(value) {
      const at = room(8);
      view.setBigInt64(at, BigInt(value), true);
      return builder;
    },
    f64(value) {
      const at = room(8);
      view.setFloat64(at, value, true);
      return builder;
    },
    uint(value, width) {
      for (let i = 0, rest = value; i < width; i++, rest = Math.floor(rest / 256)) builder.u8(rest % 256);
      return builder;
    },
    text: (value) => builder.raw(encoder.encode(value)),
    raw(bytes) {
      const at = room(bytes.length);
      buffer.set(bytes, at);
      return builder;
    },
    zeros: (count) => (room(count), builder),
    done: () => buffer.slice(0, length),
  };
  return builder;
}
