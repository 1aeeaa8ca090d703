import { loadavg } from 'node:os';

import { expect, test } from '@playwright/test';

import { ChromiumTablet, PHONE } from '../support/browser.js';
import { built } from './annuaire/builds.js';
import { open } from './annuaire/openings.js';
import { pairs } from './annuaire/pairs.js';
import { PeerPages } from './annuaire/peer_pages.js';
import { enter, isPeer, race, type Contender } from './annuaire/race.js';
import { found, judged, meant } from './annuaire/recall.js';
import { tellBuilds, tellKeys, tellMeant, tellOpenings, tellPairs } from './annuaire/tell.js';
import { territoryOf } from './annuaire/territory.js';

const SIZES = (process.env.ANNUAIRE_CARDS ?? '3000,20000,100000').split(',').map(Number);
const SLOWER = Number(process.env.ANNUAIRE_SLOWER ?? 6);

for (const size of SIZES) {
  test(`a directory of ${size} people beside its peers, a processor ${SLOWER} times slower`, async () => {
    const { server, people } = await territoryOf(size);
    const cases = pairs();
    const pages = await PeerPages.start({ people, pairs: cases.entries });
    const tablet = new ChromiumTablet(PHONE);
    const load = () => loadavg().map((load) => load.toFixed(1)).join(' ');
    try {
      console.log(`\n${people.length} people, processor ${SLOWER} times slower, load of the machine ${load()}`);
      const opened = await open(server, SLOWER);
      expect(opened.cards, 'the people imported are there').toBeGreaterThanOrEqual(size);
      tellOpenings(opened);

      const contenders = await enter(tablet, pages.url, server.url);
      const peers = contenders.filter(isPeer);
      tellBuilds(await each(peers, (peer) => built(peer, SLOWER)));
      tellKeys(await race(contenders, SLOWER));
      tellMeant(await each(contenders.filter(judged), (contender) => meant(contender, people)));
      const must = cases.pairs.filter(({ source }) => source.endsWith('must match'));
      tellPairs('the pairs that the specification wants', await each(peers, (peer) => found(peer, must)));
      tellPairs('all the pairs of the search', await each(peers, (peer) => found(peer, cases.pairs)));
      console.log(`\nload of the machine at the end ${load()}`);
    } finally {
      await tablet.clear();
      pages.stop();
      await server.clear();
    }
  });
}

/** One after the other. */
async function each<T>(contenders: Contender[], of: (contender: Contender) => Promise<T>): Promise<[Contender, T][]> {
  const all: [Contender, T][] = [];
  for (const contender of contenders) {
    all.push([contender, await of(contender)]);
  }
  return all;
}
