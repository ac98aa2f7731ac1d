// The bar at the top: pages, language, colours.
//
// In: the settings. Out: the bar. Invariant: every control is a link, a button or a select, so the keyboard reaches it.

import { go, language, page, text, theme, type Page, type Theme } from "./settings.js";

function NavLink({ to, name }: { to: Page; name: string }) {
  return (
    <a href={to === "bench" ? "#bench" : "#audit"} aria-current={page.value === to ? "page" : undefined} onClick={() => go(to)}>
      {name}
    </a>
  );
}

export function Header() {
  const t = text.value;
  return (
    <header class="bar">
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>{t.skip}</a>
      <div class="brand"><span class="brand-mark" aria-hidden="true">稽</span>{t.brand}<span class="brand-tag">{t.tagline}</span></div>
      <nav aria-label={t.nav.label}>
        <NavLink to="audit" name={t.nav.audit} />
        <NavLink to="bench" name={t.nav.bench} />
      </nav>
      <div class="bar-end">
        <button type="button" class="quiet" lang={language.value === "zh" ? "en" : "zh-CN"}
          onClick={() => { language.value = language.value === "zh" ? "en" : "zh"; }}>{t.language}</button>
        <label class="inline">
          <span class="hidden">{t.theme.label}</span>
          <select value={theme.value} onChange={(event) => { theme.value = event.currentTarget.value as Theme; }}>
            <option value="auto">{t.theme.auto}</option>
            <option value="light">{t.theme.light}</option>
            <option value="dark">{t.theme.dark}</option>
          </select>
        </label>
      </div>
    </header>
  );
}
