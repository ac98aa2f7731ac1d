//! Findings as bytes.
//!
//! In: a finding; later the bytes. Out: bytes; later the same finding.
//! Invariant: every field is kept exactly.

use jihe::model::finding::{Evidence, Finding, Nature};
use std::io::{self, Read};

const NATURES: [Nature; 4] = [Nature::Violation, Nature::Likely, Nature::Suspicious, Nature::DataQuality];

/// Adds a finding to bytes.
pub(super) fn put(finding: &Finding, out: &mut Vec<u8>) {
    for text in [
        &*finding.rule_id,
        &finding.subject_key,
        &finding.finding_id,
        &finding.rule_name,
        &finding.rule_version,
        &finding.subject_kind,
        &finding.message,
        &finding.verify,
    ] {
        put_text(text, out);
    }
    let nature = NATURES.iter().position(|nature| *nature == finding.nature);
    put_count(nature.unwrap_or_default(), out);
    for text in [&finding.person, &finding.institution, &finding.practitioner, &finding.visit] {
        put_maybe(text.as_deref(), out);
    }
    put_number(finding.service_date, out);
    put_number(finding.amount, out);
    put_count(finding.basis.len(), out);
    finding.basis.iter().for_each(|text| put_text(text, out));
    for lines in [&finding.offending, &finding.involved] {
        put_count(lines.len(), out);
        for line in lines {
            put_text(&line.kind, out);
            put_text(&line.key, out);
            put_number(line.amount, out);
        }
    }
    put_count(finding.values.len(), out);
    for (name, value) in &finding.values {
        put_text(name, out);
        put_maybe(value.as_deref(), out);
    }
}

/// Reads the next finding; none at the end.
pub(super) fn read(input: &mut impl Read) -> io::Result<Option<Finding>> {
    let mut length = [0u8; 4];
    if !super::scratch::read_exact(input, &mut length)? {
        return Ok(None);
    }
    let rule_id = text_of(input, u32::from_le_bytes(length))?;
    let [subject_key, finding_id, rule_name, rule_version, subject_kind, message, verify] = texts(input)?;
    let nature = NATURES.get(count(input)?).copied().ok_or_else(damaged)?;
    let (person, institution) = (maybe(input)?, maybe(input)?);
    let (practitioner, visit) = (maybe(input)?, maybe(input)?);
    let (service_date, amount) = (number(input)?, number(input)?);
    let basis = list(input, text)?;
    let evidence =
        |input: &mut _| Ok(Evidence { kind: text(input)?.into(), key: text(input)?, amount: number(input)? });
    let (offending, involved) = (list(input, evidence)?, list(input, evidence)?);
    let values = list(input, |input| Ok((text(input)?.into(), maybe(input)?)))?;
    Ok(Some(Finding {
        finding_id,
        rule_id: rule_id.into(),
        rule_name: rule_name.into(),
        rule_version: rule_version.into(),
        nature,
        subject_kind: subject_kind.into(),
        subject_key,
        person,
        institution,
        practitioner,
        visit,
        service_date,
        amount,
        message,
        verify: verify.into(),
        basis: basis.into(),
        offending,
        involved,
        values,
    }))
}

fn put_count(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_count(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn put_maybe(text: Option<&str>, out: &mut Vec<u8>) {
    out.push(u8::from(text.is_some()));
    put_text(text.unwrap_or_default(), out);
}

fn put_number(number: Option<i64>, out: &mut Vec<u8>) {
    out.push(u8::from(number.is_some()));
    out.extend_from_slice(&number.unwrap_or_default().to_le_bytes());
}

fn damaged() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

fn array<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn count(input: &mut impl Read) -> io::Result<usize> {
    usize::try_from(u32::from_le_bytes(array(input)?)).map_err(|_| damaged())
}

fn text_of(input: &mut impl Read, length: u32) -> io::Result<String> {
    let mut text = String::new();
    input.take(u64::from(length)).read_to_string(&mut text)?;
    if text.len() == usize::try_from(length).unwrap_or(usize::MAX) { Ok(text) } else { Err(damaged()) }
}

fn text(input: &mut impl Read) -> io::Result<String> {
    let length = u32::from_le_bytes(array(input)?);
    text_of(input, length)
}

fn texts<const N: usize>(input: &mut impl Read) -> io::Result<[String; N]> {
    let mut texts = [const { String::new() }; N];
    for held in &mut texts {
        *held = text(input)?;
    }
    Ok(texts)
}

fn maybe(input: &mut impl Read) -> io::Result<Option<String>> {
    let [there] = array(input)?;
    let text = text(input)?;
    Ok((there == 1).then_some(text))
}

fn number(input: &mut impl Read) -> io::Result<Option<i64>> {
    let [there] = array(input)?;
    let number = i64::from_le_bytes(array(input)?);
    Ok((there == 1).then_some(number))
}

fn list<R: Read, T>(input: &mut R, one: impl Fn(&mut R) -> io::Result<T>) -> io::Result<Vec<T>> {
    let count = count(input)?;
    (0..count).map(|_| one(input)).collect()
}
