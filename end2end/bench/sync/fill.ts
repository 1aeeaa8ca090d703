import { randomBytes } from 'node:crypto';

import type { Account, Server } from '../../support/server.js';

/** As many operations in one push as the protocol takes. */
const PUSH = 200;
const NAMES = ['Aubrac', 'Bessière', 'Calmels', 'Delpech', 'Escande', 'Fabre', 'Garrigue', 'Hébrard', 'Issaly', 'Jalabert'];
const GIVEN = ['Adèle', 'Baptistine', 'Célestin', 'Denise', 'Élie', 'Fernande', 'Gaston', 'Honorine', 'Irénée', 'Joséphine'];
const COMMUNES = ['Miremont', 'Venerque', 'Grépiac', 'Cintegabelle', 'Auterive', 'Lagardelle', 'Nailloux', 'Calmont'];
const PURPOSES = ['record', 'inform-gp', 'call-back', 'share-named'];

/** Gives an account so many records of fictional people: each person with her four consents. */
export async function fill(server: Server, account: Account, records: number): Promise<void> {
  const headers = { 'content-type': 'application/json', 'cardabelle-protocol': '2' };
  const ask = async (path: string, body: unknown, token = ''): Promise<unknown> => {
    const answer = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const signIn = { login: account.login, password: account.password, device_id: null, device_name: 'Remplissage' };
  const { token, device_id } = (await ask('/api/sign-in', signIn)) as { token: string; device_id: string };
  let device_seq = 0;
  const create = (record_kind: string, form_version: string, record_id: string, values: Record<string, string>) => {
    device_seq += 1;
    const fields = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, base: null }]));
    return { op_id: uuid7(), device_id, device_seq, record_id, record_kind, form_version, kind: 'create', fields, device_time: Date.now() };
  };
  const operations = [];
  for (let rank = 0; operations.length < records; rank++) {
    const person = uuid7();
    const from = (list: string[], step: number) => list[Math.floor(rank / step) % list.length];
    operations.push(create('person', '2026.1', person, { family_name: from(NAMES, 1), given_name: from(GIVEN, 10), commune: from(COMMUNES, 3) }));
    for (const purpose of PURPOSES) operations.push(create('consent', '2026.1', uuid7(), { parent: person, purpose, answer: 'yes' }));
  }
  for (let at = 0; at < records; at += PUSH) {
    const pushed = (await ask('/api/push', { operations: operations.slice(at, Math.min(at + PUSH, records)) }, token)) as { fates: [string, { fate: string }][] };
    const refused = pushed.fates.find(([, { fate }]) => fate !== 'applied');
    if (refused) throw new Error(`a made-up record is not applied: ${JSON.stringify(refused[1])}`);
  }
}

function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
