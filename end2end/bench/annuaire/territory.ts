import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Server } from '../../support/server.js';
import { peopleOf, type Entry, type Lists } from './entries.js';

/** As many as a large territory has. */
const COMMUNES = 40;
/** Of ten rows of the invented file, three are second places of the same people. */
const PEOPLE_PER_ROW = 0.7;

/** A server whose directory holds so many people, imported as an administrator does it; and the people of the file. */
export async function territoryOf(people: number): Promise<{ server: Server; people: Entry[] }> {
  const server = await Server.start();
  await server.stop();
  const communes = firstCommunes('31');
  const file = join(server.data, 'PS_LibreAcces_Personne_activite_202611010800.txt');
  const rows = String(Math.ceil(people / PEOPLE_PER_ROW));
  cardabelle('territory', 'communes', 'add', '--data', server.data, ...communes);
  cardabelle('synthetic', 'rpps', '--rows', rows, '--share', '1000', '--communes', communes.join(','), file);
  // The people of the demonstration are not in it.
  cardabelle('import', 'rpps', '--apply', '--many-gone', '--data', server.data, file);
  const lists = JSON.parse(server.command('annuaire lists', [])) as Lists;
  const entries = peopleOf(file, lists);
  rmSync(file);
  await server.resume();
  return { server, people: entries };
}

function firstCommunes(departement: string): string[] {
  const list = readFileSync(new URL('../../../crates/server/data/communes.tsv', import.meta.url), 'utf8');
  const codes = list.split('\n').map((line) => line.split('\t')[0]);
  return codes.filter((code) => code.startsWith(departement)).slice(0, COMMUNES);
}

function cardabelle(...words: string[]): void {
  const done = spawnSync(process.env.CARDABELLE_BIN!, words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`cardabelle ${words.slice(0, 3).join(' ')}: ${done.stderr}${done.stdout}`);
}
