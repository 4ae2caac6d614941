// A large file goes in pieces, by tus 1.0: what broke off goes on where it stopped, after a reload too.
//
// What was begun is kept by the name of its form field, file, size and day, until the person signs out; without an
// account only as long as the tab lives, because the next visitor of a shared computer must not see it.
import { csrf, parsed, sentenceFor, t } from './common.js';
import { KEPT, isLeaving } from './sign_out.js';

/** Bytes of a piece; a file that is no larger goes at once. */
export const PIECE = 1024 * 1024;
const BEGUN = `${KEPT}upload-`;
const FORGOTTEN = 7 * 86_400_000; // the server removes it earlier
const PAUSES = [0, 1000, 3000, 8000];

const place = () => (document.querySelector('form[action="/sign-out"]') ? localStorage : sessionStorage);
const store = (act) => { try { return act(place()); } catch { return null; } };
const nameOf = (url, file) => `${BEGUN}${url}|${file.name}|${file.size}|${file.lastModified ?? 0}`;

/** What was begun on this address and not finished: [{name, size, received}]. */
export function begunAt(url) {
  const found = store((kept) => Object.keys(kept).filter((key) => key.startsWith(`${BEGUN}${url}|`)).map((key) => ({ key, ...parsed(kept.getItem(key)) })));
  return (found ?? []).filter(({ key, since }) => since > Date.now() - FORGOTTEN || store((kept) => kept.removeItem(key)));
}

/** Forget what was begun, here and on the server. */
export async function giveUp({ key, at }) {
  store((kept) => kept.removeItem(key));
  await ask('DELETE', at).catch(() => {});
}

/** Send `file` in pieces; `tell(bytes)` hears how far it is, `row.request` is the request under way. Resolves with the server's answer. */
export async function sendInPieces(url, file, tell, row) {
  const key = nameOf(url, file);
  let { at, received } = await whereItStopped(key, row) ?? await announce(url, file, key, row);
  tell(received);
  for (let tries = 0; ;) {
    try {
      const end = Math.min(received + PIECE, file.size);
      const request = await ask('PATCH', at, { 'Upload-Offset': received, 'Content-Type': 'application/offset+octet-stream' }, file.slice(received, end), (sent) => tell(received + sent), row);
      received = Number(request.getResponseHeader('Upload-Offset'));
      remember(key, { received });
      tell(received);
      tries = 0;
      if (received >= file.size) break;
    } catch (error) {
      if (error.status === 409 && tries < PAUSES.length) received = (await whereItStopped(key, row))?.received ?? 0;
      else if (!error.passing || tries >= PAUSES.length) throw lost(key, error);
      await new Promise((go) => { setTimeout(go, PAUSES[Math.min(tries, PAUSES.length - 1)]); });
      tries += 1;
    }
    if (!row.isConnected) throw new Error(t('已取消', 'Cancelled'));
  }
  const answer = parsed((await ask('GET', at, {}, null, null, row)).responseText);
  store((kept) => kept.removeItem(key));
  return answer;
}

async function whereItStopped(key, row) {
  const begun = store((kept) => parsed(kept.getItem(key) ?? '{}'));
  if (!begun?.at) return null;
  try {
    const request = await ask('HEAD', begun.at, {}, null, null, row);
    return { at: begun.at, received: Number(request.getResponseHeader('Upload-Offset')) };
  } catch (error) {
    if (error.status !== 404) throw error;
    store((kept) => kept.removeItem(key)); // it was removed: it begins anew
    return null;
  }
}

async function announce(url, file, key, row) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  const request = await ask('POST', url, { 'Upload-Length': file.size, 'Upload-Metadata': `filename ${name}` }, null, null, row);
  const at = request.getResponseHeader('Location');
  remember(key, { at, name: file.name, size: file.size, received: 0, since: Date.now() });
  return { at, received: 0 };
}

function remember(key, more) {
  if (!isLeaving()) store((kept) => kept.setItem(key, JSON.stringify({ ...parsed(kept.getItem(key) ?? '{}'), ...more })));
}

// A refusal ends it; what only broke off stays, to be gone on with.
function lost(key, error) {
  if (!error.passing && !error.offline && error.status !== 401 && error.status !== 403) store((kept) => kept.removeItem(key));
  return error;
}

// XMLHttpRequest, because fetch does not tell how far an upload has come. POST for every change: some networks let nothing else through.
function ask(method, url, headers = {}, body = null, tell = null, row = null) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    if (row) row.request = request;
    const posted = method === 'PATCH' || method === 'DELETE';
    request.open(posted ? 'POST' : method, url);
    const all = { Accept: 'application/json', 'X-CSRF-Token': csrf(), 'Tus-Resumable': '1.0.0', ...headers, ...(posted ? { 'X-HTTP-Method-Override': method } : {}) };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    if (tell) request.upload.addEventListener('progress', (event) => tell(event.loaded));
    const refuse = (sentence, more) => reject(Object.assign(new Error(sentence), more));
    request.addEventListener('load', () => {
      const { status } = request;
      const passing = status >= 500 || status === 429 || status === 460;
      if (status < 300 && status > 199) resolve(request);
      else refuse(parsed(request.responseText).message ?? sentenceFor(status), { status, passing, again: passing || status === 404 || status === 409 });
    });
    request.addEventListener('error', () => refuse(t('网络中断，恢复后从中断处接着传', 'The connection broke; it goes on from here when it is back'), { offline: true }));
    request.addEventListener('abort', () => refuse(t('已取消', 'Cancelled'), {}));
    request.send(body);
  });
}
