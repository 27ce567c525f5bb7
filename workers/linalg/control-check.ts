/** Called between pieces of long work, at least every half second; throws when the work was cancelled. */
export type Check = () => void;

export const neverCancelled: Check = () => undefined;
