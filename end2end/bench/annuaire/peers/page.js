/** What is common to the pages of the peers: entries, an index made or loaded, five lines rewritten at each key. */

const LIMIT = 10;

const peer = await import(`/peers${location.pathname}.js`);
const box = document.querySelector('#box');
const lines = [...document.querySelectorAll('li')].map((line) => ({
  line,
  texts: [...line.querySelectorAll('b, span')].map((part) => part.firstChild),
}));

let entries = [];
let index;
let saved = '';

function draw(ids) {
  lines.forEach(({ line, texts }, at) => {
    const entry = at < ids.length ? entries[ids[at]] : null;
    line.hidden = !entry;
    if (entry) [entry.shown, entry.what, entry.where].forEach((text, part) => (texts[part].nodeValue = text));
  });
}

box.addEventListener('input', () => draw(peer.search(index, box.value, LIMIT)));

/** From the text of the entries, in memory, to an index that answers: milliseconds. */
async function made(text) {
  const began = performance.now();
  entries = JSON.parse(text);
  index = peer.build(entries);
  return performance.now() - began;
}

window.contender = {
  async build(address) {
    const text = await (await fetch(address)).text();
    return made(text);
  },
  /** As it would be kept on the device; answers its bytes. */
  async save() {
    saved = await peer.save(index);
    return new TextEncoder().encode(saved).length;
  },
  /** From the text of the entries and of the index kept, in memory, to an index that answers: milliseconds. */
  load() {
    const text = JSON.stringify(entries);
    const began = performance.now();
    entries = JSON.parse(text);
    index = peer.load(entries, saved);
    return performance.now() - began;
  },
  search: (text, limit) => peer.search(index, text, limit).slice(0, limit).map((id) => entries[id]),
};
