// What the module offers. Addresses are bytes from the start of its memory.
export * from './product';
export * from './tridiagonal';
export * from './ql';
export * from './inverse-iteration';
export * from './jacobi';
export * from './secular';
export { axpy, dot, promote, rotate } from './vector';

/** First free byte of the memory. */
export function heapBase(): usize {
  return __heap_base;
}
