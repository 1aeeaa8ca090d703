/** What runs in the page to measure it from inside; both are serialised by Playwright, hence stand alone. */

/** One key, in milliseconds. */
export type Key = {
  /** Script of the key: from its `input` event to the end of the task and of what it leaves behind at once. */
  script: number;
  /** Style, layout and paint of the frame that shows the answer. */
  drawing: number;
  /** From the key, as the browser received it, to the end of that frame: waiting for the screen is in it. */
  shown: number;
  /** The list was drawn anew. */
  changed: boolean;
};
export type Opening = { pressed: number; opened: number; shown: number };
type Watched = { keys: Key[]; opening: Opening | null };

/**
 * Watches each key of the search box. A message posted during a task arrives when it is over; one posted at the beginning of a
 * frame, when the frame is drawn.
 */
export function watchKeys(): void {
  const watched = window as unknown as Watched;
  watched.keys = [];
  const after = (work: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      work();
    };
    port2.postMessage(null);
  };
  document.addEventListener(
    'input',
    (event) => {
      const began = performance.now();
      let changed = false;
      const observer = new MutationObserver(() => (changed = true));
      observer.observe(document.querySelector('.entries')!, { childList: true, subtree: true, characterData: true });
      after(() => {
        const script = performance.now() - began;
        requestAnimationFrame(() => {
          const frame = performance.now();
          after(() => {
            observer.disconnect();
            const end = performance.now();
            watched.keys.push({ script, drawing: end - frame, shown: end - event.timeStamp, changed });
          });
        });
      });
    },
    { capture: true },
  );
}

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

export function keysOf(): Key[] {
  const watched = window as unknown as Watched;
  return watched.keys.splice(0);
}

export function openingOf(): Opening | null {
  return (window as unknown as Watched).opening;
}
