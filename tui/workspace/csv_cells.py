"""Cells of CSV that no spreadsheet takes for a formula, and the way back.

A cell that a spreadsheet would compute gets an apostrophe before it; numbers and what is written
like one (``-5``, ``+33 6 12 34 56 78``, ``-1:30``) stay as they are, since nothing can be computed
from them that does harm. `unguard` is the exact inverse of `guard`: what is exported and read again
is what it was, and an apostrophe that somebody wrote stays.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

GUARD = "'"
SEPARATORS = ",;\t"
_FIRST = re.compile(r"[^\r\n]*[\r\n]")
_TOLD = re.compile(r"\ufeff?(\"?)sep=([,;\t])\1\r?\n", re.IGNORECASE)
"""A first line by which a file tells spreadsheets how its cells are separated."""
_UNSEEN = r"[\s\x00-\x1f\x7f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]*"
# Full-width signs are taken for the plain ones where Japanese or Chinese is written.
_COMPUTED = re.compile(rf"[\t\r\n\x00]|{_UNSEEN}[=+\-@＝＋－＠\u2212]")
_NUMBER = re.compile(r"[+\-\u2212][\d.,(][\d .,()/:'\u2019\u00a0\u202f\-]*(?:[eE][+\-]?\d+)?\s?%?")


def guard(cell: str) -> str:
    """The cell as it may stand in a CSV file."""
    return GUARD + cell if _needs_guard(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell[:1] == GUARD and _needs_guard(cell[1:]) else cell


def _needs_guard(cell: str) -> bool:
    # Apostrophes before it make no difference, or one that was there could not be told from ours.
    inner = cell.lstrip(GUARD)
    return _COMPUTED.match(inner) is not None and _NUMBER.fullmatch(inner) is None


def guarded_text(text: str) -> str:
    """CSV that a service wrote, with its cells guarded; byte for byte as it was where none is.

    Its cells are separated by what its first line has most of: commas, semicolons or tabs.
    """
    # A field may be as long as the answer is, whose size the transport limits.
    usual = csv.field_size_limit(len(text) + 1)
    try:
        for separator in separators_of(text):
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
            if any(_needs_guard(cell) for row in rows for cell in row):
                return _written(rows, "\r\n" if "\r\n" in text else "\n", separator)
    finally:
        csv.field_size_limit(usual)
    return text


def separators_of(text: str) -> list[str]:
    """What may separate the cells, the likeliest first; several where they are as likely."""
    told = _TOLD.match(text)
    if told:
        return [told[2]]
    first = _FIRST.match(text)
    # Only what is quoted may go on in the next line.
    head = text if first is None or '"' in first[0] else first[0]
    columns = {
        one: len(next(csv.reader(io.StringIO(head, newline=""), delimiter=one), []))
        for one in SEPARATORS
    }
    return [one for one, count in columns.items() if count == max(columns.values())]


def first_line_told(text: str) -> str:
    """The first line where it tells how cells are separated, with its end; "" where it does not."""
    told = _TOLD.match(text)
    return told[0] if told else ""


def csv_text(names: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Rows as CSV under a header; what a row lacks is an empty cell."""
    return _written([names, *([row.get(name) for name in names] for row in rows)], "\n")


_BREAK = "\r\n"
"""Before Python 3.13 a cell is only quoted for a line break where that ends the lines as well."""


class _Lines(io.StringIO):
    """Takes lines that end with `_BREAK`, each at once, and ends them as they are to end."""

    def __init__(self, end: str) -> None:
        super().__init__(newline="")
        self._end = end

    def write(self, line: str, /) -> int:
        """Write one line."""
        return super().write(line.removesuffix(_BREAK) + self._end)


def _written(rows: Iterable[Sequence[object]], end: str, separator: str = ",") -> str:
    out = _Lines(end)
    writer = csv.writer(out, lineterminator=_BREAK, delimiter=separator)
    for row in rows:
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()
