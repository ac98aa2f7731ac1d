"""Tables of results: Arrow for data frames, dicts for people.

In: a batch of the native module, and its rows by page. Out: what pandas, polars, DuckDB and pyarrow take.
Invariant: rows as dicts are those of the contract's JSON; the Arrow table has the same rows in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union, overload

from . import _native

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Row = TypeVar("Row")
_PAGE = 1_000


class Frame(Generic[Row]):
    """A table of results.

    Anything that takes Arrow takes it as it is: ``polars.DataFrame(frame)``, ``pyarrow.table(frame)``,
    ``duckdb.sql("select … from frame")`` after ``frame = report.findings.to_arrow()``.

    >>> report = ruleset.audit(claims)
    >>> len(report.findings), report.findings[0]["rule_id"]
    (1, 'X1')
    >>> [row["amount"] for row in report.findings]
    ['500.0000']
    >>> report.findings.to_polars().select("rule_id", "amount").rows()
    [('X1', Decimal('500.0000'))]
    """

    def __init__(self, native: Callable[[], _native.Frame], count: int, page: Callable[[int, int], list[Row]]) -> None:
        self._make = native
        self._made: Union[_native.Frame, None] = None
        self._count = count
        self._page = page

    @property
    def _native(self) -> _native.Frame:
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self._native.columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._native.__arrow_c_schema__()

    def to_arrow(self) -> pyarrow.Table:
        """A pyarrow table; no copy is made."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame; amounts are ``Decimal``, days ``Date``."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with Arrow-backed columns, so that amounts stay exact decimals and days stay days."""
        import pandas

        return self.to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)

    def to_dicts(self) -> list[Row]:
        """All rows as dicts."""
        return self._page(0, self._count)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, self._count, _PAGE):
            yield from self._page(start, _PAGE)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: Union[int, slice]) -> Union[Row, list[Row]]:
        if isinstance(at, slice):
            start, stop, step = at.indices(self._count)
            if step == 1:
                return self._page(start, max(stop - start, 0))
            return [self[place] for place in range(start, stop, step)]
        place = at + self._count if at < 0 else at
        if not 0 <= place < self._count:
            raise IndexError(f"row {at} of {self._count}")
        return self._page(place, 1)[0]

    def __repr__(self) -> str:
        return f"<jihe.Frame of {self._count} rows: {', '.join(self.columns)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a jihe.Frame is not pickled; pickle .to_arrow() or .to_dicts()")
