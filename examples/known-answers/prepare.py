"""Maps SynPUF and Synthea files to claim folders for `jihe audit`, and the Medicare Code Editor to knowledge tables.

In: the public-use files (SHARED/data: synpuf, synthea_1k, mce_v43). Out: OUT/synpuf, OUT/synthea, OUT/rules.
Invariant: every row of a source becomes one record or none; nothing is computed here but column names and date spelling.

Usage: python prepare.py SHARED_DATA OUT
"""

import csv
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq


def day(text: str | None) -> str:
    """`20090412` as `2009-04-12`; empty stays empty."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text else ""


def write(path: Path, header: list[str], rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def synpuf(data: Path, out: Path) -> None:
    people = {}
    for row in pq.read_table(data / "synpuf/beneficiary.parquet").to_pylist():
        people.setdefault(row["DESYNPUF_ID"], row)
    write(out / "person.csv", ["psn_no", "gend", "brdy"],
          ([key, row["BENE_SEX_IDENT_CD"], day(row["BENE_BIRTH_DT"])] for key, row in people.items()))
    # Rows of SEGMENT 2 continue a claim and have no dates.
    claims = [row for row in pq.read_table(data / "synpuf/inpatient.parquet").to_pylist() if row["SEGMENT"] == "1"]
    write(out / "visit.csv", ["mdtrt_id", "psn_no", "fixmedins_code", "med_type", "time", "discharge_time"],
          ([row["CLM_ID"], row["DESYNPUF_ID"], row["PRVDR_NUM"] or "", "21",
            day(row["CLM_ADMSN_DT"]), day(row["NCH_BENE_DSCHRG_DT"])] for row in claims))
    write(out / "settlement.csv", ["setl_id", "mdtrt_id", "setl_time", "fund_pay_sumamt"],
          ([row["CLM_ID"], row["CLM_ID"], day(row["CLM_THRU_DT"]), row["CLM_PMT_AMT"]] for row in claims))
    write(out / "diagnosis.csv", ["mdtrt_id", "diag_srt_no", "diag_code"], codes(claims, "ICD9_DGNS_CD_", 10))
    write(out / "operation.csv", ["mdtrt_id", "oprn_srt_no", "oprn_oprt_code"], codes(claims, "ICD9_PRCDR_CD_", 6))


def codes(claims: list[dict], column: str, count: int):
    for row in claims:
        for number in range(1, count + 1):
            if row.get(f"{column}{number}"):
                yield [row["CLM_ID"], str(number), row[f"{column}{number}"]]


def synthea(data: Path, out: Path) -> None:
    with (data / "synthea_1k/medications.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    visits = {}
    for start, _, patient, encounter, *_ in rows:
        visits.setdefault(encounter, (patient, start))
    write(out / "visit.csv", ["mdtrt_id", "psn_no", "med_type", "time"],
          ([key, patient, "11", start] for key, (patient, start) in visits.items()))
    write(out / "item.csv", ["feedetl_sn", "visit", "med_list_codg", "used_time", "停药日期"],
          ([f"M{number}", row[3], row[4], row[0], row[1]] for number, row in enumerate(rows)))


def editor(data: Path, out: Path) -> None:
    ages = {}
    with (data / "mce_v43/mce_age_ranges.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["end"] != "20190930" and row["start"] > "20190930":
                continue  # the ranges in force in 2008–2010
            ages[row["group"].lower()] = (row["start_age"], row["end_age"])
    for name, source in (("mce_diagnosis.csv", "mce_i9dx"), ("mce_procedure.csv", "mce_i9sg")):
        rows = []
        for row in pq.read_table(data / f"mce_v43/{source}.parquet").to_pylist():
            flags = set(row["mce_flags"].split("|"))
            sex = "1" if "male" in flags else "2" if "female" in flags else ""
            # The narrowest age group decides where a code has two (V2385: maternity and adult).
            groups = sorted((int(ages[flag][1]) - int(ages[flag][0]), flag) for flag in flags if flag in ages)
            low, high = ages[groups[0][1]] if groups else ("", "")
            rows.append([row["code"], sex, low and f"{low} 岁", high and f"{high} 岁", day(row["start"]), day(row["end"])])
        write(out / name, ["编码", "性别", "最小", "最大", "生效", "失效"], rows)


def main() -> None:
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    synpuf(data, out / "synpuf")
    synthea(data, out / "synthea")
    for rules in Path(__file__).parent.glob("*.jihe"):
        (out / "rules").mkdir(parents=True, exist_ok=True)
        shutil.copy(rules, out / "rules" / rules.name)
    editor(data, out / "rules")


if __name__ == "__main__":
    main()
