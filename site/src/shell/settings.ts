// The language and the colours of the page, and which page is shown.
//
// In: what the user chose before, if the browser kept it. Out: signals. Invariant: a browser that keeps nothing still works.

import { computed, effect, signal } from "@preact/signals";
import { en } from "../text/en.js";
import { zh, type Text } from "../text/zh.js";

export type Language = "zh" | "en";
export type Theme = "auto" | "light" | "dark";
export type Page = "audit" | "bench";

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch { /* a browser that refuses storage still shows the page */ }
}

const pageOf = (hash: string): Page => (hash === "#bench" ? "bench" : "audit");

export const language = signal<Language>(kept("jihe.language") === "en" ? "en" : "zh");
const keptTheme = kept("jihe.theme");
export const theme = signal<Theme>(keptTheme === "light" || keptTheme === "dark" ? keptTheme : "auto");
export const page = signal<Page>(pageOf(location.hash));
/** The texts of the language chosen. */
export const text = computed<Text>(() => (language.value === "zh" ? zh : en));
/** The sentence in the language chosen. */
export const either = (chinese: string, english: string | null | undefined): string =>
  (language.value === "en" && english ? english : chinese);

export function begin(): void {
  effect(() => {
    document.documentElement.lang = text.value.lang;
    document.title = `${text.value.brand} · ${page.value === "bench" ? text.value.bench.title : text.value.tagline}`;
    keep("jihe.language", language.value);
  });
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    keep("jihe.theme", theme.value);
  });
  window.addEventListener("hashchange", () => {
    page.value = pageOf(location.hash);
  });
}

export function go(to: Page): void {
  location.hash = to === "bench" ? "#bench" : "#audit";
  page.value = to;
}
