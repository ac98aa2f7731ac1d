"""Tables of every library that speaks Arrow, of every column type, under any name."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest
from conftest import CLAIMS

import jihe

TEXTS = {kind: pyarrow.Table.from_pylist(rows) for kind, rows in CLAIMS.items()}
ITEMS = pyarrow.table(
    {
        "feedetl_sn": pyarrow.array(["L1", "L2"], pyarrow.large_string()),
        "就诊": pyarrow.array(["V1", "V1"]).dictionary_encode(),
        "fee_ocur_time": pyarrow.array([datetime.date(2024, 3, 1)] * 2),
        "cnt": pyarrow.array([1, 1], pyarrow.int32()),
        "pric": pyarrow.array([1500.0, 10.0]),
        "amount": pyarrow.array([Decimal("1500.00"), Decimal("10.00")], pyarrow.decimal128(12, 2)),
    }
)


def batch_only(table: pyarrow.Table) -> object:
    """An object with the interface of a single batch and nothing else."""

    class Batch:
        def __arrow_c_array__(self, requested_schema: object = None) -> Any:
            return table.to_batches()[0].__arrow_c_array__(requested_schema)

    return Batch()


LIBRARIES: dict[str, Callable[[pyarrow.Table], Any]] = {
    "pyarrow": lambda table: table,
    "pyarrow stream": lambda table: table.to_reader(max_chunksize=1),
    "pandas": lambda table: table.to_pandas(),
    "pandas arrow": lambda table: table.to_pandas(types_mapper=pandas.ArrowDtype),
    "polars": polars.DataFrame,
    "duckdb": lambda lines: duckdb.sql("select * from lines"),
    "a batch": batch_only,
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("items", [TEXTS["item"], ITEMS], ids=["texts", "types"])
def test_every_library_gives_the_same_report(ruleset: jihe.Ruleset, library: str, items: pyarrow.Table) -> None:
    convert = LIBRARIES[library]
    report = ruleset.audit({"visit": convert(TEXTS["visit"]), "明细": convert(items)}, threads=2)
    assert report.to_json() == ruleset.audit(CLAIMS).to_json()


def test_results_go_to_every_library(ruleset: jihe.Ruleset) -> None:
    findings = ruleset.audit(CLAIMS).findings
    table = found = findings.to_arrow()
    assert table.schema.field("amount").type == pyarrow.decimal128(18, 4)
    assert table.schema.field("service_date").type == pyarrow.date32()
    assert table.column_names == list(findings[0]) == findings.columns
    assert findings.to_polars()["amount"].to_list() == [Decimal("500.0000")]
    assert findings.to_pandas()["amount"].to_list() == [Decimal("500.0000")]
    total = duckdb.sql("select sum(amount) from found")
    assert total is not None and total.fetchall() == [(Decimal("500.0000"),)]
    assert polars.DataFrame(findings).shape == (1, 19) == pyarrow.table(findings).shape


def test_coverage_and_rejects_are_tables(ruleset: jihe.Ruleset) -> None:
    rows = [*CLAIMS["item"], {"feedetl_sn": "L3", "amount": "一千"}]
    report = ruleset.audit({"item": pyarrow.Table.from_pylist(rows)})
    assert report.coverage.to_polars()["hit"].to_list() == [1] and report.coverage[0]["seen"] == 2
    reject = report.rejects[0]
    assert (reject["file"], reject["line"], reject["column"], reject["value"]) == ("item", 3, "amount", "一千")
    assert report.rejects.to_polars().rows(named=True)[0]["reason"] == reject["reason"] == "不是数"


def test_files_and_frames_together(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    fees = tmp_path / "fees"
    fees.mkdir()
    for part in (0, 1):
        pyarrow.parquet.write_table(ITEMS.slice(part, 1), fees / f"part-{part}.parquet")
    pyarrow.csv.write_csv(TEXTS["visit"], tmp_path / "v.csv")
    same = ruleset.audit(CLAIMS).to_json()
    assert ruleset.audit({"item": fees, "visit": TEXTS["visit"]}).to_json() == same
    assert ruleset.audit({"item": ITEMS, "visit": str(tmp_path / "v.csv")}).to_json() == same
    fees.rename(tmp_path / "item")
    (tmp_path / "v.csv").rename(tmp_path / "visit.csv")
    assert ruleset.audit(tmp_path).to_json() == same


@pytest.mark.parametrize("threads", [1, 3])
def test_columns_of_files_under_other_names(ruleset: jihe.Ruleset, tmp_path: Path, threads: int) -> None:
    other = ITEMS.rename_columns(["id", "visit", "fee_ocur_time", "cnt", "pric", "费用"])
    fees = tmp_path / "fees"
    fees.mkdir()
    pyarrow.parquet.write_table(other.slice(0, 1), fees / "part-0.parquet")
    pyarrow.csv.write_csv(other.slice(1, 1), fees / "part-1.csv")
    pyarrow.csv.write_csv(TEXTS["visit"], tmp_path / "visit.csv")
    same = ruleset.audit(CLAIMS).to_json()
    flat = {"id": "明细号", "费用": "amount"}
    tables: dict[str, Any] = {"item": fees, "visit": TEXTS["visit"]}
    assert ruleset.audit(tables, rename=flat, threads=threads).to_json() == same
    assert ruleset.audit(tables, rename={"item": flat}, threads=threads).to_json() == same
    fees.rename(tmp_path / "item")
    assert ruleset.audit(tmp_path, rename=flat, threads=threads).to_json() == same
    assert ruleset.audit(tmp_path, rename={"明细": flat}, threads=threads).to_json() == same
    session = ruleset.session({"item": tmp_path / "item"}, rename=flat)
    assert [finding.subject_key for finding in session.findings] == ["L1"]


WRONG_FILES: list[tuple[str, dict[str, Any], type[jihe.Error], list[str]]] = [
    ("fees.csv", {}, jihe.UsageError, ["item/fees.csv", "明细号", "id, visit, 费用"]),
    ("fees.csv", {"rename": {"item": {"idd": "明细号"}}}, jihe.UsageError, ["item/fees.csv", "明细号"]),
    ("fees.csv", {"rename": {"item": {"id": "明细号", "fee": "金额"}}}, jihe.UsageError, ["item/fees.csv", "fee"]),
    ("fees.csv", {"rename": {"item": {"id": "明细号", "费用": "amout"}}}, jihe.UsageError, ["费用", "amout", "amount"]),
    ("fees.csv", {"rename": {"id": "明细号", "fee": "金额"}}, jihe.UsageError, ["fee", "金额"]),
    ("absent.csv", {}, jihe.FilesError, ["item/absent.csv"]),
    ("empty", {}, jihe.FilesError, ["empty", "parquet"]),
]


@pytest.mark.parametrize("wrong", WRONG_FILES, ids=lambda wrong: "-".join(wrong[3]))
def test_what_is_wrong_with_a_file_is_named(
    ruleset: jihe.Ruleset, tmp_path: Path, wrong: tuple[str, dict[str, Any], type[jihe.Error], list[str]]
) -> None:
    name, options, kind, words = wrong
    (tmp_path / "fees.csv").write_text("id,visit,费用\nL1,V1,1500\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    with pytest.raises(kind) as refused:
        ruleset.audit({"item": tmp_path / name}, **options)
    assert all(word in refused.value.message + refused.value.message_en for word in words), str(refused.value)
    assert refused.value.code == {jihe.UsageError: "E0002", jihe.FilesError: "E0003"}[kind]


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A workbook of texts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as book:
        listed = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(sheets, 1))
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>{listed}</sheets></workbook>')
        parts = "".join(
            f'<Relationship Id="r{at}" Type="{links}/worksheet" Target="worksheets/s{at}.xml"/>'
            for at in range(1, len(sheets) + 1)
        )
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        root = f'<Relationship Id="r1" Type="{links}/officeDocument" Target="xl/workbook.xml"/>'
        for name, held in {"_rels/.rels": root, "xl/_rels/workbook.xml.rels": parts}.items():
            book.writestr(name, f'<Relationships xmlns="{package}">{held}</Relationships>')
        for at, rows in enumerate(sheets.values(), 1):
            cells = "".join(
                f'<row r="{y}">'
                + "".join(f'<c r="{"ABCDEFGH"[x]}{y}" t="inlineStr"><is><t>{cell}</t></is></c>' for x, cell in enumerate(row))
                + "</row>"
                for y, row in enumerate(rows, 1)
            )
            book.writestr(f"xl/worksheets/s{at}.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>')
    return path


def test_a_file_is_one_kind_whatever_it_holds(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    sheets = {"visit": [["visit_id"], ["V1"]], "明细": [["item_id", "amount"], ["L1", "1500"], ["L2", "1"]]}
    book = workbook(tmp_path / "both.xlsx", sheets)
    for tables, records in [({"item": book}, {"item": 2}), ({"item": book, "visit": book}, {"item": 2, "visit": 1})]:
        report = ruleset.audit(tables)
        assert report.manifest["records"] == records
        assert [finding.subject_key for finding in report.findings] == ["L1"]


def test_a_misspelt_column_of_a_file_is_warned_of(ruleset: jihe.Ruleset, tmp_path: Path) -> None:
    (tmp_path / "item.csv").write_text("feedetl_sn,amout\nL1,1500\n", encoding="utf-8")
    with pytest.warns(jihe.ColumnWarning, match="amout"):
        ruleset.audit({"item": tmp_path / "item.csv"})
    with pytest.warns(jihe.ColumnWarning, match="amout"):
        ruleset.audit(tmp_path)


def test_columns_under_other_names(ruleset: jihe.Ruleset) -> None:
    other = ITEMS.rename_columns(["id", "visit", "fee_ocur_time", "cnt", "pric", "费用"])
    frames = {"visit": TEXTS["visit"], "item": other}
    same = ruleset.audit(CLAIMS).to_json()
    flat = {"id": "明细号", "费用": "amount"}
    assert ruleset.audit(frames, rename=flat).to_json() == same
    assert ruleset.audit(frames, rename={"item": flat}).to_json() == same
    rows = {"visit": CLAIMS["visit"], "item": other.to_pylist()}
    assert ruleset.audit(rows, rename=flat).to_json() == same


def test_a_renamed_column_stands_in_for_one_of_that_name(ruleset: jihe.Ruleset) -> None:
    items = pyarrow.table({"feedetl_sn": ["L1"], "amount": ["1"], "gross": ["2000"]})
    assert ruleset.audit({"item": items}, rename={"gross": "金额"}).findings[0].amount == Decimal(1000)


WRONG: list[tuple[dict[str, Any], dict[str, Any], type[jihe.Error], list[str]]] = [
    ({"item": pyarrow.table({"feedetl": ["L1"]})}, {}, jihe.ClaimsError, ["item", "明细号", "feedetl"]),
    ({"itm": ITEMS}, {}, jihe.ClaimsError, ["itm", "item"]),
    ({"item": ITEMS, "明细": ITEMS}, {}, jihe.ClaimsError, ["明细"]),
    ({"item": ITEMS}, {"rename": {"item": {"fee": "amount"}}}, jihe.UsageError, ["item", "fee"]),
    ({"item": ITEMS}, {"rename": {"item": {"cnt": "amout"}}}, jihe.UsageError, ["amout", "amount"]),
    ({"item": ITEMS}, {"rename": {"fee": "amount"}}, jihe.UsageError, ["fee", "amount"]),
    ({"item": ITEMS}, {"rename": {"items": {"cnt": "amount"}}}, jihe.UsageError, ["items", "item"]),
    ({"item": 7}, {}, jihe.ClaimsError, ["item", "int"]),
    ({"item": polars.Series([1])}, {}, jihe.ClaimsError, ["item"]),
    ({"item": ITEMS.append_column("规格", pyarrow.array([["a"], ["b"]]))}, {}, jihe.ClaimsError, ["item", "规格", "List"]),
    (
        {"item": ITEMS.append_column("计费时间", pyarrow.array([0, 1], pyarrow.timestamp("us", "UTC")))},
        {}, jihe.ClaimsError, ["item", "计费时间", "UTC", "Asia/Shanghai"],
    ),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong[3][-1])
def test_what_is_wrong_is_named(
    ruleset: jihe.Ruleset, wrong: tuple[dict[str, Any], dict[str, Any], type[jihe.Error], list[str]]
) -> None:
    tables, options, kind, words = wrong
    with pytest.raises(kind) as refused:
        ruleset.audit(tables, **options)
    assert all(word in refused.value.message + refused.value.message_en for word in words), str(refused.value)


def test_a_misspelt_column_is_warned_of(ruleset: jihe.Ruleset) -> None:
    with pytest.warns(jihe.ColumnWarning, match="amout"):
        ruleset.audit({"item": pyarrow.table({"feedetl_sn": ["L1"], "amout": ["2000"]})})


def test_moments_in_chinas_zone_are_local_days(ruleset: jihe.Ruleset) -> None:
    # 16:30 in London is half past midnight of the next day in Beijing.
    moment = datetime.datetime(2024, 2, 29, 16, 30, tzinfo=datetime.timezone.utc)
    times = pyarrow.array([moment], pyarrow.timestamp("us", "Asia/Shanghai"))
    items = pyarrow.table({"feedetl_sn": ["L1"], "fee_ocur_time": times, "amount": [2000]})
    assert ruleset.audit({"item": items}).findings[0].service_date == datetime.date(2024, 3, 1)


def test_missing_values_of_every_library(ruleset: jihe.Ruleset) -> None:
    frame = pandas.DataFrame({"feedetl_sn": ["L1", "L2"], "amount": [2000.0, float("nan")], "cnt": [None, 1]})
    for table in (frame, polars.from_pandas(frame), frame.to_dict("records")):
        report = ruleset.audit({"item": table})
        assert [finding.subject_key for finding in report.findings] == ["L1"]
        assert report.coverage[0]["undecided"] == 1 and len(report.rejects) == 0


def test_an_empty_table_is_supplied(ruleset: jihe.Ruleset) -> None:
    report = ruleset.audit({"item": ITEMS.slice(0, 0)})
    assert (report.coverage[0]["status"], report.manifest["records"]) == ("ran", {"item": 0})


def test_what_was_read_is_there_to_draw(ruleset: jihe.Ruleset) -> None:
    report = ruleset.audit({"visit": TEXTS["visit"], "item": ITEMS})
    assert [record["key"] for record in report.records("item")] == ["L1", "L2"]
    assert report.records("明细", ["L2", "L9"])[0]["amount"] == "10.00元"
    assert report.records("item", ["L9"]) == [{}]
    with pytest.raises(jihe.UsageError):
        report.records("itm", [])


def test_a_session_takes_data_frames(ruleset: jihe.Ruleset) -> None:
    session = ruleset.session({"visit": TEXTS["visit"]})
    assert [finding.subject_key for finding in session.check({"item": ITEMS})["findings"]] == ["L1"]


def broken_text(rows: int) -> pyarrow.Array:
    """Texts of which the last is not UTF-8, as a maker that breaks the rules of the format would hand them over."""
    texts = b"ab" * (rows - 1) + b"\xff\xfe"
    offsets = pyarrow.array(range(0, 2 * rows + 1, 2), pyarrow.int32()).buffers()[1]
    return pyarrow.StringArray.from_buffers(rows, offsets, pyarrow.py_buffer(texts))


@pytest.mark.parametrize("threads", [1, 2])
def test_malformed_texts_are_refused_wherever_they_are(ruleset: jihe.Ruleset, threads: int) -> None:
    rows = 200_000
    keys = pyarrow.array([f"L{row}" for row in range(rows)])
    items = pyarrow.table({"feedetl_sn": keys, "就诊": broken_text(rows)})
    with pytest.raises(jihe.ClaimsError, match="表 item 的列“就诊”不合 Arrow 格式"):
        ruleset.audit({"item": items}, threads=threads)
