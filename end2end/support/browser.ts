import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Browser as Chromium, type Page } from '@playwright/test';
import puppeteer, { type Browser as Firefox, type Page as FirefoxPage } from 'puppeteer-core';

export type Size = { width: number; height: number };
export const PHONE: Size = { width: 390, height: 844 };
export const TABLET: Size = { width: 820, height: 1180 };
/** A desktop page magnified four times, or the smallest phone: nothing scrolls sideways. */
export const NARROW: Size = { width: 320, height: 640 };
export const TABLET_LYING: Size = { width: 1180, height: 820 };
export const DESKTOP: Size = { width: 1280, height: 800 };

/** A browser with a disk of its own, that can be killed and started again on the same disk. */
export interface Tablet {
  readonly profile: string;
  /** A page of the engine: what journeys use is common to both. */
  open(url: string): Promise<Page | FirefoxPage>;
  /** SIGKILL, to the browser and all its processes: no unload handler runs. */
  kill(): Promise<void>;
  /** Killed if need be, and its disk erased. */
  clear(): Promise<void>;
}

export class ChromiumTablet implements Tablet {
  readonly profile = mkdtempSync(join(tmpdir(), 'cardabelle-chromium-'));
  private process: ChildProcess | null = null;
  private browser: Chromium | null = null;

  constructor(
    private readonly size: Size = TABLET,
    private readonly more: string[] = [],
  ) {}

  /** Takes the disk of another one that is closed, before its first start. */
  inherit(profile: string): void {
    cpSync(profile, this.profile, { recursive: true });
  }

  /** One more tab, beside those there are. */
  async tab(): Promise<Page> {
    const page = await this.browser!.contexts()[0].newPage();
    await page.setViewportSize(this.size);
    return page;
  }

  async open(url: string): Promise<Page> {
    if (!this.browser) await this.launch();
    const context = this.browser!.contexts()[0];
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setViewportSize(this.size);
    await page.goto(url);
    return page;
  }

  private async launch(): Promise<void> {
    const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const portFile = join(this.profile, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.process = spawn(
      executable,
      [
        '--headless=new', ...root, '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--remote-debugging-port=0',
        `--user-data-dir=${this.profile}`, `--window-size=${this.size.width},${this.size.height}`, ...this.more, 'about:blank',
      ],
      // A group of its own, so that the whole browser dies at once.
      { stdio: 'ignore', detached: true },
    );
    const port = await soon(() => {
      if (!existsSync(portFile)) return null;
      const [line] = readFileSync(portFile, 'utf8').split('\n');
      return line ? Number(line) : null;
    }, 'Chromium does not open its debugging port');
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  }

  async kill(): Promise<void> {
    await killGroup(this.process);
    await this.browser?.close().catch(() => undefined);
    this.process = null;
    this.browser = null;
  }

  /** Closed as a person closes it: the browser writes all it meant to write. */
  async close(): Promise<void> {
    const process = this.process;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((done) => process.once('exit', done));
    const session = await this.browser!.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await ended;
    this.process = null;
    this.browser = null;
  }

  async clear(): Promise<void> {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class FirefoxTablet implements Tablet {
  readonly profile = mkdtempSync(join(tmpdir(), 'cardabelle-firefox-'));
  private browser: Firefox | null = null;

  constructor(private readonly size: Size = TABLET) {}

  static available(): boolean {
    return Boolean(process.env.FIREFOX);
  }

  async open(url: string): Promise<FirefoxPage> {
    this.browser ??= await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX,
      headless: true,
      userDataDir: this.profile,
      defaultViewport: this.size,
    });
    const page = (await this.browser.pages())[0] ?? (await this.browser.newPage());
    await page.goto(url);
    return page;
  }

  /** One more tab, beside those there are. */
  tab(): Promise<FirefoxPage> {
    return this.browser!.newPage();
  }

  async kill(): Promise<void> {
    const process = this.browser?.process() ?? null;
    const ended = new Promise((done) => (process ? process.once('exit', done) : done(null)));
    process?.kill('SIGKILL');
    await ended;
    // Puppeteer puts the preferences of the profile back after the end: the next start must not meet it at that.
    const restored = () => (['user.js', 'prefs.js'].some((file) => existsSync(join(this.profile, `${file}.puppeteer`))) ? null : true);
    await soon(restored, 'the profile of Firefox is not put back');
    this.browser = null;
    // What Firefox leaves when it is killed and would refuse to start on.
    rmSync(join(this.profile, 'lock'), { force: true });
    rmSync(join(this.profile, '.parentlock'), { force: true });
  }

  async clear(): Promise<void> {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function killGroup(child: ChildProcess | null): Promise<void> {
  if (!child?.pid || child.exitCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

/** Asks again until there is an answer. */
export async function soon<T>(ask: () => T | null | Promise<T | null>, complaint: string, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(complaint);
}
