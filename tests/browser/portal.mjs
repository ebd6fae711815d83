// What every run needs: a browser without the network's help, a signed-in page, and a watch over what must never happen on any page.
import { chromium } from 'playwright-core';

export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 900 };
const executablePath = process.env.LATCHKEY_CHROMIUM ?? '/usr/bin/chromium';
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

export const required = (name) => process.env[name] ?? fail(`${name} is not set`);

export function fail(message) {
  throw new Error(message);
}

// Every page of the run, for what is told when a step fails.
const pages = [];
const remembered = 12;
const mostText = 1_500;

export async function openBrowser() {
  return chromium.launch({ executablePath, args });
}

// A page in its own session. What its console complains about, and whatever it asks of another host, is kept for `quiet` to judge.
export async function openPage(browser, base, viewport, locale = 'en-GB') {
  const context = await browser.newContext({ viewport, locale });
  const page = await context.newPage();
  pages.push(page);
  page.complaints = [];
  page.heard = [];
  const hear = (line) => {
    page.heard.push(line);
    if (page.heard.length > remembered) page.heard.shift();
  };
  page.on('pageerror', (error) => page.complaints.push(`script: ${error.message}`));
  page.on('console', (line) => {
    hear(`${line.type()}: ${line.text()}`);
    if (line.type() === 'error') page.complaints.push(`console: ${line.text()}`);
  });
  page.on('requestfailed', (request) => hear(`request failed: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ''}`));
  page.on('response', (response) => response.status() >= 400 && hear(`${response.status()} ${response.url()}`));
  page.on('websocket', (socket) => socket.on('close', () => hear('the circuit closed')));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== new URL(base).origin) page.complaints.push(`asked another host: ${url.origin}`);
  });
  return page;
}

export async function signIn(page, base, name, password) {
  await page.goto(`${base}/signin`);
  await page.fill('input[name="Entry.Name"]', name);
  await page.fill('input[name="Entry.Password"]', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.pathname.startsWith('/signin'), { timeout: 15_000 });
}

// A page is a picture of itself until its circuit stands; clicks before that are lost.
export async function alive(page) {
  await page.waitForSelector('[data-live]', { state: 'attached', timeout: 30_000 });
  await page.waitForFunction(() => !document.querySelector('.skeleton'), null, { timeout: 30_000 });
}

export async function judge(page, where) {
  const { scroll, width, unnamed } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
    unnamed: [...document.querySelectorAll('button, a[href], [role=button]')]
      .filter((e) => !(e.textContent?.trim() || e.getAttribute('aria-label') || e.getAttribute('title'))).length,
  }));
  if (scroll > width) fail(`${where}: the page is ${scroll - width} px wider than the screen`);
  if (unnamed > 0) fail(`${where}: ${unnamed} things to press have no name`);
  if (page.complaints.length > 0) fail(`${where}: ${page.complaints.join('; ')}`);
}

// Fills a field and looks whether it stands there: a dialog that takes the focus while it opens can send what is typed to another field.
export async function fill(field, text) {
  for (let attempt = 1; attempt <= 5; attempt++) {
    await field.fill(text);
    if (await field.inputValue() === text) return;
  }
  fail(`the field takes no text: it has '${await field.inputValue()}'`);
}

// What the pages show and what was heard from them: a failure that comes once must tell enough the first time.
async function saw() {
  const told = [];
  for (const page of pages.filter((one) => !one.isClosed())) {
    const text = await page.evaluate(() => document.body?.innerText ?? '').catch((error) => `no text: ${error.message}`);
    told.push(`at ${page.url()} | heard: ${[...page.complaints, ...page.heard].join('; ') || 'nothing'} | text: ${text.replaceAll(/\s+/g, ' ').slice(0, mostText)}`);
    if (process.env.LATCHKEY_SHOTS) await page.screenshot({ path: `${process.env.LATCHKEY_SHOTS}/failed-${pages.indexOf(page)}.png`, fullPage: true }).catch(() => undefined);
  }
  return told.join(' || ');
}

// A picture of the page where LATCHKEY_SHOTS names a folder.
export async function shot(page, name) {
  if (process.env.LATCHKEY_SHOTS) await page.screenshot({ path: `${process.env.LATCHKEY_SHOTS}/${name}-${page.viewportSize().width}.png`, fullPage: true });
}

// Runs the steps in order and says how each went, one JSON line per step, so that the caller can count.
export async function run(steps) {
  for (const [name, step] of steps) {
    try {
      await step();
      console.log(JSON.stringify({ step: name, ok: true }));
    } catch (error) {
      console.log(JSON.stringify({ step: name, ok: false, error: `${error.message} || ${await saw()}` }));
      return 1;
    }
  }

  return 0;
}
