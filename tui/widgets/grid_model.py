"""What a grid shows: columns, cells, and where rows come from. No drawing here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

from tui.widgets.cells import Align
from tui.widgets.palette import Role
from tui.workspace.worded import holds

Kind = Literal["text", "number", "boolean"]


class Cell(NamedTuple):
    """A cell whose look says more than its text."""

    text: str
    role: Role = "text"


_ALIGNMENT: dict[Kind, Align] = {"text": "left", "number": "right", "boolean": "centre"}

CellValue = str | int | float | Decimal | bool | None | Cell
"""A value as the grid takes it. Anything else (a date, an amount with its currency) is text by
then: how it reads is the business of whoever knows the person's habits."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is stable, `title` is what is shown."""

    key: str
    title: str
    width: int | None = None
    """Cells; None measures the title and the first rows, between `minimum` and `maximum`."""
    minimum: int = 3
    maximum: int = 40
    align: Align | None = None
    """None: right for numbers, centre for booleans, else left."""
    kind: Kind = "text"
    flexible: bool = False
    """Takes a share of the room that the other columns leave."""
    is_name: bool = False
    """Whether what has no room is shortened in its middle: names of one kind begin alike."""
    show: Callable[[CellValue], Cell] | None = None
    """How a value of this column reads; None: as it is."""

    @property
    def alignment(self) -> Align:
        """Where the text stands in its cells."""
        if self.align is not None:
            return self.align
        return _ALIGNMENT[self.kind]

    def cell(self, value: CellValue) -> Cell:
        """The value as text and role."""
        if isinstance(value, Cell):
            return value
        if self.show is not None:
            return self.show(value)
        if value is None:
            return Cell("")
        if isinstance(value, bool):
            return Cell("✓", "good") if value else Cell("·", "muted")
        return Cell(str(value), "number" if self.kind == "number" else "text")


