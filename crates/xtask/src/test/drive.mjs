// Usage: URL SECONDS ENGINE BROWSER [DRIVER]
// Opens the page of wasm-bindgen-test-runner and prints it until it tells its result.
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/package.json`);
// Run by --eval: no script name stands before the arguments.
const [url, seconds, engine, browser, driver] = process.argv.slice(1);

async function withPuppeteer() {
  const puppeteer = require('puppeteer-core');
  const chromium = engine === 'chromium';
  const session = await puppeteer.launch({
    browser: chromium ? 'chrome' : 'firefox',
    executablePath: browser,
    headless: true,
    args: chromium
      ? ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']
      : [],
  });
  const page = await session.newPage();
  await page.goto(url);
  return { read: (id) => page.evaluate((i) => document.getElementById(i)?.textContent ?? '', id), close: () => session.close() };
}

async function withSelenium() {
  const { Builder, Capabilities } = require('selenium-webdriver');
  const { spawn } = require('node:child_process');
  const port = 20000 + (process.pid % 20000);
  const server = spawn(driver, [`--port=${port}`], { stdio: 'inherit' });
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
  });
  let session;
  for (let attempt = 1; session === undefined; attempt += 1) {
    try {
      session = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    } catch (error) {
      if (attempt === 20) { server.kill(); throw error; }
      await new Promise((done) => { setTimeout(done, 250); });
    }
  }
  await session.get(url);
  return {
    read: (id) => session.executeScript('return document.getElementById(arguments[0])?.textContent ?? ""', id),
    close: async () => { await session.quit(); server.kill(); },
  };
}

const page = await (engine === 'webkit' ? withSelenium() : withPuppeteer());
const end = Date.now() + Number(seconds) * 1000;
let output = '';
try {
  while (Date.now() < end && !output.includes('test result: ')) {
    await new Promise((done) => { setTimeout(done, 200); });
    output = await page.read('output');
  }
  console.log(output.trim());
  if (!output.includes('test result: ')) console.error(`no result within ${seconds} s`);
  if (!output.includes('test result: ok')) console.error(await page.read('console_error'));
} finally {
  await page.close();
}
process.exit(output.includes('test result: ok') ? 0 : 1);
