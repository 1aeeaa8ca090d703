import type { Page } from '@playwright/test';

import { tokenOf, type Account, type Server } from './server.js';

export const ADMIN: Account = { login: 'admin', password: 'demo-admin-2026', name: 'Administration' };

const HEADERS = { 'content-type': 'application/json', 'cardabelle-protocol': '1' };

/** Asks the server as somebody who holds this token. */
export async function ask(server: Server, token: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { ...HEADERS, authorization: `Bearer ${token}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** What the server says of a link; nobody is signed in. */
export async function openLink(server: Server, token: string): Promise<Response> {
  return fetch(`${server.url}/api/link`, { method: 'POST', headers: HEADERS, body: JSON.stringify({ token }) });
}

/** Makes so many accounts, as another administrator would. */
export async function crowd(server: Server, count: number): Promise<void> {
  const token = await tokenOf(server, ADMIN);
  const members = Array.from({ length: count }, (_, rank) => ({
    name: `${GIVEN[rank % GIVEN.length]} ${FAMILY[Math.floor(rank / GIVEN.length) % FAMILY.length]}`,
    profession: 'Infirmière',
    roles: ['professional'],
  }));
  const made = await ask(server, token, 'POST', '/api/accounts', { members });
  if (!made.ok) throw new Error(`making accounts: ${made.status} ${await made.text()}`);
}

const GIVEN = ['Amélie', 'Bruno', 'Chloé', 'Denis', 'Émilie', 'Hugo', 'Manon', 'Nadia'];
const FAMILY = ['Bonnet', 'Castel', 'Delmas', 'Escande', 'Fabre-Lacaze', 'Huc', 'Izard', 'Jalabert'];

/** The links on the screen, each with the name it is for. */
export async function linksOf(page: Page): Promise<{ name: string; address: string }[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.strip')].map((strip) => ({
      name: strip.querySelector('h2')?.textContent ?? '',
      address: strip.querySelector('.link')?.textContent ?? '',
    })),
  );
}

/** The pages of a PDF as Chromium writes it: their sizes, in points. */
export function pagesOf(pdf: Buffer): [number, number][] {
  const text = pdf.toString('latin1');
  const boxes = [...text.matchAll(/\/Type \/Page\b(?!s)[\s\S]*?\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  return boxes.map((box) => [Math.round(Number(box[1])), Math.round(Number(box[2]))]);
}
