// The script of the HTML report: hides what the search and the chips leave out. Without it the page shows everything.

export const FILTER_SCRIPT = `
(() => {
  const form = document.getElementById('filter');
  const search = document.getElementById('search');
  const shown = document.getElementById('shown');
  const items = [...document.querySelectorAll('[data-kind]')];
  const groups = [...document.querySelectorAll('[data-group]')];
  const texts = new Map(items.map((item) => [item, (item.dataset.about + ' ' + item.textContent).toLowerCase()]));
  form.hidden = false;
  const apply = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const kinds = new Set([...form.querySelectorAll('[name=kind]:checked')].map((box) => box.value));
    let count = 0;
    for (const item of items) {
      const text = texts.get(item);
      const fits = kinds.has(item.dataset.kind) && words.every((word) => text.includes(word));
      item.hidden = !fits;
      if (fits) count++;
    }
    for (const group of groups) group.hidden = !group.querySelector('[data-kind]:not([hidden])');
    shown.textContent = count + ' of ' + items.length + ' shown';
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  });
  apply();
})();
`;
