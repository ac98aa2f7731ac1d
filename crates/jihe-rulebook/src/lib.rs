//! The rules and knowledge tables shipped with Jihe, as data
