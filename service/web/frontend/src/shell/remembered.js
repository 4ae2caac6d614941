// What this machine remembers for a page; where storage is blocked it remembers nothing, and the page goes on.

const tried = (run) => { try { return run(); } catch { return null; } };

/** Remembered until it is forgotten, by all windows. */
export const machine = {
  get: (key) => tried(() => localStorage.getItem(key)),
  set: (key, value) => { tried(() => localStorage.setItem(key, value)); },
};

/** Remembered by this window alone. */
export const tab = {
  get: (key) => tried(() => sessionStorage.getItem(key)),
  set: (key, value) => { tried(() => sessionStorage.setItem(key, value)); },
  forget: (key) => { tried(() => sessionStorage.removeItem(key)); },
};
