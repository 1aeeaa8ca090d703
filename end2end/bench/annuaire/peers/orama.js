import { create, insertMultiple, load as put, save as taken, search as ask } from '@orama/orama';

// French words, without accents; beginnings by nature. All the words are wanted in one field, hence one text.
const empty = () => create({ schema: { text: 'string' }, language: 'french', sort: { enabled: false } });

const textOf = ({ name, given, trade, more, place }) => `${name} ${given} ${trade} ${more} ${place}`;

export function build(entries) {
  const index = empty();
  insertMultiple(index, entries.map((entry) => ({ id: String(entry.id), text: textOf(entry) })), entries.length);
  return index;
}

export function search(index, text, limit) {
  // One error from five letters, as in the application; every word wanted.
  const tolerance = text.trim().length < 5 ? 0 : 1;
  const { hits } = ask(index, { term: text, tolerance, threshold: 0, limit });
  return hits.map(({ id }) => Number(id));
}

export const save = (index) => JSON.stringify(taken(index));

export function load(_, saved) {
  const index = empty();
  put(index, JSON.parse(saved));
  return index;
}
