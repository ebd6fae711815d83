// A tenant whose room is dark buys on the phone, types the token at the meter's face, and sees the lamp go on.
import { alive, fail, judge, openBrowser, openPage, phone, required, run, signIn } from './portal.mjs';

const base = required('LATCHKEY_URL');
const browser = await openBrowser();
const page = await openPage(browser, base, phone);
let token = '';

const lamp = () => page.locator('.meter-face [data-lamp]').getAttribute('data-lamp');
const lampBecomes = (state) => page.waitForSelector(`.meter-face [data-lamp="${state}"]`, { timeout: 30_000 });

const code = await run([
  ['the tenant signs in', () => signIn(page, base, required('LATCHKEY_TENANT'), required('LATCHKEY_TENANT_PASSWORD'))],
  ['the room is dark and its module is pulled, so that nothing but the keypad can bring the token', async () => {
    await page.goto(`${base}/my/meter`);
    await alive(page);
    await page.locator('.modules .chip').last().click();
    await page.waitForSelector('.meter-face .module.out', { timeout: 10_000, state: 'attached' });
    if (await lamp() !== 'off') fail('the lamp is on before anything was bought');
    await judge(page, '/my/meter');
  }],
  ['an amount shows what it gives', async () => {
    await page.goto(`${base}/my`);
    await alive(page);
    await page.click('[data-amount="5000"]');
    await page.waitForSelector('.quote-main strong', { timeout: 10_000 });
    if (!/^\d+\.\d+ kWh$/.test((await page.textContent('.quote-main strong')).trim())) fail('no energy is promised');
    await judge(page, '/my');
  }],
  ['WeChat Pay takes the money', async () => {
    await page.click('[data-action="pay"]');
    await page.waitForURL('**/my/topups/**', { timeout: 15_000 });
    const [wechat] = await Promise.all([page.waitForEvent('popup', { timeout: 15_000 }), page.click('[data-action="open-wechat"]')]);
    await wechat.click('#confirm');
    await wechat.waitForSelector('#state', { timeout: 15_000 });
    await wechat.close();
  }],
  ['the token appears', async () => {
    await page.waitForSelector('[data-token]', { timeout: 30_000 });
    token = (await page.getAttribute('[data-token]', 'data-token')).replaceAll(' ', '');
    if (!/^\d{20}$/.test(token)) fail('the token has not twenty digits');
    if (await page.locator('[data-step="Credited"]').evaluate((e) => e.classList.contains('Done'))) fail('credited before it was typed');
    await judge(page, '/my/topups');
  }],
  ['the tenant types it at the face, and the lamp goes on', async () => {
    await page.click('.help summary');
    await page.click('.help a.button');
    await page.waitForURL('**/my/meter');
    await alive(page);
    if (await lamp() !== 'off') fail('the lamp went on by itself');
    for (const digit of token) await page.click(`.meter-face [data-key="${digit}"]`);
    await page.click('.meter-face [data-key="#"]');
    await lampBecomes('on');
    await judge(page, '/my/meter with light');
  }],
  ['with a module again, the meter itself reports the credit', async () => {
    await page.click('.modules .chip >> nth=1');
    await page.goto(`${base}/my`);
    await alive(page);
    await page.click('.earlier a >> nth=0');
    await page.waitForSelector('[data-step="Credited"].Done', { timeout: 120_000 });
  }],
]);

await browser.close();
process.exit(code);
