// Who signs out leaves nothing of theirs on this machine, which another may use next.

/** How the names of what an editor keeps on this machine begin. */
export const KEPT = 'laurel-kept-';

const THEIRS = [KEPT, 'laurel-diagram-']; // what is left are habits: how wide a column is, which keys are off

/** Whether the person is signing out, so that nothing is kept any more. */
export const isLeaving = () => document.documentElement.dataset.signingOut === 'yes';

/** Remove what is the person's from this machine, and keep nothing from now on. */
export function forget() {
  document.documentElement.dataset.signingOut = 'yes';
  try {
    for (const key of Object.keys(localStorage)) if (THEIRS.some((name) => key.startsWith(name))) localStorage.removeItem(key);
    sessionStorage.clear();
  } catch { /* storage is blocked: nothing is kept */ }
}

/** Remove what was kept when the person of this page signs out. */
export function forgetAtSignOut() {
  document.addEventListener('submit', ({ target }) => { if (target.getAttribute('action') === '/sign-out') forget(); });
}
