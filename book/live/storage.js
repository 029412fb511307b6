/** What a reader has answered and reached, kept in this browser alone; if it keeps nothing, until the page is left. */

const PREFIX = 'pigeon-lessons/', here = {};

/** What was kept under `name`, or `otherwise`. */
export function stored(name, otherwise) {
  try {
    here[name] ??= JSON.parse(localStorage.getItem(PREFIX + name)) ?? undefined;
  } catch { /* no storage here, or somebody else's words in it */ }
  return here[name] ?? otherwise;
}

/** Keep `value`, which JSON takes, under `name`. */
export function store(name, value) {
  here[name] = value;
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch { /* a full or forbidden storage: it lasts as long as the page */ }
}
