// Two operators: a bank statement is read, its riddle given to a vendor by both, a key's limit raised by both, an order found and printed again, a price told.
import { alive, desk, fail, judge, openBrowser, openPage, required, run, shot, signIn } from './portal.mjs';

const base = required('LATCHKEY_URL');
const browser = await openBrowser();
const page = await openPage(browser, base, desk);

const go = async (path) => {
  await page.goto(base + path);
  await alive(page);
};
const approve = async (name, password) => {
  await page.waitForSelector('.mud-dialog input', { timeout: 10_000 });
  const fields = page.locator('.mud-dialog input');
  await fields.nth(0).fill(name);
  await fields.nth(1).fill(password);
  await page.keyboard.press('Tab');
  await page.locator('.mud-dialog-actions button').last().click();
};
const second = () => approve(required('LATCHKEY_SECOND'), required('LATCHKEY_SECOND_PASSWORD'));

const code = await run([
  ['the manager signs in and finds the pages in the menu', async () => {
    await signIn(page, base, required('LATCHKEY_OPERATOR'), required('LATCHKEY_OPERATOR_PASSWORD'));
    await go('/park');
    await page.click('.top-nav summary >> nth=1');
    await shot(page, 'menu-open');
    await page.click('.menu-lines a[href="/vendors"]');
    await page.waitForURL('**/vendors');
    await page.waitForSelector('a[href="/vendors/gate-kiosk"]', { timeout: 15_000 });
    if (await page.locator('details.menu-group[open]').count() !== 0) fail('the menu stays open');
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
    await approve(required('LATCHKEY_OPERATOR'), required('LATCHKEY_OPERATOR_PASSWORD'));
    await page.waitForSelector('.mud-dialog .notice', { timeout: 15_000 });
    await approve(required('LATCHKEY_CASHIER'), required('LATCHKEY_CASHIER_PASSWORD'));
    await page.waitForSelector('.mud-dialog .notice', { timeout: 15_000 });
  }],
  ['two can', async () => {
    await second();
    await page.waitForFunction(() => !document.querySelector('[data-line="BROWSER-1"]'), null, { timeout: 15_000 });
  }],
  ['two raise the limit of a key', async () => {
    await go('/keys');
    const bar = async () => (await page.textContent('.key .limit p >> nth=0')).trim();
    const before = await bar();
    await page.fill('.key .actions input >> nth=0', '1000000');
    await page.keyboard.press('Tab');
    await page.click('.key [data-action="raise"] >> nth=0');
    await second();
    await page.waitForFunction((was) => document.querySelector('.key .limit p').textContent.trim() !== was, before, { timeout: 15_000 });
    await judge(page, '/keys');
    await shot(page, 'keys-raised');
  }],
  ['an order is found by its meter and shown with its entries', async () => {
    await go(`/orders?find=${required('LATCHKEY_METER')}`);
    // By the link's address: the list is drawn anew while the park lives, and a click may meet a row that is just going.
    await page.waitForSelector('.order-grid a[href^="/orders/"]', { timeout: 15_000 });
    await go(await page.getAttribute('.order-grid a[href^="/orders/"] >> nth=0', 'href'));
    await page.waitForSelector('tr.posting', { timeout: 15_000 });
    await judge(page, 'an order');
    await shot(page, 'order');
    await page.click('[data-action="reprint"]');
    await page.waitForSelector('[data-copy-number="1"]', { timeout: 10_000 });
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
