import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

import type { Server } from './server.js';

export type Request = { path: string; headers: IncomingHttpHeaders; body: Buffer };
/** `cutAfter`: the connection dies after so many bytes of the body. */
export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; cutAfter?: number };

/** Stands between the browser and the server, and may change what passes: a newer build, a fault on the way. */
export class Proxy {
  /** Changes the body of a request on its way to the server. */
  onRequest: (path: string, body: Buffer) => Buffer = (_, body) => body;
  /** Changes an answer on its way to the browser. */
  onAnswer: (path: string, answer: Answer) => Answer = (_, answer) => answer;
  /** What becomes of a request: by default it goes to the server, once. A rejection cuts the connection. */
  onPass: (request: Request, forward: () => Promise<Answer>) => Promise<Answer> = (_, forward) => forward();
  private http: HttpServer | null = null;
  private port = 0;

  private constructor(public server: Server) {}

  static async before(server: Server): Promise<Proxy> {
    const proxy = new Proxy(server);
    await proxy.resume();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens, again on the same port after a stop. */
  async resume(): Promise<void> {
    const http = createServer((incoming, outgoing) => {
      this.pass(incoming).then(
        ({ status, headers, body, cutAfter }) => {
          outgoing.writeHead(status, headers);
          if (cutAfter === undefined) outgoing.end(body);
          else outgoing.write(body.subarray(0, cutAfter), () => outgoing.destroy());
        },
        () => outgoing.destroy(),
      );
    });
    await new Promise<void>((done, failed) => http.once('error', failed).listen(this.port, '127.0.0.1', done));
    this.port = (http.address() as AddressInfo).port;
    this.http = http;
  }

  /** Really stopped: the port refuses connections. */
  async stop(): Promise<void> {
    const http = this.http;
    this.http = null;
    if (!http) return;
    const ended = new Promise((done) => http.close(done));
    http.closeAllConnections();
    await ended;
  }

  private async pass(incoming: IncomingMessage): Promise<Answer> {
    const path = incoming.url ?? '/';
    const packed = incoming.headers['content-encoding'] === 'gzip';
    const sent = await whole(incoming);
    const body = this.onRequest(path, packed ? gunzipSync(sent) : sent);
    const headers: IncomingHttpHeaders = { ...incoming.headers, 'accept-encoding': 'identity', 'content-length': String(body.length) };
    delete headers['content-encoding'];
    // An unchanged answer would hide what is changed here.
    delete headers['if-none-match'];
    delete headers['transfer-encoding'];
    const changed = await this.onPass({ path, headers, body }, async () => {
      const answer = await this.ask(path, incoming.method, headers, body);
      return this.onAnswer(path, { status: answer.statusCode ?? 502, headers: { ...answer.headers }, body: await whole(answer) });
    });
    delete changed.headers['transfer-encoding'];
    changed.headers['content-length'] = String(changed.body.length);
    return changed;
  }

  private ask(path: string, method: string | undefined, headers: IncomingHttpHeaders, body: Buffer): Promise<IncomingMessage> {
    return new Promise((done, failed) => {
      request({ host: this.server.host, port: this.server.port, path, method, headers }, done).once('error', failed).end(body);
    });
  }
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
