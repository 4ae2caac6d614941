// A one-time link: its secret stands behind the #, which no browser sends and no proxy keeps. It goes on in a form at once,
// and leaves the address, so that the history does not keep it. Without script the page asks for the link to be pasted.
export function secretLink() {
  const form = document.querySelector('form[data-secret-link]');
  const secret = location.hash.slice(1);
  if (!form || !secret) return;
  history.replaceState(null, '', location.pathname);
  form.elements.code.value = secret;
  form.submit();
}
