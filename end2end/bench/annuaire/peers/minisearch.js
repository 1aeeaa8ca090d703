import MiniSearch from 'minisearch';

// What its documentation shows for a search as one types: beginnings, errors, the title first. It folds no accents by
// itself, and gives this place to do it.
const SETTINGS = {
  fields: ['name', 'given', 'trade', 'more', 'place'],
  processTerm: (term) => term.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(),
  searchOptions: {
    prefix: true,
    // One error from five letters, as in the application.
    fuzzy: (term) => (term.length < 5 ? false : 1),
    combineWith: 'AND',
    boost: { name: 2 },
  },
};

export function build(entries) {
  const index = new MiniSearch(SETTINGS);
  index.addAll(entries);
  return index;
}

export const search = (index, text) => index.search(text).map(({ id }) => id);

export const save = (index) => JSON.stringify(index);

export const load = (_, saved) => MiniSearch.loadJSON(saved, SETTINGS);
