//! Claim folders in (CSV, Parquet, JSON), findings out
