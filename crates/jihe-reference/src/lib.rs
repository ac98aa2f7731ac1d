//! A naive interpreter of Jihe rules, to hold the engine against
