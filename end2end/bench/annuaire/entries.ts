import { readFileSync } from 'node:fs';

/** One card as the peers receive it: the words by which the application finds it, and the three texts of its line. */
export type Entry = {
  /** Its place in the list. */
  id: number;
  name: string;
  given: string;
  /** Labels and synonyms of the profession and of what the register knows of it. */
  trade: string;
  /** Structures, and what was declared. */
  more: string;
  /** Communes and postal codes. */
  place: string;
  shown: string;
  what: string;
  where: string;
};

type Item = { code: string; label: string; feminine?: string; synonyms?: string[] };
export type Lists = Record<'professions' | 'competences' | 'equipment' | 'structures' | 'languages', Item[]>;
export type Commune = { insee: string; name: string; postal_codes?: string[] };

/** Three codes that mean the same to who looks for a doctor. */
const GENERAL = new Map([['SM26', 'SM54'], ['SM53', 'SM54']]);

/** Every word of a list that leads to this code; else what the file says of it. */
export function wordsOf(items: Item[], code: string, label = ''): string {
  const item = items.find((item) => item.code === (GENERAL.get(code) ?? code));
  return item ? [item.label, item.feminine, ...(item.synonyms ?? [])].filter(Boolean).join(' ') : label;
}

export function labelOf(items: Item[], code: string, label = ''): string {
  return items.find((item) => item.code === (GENERAL.get(code) ?? code))?.label ?? label;
}

/** The people of an official extraction, several activities being one card. */
export function peopleOf(file: string, lists: Lists): Entry[] {
  const [header, ...rows] = readFileSync(file, 'utf8').split(/\r?\n/u);
  const titles = header.split('|');
  const at = (title: string) => titles.indexOf(title);
  const [who, name, given] = ['Identification nationale PP', "Nom d'exercice", "Prénom d'exercice"].map(at);
  const [trade, tradeLabel, skill, skillLabel] =
    ['Code profession', 'Libellé profession', 'Code savoir-faire', 'Libellé savoir-faire'].map(at);
  const [structure, postal, commune, sector] =
    ['Raison sociale site', 'Code postal (coord. structure)', 'Libellé commune (coord. structure)', "Libellé secteur d'activité"].map(at);
  const people = new Map<string, Entry & { sets: Record<'trade' | 'more' | 'place', Set<string>> }>();
  for (const row of rows.filter(Boolean)) {
    const cells = row.split('|');
    let person = people.get(cells[who]);
    if (!person) {
      const what = labelOf(lists.professions, cells[skill] || cells[trade], cells[tradeLabel]);
      const texts = { trade: '', more: '', place: '', shown: `${cells[given]} ${cells[name]}`, what, where: cells[commune] };
      const sets = { trade: new Set<string>(), more: new Set<string>(), place: new Set<string>() };
      person = { id: people.size, name: cells[name], given: cells[given], ...texts, sets };
      people.set(cells[who], person);
    }
    person.sets.trade.add(wordsOf(lists.professions, cells[trade], cells[tradeLabel]));
    if (cells[skill]) person.sets.trade.add(wordsOf(lists.professions, cells[skill], cells[skillLabel]));
    person.sets.more.add(cells[structure]).add(cells[sector]);
    person.sets.place.add(cells[commune]).add(cells[postal]);
  }
  return [...people.values()].map(({ sets, ...person }) => {
    for (const field of ['trade', 'more', 'place'] as const) person[field] = [...sets[field]].join(' ');
    return person;
  });
}
