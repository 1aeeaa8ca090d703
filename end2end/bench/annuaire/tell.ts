import { percentile, spread } from '../sync/figures.js';
import type { Built } from './builds.js';
import { OPENINGS, type Opened } from './openings.js';
import { KEYS, OURS, PLAIN, type Contender, type Typed } from './race.js';
import { FIRST, type Found } from './recall.js';
import type { Key } from './trace.js';

/** The first column is as wide as the longest name. */
function table(titles: string[], rows: string[][]): void {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  for (const row of [titles, ...rows]) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`);
}

export function tellOpenings({ cards, file, openings }: Opened): void {
  const seconds = (from: 'pressed' | 'opened', to: 'opened' | 'shown') => spread(openings.map((one) => (one[to] - one[from]) / 1_000));
  console.log(`\n${cards} cards for a member, a file of ${(file / 1e6).toFixed(1)} MB that carries the index`);
  console.log(`opened from the disk without a network, median of ${OPENINGS} (least to most)`);
  console.log(`  from the touch to the list drawn ${seconds('pressed', 'shown')} s, of which`);
  console.log(`  deciphered ${seconds('pressed', 'opened')} s, read and drawn ${seconds('opened', 'shown')} s`);
}

export function tellBuilds(builds: [Contender, Built][]): void {
  const seconds = (times: number[]) => spread(times.map((time) => time / 1_000));
  console.log('\nfrom the entries in memory to an index that answers, seconds, median of 3 or a single one (least to most)');
  const rows = builds.map(([{ name }, { made, loaded, kept }]) => [name, seconds(made), seconds(loaded), `${(kept / 1e6).toFixed(1)} MB`]);
  table(['', 'index made', 'index kept, loaded', 'index kept'], rows);
}

export function tellKeys(typed: Typed): void {
  const passesOf = (contender: Contender) => {
    const passes = typed.get(contender)!.filter((keys) => keys.length > 0);
    const whole = passes.filter((keys) => keys.length === KEYS);
    return whole.length > 0 ? whole : passes;
  };
  const plain = passesOf([...typed.keys()].find(({ name }) => name === PLAIN)!);
  const at = (keys: Key[], of: keyof Key, share: number) => percentile(keys.map((key) => key[of]), share);
  const rows = [...typed.keys()].map((contender) => {
    const passes = passesOf(contender);
    const figure = (of: keyof Key, share: number) => spread(passes.map((keys) => at(keys, of, share)), 0);
    const ratio = (of: keyof Key, share: number) => spread(passes.map((keys, pass) => at(keys, of, share) / at(plain[pass], of, share)));
    const keys = passes.reduce((sum, pass) => sum + pass.length, 0);
    return [
      contender.name, figure('work', 0.5), figure('work', 0.95), figure('work', 1), ratio('work', 0.5), ratio('work', 0.95),
      figure('all', 0.5), figure('all', 0.95), ratio('all', 0.5), ratio('all', 0.95), `${passes.length} × ${Math.round(keys / passes.length)}`,
    ];
  });
  console.log(`\na key, milliseconds of the main thread: its task and its frame; then all until the next key. × : by « ${PLAIN} »`);
  table(['', 'p50', 'p95', 'most', '× p50', '× p95', 'all p50', 'all p95', '× p50', '× p95', 'passes'], rows);
}

/** The pairs of the domain crate, its thirteen cards alone in the directory. */
export function tellPairs(title: string, founds: [Contender, Found][]): void {
  console.log(`\n${title}`);
  const rows = founds.map(([{ name }, found]) => {
    const of = (count: number) => `${count} of ${found.pairs}`;
    return [name, of(found.first), of(found.all), String(found.surplus), found.missed.join(', ')];
  });
  const all = founds[0][1].pairs;
  rows.unshift([OURS, '(same test)', `${all} of ${all}`, '0', 'by the Rust test what_people_type_finds_whom_they_mean, which fails otherwise']);
  table(['', `in the first ${FIRST}`, 'found at all', 'finds who it must not', 'missed'], rows);
}

/** In the whole directory. */
export function tellMeant(shares: [Contender, Map<string, number>][]): void {
  console.log(`\nof the first ${FIRST} lines, those that are what was meant, by text typed, in the whole directory`);
  const percent = (share: number) => `${Math.round(share * 100)}`;
  const mean = (of: Map<string, number>) => [...of.values()].reduce((sum, share) => sum + share, 0) / of.size;
  const rows = [...shares[0][1].keys()].map((text) => [text, ...shares.map(([, of]) => percent(of.get(text)!))]);
  rows.push(['all, %', ...shares.map(([, of]) => percent(mean(of)))]);
  table(['', ...shares.map(([{ name }]) => name)], rows);
}
