// Two operators: a bank statement is read, its riddle given to a vendor by both, a key's limit raised by both, an order found and printed again, a price told.
import { alive, desk, fail, fill, judge, openBrowser, openPage, required, run, shot, signIn } from './portal.mjs';

const base = required('LATCHKEY_URL');
const browser = await openBrowser();
const page = await openPage(browser, base, desk);

const go = async (path) => {
  await page.goto(base + path);
  await alive(page);
};
// The dialog takes the focus when it is drawn; only then do its fields keep what is typed. Its tries are counted, so that each answer is told from the one before.
const approve = async (name, password) => {
  await page.waitForFunction(() => document.querySelector('.mud-dialog')?.contains(document.activeElement), null, { timeout: 10_000 });
  const tries = await triesNow();
  const fields = page.locator('.mud-dialog input');
  await fill(fields.nth(0), name);
  await fill(fields.nth(1), password);
  await page.keyboard.press('Tab');
  if (await fields.nth(0).inputValue() !== name) fail('the name did not stay in its field');
  await page.locator('.mud-dialog-actions button').last().click();
  return tries;
};
const triesNow = () => page.evaluate(() => Number(document.querySelector('.mud-dialog [data-tries]')?.dataset.tries ?? 0));
const refused = async (name, password) => {
  const before = await approve(name, password);
  await page.waitForFunction((tries) => Number(document.querySelector('.mud-dialog [data-tries]')?.dataset.tries ?? 0) > tries, before, { timeout: 15_000 });
};
const second = async () => {
  await approve(required('LATCHKEY_SECOND'), required('LATCHKEY_SECOND_PASSWORD'));
  await page.waitForSelector('.mud-dialog', { state: 'detached', timeout: 15_000 });
};

const code = await run([
  ['the manager signs in and finds the pages in the menu', async () => {
    await signIn(page, base, required('LATCHKEY_OPERATOR'), required('LATCHKEY_OPERATOR_PASSWORD'));
    await go('/park');
    await page.click('.top-nav summary >> nth=1');
    await shot(page, 'menu-open');
    await page.click('.menu-lines a[href="/vendors"]');
    await page.waitForURL('**/vendors');
    await page.waitForSelector('a[href="/vendors/gate-kiosk"]', { timeout: 15_000 });
    await page.waitForFunction(() => !document.querySelector('details.menu-group[open]'), null, { timeout: 5_000 });
    await page.click('a[href="/vendors/gate-kiosk"]');
    await page.waitForSelector('[data-action="block"]', { timeout: 15_000 });
    await judge(page, '/vendors/gate-kiosk');
  }],
  ['a statement that cannot be read names its line and books nothing', async () => {
    await go('/bank');
    await page.fill('#statement', 'B1,yesterday,ref,100,CNY');
    await page.click('[data-action="import"]');
    await page.waitForSelector('[data-problem]', { timeout: 10_000 });
  }],
  ['a line without a slip waits', async () => {
    await page.fill('#statement', 'BROWSER-1,2026-11-22,nobody knows,4200,CNY');
    await page.click('[data-action="import"]');
    await page.waitForSelector('[data-line="BROWSER-1"]', { timeout: 15_000 });
    await judge(page, '/bank');
    await shot(page, 'bank-read');
  }],
  ['one person alone cannot give it away', async () => {
    await page.selectOption('[data-line="BROWSER-1"] select', 'gate-kiosk');
    await page.click('[data-line="BROWSER-1"] [data-action="assign"]');
    await refused(required('LATCHKEY_OPERATOR'), required('LATCHKEY_OPERATOR_PASSWORD'));
    await refused(required('LATCHKEY_CASHIER'), required('LATCHKEY_CASHIER_PASSWORD'));
  }],
  ['two can', async () => {
    await second();
    await page.waitForFunction(() => !document.querySelector('[data-line="BROWSER-1"]'), null, { timeout: 15_000 });
  }],
  ['two raise the limit of a key', async () => {
    await go('/keys');
    // What is left falls with every sale of the living park; the limit itself only a raise moves.
    const limit = () => page.textContent('.key .limit p span >> nth=0');
    const before = await limit();
    await fill(page.locator('.key .actions input').first(), '1000000');
    await page.keyboard.press('Tab');
    await page.click('.key [data-action="raise"] >> nth=0');
    await second();
    await page.waitForFunction((was) => document.querySelector('.key .limit p span').textContent !== was, before, { timeout: 15_000 });
    await judge(page, '/keys');
    await shot(page, 'keys-raised');
  }],
  ['an order is found by its meter and shown with its entries', async () => {
    await go(`/orders?find=${required('LATCHKEY_METER')}`);
    // By the links' addresses: the list is drawn anew while the park lives, and its newest order may have no token yet.
    await page.waitForSelector('.order-grid a[href^="/orders/"]', { timeout: 15_000 });
    const addresses = await page.locator('.order-grid a[href^="/orders/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    for (const address of addresses) {
      await go(address);
      if (await page.locator('[data-action="reprint"]').count() === 1) break;
    }
    await page.waitForSelector('tr.posting', { timeout: 15_000 });
    await judge(page, 'an order');
    await shot(page, 'order');

    // Somebody else may have printed it again before.
    await page.click('[data-action="reprint"]');
    await page.waitForSelector('[data-copy-number]', { timeout: 10_000 });
  }],
  ['a price is told line by line, and last month is drawn', async () => {
    await go('/tariffs');
    await page.fill('#amount', '50');
    await page.waitForSelector('.explanation', { timeout: 10_000 });
    await page.selectOption('#before', 'PARK-FLAT');
    await page.selectOption('#after', 'PARK-LADDER');
    await page.click('[data-action="simulate"]');
    await page.waitForSelector('.bill', { timeout: 15_000 });
    await judge(page, '/tariffs');
    await shot(page, 'tariffs');
  }],
  ['the books agree', async () => {
    await go('/books');
    await page.click('[data-action="check"]');
    await page.waitForSelector('[data-intact="true"]', { timeout: 30_000 });
    await judge(page, '/books');
    await shot(page, 'books');
  }],
]);

await browser.close();
process.exit(code);
