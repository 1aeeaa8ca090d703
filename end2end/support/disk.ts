import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';

import { logContents, tableContents, unsnap } from './leveldb.js';

/** Every way a text may lie on a disk. */
export function spellings(text: string): [string, Buffer][] {
  const utf8 = Buffer.from(text, 'utf8');
  const utf16 = Buffer.from(text, 'utf16le');
  const escaped = [...text].map((letter) => (letter > '~' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter)).join('');
  const all: [string, Buffer][] = [
    ['UTF-8', utf8],
    ['UTF-16LE', utf16],
    ['UTF-16BE', Buffer.from(utf16).swap16()],
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['JSON', Buffer.from(escaped)],
    ['percent', Buffer.from(encodeURIComponent(text))],
    ['plus', Buffer.from(encodeURIComponent(text).replaceAll('%20', '+'))],
    ['hex', Buffer.from(utf8.toString('hex'))],
  ];
  for (const [name, bytes] of [['UTF-8', utf8], ['UTF-16LE', utf16]] as const) {
    for (let shift = 0; shift < 3; shift++) {
      // The first and last characters hold bits of the neighbours.
      const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
      const inside = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64').slice(shift === 0 ? 0 : shift + 1);
      all.push([`base64 of ${name}, alignment ${shift}`, Buffer.from(inside)]);
    }
  }
  return all;
}

/** Where these texts lie in the files of a profile: « file: spelling ». Unpacks what browsers pack. */
export function search(profile: string, texts: string[]): { found: Record<string, string[]>; files: number; bytes: number } {
  const found: Record<string, string[]> = Object.fromEntries(texts.map((text) => [text, []]));
  const wanted = texts.flatMap((text) => spellings(text).map(([name, bytes]) => ({ text, name, bytes })));
  let files = 0;
  let bytes = 0;
  for (const path of everyFile(profile)) {
    const file = readFileSync(path);
    files += 1;
    bytes += file.length;
    for (const contents of readings(path, file)) {
      for (const { text, name, bytes } of wanted) {
        const place = `${relative(profile, path)}: ${name}`;
        if (contents.includes(bytes) && !found[text].includes(place)) found[text].push(place);
      }
    }
  }
  return { found, files, bytes };
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** A file as it is, and as its program reads it. */
function readings(path: string, file: Buffer): Buffer[] {
  const unpacked: Buffer[] = [file];
  if (/\.(ldb|sst)$/.test(path)) unpacked.push(tableContents(file));
  if (/\.log$|MANIFEST/.test(path)) unpacked.push(logContents(file));
  for (const contents of [...unpacked]) unpacked.push(...packedInside(contents));
  return unpacked;
}

/** Values that Chromium packs one by one inside its databases, and compressed answers. */
function packedInside(contents: Buffer): Buffer[] {
  const found: Buffer[] = [];
  // The mark of a serialised value wrapped with Snappy.
  for (const at of each(contents, Buffer.from([0xff, 0x11, 0x02]))) {
    // Snappy tells the length of what comes out: what follows is left alone.
    const value = unsnap(contents.subarray(at + 3));
    if (value) found.push(value);
  }
  for (const at of each(contents, Buffer.from([0x1f, 0x8b, 0x08]))) {
    try {
      found.push(gunzipSync(contents.subarray(at)));
    } catch {
      try {
        found.push(inflateRawSync(contents.subarray(at + 10)));
      } catch {
        // Not compressed after all.
      }
    }
  }
  return found;
}

function* each(contents: Buffer, mark: Buffer): Generator<number> {
  for (let at = contents.indexOf(mark); at >= 0; at = contents.indexOf(mark, at + 1)) yield at;
}
