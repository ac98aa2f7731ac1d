-- Claims as a bureau may hold them: one table a record kind, columns under any of a field's names; keys are texts, money is numeric.
-- In: nothing. Out: schemas `claims` and `audit`. Invariant: a finding belongs to a run; a run without its findings, or the reverse, cannot be.

create schema claims;

create table claims.person (
  person_id text,
  name text,
  sex text,
  birth_date date,
  death_date date,
  person_type text,
  insurance text,
  village text,
  region text
);

create table claims.enrolment (
  person text,
  insurance text,
  start_date date,
  end_date date,
  status text,
  region text
);

create table claims.registration (
  person text,
  disease text,
  disease_name text,
  start_date date,
  end_date date,
  institution text,
  practitioner text,
  qualifying_diagnosis text
);

create table claims.institution (
  institution_id text,
  name text,
  level text,
  institution_type text,
  region text,
  licensed_beds text,
  medical_care_home boolean,
  rehabilitation_home boolean,
  complaint boolean
);

create table claims.practitioner (
  practitioner_id text,
  name text,
  institution text,
  person text,
  title text,
  department text
);

create table claims.visit (
  visit_id text,
  person text,
  institution text,
  practitioner text,
  visit_type text,
  insurance text,
  region text,
  time timestamp,
  discharge_time timestamp,
  main_diagnosis text,
  main_diagnosis_name text,
  department text,
  discharge_department text,
  discharge_way text,
  admission_way text,
  planned_readmission boolean,
  online boolean,
  disease text,
  disease_name text,
  total_amount numeric(18,4),
  drug_amount numeric(18,4),
  note text
);

create table claims.diagnosis (
  visit text,
  code text,
  name text,
  phase text,
  diagnosis_type text,
  rank text,
  main boolean
);

create table claims.operation (
  visit text,
  code text,
  name text,
  start_time timestamp,
  end_time timestamp,
  main boolean,
  incision text,
  surgeon text
);

create table claims.item (
  item_id text,
  original_item text,
  visit text,
  settlement text,
  item_code text,
  item_name text,
  generic_name text,
  catalogue_type text,
  fee_type text,
  payment_class text,
  quantity numeric(18,6),
  unit_price numeric(16,6),
  amount numeric(18,4),
  covered_amount numeric(18,4),
  used_time timestamp,
  billed_time timestamp,
  ordered_time timestamp,
  ordering_department text,
  ordering_practitioner text,
  prescription text,
  days_of_supply integer,
  daily_dose numeric(18,6),
  route text,
  by_analogy boolean,
  discharge_drug boolean
);

create table claims.settlement (
  settlement_id text,
  visit text,
  time timestamp,
  total_amount numeric(18,4),
  fund_amount numeric(18,4),
  covered_amount numeric(18,4),
  deductible text,
  person_amount numeric(18,4),
  channel text,
  method text,
  clearing_type text,
  claim_time timestamp,
  paid_time timestamp
);

create table claims.refund (
  refund_id text,
  item text,
  settlement text,
  visit text,
  time timestamp,
  quantity numeric(18,6),
  amount numeric(18,4),
  way text,
  reason text
);

create table claims.trace (
  code text,
  item text,
  institution text,
  time timestamp,
  item_code text,
  quantity numeric(18,6),
  split boolean
);

create table claims.stock (
  institution text,
  item_code text,
  item_name text,
  stock_type text,
  date date,
  quantity numeric(18,6),
  lot text,
  document text
);

create table claims.report (
  report_id text,
  visit text,
  item text,
  item_code text,
  item_name text,
  sampled_time timestamp,
  report_time timestamp,
  result text,
  result_digest text,
  reporting_practitioner text
);

create table claims.round (
  visit text,
  time timestamp,
  in_bed boolean,
  inspector text
);

create schema audit;

create table audit.run (
  run_id   text primary key,
  finished timestamp not null default now(),
  ruleset  text not null,
  coverage json not null          -- the coverage manifest: which rules ran on how many records, and what was undecided
);

create table audit.finding (
  run_id       text not null references audit.run,
  finding_id   text not null,
  rule_id      text not null,
  rule_name    text not null,
  nature       text not null,
  subject_kind text not null,
  subject_key  text not null,
  person       text,
  institution  text,
  service_date date,
  amount       numeric(18,4),
  message      text not null,
  offending    text not null,     -- JSON, as docs/contract.md has it
  involved     text not null,
  primary key (run_id, finding_id)
);
