"""Cells of an ODS file, read as they come: no more than a row is held beside what is kept.

Source: OpenDocument 1.3, part 3 (table:table-row, table:table-cell, office:value-type) and 6.1.2 to
6.1.4 (blanks in paragraphs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl
from zipfile import ZipFile

from tui.damaged_zip import DAMAGED_ZIP
from tui.words import counted
from tui.workspace.books.into.damaged import damage_told
from tui.workspace.books.into.faulty import error_of

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet: what programs for sheets take."""
LONGEST = 10_000_000
"""Characters of a cell."""
BIGGEST = 2**31
"""Bytes of the content once it is unpacked."""
CHUNK = 1 << 18
_OF = "urn:oasis:names:tc:opendocument:xmlns"
_OFFICE, _TABLE, _TEXT = f"{_OF}:office:1.0", f"{_OF}:table:1.0", f"{_OF}:text:1.0"
_BESIDE = {(_OFFICE, "annotation"), (_TABLE, "shapes"), (f"{_OF}:drawing:1.0", "frame")}
"""What stands in a cell and is none of its text: remarks and pictures."""
_NUMBERS = ("float", "percentage", "currency")
_SPANS = ("number-columns-spanned", "number-rows-spanned")
_SPACES = re.compile(r"[ \t\n]+")
Name = tuple[str | None, str]


class OdsError(Exception):
    """Raised for what is no ODS, or holds more than a sheet may."""


Row = tuple[int, list[Any]]


def read_ods(path: Path) -> tuple[Iterator[Row], OdsCells]:
    """The rows of the first sheet that hold something, each with its number from 1; and what is
    known besides once they were read. Raises OdsError, OSError.

    A number is an int or a Decimal, a day a date; a share (0.63%) is what it is of one (0.0063).
    """
    cells = OdsCells()
    return _rows(path, cells), cells


def _rows(path: Path, cells: OdsCells) -> Iterator[Row]:
    # Who reads no such file imports no parser.
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import create_parser

    parser = create_parser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(cells)
    try:
        with damage_told(DAMAGED_ZIP, OdsError), ZipFile(path) as package:
            if package.getinfo("content.xml").file_size > BIGGEST:
                raise OdsError("its content is too large")
            with package.open("content.xml") as content:
                while chunk := content.read(CHUNK):
                    parser.feed(chunk)
                    yield from cells.taken()
        parser.close()
    except DefusedXmlException:
        raise OdsError("it declares a document type, which none does") from None
    except SAXException as error:
        raise OdsError(f"its content cannot be read ({error.getMessage()})") from None
    if not cells.sheets:
        raise OdsError("there is no sheet in it")
    yield from cells.taken()


