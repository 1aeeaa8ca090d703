import { Charset, Index } from 'flexsearch';

// Beginnings of words, and sounds: of the encoders its documentation shows against errors, the one that finds most of our
// pairs with beginnings. Its many-field index wants all the words in one field, hence one text.
const SETTINGS = { tokenize: 'forward', encoder: Charset.LatinExtra };

const textOf = ({ name, given, trade, more, place }) => `${name} ${given} ${trade} ${more} ${place}`;

export function build(entries) {
  const index = new Index(SETTINGS);
  for (const entry of entries) index.add(entry.id, textOf(entry));
  return index;
}

export const search = (index, text, limit) => index.search(text, { limit });

export async function save(index) {
  const parts = [];
  await index.export((key, part) => void parts.push([key, part]));
  return JSON.stringify(parts);
}

export function load(_, saved) {
  const index = new Index(SETTINGS);
  for (const [key, part] of JSON.parse(saved)) index.import(key, part);
  return index;
}
