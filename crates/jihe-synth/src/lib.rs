//! A seeded generator of a believable city of claims with planted violations