class OdsCells(ContentHandler):
    """Hears the content of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets = 0
        self.others: list[list[Any]] = []
        """The first row of every sheet but the first."""
        self.merged: list[str] = []
        """Where cells of the first sheet are merged, by the first of each (`B4`)."""
        self._rows: list[Row] = []
        self._line = 1
        """The number of the row that is read."""
        self._row: list[Any] = []
        self._blank = self._repeated = 0
        """Empty cells that wait for one that is not, and how often the row stands there."""
        self._depth = self._beside = 0
        """How deep in sheets, and in what is none of a cell's text."""
        self._about: dict[str, str] | None = None
        """What is said of the cell that is read."""
        self._paragraphs: list[list[str]] = []
        self._paragraph: list[str] | None = None
        """The paragraph that is read."""
        self._long = 0
        self._spaced = False
        """Whether blanks were heard since the last character of the paragraph."""

    def taken(self) -> list[Row]:
        """The rows that were read since."""
        found, self._rows = self._rows, []
        return found

    def startElementNS(self, name: Name, _qname: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802 - SAX
        """An element begins."""
        if self._beside or name in _BESIDE:
            self._beside += 1
            return
        space, local = name
        if space == _TEXT and self._about is not None:
            self._begin_text(local, attrs)
        elif space == _TABLE:
            if local == "table":
                self._depth += 1
                if self._depth == 1:
                    self.sheets += 1
                    self._line = 1
            elif local == "table-row" and self._depth == 1:
                self._row, self._blank = [], 0
                self._repeated = _count(attrs, "number-rows-repeated")
            elif local in ("table-cell", "covered-table-cell") and self._depth == 1:
                self._about = {one: attrs[space, one] for space, one in attrs.getNames()}
                self._paragraphs, self._paragraph, self._long = [], None, 0

    def endElementNS(self, name: Name, _qname: str | None) -> None:  # noqa: N802 - SAX
        """An element ends."""
        if self._beside:
            self._beside -= 1
            return
        space, local = name
        if space == _TEXT and local in ("p", "h") and self._paragraph is not None:
            if self._spaced and self._paragraph:
                # A blank at the end is none, as at the beginning: one that is meant is text:s.
                self._paragraph.pop()
            self._paragraph = None
        if space != _TABLE:
            return
        if local == "table":
            self._depth -= 1
        elif self._depth == 1 and local in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif self._depth == 1 and local == "table-row":
            self._end_row()

    def characters(self, content: str) -> None:
        """Text, of which blanks in a row are one, and none where a paragraph begins."""
        line = self._paragraph
        if self._beside or line is None:
            return
        self._long += len(content)
        if self._long > LONGEST:
            raise OdsError(
                f"a cell in row {self._line} has more than {counted(LONGEST, 'character')}"
            )
        for place, part in enumerate(_SPACES.split(content)):
            if place and not self._spaced:
                line.append(" ")
                self._spaced = True
            if part:
                line.append(part)
                self._spaced = False

    def _begin_text(self, local: str, attrs: AttributesNSImpl) -> None:
        if local in ("p", "h"):
            self._paragraph = []
            self._paragraphs.append(self._paragraph)
            self._spaced = True
        elif self._paragraph is not None and local in ("s", "tab", "line-break"):
            count = _count(attrs, "c", _TEXT) if local == "s" else 1
            self._long += count
            if self._long > LONGEST:
                raise OdsError(
                    f"a cell in row {self._line} has more than {counted(LONGEST, 'character')}"
                )
            self._paragraph.append({"s": " ", "tab": "\t"}.get(local, "\n") * count)
            self._spaced = False

    def _end_cell(self) -> None:
        about, self._about = self._about or {}, None
        value = _value(about, "\n".join(map("".join, self._paragraphs)))
        count = _number_of(about.get("number-columns-repeated", "1"))
        if self.sheets == 1 and {about.get(name, "1") for name in _SPANS} != {"1"}:
            self.merged.append(f"{column_name(len(self._row) + self._blank)}{self._line}")
        if value is None:
            self._blank += count
            return
        if len(self._row) + self._blank + count > MOST_COLUMNS:
            raise OdsError(f"row {self._line} has more than {counted(MOST_COLUMNS, 'cell')}")
        self._row += [None] * self._blank + [value] * count
        self._blank = 0

    def _end_row(self) -> None:
        if self.sheets > 1:
            if self._line == 1:
                self.others.append(self._row)
        elif self._row:
            if self._line + self._repeated - 1 > MOST_ROWS:
                raise OdsError(f"it has more than {counted(MOST_ROWS, 'row')}")
            self._rows += [(self._line + n, self._row) for n in range(self._repeated)]
        self._line += self._repeated


def column_name(place: int) -> str:
    """What programs for sheets call a column: A for 0, AA for 26."""
    before, at = divmod(place, 26)
    return (column_name(before - 1) if before else "") + chr(ord("A") + at)


def _count(attrs: AttributesNSImpl, name: str, space: str = _TABLE) -> int:
    return _number_of(attrs.get((space, name), "1"))


def _number_of(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def _value(about: dict[str, str], text: str) -> Any:
    """What a cell holds; None for an empty one."""
    kind = about.get("value-type", "")
    if kind == "error":
        return error_of(text or "of a formula")
    try:
        if kind in _NUMBERS:
            number = Decimal(about["value"])
            whole = number.is_finite() and number == number.to_integral_value()
            return int(number) if whole and abs(number.adjusted()) < 300 else number
        if kind == "boolean":
            return about["boolean-value"] == "true"
        if kind == "date":
            said = about["date-value"]
            return datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said)
    except (KeyError, ValueError, InvalidOperation):
        # As a person sees it there.
        return text or None
    return about.get("string-value", text) or None
