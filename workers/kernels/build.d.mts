/** Makes wasm.gen.ts when it is missing or older than its sources; true when it had to compile. */
export function buildKernels(): Promise<boolean>;
