// Passages of a law to be confirmed: each line of a passage becomes one clause, so cutting is a line break.
const SENTENCE = /(?<=[。；;])(?=[^\n])/g;

const fit = (area) => { area.rows = Math.max(2, area.value.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 1) / 60), 0)); };

function cut(area) {
  const at = area.selectionStart;
  if (at <= 0 || at >= area.value.length) { area.focus(); return; }
  area.setRangeText('\n', at, area.selectionEnd, 'end');
  area.focus();
  fit(area);
}

function merge(passage, area) {
  const before = passage.previousElementSibling?.closest('[data-passage]')?.querySelector('textarea');
  if (!before) return;
  before.value += area.value;
  fit(before);
  passage.remove();
  before.focus();
}

for (const passage of document.querySelectorAll('[data-passage]')) {
  const area = passage.querySelector('textarea');
  fit(area);
  area.addEventListener('input', () => fit(area));
  passage.querySelector('[data-cut]').addEventListener('click', () => cut(area));
  passage.querySelector('[data-sentences]').addEventListener('click', () => { area.value = area.value.replace(SENTENCE, '\n'); fit(area); });
  passage.querySelector('[data-merge]')?.addEventListener('click', () => merge(passage, area));
}
