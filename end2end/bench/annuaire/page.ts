/** What runs in the page to measure its opening from inside: serialised by Playwright, hence it stands alone. */

export type Opening = { pressed: number; opened: number; shown: number };
type Watched = { opening: Opening | null };

/**
 * Watches the opening of the directory: from the touch on its tab to the frame that shows its first lines. Between them, the
 * file opened with the key of the notebook.
 */
export function watchOpening(): void {
  const watched = window as unknown as Watched;
  const opening: Opening = { pressed: 0, opened: 0, shown: 0 };
  watched.opening = null;
  // The last touch before the list: the first ones unlock the notebook, which deciphers the file to know its mark.
  const press = (event: Event) => {
    if (opening.shown) return;
    opening.pressed = event.timeStamp;
    opening.opened = 0;
  };
  addEventListener('pointerdown', press, { capture: true });
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
  crypto.subtle.decrypt = async (...asked: Parameters<SubtleCrypto['decrypt']>) => {
    const clear = await decrypt(...asked);
    if (clear.byteLength > 100_000 && !opening.shown) opening.opened ||= performance.now();
    return clear;
  };
  const observer = new MutationObserver(() => {
    if (!opening.pressed || !document.querySelector('.entries li:not([hidden])')) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        opening.shown = performance.now();
        watched.opening = opening;
      };
      port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true, attributes: true });
}

export function openingOf(): Opening | null {
  return (window as unknown as Watched).opening;
}
