// Every page at a desk's and a phone's width, in both languages and palettes: nothing from elsewhere, nothing too wide, nothing without a name.
import { alive, desk, judge, openBrowser, openPage, phone, required, run, signIn } from './portal.mjs';

const base = required('LATCHKEY_URL');
const browser = await openBrowser();
const operatorPages = ['/park', '/park?show=low', `/meters/${required('LATCHKEY_METER')}`, '/orders', '/messages', '/vendors', '/vendors/gate-kiosk', '/bank', '/tariffs', '/books', '/keys', '/menu', '/roll-over', '/approvals'];
const shopPages = ['/shop', '/shop/sales', '/shop/shift', '/shop/statement'];
const tenantPages = ['/my', '/my/meter', '/my/messages'];
const visits = [
  [required('LATCHKEY_OPERATOR'), required('LATCHKEY_OPERATOR_PASSWORD'), operatorPages, desk, 'en-GB'],
  [required('LATCHKEY_OPERATOR'), required('LATCHKEY_OPERATOR_PASSWORD'), operatorPages, phone, 'zh-CN', 'dark'],
  [required('LATCHKEY_CASHIER'), required('LATCHKEY_CASHIER_PASSWORD'), shopPages, desk, 'zh-CN', 'dark'],
  [required('LATCHKEY_CASHIER'), required('LATCHKEY_CASHIER_PASSWORD'), shopPages, phone, 'en-GB'],
  [required('LATCHKEY_TENANT'), required('LATCHKEY_TENANT_PASSWORD'), tenantPages, phone, 'zh-CN'],
  [required('LATCHKEY_TENANT'), required('LATCHKEY_TENANT_PASSWORD'), tenantPages, desk, 'en-GB'],
];

const steps = visits.flatMap(([name, password, pages, viewport, locale, palette = 'light']) => {
  let page;
  return [
    [`${name} signs in, ${viewport.width} px, ${locale}`, async () => {
      page = await openPage(browser, base, viewport, locale);
      await signIn(page, base, name, password);
      await page.goto(`${base}/palette/${palette}?back=/not-found`);
    }],
    ...pages.map((path) => [`${path}, ${viewport.width} px, ${locale}`, async () => {
      await page.goto(base + path);
      await alive(page);
      await judge(page, path);
      if (process.env.LATCHKEY_SHOTS) await page.screenshot({ path: `${process.env.LATCHKEY_SHOTS}/${path.replaceAll(/[^a-z0-9]+/g, '-').slice(1)}-${viewport.width}.png`, fullPage: true });
    }]),
  ];
});

const code = await run(steps);
await browser.close();
process.exit(code);
