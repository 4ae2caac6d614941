// Clauses on pages of a draft: the line that takes their ids becomes what the panel of a diagram has, chips and a search.
//
// <input data-cites> with <script type="application/json" id="law-clauses">[{"id", "article", "summary"}]</script> of the page.
import { clauseField } from './modeler/clauses.js';

const clauses = JSON.parse(document.getElementById('law-clauses')?.textContent ?? '[]');
const ids = (text) => text.split(/[\s,，、]+/).filter(Boolean);

for (const input of document.querySelectorAll('input[data-cites]')) {
  const label = document.querySelector(`label[for="${input.id}"]`);
  const hint = document.getElementById(`${input.id}-hint`);
  let room = null;
  const draw = () => {
    const fresh = clauseField(label?.firstChild.textContent.trim() ?? '', () => ids(input.value), clauses, (chosen) => {
      input.value = chosen.join(' ');
      input.dispatchEvent(new Event('change', { bubbles: true }));
      draw();
      room.querySelector('input').focus();
    }, hint?.textContent);
    if (room) room.replaceWith(fresh);
    else input.after(fresh);
    room = fresh;
    // Enter takes what was found; it sends no form.
    room.querySelector('input').addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  };
  // The line itself is what is sent; it is out of sight.
  input.classList.add('visually-hidden');
  input.tabIndex = -1;
  input.setAttribute('aria-hidden', 'true');
  if (label) label.hidden = true;
  if (hint) hint.hidden = true;
  input.addEventListener('input', draw);
  draw();
}
