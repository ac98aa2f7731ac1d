// A row of tabs over panels, as the ARIA practices describe.
//
// In: names and panels, which is chosen. Out: the tabs and the chosen panel. Invariant: one tab stop; arrow keys change the tab.

import type { ComponentChildren } from "preact";

export interface TabItem<Name extends string> {
  name: Name;
  label: string;
  count?: string;
  panel: () => ComponentChildren;
}

interface TabsProps<Name extends string> {
  label: string;
  items: readonly TabItem<Name>[];
  chosen: Name;
  onChoose: (name: Name) => void;
}

export function Tabs<Name extends string>({ label, items, chosen, onChoose }: TabsProps<Name>) {
  const at = Math.max(0, items.findIndex((item) => item.name === chosen));
  const move = (to: number) => {
    const item = items[(to + items.length) % items.length];
    if (!item) return;
    onChoose(item.name);
    document.getElementById(`tab-${item.name}`)?.focus();
  };
  const item = items[at];
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} onKeyDown={(event) => {
        if (event.key === "ArrowRight") move(at + 1);
        else if (event.key === "ArrowLeft") move(at - 1);
        else if (event.key === "Home") move(0);
        else if (event.key === "End") move(items.length - 1);
        else return;
        event.preventDefault();
      }}>
        {items.map((one, place) => (
          <button type="button" role="tab" id={`tab-${one.name}`} aria-selected={place === at} aria-controls={`panel-${one.name}`}
            tabIndex={place === at ? 0 : -1} onClick={() => onChoose(one.name)}>
            {one.label}{one.count !== undefined && <span class="tab-count">{one.count}</span>}
          </button>
        ))}
      </div>
      {items.map((one, place) => (
        <div role="tabpanel" id={`panel-${one.name}`} aria-labelledby={`tab-${one.name}`} hidden={place !== at}>
          {place === at && item ? item.panel() : null}
        </div>
      ))}
    </div>
  );
}
