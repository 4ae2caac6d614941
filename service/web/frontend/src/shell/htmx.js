// htmx with nothing evaluated, nothing injected, nothing sent elsewhere, and refusals (422) shown in place.
import htmx from 'htmx.org';
import { csrf, parsed, sentenceFor, t } from './common.js';
import { toast } from './toasts.js';

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  attributesToSettle: ['class'], // settling styles writes style attributes, which the policy forbids
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold personal data: none of it is kept in the browser's storage
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});

// A part in which a file is still being sent stays as it is: exchanged, it would forget the file.
document.addEventListener('htmx:oobBeforeSwap', (event) => { if (event.detail.target.querySelector('.upload [data-sending]')) event.detail.shouldSwap = false; });
document.addEventListener('htmx:configRequest', (event) => { event.detail.headers['X-CSRF-Token'] = csrf(); });
document.addEventListener('htmx:sendError', () => toast(t('网络不通，内容没有送出，请稍后再试', 'No connection: nothing was sent. Try again in a while'), 'late'));
document.addEventListener('htmx:responseError', (event) => {
  const { status, responseText } = event.detail.xhr;
  const ended = status === 401 ? t('登录已失效，请重新登录', 'Your session has ended; sign in again') : null;
  toast(parsed(responseText).message ?? ended ?? sentenceFor(status), 'late');
});
