// Does a draw again from its printed sheet, without a line of Cardabelle.
//   node draw.mjs <sheet, as text> <seed>
// Prints the SHA-256 of the frozen list, then the pairs in the order of the draw.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export function drawAgain(sheet, seed) {
  const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
  const pairs = [...new Set(sheet.match(/\b[bcdfghjkmnpqrstv]{8}\b/g) ?? [])].sort();
  const digest = sha256(pairs.map((pair) => `${pair}\n`).join(''));
  const ranked = pairs.map((pair) => [sha256(`${seed}\n${pair}`), pair]).sort(([one], [other]) => (one < other ? -1 : 1));
  return { digest, order: ranked.map(([, pair]) => pair) };
}

if (process.argv[1]?.endsWith('draw.mjs')) {
  const { digest, order } = drawAgain(readFileSync(process.argv[2], 'utf8'), process.argv[3]);
  console.log([digest, ...order].join('\n'));
}
