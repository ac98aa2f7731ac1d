//! Rules for auditing medical-insurance claims: compile, audit, check in real time
