import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

export const PEERS = ['minisearch', 'flexsearch', 'fuse', 'orama'] as const;

const HEAD = '<!doctype html><html lang=fr><meta name=viewport content="width=device-width"><title>Peer</title>';
const BOX = '<input type=search id=box autocomplete=off spellcheck=false>';
const LINES = `<ul>${'<li><a href=#><b>-</b> <span>-</span> <span>-</span></a></li>'.repeat(5)}</ul>`;
/** What a page of five lines costs that searches nothing. */
const PLAIN = `<script>
  const texts = [...document.querySelectorAll('b, span')].map((part) => part.firstChild);
  box.addEventListener('input', () => texts.forEach((text, at) => (text.nodeValue = box.value + ' ' + at + ' ' + Math.random())));
</script>`;
const LIBRARIES = {
  minisearch: '/node_modules/minisearch/dist/es/index.js',
  flexsearch: '/node_modules/flexsearch/dist/flexsearch.bundle.module.min.mjs',
  'fuse.js': '/node_modules/fuse.js/dist/fuse.min.mjs',
  '@orama/orama': '/node_modules/@orama/orama/dist/browser/index.js',
};
const PEER = `<script type=importmap>${JSON.stringify({ imports: LIBRARIES })}</script><script type=module src=/peers/page.js></script>`;
const PAGES: Record<string, string> = { '/bare': BOX, '/plain': BOX + LINES + PLAIN };
for (const peer of PEERS) PAGES[`/${peer}`] = BOX + LINES + PEER;

const FOLDERS: Record<string, URL> = {
  peers: new URL('peers/', import.meta.url),
  node_modules: new URL('../../node_modules/', import.meta.url),
};
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json' };

/** Serves the pages to compare with, and the entries they hold, by name: `/people.json`. */
export class PeerPages {
  private constructor(private readonly server: Server) {}

  static async start(held: Record<string, unknown>): Promise<PeerPages> {
    const texts = new Map(Object.entries(held).map(([name, value]) => [`/${name}.json`, JSON.stringify(value)]));
    const server = createServer(async (request, response) => {
      const path = request.url ?? '/';
      const type = (extension: string) => ({ 'content-type': `${TYPES[extension] ?? 'text/html'}; charset=utf-8` });
      const page = PAGES[path];
      const text = page ? HEAD + page : texts.get(path);
      if (text !== undefined) return void response.writeHead(200, type(extname(path))).end(text);
      const [, folder, ...rest] = path.split('/');
      const known = FOLDERS[folder] && !rest.includes('..');
      const file = known ? await readFile(new URL(rest.join('/'), FOLDERS[folder])).catch(() => null) : null;
      response.writeHead(file ? 200 : 404, type(extname(path))).end(file ?? '');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new PeerPages(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
