//! What each code means: a page a code.
//!
//! In: a code. Out: its page, in Chinese and English, with a block that fails and the same block repaired.
//! Invariant: sorted and complete; a new page is one file under `explain/` and one line here.

/// The page of a code, or none for a code nobody gives out.
///
/// ```
/// assert!(jihe_diagnostics::explain("E0102").is_some_and(|page| page.contains("保留字")));
/// assert_eq!(jihe_diagnostics::explain("E9999"), None);
/// ```
pub fn explain(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == code).map(|(_, page)| *page)
}

/// The codes that have a page, in order.
pub fn explained() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

macro_rules! pages {
    ($($code:ident)*) => { &[$((stringify!($code), include_str!(concat!("../explain/", stringify!($code), ".md"))),)*] };
}

const PAGES: &[(&str, &str)] = pages! {
    E0101
    E0102
    E0103
    E0104
    E0105
    E0106
    E0107
    E0108
    E0109
    E0110
    E0111
    E0112
    E0113
    E0114
    E0115
    E0201
    E0202
    E0203
    E0204
    E0205
    E0206
    E0207
    E0208
    E0209
    E0210
    E0211
    E0212
    E0213
    E0214
    E0215
    E0216
    E0217
    E0218
    E0301
    E0302
    E0303
    E0304
    E0305
    E0306
    E0307
    E0308
    E0309
    E0310
    E0311
    E0312
    E0313
    E0314
    E0315
    E0316
    E0317
    E0318
    E0319
    E0320
    E0321
    E0322
    E0323
    E0324
    E0325
    E0326
    E0327
    E0328
    E0329
    E0330
    E0331
    E0332
    E0333
    E0334
    E0335
    E0336
    E0401
    E0402
    E0403
    E0404
    E0405
    E0406
    E0407
    E0408
    E0409
    E0410
    E0411
    E0412
    E0413
    E0414
    E0415
    E0416
    E0417
    E0418
    E0419
    E0420
    E0421
    E0422
    E0423
    E0424
    E0425
    E0426
    E0427
    E0428
    E0429
    E0430
    E0431
    E0432
    E0433
    E0434
    E0435
    E0440
    E0441
    E0442
    E0443
    E0444
    E0445
    E0446
    E0450
    E0451
    E0452
    E0453
    E0454
    W0501
    W0502
    W0503
    W0504
    W0505
    W0506
    W0507
    W0508
    W0509
    W0510
};
