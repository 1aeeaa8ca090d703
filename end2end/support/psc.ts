import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';

const CLIENT = 'cardabelle';
const SECRET = 'un-secret-pour-essayer';
const WALLET = '/.well-known/wallet-openid-configuration';

/** Whom the card names. */
export type Identity = { SubjectNameID?: string; SubjectRefPro?: unknown };

/** What the provider is made to do wrong, on its way in or out: it never knows. */
export type Faults = {
  /** Of the demand, as the provider reads it. */
  nonce?: string;
  state?: string;
  /** Level of the identification; `null`: none is told. */
  acr?: string | null;
  /** The identity token is late: it is over when it is read. */
  late?: boolean;
  /** Its keys are not those it signs with. */
  otherKeys?: boolean;
  /** Out of order from the exchange of the code on. */
  broken?: boolean;
};

/** A real OpenID provider, dressed as Pro Santé Connect: its place of discovery, its claims, its level, PKCE required. */
export class Psc {
  identity: Identity = {};
  faults: Faults = {};
  /** What it was asked, by path. */
  readonly asked: URL[] = [];
  private handler: (incoming: IncomingMessage, outgoing: ServerResponse) => void = () => undefined;
  private provider!: Provider;
  private stranger: JsonWebKey = {};

  private http = createServer();
  private port = 0;

  private constructor(private readonly site: string) {}

  /** `signed`: what it says of a person is signed too, as it may choose to. */
  static async for(site: string, signed = false): Promise<Psc> {
    const psc = new Psc(site);
    await psc.resume();
    await psc.prepare(signed);
    return psc;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What `cardabelle serve` is told of it. */
  get environment(): Record<string, string> {
    return {
      CARDABELLE_PSC_ISSUER: this.issuer,
      CARDABELLE_PSC_CLIENT_ID: CLIENT,
      CARDABELLE_PSC_CLIENT_SECRET: SECRET,
      CARDABELLE_PSC_REDIRECT: this.site,
    };
  }

  /** Really stopped: the port refuses connections. */
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.http.close(done));
    this.http.closeAllConnections();
    await ended;
  }

  /** Listens again, on the same port. */
  async resume(): Promise<void> {
    this.http = createServer((incoming, outgoing) => this.answer(incoming, outgoing));
    this.port = await listen(this.http, this.port);
  }

  private async prepare(signed: boolean): Promise<void> {
    const pair = () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return [privateKey, publicKey].map((key) => ({ ...key.export({ format: 'jwk' }), kid: 'psc', use: 'sig', alg: 'RS256' }));
    };
    const [ours] = pair();
    [, this.stranger] = pair();
    const psc = this;
    this.provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT,
          client_secret: SECRET,
          redirect_uris: [`${this.site}/psc/callback`],
          grant_types: ['authorization_code'],
          response_types: ['code'],
          ...(signed ? { userinfo_signed_response_alg: 'RS256' } : {}),
        },
      ],
      jwks: { keys: [ours] },
      cookies: { keys: ['journeys'] },
      scopes: ['openid', 'scope_all'],
      claims: { openid: ['sub'], scope_all: ['SubjectNameID', 'SubjectRefPro'], acr: null },
      acrValues: ['eidas1'],
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true } },
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: () => (psc.faults.late ? 1 : 60), Interaction: 600, Session: 600 },
      interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...psc.identity }) }),
      // Nothing more is asked than the card.
      async loadExistingGrant(context: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
        const { client, session } = context.oidc;
        const grant = new psc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid scope_all');
        await grant.save();
        return grant;
      },
    });
    this.handler = this.provider.callback();
  }

  private answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = new URL(incoming.url ?? '/', this.issuer);
    this.asked.push(url);
    if (url.pathname === WALLET) {
      incoming.url = '/.well-known/openid-configuration';
    } else if (url.pathname === '/.well-known/openid-configuration') {
      // Not where Pro Santé Connect is described.
      outgoing.writeHead(404).end();
      return;
    } else if (url.pathname === '/auth') {
      for (const name of ['nonce', 'state'] as const) {
        const wrong = this.faults[name];
        if (wrong !== undefined) url.searchParams.set(name, wrong);
      }
      incoming.url = `${url.pathname}${url.search}`;
    } else if (url.pathname === '/token' && this.faults.broken) {
      outgoing.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>');
      return;
    } else if (url.pathname === '/token' && this.faults.late) {
      hold(outgoing, 2_500);
    } else if (url.pathname === '/jwks' && this.faults.otherKeys) {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [this.stranger] }));
      return;
    } else if (url.pathname.startsWith('/interaction/')) {
      void this.interact(url, incoming, outgoing);
      return;
    }
    this.handler(incoming, outgoing);
  }

  /** The card is in the reader: the person types its code, or gives up. */
  private async interact(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const choice = url.searchParams.get('choix');
    if (!choice) {
      outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      outgoing.end(`<!doctype html><html lang="fr"><title>Pro Santé Connect</title><h1>Votre carte</h1>
        <p><a href="${url.pathname}?choix=oui">Valider</a> <a href="${url.pathname}?choix=non">Refuser</a></p>`);
      return;
    }
    const { acr = 'eidas1' } = this.faults;
    const login = { accountId: `f:psc:${this.identity.SubjectNameID}`, ...(acr === null ? {} : { acr }) };
    const result = choice === 'oui' ? { login } : { error: 'access_denied', error_description: 'Sabine Cazenave a refusé' };
    await this.provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false });
  }
}

/** The answer is ready now, and sent later. */
function hold(outgoing: ServerResponse, ms: number): void {
  const end = outgoing.end.bind(outgoing);
  outgoing.end = ((...all: Parameters<typeof end>) => {
    setTimeout(() => end(...all), ms);
    return outgoing;
  }) as typeof outgoing.end;
}

async function listen(http: HttpServer, port: number): Promise<number> {
  await new Promise<void>((done, failed) => http.once('error', failed).listen(port, '127.0.0.1', done));
  return (http.address() as AddressInfo).port;
}
