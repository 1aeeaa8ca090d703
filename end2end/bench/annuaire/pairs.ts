import { readFileSync } from 'node:fs';

import { labelOf, wordsOf, type Commune, type Entry, type Lists } from './entries.js';

/** What is typed, and whom it must and must never find, by name. */
export type Pair = { typed: string; must: string[]; never: string[]; source: string };

type Coded = { c: string; l?: string };
type Site = { structure?: string; address?: { commune: string | null; town: string } };
type Card = {
  name: string;
  given_name?: string;
  profession: Coded;
  savoir_faire?: Coded[];
  competences?: Coded[];
  equipment?: Coded[];
  languages?: string[];
  visits?: { communes: string[] };
  availability?: { new_patients: boolean; valid_until: string };
  service?: Record<string, string>;
  sites: Record<string, Site>;
};
type Cases = { directory: { communes: Commune[]; lists: Lists }; cards: { e: Card }[]; cases: Pair[] };

/** The day of the Rust test of the same pairs. */
const TODAY = '2026-11-24';
const AT_HOME = 'domicile visite visites';
const WELCOME = 'nouveau nouveaux nouvelle nouvelles patient patients patiente patientes';

/** The pairs of the domain crate, and its cards with all the words that the application knows them by. */
export function pairs(): { pairs: Pair[]; entries: Entry[] } {
  const file = new URL('../../../crates/domain/src/annuaire/search/cases.json', import.meta.url);
  const { directory, cards, cases } = JSON.parse(readFileSync(file, 'utf8')) as Cases;
  const { lists } = directory;
  const commune = (insee: string | null) => directory.communes.find((commune) => commune.insee === insee);
  const entryOf = (card: Card, id: number): Entry => {
    const sites = Object.values(card.sites);
    const trades = [...lists.professions, ...lists.structures];
    const welcome = card.availability?.new_patients && card.availability.valid_until >= TODAY;
    const more = [
      ...sites.map((site) => site.structure),
      ...(card.competences ?? []).map(({ c }) => wordsOf(lists.competences, c)),
      ...(card.equipment ?? []).map(({ c }) => wordsOf(lists.equipment, c)),
      ...(card.languages ?? []).map((code) => wordsOf(lists.languages, code)),
      card.visits ? AT_HOME : '',
      welcome ? WELCOME : '',
      ...Object.values(card.service ?? {}),
    ];
    const places = [
      ...sites.flatMap(({ address }) => [commune(address?.commune ?? null)?.name ?? address?.town, ...(commune(address?.commune ?? null)?.postal_codes ?? [])]),
      ...(card.visits?.communes ?? []).map((insee) => commune(insee)?.name),
    ];
    return {
      id,
      name: card.name,
      given: card.given_name ?? '',
      trade: [card.profession, ...(card.savoir_faire ?? [])].map(({ c, l }) => wordsOf(trades, c, l)).join(' '),
      more: more.filter(Boolean).join(' '),
      place: places.filter(Boolean).join(' '),
      shown: card.name,
      what: labelOf(trades, card.profession.c, card.profession.l),
      where: places[0] ?? '',
    };
  };
  // A box in which no letter is typed is a list, not a search.
  return { pairs: cases.filter(({ typed }) => /[\p{L}\p{N}]/u.test(typed)), entries: cards.map(({ e }, id) => entryOf(e, id)) };
}
