"""A document as Markdown: what the terminal previews and what goes into a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tui.workspace.invoices.documents.page import Fact, Page

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
    yield [
        _cells(page.heads),
        "|---:|:---|---:|---:|---:|---:|",
        *(
            _cells(
                [
                    row.number,
                    "\n".join([row.text, *row.notes]),
                    row.quantity,
                    row.price,
                    row.vat,
                    row.amount,
                ]
            )
            for row in page.rows
        ),
    ]
    yield [
        "| | |",
        "|:---|---:|",
        *(_cells([one.name, one.value]) for one in page.sums),
        f"| **{_plain(page.due.name)}** | **{_plain(page.due.value)}** |",
    ]
    for note in page.notes:
        yield [_plain(note)]
    if page.payment:
        yield _listed(page.payment)


def _plain(text: str) -> str:
    """Text in which nothing is a mark."""
    escaped = _MARK.sub(r"\\\g<0>", text)
    return _BEGINS.sub(r"\1\\\2", escaped)


def _cells(texts: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(one).replace("\n", "<br>") for one in texts) + " |"


def _broken(lines: list[str]) -> list[str]:
    return [f"{_plain(line)}\\" for line in lines[:-1]] + [_plain(line) for line in lines[-1:]]


def _listed(facts: list[Fact]) -> list[str]:
    return [f"- {_plain(one.name)}: {_plain(one.value)}" for one in facts]
