import Fuse from 'fuse.js';

// Its « token search », made for search boxes: each word with its own errors, all of them wanted. At this threshold, one
// error from five letters.
const SETTINGS = {
  keys: [{ name: 'name', weight: 2 }, 'given', 'trade', 'more', 'place'],
  useTokenSearch: true,
  tokenMatch: 'all',
  ignoreDiacritics: true,
  ignoreLocation: true,
  threshold: 0.2,
};

export const build = (entries) => new Fuse(entries, SETTINGS);

export const search = (index, text, limit) => index.search(text, { limit }).map(({ item }) => item.id);

export const save = (index) => JSON.stringify(index.getIndex());

export const load = (entries, saved) => new Fuse(entries, SETTINGS, Fuse.parseIndex(JSON.parse(saved)));
