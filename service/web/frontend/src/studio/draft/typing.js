// Whether something is half written, so that what is shown must not be drawn anew just now.
let composing = false;
document.addEventListener('compositionstart', () => { composing = true; }, true);
document.addEventListener('compositionend', () => { composing = false; }, true);
// A field that goes away in mid-word may never tell that the word has ended: whoever enters or presses another has ended it.
for (const left of ['focusin', 'pointerdown']) document.addEventListener(left, () => { composing = false; }, true);


const PAUSE = 1000;
const TEXT = 'textarea, [contenteditable], input:not([type=checkbox], [type=radio])';
let typed = -Infinity;
document.addEventListener('input', ({ target }) => { if (target.closest?.(TEXT)) typed = performance.now(); }, true);
document.addEventListener('focusout', () => { typed = -Infinity; }, true);

/** Whether letters are being typed, of which more may follow; what is drawn, chosen or left is whole. */
export const isTyping = () => composing || performance.now() - typed < PAUSE;

/** Whether a word is being put together (as Chinese is from pinyin): what stands there now is not what is meant. */
export const isComposing = () => composing;
