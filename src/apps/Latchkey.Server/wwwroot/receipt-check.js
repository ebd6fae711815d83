// Checks a receipt's seal on this device: the text stays behind the mark # of the address, which no browser sends.
'use strict';

const english = {
  title: 'Is this receipt genuine?',
  hint: 'Scan the code on the receipt, or paste its text here. It is checked on this device; nothing is sent.',
  text: 'Text of the code', token: 'Token on the paper (all of them, in their order)',
  number: 'Receipt', meter: 'Meter', time: 'Time', amount: 'Paid', energy: 'Energy', order: 'Order',
  genuine: 'Genuine', genuineHint: 'The seller sealed this. Compare it with the paper.',
  form: 'Not a receipt code', formHint: 'The text is incomplete or is something else. Scan the whole code.',
  unknown: 'Another seller', unknownHint: 'This seller did not publish the key that is named. Ask on the seller\'s own page.',
  wrong: 'Forged or altered', wrongHint: 'The seal does not belong to the text. Do not pay for this token.',
  unable: 'Cannot check here', unableHint: 'Browsers check seals on https pages only, and the seller\'s key must be reachable.',
  tokenYes: 'These are the tokens of this receipt.', tokenNo: 'These are not the tokens of this receipt.',
};
const chinese = {
  title: '这张收据是真的吗？',
  hint: '扫描收据上的二维码，或把其中的文字粘贴到这里。验证在本机进行，不会发送任何内容。',
  text: '二维码文字', token: '收据上的充值码（按顺序全部输入）',
  number: '收据号', meter: '表号', time: '时间', amount: '实付', energy: '电量', order: '订单',
  genuine: '真实', genuineHint: '由售电方签署。请与纸质收据核对。',
  form: '不是收据码', formHint: '文字不完整或不是收据码。请扫描完整的二维码。',
  unknown: '其他售电方', unknownHint: '本售电方没有公布该密钥。请到对应售电方的网页验证。',
  wrong: '伪造或被改动', wrongHint: '签名与内容不符。请勿为此充值码付款。',
  unable: '无法在此验证', unableHint: '浏览器只在 https 页面验证签名，且需能取得售电方公钥。',
  tokenYes: '充值码与收据一致。', tokenNo: '充值码与收据不一致。',
};
const words = navigator.language.startsWith('zh') ? chinese : english;
const at = id => document.getElementById(id);
const fields = ['version', 'key', 'number', 'order', 'meter', 'time', 'currency', 'amount', 'tenths', 'tokens', 'ledger', 'seal'];
let genuine = null;

const fromBase64Url = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const hex = bytes => [...new Uint8Array(bytes)].map(b => b.toString(16).padStart(2, '0')).join('');

async function publishedKey() {
  const answer = await fetch('/v1/keys/receipts');
  if (!answer.ok) throw new Error(answer.statusText);
  const der = Uint8Array.from(atob((await answer.text()).replace(/-----[^-]+-----|\s/g, '')), c => c.charCodeAt(0));
  return {
    id: hex(await crypto.subtle.digest('SHA-256', der)).slice(0, 8),
    key: await crypto.subtle.importKey('spki', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']),
  };
}

function parse(text) {
  const parts = text.slice(text.lastIndexOf('#') + 1).trim().split('|');
  if (parts.length !== fields.length || parts[0] !== 'LKR1') return null;
  return { said: Object.fromEntries(fields.map((name, i) => [name, parts[i]])), sealed: parts.slice(0, -1).join('|') };
}

async function verdictOf(text) {
  const read = parse(text);
  if (!read) return { word: 'form' };
  try {
    const published = await publishedKey();
    if (published.id !== read.said.key) return { word: 'unknown' };
    let seal;
    try { seal = fromBase64Url(read.said.seal); } catch { return { word: 'form' }; }
    const holds = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, published.key, seal, new TextEncoder().encode(read.sealed));
    return holds ? { word: 'genuine', said: read.said } : { word: 'wrong' };
  } catch {
    return { word: 'unable' };
  }
}

function money(said) {
  let digits = 2;
  try { digits = new Intl.NumberFormat('en', { style: 'currency', currency: said.currency }).resolvedOptions().maximumFractionDigits; } catch { /* a code that this browser does not know has two */ }
  const minor = said.amount.padStart(digits + 1, '0');
  return (digits ? minor.slice(0, -digits) + '.' + minor.slice(-digits) : minor) + ' ' + said.currency;
}

function show(verdict) {
  genuine = verdict.said ?? null;
  at('verdict').hidden = false;
  at('verdict').className = verdict.word === 'genuine' ? 'good' : 'bad';
  at('verdict').querySelector('h2').textContent = words[verdict.word];
  at('verdict').querySelector('p').textContent = words[verdict.word + 'Hint'];
  at('facts').hidden = at('tokens').hidden = !genuine;
  at('facts').replaceChildren();
  if (!genuine) return;
  const facts = [
    ['number', genuine.number], ['amount', money(genuine)], ['energy', (Number(genuine.tenths) / 10).toFixed(1) + ' kWh'],
    ['meter', genuine.meter], ['time', genuine.time.slice(0, 16).replace('T', ' ')], ['order', genuine.order],
  ];
  for (const [name, value] of facts) {
    const dt = document.createElement('dt'), dd = document.createElement('dd');
    dt.textContent = words[name];
    dd.textContent = value;
    at('facts').append(dt, dd);
  }
}

async function checkTokens() {
  const digits = at('token').value.replace(/\D/g, '');
  at('token-verdict').textContent = '';
  if (!genuine || digits.length === 0 || digits.length % 20 !== 0) return;
  const text = digits.match(/\d{20}/g).join(',');
  const same = hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).slice(0, 16) === genuine.tokens;
  at('token-verdict').textContent = same ? words.tokenYes : words.tokenNo;
  at('token-verdict').className = same ? 'good' : 'bad';
}

async function check() {
  const text = at('text').value;
  at('verdict').hidden = at('facts').hidden = at('tokens').hidden = true;
  if (text.trim() === '') return;
  show(await verdictOf(text));
  await checkTokens();
}

document.documentElement.lang = words === chinese ? 'zh-Hans' : 'en';
for (const element of document.querySelectorAll('[data-word]')) element.textContent = words[element.dataset.word];
at('text').addEventListener('input', check);
at('token').addEventListener('input', checkTokens);
at('tokens').addEventListener('submit', event => event.preventDefault());
if (location.hash.length > 1) {
  at('text').value = decodeURIComponent(location.hash.slice(1));
  check();
}
