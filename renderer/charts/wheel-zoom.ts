/**
 * Calls `zoom` with a factor for every turn of the wheel over an element, and keeps the page still: Svelte's own wheel
 * listeners are passive and could not. Returns how to stop, so that it is the whole of an effect.
 */
export function onWheelZoom(
  element: HTMLElement | undefined,
  zoom: (factor: number, event: WheelEvent) => void,
): () => void {
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // lines, or pixels
    zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), event);
  };
  element?.addEventListener('wheel', wheel, { passive: false });
  return () => element?.removeEventListener('wheel', wheel);
}
