// A press is not lost when the page moves beneath the pointer between its going down and its coming up: an answer that arrives just then draws parts anew, and browsers give such a press to nobody.
const STILL = 4;
const PRESSED = 'button, input[type="submit"], summary';

let down = null; // {button, form, x, y}: what the mouse went down on, of which form, and where

function twinOf(button, form) {
  const alike = [...document.querySelectorAll(button.tagName)].filter((other) => other.name === button.name && other.value === button.value && other.textContent === button.textContent && other.form === form);
  return alike.length === 1 ? alike[0] : null;
}

function later({ button, form }) {
  const there = button.isConnected ? button : twinOf(button, form);
  if (there && !there.disabled) there.click();
}

/** Watch the mouse on the whole page. */
export function presses() {
  document.addEventListener('pointerdown', (event) => {
    const button = event.pointerType === 'mouse' && event.button === 0 && event.target.closest(PRESSED);
    down = button ? { button, form: button.form, x: event.clientX, y: event.clientY } : null;
  }, true);
  document.addEventListener('pointerup', (event) => {
    const pressed = down;
    down = null;
    if (!pressed || pressed.button.contains(event.target)) return;
    // Who drew the mouse away from it meant not to press it.
    if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL) return;
    setTimeout(() => later(pressed));
  }, true);
}
