"""Compiled rules.

In: rule texts. Out: reports, sessions, and what the rules say of themselves.
Invariant: a ruleset is its texts: equal texts are equal rulesets, and it travels between processes as its texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Optional, Union, cast

from . import _native
from ._display import html
from ._errors import translated, usage
from ._progress import Watcher, watcher
from ._report import Report
from ._session import Session
from ._shapes import Diagnostic, Requirements, RuleInfo, Snapshot, SnapshotRows
from ._tables import Coverage, Day, Renames, Tables, as_json, count, read, run_options, session_options


class Ruleset:
    """Compiled rules. Make one with :func:`compile` or :func:`rulebook`; threads may share it, and it can be pickled.

    >>> ruleset
    <jihe.Ruleset '示例' 1: 1 rules>
    >>> import pickle
    >>> pickle.loads(pickle.dumps(ruleset)) == ruleset
    True
    """

    def __init__(self, native: _native.Ruleset, source: str) -> None:
        self._native = native
        self._source = source

    @property
    def hash(self) -> str:
        """Names the rule texts; the same texts have the same hash everywhere."""
        return self._native.hash

    @property
    def name(self) -> str:
        """The name of the package of rules."""
        return self._native.name

    @property
    def version(self) -> str:
        """The version of the package of rules."""
        return self._native.version

    @property
    def warnings(self) -> list[Diagnostic]:
        """What compilation had to say without refusing."""
        return cast("list[Diagnostic]", json.loads(self._native.warnings())["diagnostics"])

    @property
    def rules(self) -> list[RuleInfo]:
        """Every rule, in the order written.

        >>> [(rule["id"], rule["name"], rule["scope"]) for rule in ruleset.rules]
        [('X1', '大额明细', 'person')]
        """
        return cast("list[RuleInfo]", json.loads(self._native.rules_json()))

    def explain(self) -> str:
        """The plan in words.

        >>> "大额明细" in ruleset.explain()
        True
        """
        return self._native.explain()

    def requirements(self) -> Requirements:
        """What to fetch for these rules: kinds, fields, how far back.

        >>> ruleset.requirements()["kinds"]["item"]["look_back"]
        'claim'
        """
        return cast(Requirements, json.loads(self._native.requirements_json()))

    def audit(
        self,
        tables: Tables,
        *,
        rename: Optional[Renames] = None,
        rules: Union[str, Iterable[str], None] = None,
        threads: Optional[int] = None,
        progress: Union[bool, Watcher] = False,
        as_of: Optional[Day] = None,
        coverage: Optional[Coverage] = None,
        columns: Literal["all", "needed"] = "all",
    ) -> Report:
        """Audits tables.

        ``tables`` maps record kinds, under their English or Chinese names, to anything that speaks Arrow (pyarrow, pandas,
        polars, a DuckDB relation), to the path of a file or of a folder of files, or to a list of dicts; or it is the path of
        a folder with a file a kind, or claims as JSON text. Columns go by the English, Chinese or national name of their
        field; ``rename`` maps other names to fields, ``{"费用": "amount"}``, or by kind, ``{"item": {"费用": "amount"}}``.

        ``rules`` is the id of the rule to run, or ids; by default all run. ``threads`` is by default the number of processors;
        the result never depends on it. ``progress`` is True for a bar, or a function of stage, portions done and their
        number.
        ``as_of`` is by default the latest clock of any record, ``coverage`` the first and last day of each kind: a window
        that reaches outside is undecided.

        ``columns="needed"`` reads only what the rules of this set look at, which is faster and takes less memory. Where every
        cell can be read the findings are the same; a bad cell that no rule looks at rejects no row, and
        :meth:`Report.records` gives what was read. Where rows share a key the tables are read a second time, that kind in
        full; a stream whose rows are gone after the first is refused then. The days of a folder's ``run.toml`` hold where
        ``as_of`` and ``coverage`` are not given.

        >>> import polars
        >>> items = polars.DataFrame({"id": ["L1"], "fee": ["1200.50"], "fee_ocur_time": ["2024-03-01"]})
        >>> ruleset.audit({"item": items}, rename={"id": "明细号", "fee": "amount"}).findings[0].amount
        Decimal('200.5000')
        >>> poor = [{"feedetl_sn": "L1", "amount": "1200.50", "prd_days": "many"}]
        >>> [len(ruleset.audit({"item": poor}, columns=which).findings) for which in ("all", "needed")]
        [0, 1]
        """
        used = count(threads)
        watch = watcher(progress)
        options = run_options(as_of, coverage)
        if columns not in ("all", "needed"):
            raise usage(f'columns 应为 "all" 或 "needed"，而不是 {columns!r}', f'columns is "all" or "needed", not {columns!r}')
        dated = as_of is not None and coverage is not None and not isinstance(coverage, Mapping)
        read_tables = read(self._native, tables, rename, used, watch, dated if columns == "needed" else None)
        ids = [rules] if isinstance(rules, str) else None if rules is None else list(rules)
        with translated():
            told = None if watch is None else (lambda done, total: watch("audit", done, total))
            return Report(self._native.audit(read_tables, (options, used, ids, told)), self)

    def session(
        self,
        history: Tables,
        *,
        rename: Optional[Renames] = None,
        as_of: Optional[Day] = None,
        coverage: Optional[Coverage] = None,
        snapshot: Union[Snapshot, Mapping[str, SnapshotRows], str, None] = None,
    ) -> Session:
        """Opens a session over one person's history, given as :meth:`audit` takes tables.

        ``snapshot`` brings rows of population summaries (统计), which one person's records cannot give: what
        :meth:`snapshot` made, that as JSON text, or ``{summary: [{key or column: value}]}``. Rules that read no other
        summaries are then decided too.

        >>> priced = jihe.compile('''
        ... 规则包 "示例" 版本 "1"
        ... 统计 项目均价 = 明细 按 (项目编码) { 均价 = 平均(本组.金额) }
        ... 规则 单价偏高 { 编号 "X9" 环节 事前 针对 明细 设 同类 = 项目均价 同一(项目编码)
        ...   当 金额 > 2 × 最大(同类.均价) 性质 可疑 说明 "{金额}" }
        ... ''')
        >>> session = priced.session({"item": []}, snapshot={"项目均价": [{"项目编码": "A", "均价": "10"}]})
        >>> check = session.check({"item": [{"feedetl_sn": "L1", "med_list_codg": "A", "amount": "21"}]})
        >>> [finding.rule_id for finding in check["findings"]]
        ['X9']
        """
        options = session_options(as_of, coverage, snapshot)
        text = None if rename else as_json(history)
        with translated():
            if text is not None:
                native = self._native.session_json(text, options)
            else:
                native = self._native.session(read(self._native, history, rename, 1), options)
        return Session(native, self._native)

    def snapshot(
        self,
        tables: Tables,
        names: Union[str, Sequence[str]],
        *,
        rename: Optional[Renames] = None,
        threads: Optional[int] = None,
        as_of: Optional[Day] = None,
        coverage: Optional[Coverage] = None,
    ) -> Snapshot:
        """Rows of population summaries (统计) over a batch, to be shipped to hosts of sessions.

        It is made of texts and lists, so it can be kept as JSON. Which summaries a rule needs is in a check's
        ``not_evaluated``.

        >>> counted = jihe.compile('''
        ... 规则包 "示例" 版本 "1"
        ... 统计 项目均价 = 明细 按 (项目编码) { 均价 = 平均(本组.金额) }
        ... ''')
        >>> lines = [{"feedetl_sn": "L1", "med_list_codg": "A", "amount": "10"}]
        >>> counted.snapshot({"item": lines}, "项目均价")["summaries"]["项目均价"]["rows"]
        [{'均价': '10', '项目编码': 'A'}]
        """
        native = read(self._native, tables, rename, count(threads))
        wanted = [names] if isinstance(names, str) else list(names)
        with translated():
            return cast(Snapshot, json.loads(self._native.snapshot(native, run_options(as_of, coverage), wanted)))

    def __repr__(self) -> str:
        return f"<jihe.Ruleset {self.name!r} {self.version}: {len(self.rules)} rules>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ruleset) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_compiled, (self._source,))

    def _repr_html_(self) -> Optional[str]:
        return html("ruleset_html", self)


def _compiled(source: str) -> Ruleset:
    """Rules from their texts as the native module takes them."""
    with translated():
        return Ruleset(_native.compile(source), source)