class RowSource(Protocol):
    """Where a grid's rows come from: all of them, or those that have arrived so far."""

    @property
    def total(self) -> int | None:
        """How many rows there are; None while nobody knows."""

    @property
    def known(self) -> int:
        """How many rows there are at least; counts only while `total` is None."""

    def loaded(self, index: int) -> bool:
        """Whether the row is here."""

    def row(self, index: int) -> Sequence[CellValue] | None:
        """The row's values in the order of the columns; None where it is not here."""

    def key(self, index: int) -> str:
        """What the row is called while its place changes; empty where it is not here."""

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is now; None where it is gone or not here."""


class ListSource:
    """Rows that are all here."""

    def __init__(
        self, rows: Sequence[Sequence[CellValue]] = (), keys: Sequence[str] | None = None
    ) -> None:
        """`keys` are as many as `rows` and distinct; without them a row is called by its place."""
        if keys is not None and len(keys) != len(rows):
            raise ValueError(f"{len(rows)} rows have {len(keys)} keys.")
        self._rows = rows
        self._keys = keys
        self._places: dict[str, int] | None = None

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def known(self) -> int:
        """The same as `total`."""
        return len(self._rows)

    def loaded(self, index: int) -> bool:
        """True for every row."""
        return 0 <= index < len(self._rows)

    def row(self, index: int) -> Sequence[CellValue] | None:
        """The row's values."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def key(self, index: int) -> str:
        """The row's key."""
        if not 0 <= index < len(self._rows):
            return ""
        return str(index) if self._keys is None else self._keys[index]

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is."""
        if self._keys is None:
            return int(key) if key.isdecimal() and int(key) < len(self._rows) else None
        if self._places is None:
            # Made on the first question: opening a long list must not cost its length.
            self._places = {name: index for index, name in enumerate(self._keys)}
        return self._places.get(key)


class _Page(NamedTuple):
    rows: Sequence[Sequence[CellValue] | None]
    keys: Sequence[str]


class PagedSource:
    """Rows that arrive in pages; the least recently seen pages go when there are too many."""

    def __init__(self, total: int | None = None, page_size: int = 200, keep: int = 64) -> None:
        """`keep` pages of `page_size` rows are held at most."""
        self.page_size = page_size
        self._keep = keep
        self._total = total
        self._known = 0
        self._pages: OrderedDict[int, _Page] = OrderedDict()
        self._places: dict[str, int] = {}

    @property
    def total(self) -> int | None:
        """How many rows there are; None while nobody knows."""
        return self._total

    @total.setter
    def total(self, total: int | None) -> None:
        self._total = total

    @property
    def known(self) -> int:
        """How many rows have arrived, counted from the first to the last of them."""
        return self._known

    def page_of(self, index: int) -> tuple[int, int]:
        """First row and number of rows of the page to ask for where `index` is wanted."""
        first = index // self.page_size * self.page_size
        return first, self.page_size

    def put(
        self,
        first: int,
        rows: Sequence[Sequence[CellValue] | None],
        keys: Sequence[str] | None = None,
    ) -> None:
        """Rows that have arrived, from row `first`, which begins a page. None, with an empty key,
        stands for one that has not.

        Where `total` is None, fewer than a page of them means that these were the last: an empty
        answer for the page after a full one is told in the same way.
        """
        if first % self.page_size:
            raise ValueError(f"Row {first} does not begin a page of {self.page_size}.")
        names = [str(first + n) for n in range(len(rows))] if keys is None else keys
        for start in range(0, max(len(rows), 1), self.page_size):
            page = _Page(
                rows[start : start + self.page_size], names[start : start + self.page_size]
            )
            self._forget((first + start) // self.page_size)
            self._pages[(first + start) // self.page_size] = page
            self._places.update({key: first + start + n for n, key in enumerate(page.keys) if key})
        self._known = max(self._known, first + len(rows))
        if self._total is None and (not rows or len(rows) % self.page_size):
            self._total = first + len(rows)
        while len(self._pages) > self._keep:
            self._forget(next(iter(self._pages)))

    def _forget(self, number: int) -> None:
        page = self._pages.pop(number, None)
        if page is not None:
            for offset, key in enumerate(page.keys):
                if self._places.get(key) == number * self.page_size + offset:
                    del self._places[key]

    def clear(self) -> None:
        """Forget every row, so that all of them are asked for again; `total` stays."""
        self._pages.clear()
        self._places.clear()
        self._known = 0

    def loaded(self, index: int) -> bool:
        """Whether the row has arrived and is still held."""
        return self._values(index) is not None

    def _values(self, index: int) -> Sequence[CellValue] | None:
        page = self._pages.get(index // self.page_size)
        offset = index % self.page_size
        return page.rows[offset] if page is not None and offset < len(page.rows) else None

    def row(self, index: int) -> Sequence[CellValue] | None:
        """The row's values; None where it is not here."""
        values = self._values(index)
        if values is not None:
            self._pages.move_to_end(index // self.page_size)
        return values

    def key(self, index: int) -> str:
        """The row's key; empty where it is not here."""
        page = self._pages.get(index // self.page_size)
        offset = index % self.page_size
        return page.keys[offset] if page is not None and offset < len(page.keys) else ""

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is, among those that are here."""
        return self._places.get(key)


def nothing_holds(text: str, otherwise: str) -> str:
    """What stands where there is no row: of what was typed to filter by, else what is said."""
    return f"Nothing holds “{text.strip()}”." if text.strip() else otherwise


def narrowed(source: ListSource, text: str) -> ListSource:
    """The rows that hold every word of a text, in any column."""
    if not text.strip():
        return source
    places = [place for place in range(source.total) if holds(_read(source.row(place) or ()), text)]
    return ListSource(
        [source.row(place) or () for place in places], [source.key(place) for place in places]
    )


def _read(row: Sequence[CellValue]) -> str:
    return " ".join(str(one.text if isinstance(one, Cell) else one) for one in row)
