import type { Page } from '@playwright/test';

export type Held = { records: number; waiting: number; done: boolean };

/** What the disk of the device holds: records, entries that wait, and whether the first pull is over. */
export function held(page: Page): Promise<Held> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const name = (await indexedDB.databases()).find(({ name }) => name?.startsWith('cardabelle-'))?.name;
    if (!name) return { records: 0, waiting: 0, done: false };
    const database = await asked(indexedDB.open(name));
    try {
      if (!database.objectStoreNames.contains('counters')) return { records: 0, waiting: 0, done: false };
      const transaction = database.transaction(['records', 'outbox', 'counters']);
      const [records, waiting, cursor] = await Promise.all([
        asked(transaction.objectStore('records').count()),
        asked(transaction.objectStore('outbox').count()),
        asked(transaction.objectStore('counters').get('cursor') as IDBRequest<{ epoch: number; first?: unknown } | undefined>),
      ]);
      return { records, waiting, done: Boolean(cursor && cursor.epoch > 0 && !cursor.first) };
    } finally {
      database.close();
    }
  });
}

/** Before the application: times each answer from the event the finger made, to the transaction that keeps it, to the disk. */
export function watchTaps(): void {
  const taps: { began: number; durable: number }[] = [];
  Object.assign(window, { taps });
  let tapped: number | null = null;
  addEventListener('change', () => (tapped = performance.now()), true);
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...given: Parameters<typeof transaction>) {
    const began = performance.now();
    const made = transaction.apply(this, given);
    if (tapped !== null && made.mode === 'readwrite' && made.objectStoreNames.contains('outbox')) {
      const tap = tapped;
      tapped = null;
      made.addEventListener('complete', () => taps.push({ began: began - tap, durable: performance.now() - tap }));
    }
    return made;
  };
}

/** Times so many strict transactions of one row of 1 kB, each after the end of the other. */
export async function rawPuts(count: number): Promise<number[]> {
  const database = await new Promise<IDBDatabase>((done, failed) => {
    const request = indexedDB.open('raw', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('rows');
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const figures: number[] = [];
  for (let rank = 0; rank < count; rank++) {
    const start = performance.now();
    const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
    transaction.objectStore('rows').put(crypto.getRandomValues(new Uint8Array(1_000)), rank);
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = failed;
    });
    figures.push(performance.now() - start);
    // As far apart as the taps.
    await new Promise((next) => setTimeout(next, 100));
  }
  database.close();
  return figures;
}
