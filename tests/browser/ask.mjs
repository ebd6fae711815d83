// One operator asks for a refund at the portal, in two languages; she cannot approve it herself, another operator can, and it is used once.
import { alive, desk, fail, judge, openBrowser, openPage, phone, required, run, shot, signIn } from './portal.mjs';

const base = required('LATCHKEY_URL');
const browser = await openBrowser();
let page;
const open = async (viewport, locale, name, password) => {
  page = await openPage(browser, base, viewport, locale);
  await signIn(page, base, required(name), required(password));
  await page.goto(`${base}/approvals`);
  await alive(page);
  await page.waitForSelector('#ask-kind', { timeout: 15_000 });
};
const choose = async (kind) => {
  await page.selectOption('#ask-kind', kind);
  await page.waitForSelector(`[data-about="${kind}"]`, { timeout: 10_000 });
};
const press = async () => page.click('[data-form="ask"] button[type="submit"]');
const reason = 'meter 4 was billed twice, case 17';

const code = await run([
  ['the form shows what a refund needs', async () => {
    await open(desk, 'en-GB', 'LATCHKEY_OPERATOR', 'LATCHKEY_OPERATOR_PASSWORD');
    await choose('refund');
    await page.fill('#ask-meter', required('LATCHKEY_METER'));
    await page.waitForFunction(() => !/18|digits/.test(document.querySelector('#ask-place').textContent), null, { timeout: 10_000 });
    await page.fill('#ask-amount', '12.50');
    await judge(page, '/approvals');
    await shot(page, 'ask-refund');
  }],
  ['without a reason nothing is asked', async () => {
    await press();
    await page.waitForSelector('[data-form="ask"] [data-problem]', { timeout: 10_000 });
  }],
  ['with one it waits for somebody else, and not for her', async () => {
    await page.fill('#ask-reason', reason);
    await press();
    await page.waitForSelector('[data-asked]', { timeout: 10_000 });
    const card = page.locator('.approval', { hasText: reason });
    await card.waitFor({ timeout: 10_000 });
    if (await card.locator('button').count() !== 1) fail('she has more buttons than taking it back');
    await shot(page, 'asked-refund');
  }],
  ['every kind has its fields and its words, in Chinese on a phone', async () => {
    await open(phone, 'zh-CN', 'LATCHKEY_SECOND', 'LATCHKEY_SECOND_PASSWORD');
    const kinds = await page.locator('#ask-kind option').evaluateAll((all) => all.map((o) => o.value).filter((v) => v));
    for (const kind of kinds) {
      await choose(kind);
      await judge(page, `/approvals ${kind}`);
    }
    await choose('credit-note');
    await shot(page, 'ask-phone');
  }],
  ['another operator approves, and it is done', async () => {
    const card = page.locator('.approval', { hasText: reason });
    await card.locator('button').first().click();
    await card.waitFor({ state: 'detached', timeout: 15_000 });
    await page.waitForSelector(`.approval-table >> text=${'退还电量'}`, { timeout: 10_000 });
    await shot(page, 'approved-refund');
  }],
]);

await browser.close();
process.exit(code);
