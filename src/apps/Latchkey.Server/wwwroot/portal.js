// The few things a page cannot ask of the server: the clipboard, and keys that would scroll the page.
(() => {
  'use strict';

  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy]');
    if (!button) return;
    await copy(button.dataset.copy);
    const label = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 1600);
  });

  document.addEventListener('keydown', (event) => {
    if (event.target.closest?.('.meter-face') && (event.key === ' ' || event.key === 'Backspace')) event.preventDefault();
  });

  // A menu closes when something in it was chosen, when another place was pressed, and with Escape.
  const closeMenus = (except) => document.querySelectorAll('details.menu-group[open]').forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener('click', (event) => {
    const menu = event.target.closest?.('details.menu-group');
    closeMenus(event.target.closest?.('a') ? null : menu);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = document.querySelector('details.menu-group[open]');
    closeMenus(null);
    open?.querySelector('summary').focus();
  });

  // A token pasted on the face is typed, key by key.
  document.addEventListener('paste', (event) => {
    const face = document.activeElement?.closest?.('.meter-face');
    if (!face) return;
    const digits = (event.clipboardData?.getData('text') ?? '').replace(/[\s-]/g, '');
    if (!/^\d{1,20}$/.test(digits)) return;
    event.preventDefault();
    for (const key of digits) face.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });
})();
