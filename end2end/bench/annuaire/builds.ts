import { turn, type Contender } from './race.js';

/** Milliseconds from the text of the entries in memory to an index that answers: made there, or taken as it was kept. */
export type Built = { made: number[]; loaded: number[]; kept: number };

type PeerWindow = { contender: { build(address: string): Promise<number>; save(): Promise<number>; load(): number } };

const TRIES = 3;
/** Who takes so long is not asked again. */
const LONG = 10_000;

/** Leaves the page of a peer with the people of the directory. */
export async function built(contender: Contender, slower: number): Promise<Built> {
  const { page } = contender;
  const build = () => page.evaluate(() => (window as unknown as PeerWindow).contender.build('/people.json'));
  const load = () => page.evaluate(() => (window as unknown as PeerWindow).contender.load());
  const made = await several(() => turn(contender, slower, build));
  const kept = await page.evaluate(() => (window as unknown as PeerWindow).contender.save());
  const loaded = await several(() => turn(contender, slower, load));
  return { made, loaded, kept };
}

async function several(once: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  do times.push(await once());
  while (times.length < TRIES && times[0] < LONG);
  return times;
}
