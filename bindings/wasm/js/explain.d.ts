// The pages of the diagnostic codes. In: a code. Out: its page. Invariant: the pages of `jihe explain`.

/** What a diagnostic code means, Markdown in Chinese and English; null for a code nobody gives out. */
export declare function explain(code: string): string | null;
