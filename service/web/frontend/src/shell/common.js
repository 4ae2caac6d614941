// What the parts of the shell share: the language, requests, times.
const english = document.documentElement.lang.startsWith('en');

/** The sentence in the language of the page. */
export const t = (zh, en) => (english ? en : zh);

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** Elements of `root` (itself included) that match and were not seen before by the part `name`. */
export function fresh(root, selector, name) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => {
    const seen = `seen${name}`;
    if (element.dataset[seen]) return false;
    element.dataset[seen] = 'yes';
    return true;
  });
}

/** Send a request of our own site; a refusal becomes an Error with the sentence of the server. */
export async function send(url, options = {}) {
  const headers = { Accept: 'application/json', 'X-CSRF-Token': csrf(), 'X-Requested-With': 'fetch', ...options.headers };
  const answer = await fetch(url, { credentials: 'same-origin', redirect: 'manual', ...options, headers }).catch(unreachable);
  const body = parsed(await answer.text().catch(unreachable));
  if (answer.ok) return body;
  throw Object.assign(new Error(body.message ?? refusal(answer)), { status: answer.status, signedOut: signedOut(answer), body });
}

// The browser says “Failed to fetch” in its own language; what was given up on purpose stays what it is.
function unreachable(error) {
  if (error.name === 'AbortError') throw error;
  throw Object.assign(new Error(t('网络不通，请检查网络连接后再试', 'The network is gone: check the connection and try again')), { offline: true, cause: error });
}

/** The object in a JSON text; an empty one when it is no JSON. */
export function parsed(text) {
  try { return JSON.parse(text) ?? {}; } catch { return {}; }
}

// A redirect of a background request means the sign-in page: the session has ended.
const signedOut = (answer) => answer.type === 'opaqueredirect' || answer.status === 401;

function refusal(answer) {
  if (signedOut(answer)) return t('登录已失效，请在新窗口登录后再回到本页，本页内容不会丢失', 'Your session has ended. Sign in in a new window and come back; nothing on this page is lost');
  return sentenceFor(answer.status);
}

/** What to say when the server refused without a sentence of its own. */
export function sentenceFor(status) {
  if (status === 413) return t('文件太大，服务器没有接收', 'The file is too large; the server did not take it');
  if (status === 403) return t('您没有权限进行此项操作，或页面停留过久，请刷新后再试', 'You may not do this, or the page has been open too long: reload and try again');
  if (status >= 500) return t('系统暂时无法处理，请稍后再试', 'The system cannot do this at the moment; try again in a while');
  return t('请求没有被接受，请刷新页面后再试', 'The request was not accepted; reload the page and try again');
}

/** Whether the page is as narrow as on a phone. */
export const isNarrow = () => matchMedia('(max-width: 720px)').matches;

/** The time of day in the award's time zone, as 10:32. */
export function clock(date = new Date()) {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(date);
}

/** Whether a control holds something else than the page that the server sent: typed before a script ran, or put back by the browser. */
export function isMoved(control) {
  if (control.options) return control.selectedIndex !== Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
  return ['radio', 'checkbox'].includes(control.type) ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

/** Make an element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
