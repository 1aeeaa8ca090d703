import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real server on a territory of its own, a demonstration unless told otherwise, on a port that survives its restarts. */
export class Server {
  private process: ChildProcess | null = null;
  /** What its next start is told beside the command line. */
  environment: Record<string, string> = {};
  /** What it wrote since its last start. */
  log = '';

  private constructor(
    readonly data: string,
    readonly port: number,
    readonly host: string,
    private readonly demo = true,
  ) {}

  static async start(): Promise<Server> {
    return Server.over(demonstration());
  }

  /** As an administrator begins a real territory: no demonstration, hence a second factor for everybody. */
  static async strict(): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), 'cardabelle-server-'));
    const server = new Server(data, await freePort(), '127.0.0.1', false);
    server.command('init', ['--territory', 'CPTS de la Lèze', '--admin', 'bureau']);
    await server.resume();
    return server;
  }

  /** What an administrator types on this data, and reads. */
  command(name: string, more: string[], input = ''): string {
    const done = spawnSync(binary(), [...name.split(' '), '--data', this.data, ...more], { encoding: 'utf8', input });
    if (done.status !== 0) throw new Error(`cardabelle ${name}: ${done.stderr}`);
    return done.stdout;
  }

  /** Invites somebody; answers the address of her link, on this server. */
  invite(login: string, name: string, role = 'professional'): string {
    return this.link(this.command('user add', ['--login', login, '--name', name, '--profession', 'Infirmière', '--role', role]));
  }

  /** The address of the link that a command printed. */
  link(printed: string): string {
    const [token] = /(?<=\/activer#)[0-9a-f]{64}/.exec(printed) ?? [];
    if (!token) throw new Error(`no link in: ${printed}`);
    return `${this.url}/activer#${token}`;
  }

  /** Another server, on a copy of the data of one that is stopped. */
  static async over(data: string): Promise<Server> {
    const copy = mkdtempSync(join(tmpdir(), 'cardabelle-server-'));
    cpSync(data, copy, { recursive: true });
    const server = new Server(copy, await freePort(), '127.0.0.1');
    await server.resume();
    return server;
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Starts again on the same data and the same port. */
  async resume(): Promise<void> {
    this.process = spawn(binary(), ['serve', '--data', this.data, '--listen', `${this.host}:${this.port}`, ...(this.demo ? ['--demo'] : [])], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...this.environment },
    });
    this.log = '';
    this.process.stderr?.on('data', (bytes) => (this.log += bytes));
    for (let tries = 0; tries < 200; tries++) {
      if (this.process.exitCode !== null) throw new Error(`the server stopped: ${this.log}`);
      const answer = await fetch(`${this.url}/healthz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`the server does not answer: ${this.log}`);
  }

  /** Really stopped: the port refuses connections. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const process = this.process;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((done) => process.once('exit', done));
    process.kill(signal);
    await ended;
    this.process = null;
  }

  async clear(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }
}

let loaded: string | null = null;

/** The data of a demonstration that nobody used yet: loaded once for all the journeys of this process. */
function demonstration(): string {
  if (loaded) return loaded;
  const data = mkdtempSync(join(tmpdir(), 'cardabelle-demo-'));
  process.once('exit', () => rmSync(data, { recursive: true, force: true }));
  const done = spawnSync(binary(), ['demo', '--data', data], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`loading the demonstration: ${done.stderr}`);
  return (loaded = data);
}

export type Account = { login: string; password: string; name: string };
export const CLAIRE: Account = { login: 'claire.vidal', password: 'demo-claire-2026', name: 'Claire Vidal' };

/** A colleague with one person only. */
export const KARIM: Account = { login: 'karim.benali', password: 'demo-karim-2026', name: 'Karim Benali' };

/** The coordination, who is no caregiver, and the pharmacist who calls for her. */
export const SOPHIE: Account = { login: 'sophie.marty', password: 'demo-sophie-2026', name: 'Sophie Marty' };
export const LEA: Account = { login: 'lea.fontan', password: 'demo-lea-2026', name: 'Léa Fontan' };

export type Field = { value: unknown; base: string | null };
export type Operation = {
  seq: number;
  op_id: string;
  device_id: string;
  device_seq: number;
  record_id: string;
  record_kind: string;
  kind: string;
  fields?: Record<string, Field>;
  reason?: string;
};

const HEADERS = { 'content-type': 'application/json', 'cardabelle-protocol': '1' };

/** Everything the server gives back to this account, as another device of hers would receive it. */
export async function everythingOf(server: Server, account: Account): Promise<Operation[]> {
  return logOf(server, await tokenOf(server, account));
}

/** Signs in as a device that only looks. */
export async function tokenOf(server: Server, account: Account): Promise<string> {
  return (await signIn(server, account)).token;
}

/** Signs in as another device, which speaks to the server without a browser. */
export async function signIn(server: Server, account: Account) {
  const post = async (path: string, body: unknown, token?: string): Promise<unknown> => {
    const headers = { ...HEADERS, ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { login, password } = account;
  const signedIn = await post('/api/sign-in', { login, password, device_id: null, device_name: 'Contrôle' });
  const { token, device_id: device } = signedIn as { token: string; device_id: string };
  return { token, device, post: (path: string, body: unknown) => post(path, body, token) };
}

type Entered = { id: string; fields: Record<string, { value: unknown }> };

/** What one record holds for this account, as another device of hers would receive it: told by the log, or come into her sight. */
export async function heldBy(server: Server, account: Account, record: string): Promise<Record<string, unknown>> {
  const entered: Entered[] = [];
  const told = fieldsOf(await logOf(server, await tokenOf(server, account), entered), record);
  const whole = entered.filter(({ id }) => id === record).at(-1)?.fields ?? {};
  return { ...told, ...Object.fromEntries(Object.entries(whole).map(([name, { value }]) => [name, value])) };
}

/** The log in the words of a device; with `entered`, also the records that came into sight, which the protocol before did not tell. */
export async function logOf(server: Server, token: string, entered?: Entered[]): Promise<Operation[]> {
  const operations: Operation[] = [];
  for (let since = 0, epoch = 0, more = true; more; ) {
    const page = await fetch(`${server.url}/api/pull?epoch=${epoch}&since=${since}`, {
      headers: { ...HEADERS, ...(entered && { 'cardabelle-protocol': '2' }), authorization: `Bearer ${token}` },
    });
    if (!page.ok) throw new Error(`pulling to compare: ${page.status}`);
    const pulled = (await page.json()) as { operations: Operation[]; entered?: Entered[]; since: number; epoch: number; more: boolean };
    operations.push(...pulled.operations);
    entered?.push(...(pulled.entered ?? []));
    more = pulled.more || pulled.epoch !== epoch;
    ({ since, epoch } = pulled);
  }
  return operations;
}

/** The fields of one record after every operation, in the server's order. */
export function fieldsOf(operations: Operation[], record: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const operation of operations.filter((operation) => operation.record_id === record)) {
    for (const [name, field] of Object.entries(operation.fields ?? {})) fields[name] = field.value;
  }
  return fields;
}

function binary(): string {
  const path = process.env.CARDABELLE_BIN;
  if (!path) throw new Error('CARDABELLE_BIN must name the server: run `cargo xtask test`');
  return path;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      probe.close(() => resolve(address.port));
    });
  });
}
