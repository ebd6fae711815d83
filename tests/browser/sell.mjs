// A cashier's day: she opens her shift, sells to a meter, prints once and once more, counts the drawer, ends the day with a slip; the next one finds the till free.
import { alive, desk, fail, judge, openBrowser, openPage, phone, required, run, shot, signIn } from './portal.mjs';

const base = required('LATCHKEY_URL');
const browser = await openBrowser();
const page = await openPage(browser, base, phone);
const other = await openPage(browser, base, desk, 'zh-CN');
const meter = required('LATCHKEY_METER');
let token = '', sale = '';

const go = async (path, on = page) => {
  await on.goto(base + path);
  await alive(on);
};
const text = async (selector) => (await page.textContent(selector)).trim();

const code = await run([
  ['both cashiers sign in, and land at the counter', async () => {
    await signIn(page, base, required('LATCHKEY_CASHIER'), required('LATCHKEY_CASHIER_PASSWORD'));
    if (new URL(page.url()).pathname !== '/shop') fail(`landed at ${page.url()}`);
    await signIn(other, base, required('LATCHKEY_CASHIER2'), required('LATCHKEY_CASHIER2_PASSWORD'));
  }],
  ['without a shift nothing can be sold', async () => {
    await go('/shop');
    if (await page.locator('#meter').count() !== 0) fail('the counter is open without a shift');
    await judge(page, '/shop closed');
    await shot(page, 'shop-closed');
  }],
  ['she counts the drawer and opens her shift', async () => {
    await go('/shop/shift');
    await page.click('[data-action="open-shift"]');
    await page.waitForSelector('[data-problem]', { timeout: 10_000 });
    await page.fill('#drawer', '50');
    await page.click('[data-action="open-shift"]');
    await page.waitForSelector('[data-action="close-shift"]', { timeout: 15_000 });
    await judge(page, '/shop/shift open');
    await shot(page, 'shop-shift');
  }],
  ['the other cashier is told whose shift it is', async () => {
    await go('/shop', other);
    if (await other.locator('#meter').count() !== 0) fail('two at one till');
    if (!(await other.textContent('main')).includes(required('LATCHKEY_CASHIER'))) fail('not told whose shift it is');
    await judge(other, '/shop of the other');
  }],
  ['a mistyped number is named as such', async () => {
    await go('/shop');
    await page.fill('#meter', '12345678901');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role="alert"]', { timeout: 10_000 });
    await shot(page, 'shop-mistyped');
  }],
  ['the price is told line by line before anybody pays', async () => {
    await page.fill('#meter', meter);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-meter]', { timeout: 10_000 });
    await page.fill('#amount', '10.03');
    await page.waitForSelector('[data-quote] dd', { timeout: 10_000 });
    await judge(page, '/shop with a price');
  }],
  ['too little money sells nothing, enough gives change', async () => {
    await page.fill('#handed', '5');
    await page.waitForFunction(() => document.querySelector('[data-action="sell"]').disabled, null, { timeout: 10_000 });
    await page.fill('#handed', '20');
    await page.waitForFunction(() => document.querySelector('[data-change]').textContent.includes('10.00'), null, { timeout: 10_000 });
    await shot(page, 'shop-sell');
  }],
  ['the token appears', async () => {
    await page.click('[data-action="sell"]');
    await page.waitForURL('**/shop/sales/*-*', { timeout: 30_000 });
    await page.waitForSelector('[data-token]', { timeout: 15_000 });
    token = (await page.getAttribute('[data-token]', 'data-token'));
    sale = new URL(page.url()).pathname;
    if (!/^\d{4}( \d{4}){4}$/.test(token)) fail('the token has not twenty digits');
    await alive(page);
    await judge(page, 'the sale');
    await shot(page, 'shop-sale');
  }],
  ['the paper carries what was sold, and its copy the same token and its number', async () => {
    const paper = async (query) => (await page.request.get(`${base}${sale}/receipt?format=text&language=en${query}`)).text();
    const original = await paper('');
    for (const word of [token.slice(0, 14), 'till-1', required('LATCHKEY_CASHIER'), 'Rounded off', 'Change']) if (!original.includes(word)) fail(`no ${word} on the paper`);
    await page.click('[data-action="reprint"]');
    await page.waitForSelector('[data-copy-number="1"]', { timeout: 10_000 });
    const copy = await paper('&copy=1');
    if (!copy.includes('COPY 1') || !copy.includes(token.slice(0, 14))) fail('the copy is not one');
    if ((await page.request.get(`${base}${sale}/receipt?format=text&copy=2`)).status() !== 409) fail('a copy was printed that nobody took');
    if ((await page.request.get(`${base}${sale}/receipt?format=text`)).status() !== 409) fail('the original was printed after its copy');
  }],
  ['the sale is found by its meter', async () => {
    await go(`/shop/sales?find=${meter}`);
    await page.click(`a[href="${sale}"]`);
    await page.waitForURL(`**${sale}`);
  }],
  ['she counts one yuan less than should be there', async () => {
    await go('/shop/shift');
    await page.fill('#drawer', '59');
    await page.click('[data-action="close-shift"]');
    await page.waitForSelector('[data-difference="-100"]', { timeout: 15_000 });
    await judge(page, '/shop/shift closed');
    await shot(page, 'shop-shift-closed');
  }],
  ['the day ends with a slip for the bank', async () => {
    await page.click('[data-action="end-day"]');
    await page.waitForSelector('[data-slip^="GATE-KIOSK-"]', { timeout: 15_000 });
    await judge(page, 'the end of the day');
    await shot(page, 'shop-day-end');
    const reference = await text('.slip-reference');
    await go('/shop/statement');
    if (!(await page.textContent('main')).includes(reference)) fail('the slip is not on the statement');
    await shot(page, 'shop-statement');
  }],
  ['the till is free for the other, who sees the same shop and no other pages', async () => {
    await go('/shop/shift', other);
    if (await other.locator('[data-action="open-shift"]').count() !== 1) fail('the till is not free');
    await go('/park', other);
    if ((await other.textContent('main')).includes('A-102')) fail('a cashier sees the park');
  }],
]);

await browser.close();
process.exit(code);
