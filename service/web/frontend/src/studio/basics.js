// The formulas of what a place and its award declare: the line that takes one becomes the field for formulas, with the
// names that may be read there, what is wrong as one types.
import { make } from '../shell/common.js';
import { feelField } from './feel/field.js';

for (const input of document.querySelectorAll('input[data-formula-words]')) {
  const { formulaWords: wordsUrl, formulaCheck: checkUrl } = input.dataset;
  const label = document.querySelector(`label[for="${input.id}"]`);
  const room = make('div', {});
  input.after(room);
  const editor = feelField({
    parent: room, value: input.value, wordsUrl, checkUrl, label: label?.textContent.trim(),
    onChange: (text) => { input.value = text.replace(/\s*\n\s*/g, ' '); },
  });
  // The line itself is what is sent; it is out of sight, and what is put into it by other means is shown.
  input.classList.add('visually-hidden');
  input.tabIndex = -1;
  input.setAttribute('aria-hidden', 'true');
  input.addEventListener('input', () => editor.set(input.value));
  label?.addEventListener('click', (event) => { event.preventDefault(); editor.focus(); });
}
