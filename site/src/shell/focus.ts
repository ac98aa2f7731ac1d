// Where the focus goes when what had it is gone.
//
// In: what had the focus, places to go instead. Out: the focus. Invariant: a focus that is somewhere is left there.

const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

/** Once the page is drawn anew: a focus that went with its element goes back to `held`, or to the first of these ids that takes it. */
export function keepFocus(ids: readonly string[], held: Element | null = null): void {
  setTimeout(() => {
    if (!isNowhere()) return;
    const places = [held, ...ids.map((id) => document.getElementById(id))];
    for (const place of places) {
      if (!(place instanceof HTMLElement) || !place.isConnected || place === document.body) continue;
      place.focus();
      if (!isNowhere()) return;
    }
  });
}
