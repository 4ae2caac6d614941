// Passkeys: a form whose button asks the browser to make one (`create`) or to sign with one (`get`), and sends its answer.
import { send, t } from './shell/common.js';

const known = typeof window.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function';

const REFUSALS = {
  NotAllowedError: () => t('没有完成：已取消、超时，或者设备没有核实您本人。请再试一次', 'Not done: cancelled, out of time, or the device did not verify you. Try again'),
  InvalidStateError: () => t('这台设备上已有本账号的通行密钥', 'This device has a passkey of this account already'),
  SecurityError: () => t('通行密钥不能在这个网址使用，请从系统的正式网址打开', 'Passkeys do not work at this address: open the site by its own name'),
  NotSupportedError: () => t('这台设备不支持所需的通行密钥', 'This device does not support the passkey that is asked for'),
};

/** What the browser is asked, as the page holds it or the server gives it now. */
async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const { ticket } = form.elements;
  const body = new URLSearchParams(ticket ? { ticket: ticket.value } : {});
  return JSON.parse((await send(form.dataset.question, { method: 'POST', body })).options);
}

async function answer(form) {
  const asked = await options(form);
  if (form.dataset.passkey === 'create') return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
}

function tell(form, sentence) {
  const place = form.querySelector('[data-passkey-problem]');
  place.textContent = sentence;
  place.hidden = !sentence;
}

async function ask(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector('button[type=submit]');
  tell(form, '');
  button.disabled = true;
  try {
    form.elements[form.dataset.answer ?? 'answer'].value = JSON.stringify((await answer(form)).toJSON());
    form.submit();
  } catch (error) {
    tell(form, REFUSALS[error.name]?.() ?? error.message);
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!known) {
    if (form.dataset.passkey === 'create') tell(form, t('这个浏览器不支持通行密钥，请换用较新的浏览器', 'This browser knows no passkeys: use a newer one'));
    continue;
  }
  form.hidden = false;
  form.addEventListener('submit', ask);
}
