"""A document as Markdown: what the terminal previews and what goes into a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.workspace.invoices.documents.page import Fact, Page

WIDEST = 60
"""Characters of a cell that the others of its column are made as wide as."""
_MARK = re.compile(r"[\\`*_{}\[\]<>#|~!&$^]")
"""What means something anywhere in a line."""
_BEGINS = re.compile(r"^(\s*\d{0,9})([.)](?=\s|$)|[-+=:](?=[-+=:\s]|$))", re.MULTILINE)
"""What makes a line another thing than text: a list, a rule, the underline of a title."""


def markdown(page: Page) -> str:
    """The whole document; what is data means nothing in it."""
    return "\n\n".join("\n".join(part) for part in _parts(page)) + "\n"


def _parts(page: Page) -> Iterator[list[str]]:
    yield [f"# {_plain(page.title)}"]
    yield _broken(page.seller)
    if page.seller_facts:
        yield _listed(page.seller_facts)
    yield [f"**{_plain(page.buyer_title)}**"]
    yield _broken(page.buyer)
    yield _listed(page.facts)
    yield _table(
        page.heads,
        [
            [
                row.number,
                "\n".join([row.text, *row.notes]),
                row.quantity,
                row.price,
                row.vat,
                row.amount,
            ]
            for row in page.rows
        ],
        left=1,
    )
    due = Fact(f"**{_plain(page.due.name)}**", f"**{_plain(page.due.value)}**")
    sums = [[_plain(one.name), _plain(one.value)] for one in page.sums]
    yield _lined_up(["", ""], [*sums, [due.name, due.value]], left=0)
    for note in page.notes:
        yield [_plain(note)]
    if page.payment:
        yield _listed(page.payment)


def _plain(text: str) -> str:
    """Text in which nothing is a mark."""
    escaped = _MARK.sub(r"\\\g<0>", text)
    return _BEGINS.sub(r"\1\\\2", escaped)


def _table(heads: list[str], rows: list[list[str]], *, left: int) -> list[str]:
    cells = [[_plain(cell).replace("\n", "<br>") for cell in row] for row in rows]
    return _lined_up([_plain(one) for one in heads], cells, left=left)


def _lined_up(heads: list[str], rows: list[list[str]], *, left: int) -> list[str]:
    """A table whose columns are lined up, as far as its cells are short; one is at the left."""
    widths = [
        max(3, *(len(row[at]) for row in [heads, *rows] if len(row[at]) <= WIDEST))
        for at in range(len(heads))
    ]

    def line(cells: list[str]) -> str:
        shown = (
            cell.ljust(width) if at == left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(shown)} |"

    marks = [f":{'-' * (width - 1)}" if at == left else f"{'-' * (width - 1)}:"
             for at, width in enumerate(widths)]  # fmt: skip
    return [line(heads), line(marks), *map(line, rows)]


def _broken(lines: list[str]) -> list[str]:
    # Two blanks break a line, and are not seen where the text is read as it is.
    return [f"{_plain(line)}  " for line in lines[:-1]] + [_plain(line) for line in lines[-1:]]


def _listed(facts: list[Fact]) -> list[str]:
    return [f"- {_plain(one.name)}: {_plain(one.value)}" for one in facts]
