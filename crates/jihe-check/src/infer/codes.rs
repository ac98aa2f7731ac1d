//! Codes: literals against their system, and code sets.
//!
//! In: texts and patterns. Out: codes and [`CodeSet`]s.
//! Invariant: a code of a closed system is one of its values.

use jihe_diagnostics::Span;
use jihe_model::schema::SystemId;
use jihe_syntax::tree::{CodePattern, CodeTerm, Codes, CodesBody, Name, Str};

use super::Infer;
use crate::errors;
use crate::typed::{CodeSet, CodeSetId, Pattern};

impl Infer<'_> {
    /// A code literal: the code first, else its unique Chinese name.
    pub(crate) fn code(&mut self, system: SystemId, text: &str, span: Span) -> Option<String> {
        let Some(known) = self.schema().system(system) else { return Some(text.to_owned()) };
        if known.values.iter().any(|(code, _)| code == text) {
            return Some(text.to_owned());
        }
        let mut named = known.values.iter().filter(|(_, name)| name == text).map(|(code, _)| code.clone());
        match (named.next(), named.next()) {
            (Some(code), None) => Some(code),
            (Some(first), Some(second)) => {
                let error = errors::names::ambiguous_code((text, span), &first, &second);
                self.report(error)
            }
            (None, _) if known.closed && !text.is_empty() => {
                let error = errors::names::unknown_code(known, text, span);
                self.report(error)
            }
            (None, _) => {
                self.warn_if_not_listed(system, text, span);
                Some(text.to_owned())
            }
        }
    }

    /// A literal that an open system does not list, where it lists values at all. A longer code is a region's
    /// subdivision of a listed one: 1401 of 14.
    fn warn_if_not_listed(&mut self, system: SystemId, text: &str, span: Span) {
        let Some(known) = self.schema().system(system).filter(|known| known.values.len() > 1) else { return };
        let subdivides =
            known.values.iter().any(|(code, _)| code.len() > 1 && text.starts_with(code.as_str()));
        if text.is_empty() || known.closed || subdivides {
            return;
        }
        let warning = errors::lints::not_listed(known, text, span);
        self.diagnostics.push(warning);
    }

    /// The patterns of a list written in place.
    pub(crate) fn patterns(
        &mut self,
        system: Option<SystemId>,
        list: &[CodePattern],
    ) -> Option<Vec<Pattern>> {
        let patterns: Vec<Option<Pattern>> =
            list.iter().map(|pattern| self.pattern(system, pattern)).collect();
        patterns.into_iter().collect()
    }

    fn pattern(&mut self, system: Option<SystemId>, pattern: &CodePattern) -> Option<Pattern> {
        if let Some(to) = &pattern.to {
            if to.text < pattern.from.text {
                return self.report(errors::lookups::empty_code_range(pattern.from.span.to(to.span)));
            }
            return Some(Pattern::Range(pattern.from.text.clone(), to.text.clone()));
        }
        match read_pattern(&pattern.from.text) {
            Pattern::Exact(code) => {
                let code = match system {
                    Some(system) => self.code(system, &code, pattern.from.span)?,
                    None => code,
                };
                Some(Pattern::Exact(code))
            }
            Pattern::Prefix(prefix) => {
                self.warn_if_no_code(system, &prefix, pattern.from.span);
                Some(Pattern::Prefix(prefix))
            }
            range @ Pattern::Range(..) => Some(range),
        }
    }

    fn warn_if_no_code(&mut self, system: Option<SystemId>, prefix: &str, span: Span) {
        let Some(known) = system.and_then(|system| self.schema().system(system)) else { return };
        let matches = known.values.iter().any(|(code, _)| code.starts_with(prefix));
        if known.closed && !matches {
            let warning = errors::lints::no_such_code(known, prefix, span);
            self.diagnostics.push(warning);
        }
    }

    /// An anonymous code set.
    pub(crate) fn anonymous(&mut self, system: Option<SystemId>, list: &[CodePattern]) -> Option<CodeSetId> {
        let include = self.patterns(system, list)?;
        let id = CodeSetId(u32::try_from(self.typed.code_sets.len()).ok()?);
        self.typed.code_sets.push(CodeSet { name: None, system, include, exclude: Vec::new() });
        Some(id)
    }

    /// 编码集; an empty set stands in for a wrong one, so that places keep their numbers.
    pub(crate) fn code_set(&mut self, codes: &Codes) -> CodeSet {
        let mut set = CodeSet {
            name: Some(codes.name.text.clone()),
            system: self.schema().find_system(&codes.system.text),
            include: Vec::new(),
            exclude: Vec::new(),
        };
        if set.system.is_none() && !matches!(codes.system.text.as_str(), "文本" | "text") {
            let error = errors::names::unknown_system(self.schema(), &codes.system);
            self.diagnostics.push(error);
            return set;
        }
        match &codes.body {
            CodesBody::File(file) => set.include = self.codes_of_file(file),
            CodesBody::Terms { base, except } => {
                let (include, exclude) = self.term(base, set.system);
                set.include = include;
                set.exclude = exclude;
                for term in except {
                    let mut taken = self.taken_away(term, set.system);
                    set.exclude.append(&mut taken);
                }
            }
        }
        set
    }

    /// What follows 除; a set with an exception of its own would come back by half.
    fn taken_away(&mut self, term: &CodeTerm, system: Option<SystemId>) -> Vec<Pattern> {
        let (taken, kept) = self.term(term, system);
        if let (CodeTerm::Name(name), false) = (term, kept.is_empty()) {
            self.diagnostics.push(errors::lookups::except_of_except(name));
        }
        taken
    }

    fn term(&mut self, term: &CodeTerm, system: Option<SystemId>) -> (Vec<Pattern>, Vec<Pattern>) {
        match term {
            CodeTerm::List(list) => (self.patterns(system, list).unwrap_or_default(), Vec::new()),
            CodeTerm::Name(name) => self.named_codes(name, system).unwrap_or_default(),
        }
    }

    /// Another code set, wherever it is declared.
    fn named_codes(&mut self, name: &Name, system: Option<SystemId>) -> Option<(Vec<Pattern>, Vec<Pattern>)> {
        let Some(at) = self.names.code_set_by_name.get(name.text.as_str()).copied() else {
            let known: Vec<String> =
                self.names.code_set_by_name.keys().map(|name| (*name).to_owned()).collect();
            return self.report(errors::names::unknown(name, &known));
        };
        let earlier = self.typed.code_sets.get(at).cloned();
        if earlier.is_none() && self.depth > 20 {
            return self.report(errors::structure::circle(name, name.span));
        }
        let declared = *self.names.code_sets.get(at)?;
        let found = earlier.unwrap_or_else(|| self.with_new_owner(|infer| infer.code_set(declared)));
        if found.system == system {
            return Some((found.include, found.exclude));
        }
        self.report(errors::lookups::other_code_system(name))
    }

    fn codes_of_file(&mut self, file: &Str) -> Vec<Pattern> {
        let Some(text) = self.input.files.get(&file.text) else {
            self.diagnostics.push(errors::tables::missing_codes(file));
            return Vec::new();
        };
        match crate::tables::first_column(text) {
            Ok(codes) => codes.iter().map(|code| read_pattern(code)).collect(),
            Err(message) => {
                self.diagnostics.push(errors::tables::unreadable(file.span, &file.text, &message));
                Vec::new()
            }
        }
    }
}

/// `A*` is a prefix, `\*` an asterisk of the code itself, `A..B` in a cell is written `A至B` or `A-B` nowhere.
pub(crate) fn read_pattern(text: &str) -> Pattern {
    let text = text.trim();
    if let Some((from, to)) = text.split_once('至') {
        return Pattern::Range(from.trim().to_owned(), to.trim().to_owned());
    }
    let plain = |text: &str| text.replace("\\*", "*");
    match text.strip_suffix('*') {
        Some(prefix) if !prefix.ends_with('\\') => Pattern::Prefix(plain(prefix)),
        Some(_) | None => Pattern::Exact(plain(text)),
    }
}
