// Whether something is half written, so that what is shown must not be drawn anew just now.
let composing = false;
document.addEventListener('compositionstart', () => { composing = true; }, true);
document.addEventListener('compositionend', () => { composing = false; }, true);

/** Whether a word is being put together (as Chinese is from pinyin): what stands there now is not what is meant. */
export const isComposing = () => composing;

/** Whether no formula is being typed and no word is being put together. */
export const atRest = () => !composing && !document.activeElement?.closest('.cm-editor');
