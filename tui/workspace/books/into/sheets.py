"""A file as a header and rows: CSV, TSV, XLSX, ODS, JSON, JSON lines."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec

from tui.words import counted
from tui.workspace.books.into.damaged import DAMAGED_WORKBOOK, damage_told
from tui.workspace.books.into.faulty import Faulty, error_of
from tui.workspace.books.into.ods import OdsError, read_ods
from tui.workspace.books.out.clock import zone_of
from tui.workspace.books.out.needs import FormMissing
from tui.workspace.books.out.ods import as_held
from tui.workspace.csv_cells import GUARD, SEPARATORS, first_line_told, separators_of, unguard

Form = Literal["csv", "tsv", "xlsx", "ods", "json"]
FORMS: tuple[Form, ...] = ("csv", "tsv", "xlsx", "ods", "json")
LONGEST = 10_000_000
"""Characters of a cell."""
_ENDINGS: Mapping[str, Form] = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".ods": "ods",
    ".json": "json", ".jsonl": "json", ".ndjson": "json",
}  # fmt: skip


_FORMULA = re.compile(rb"<f[ />]")
_ERROR = re.compile(rb"""\st=["']e["']""")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+\d+:[A-Z]+\d+)""")
_LONGEST_MARK = len(" t='e'")
PIECE = 1 << 18
"""Bytes that are looked through at once."""


class SheetError(Exception):
    """Raised where a file is no table; nothing was changed."""


@dataclass
class Sheet:
    """What a file holds; cells are text, or what the file has them as."""

    form: str
    """In words: the form, and how it was read."""
    titles: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    """Each row with its line in the file, the header's being the first."""
    zone: tzinfo | None = None
    """By whose clock its times without one stand, where the file tells that."""
    remarks: list[str] = field(default_factory=list)
    """What a person should know of how it was read."""
    held: Callable[[str], str] = lambda text: text
    """A text as such a file can hold it: some have no place for every character."""

    def column(self, place: int) -> Sequence[Any]:
        """The cells of a column, row by row; of a row that is too short None."""
        if self._columns is None:
            self._columns = [*zip_longest(*(cells for _, cells in self.rows))]
        return self._columns[place] if place < len(self._columns) else [None] * len(self.rows)

    _columns: list[Sequence[Any]] | None = field(default=None, repr=False, compare=False)


def read_sheet(
    path: Path, form: Form | None = None, *, encoding: str = "", separator: str = ""
) -> Sheet:
    """Read a file, by its ending where no form is told. Raises SheetError, FormMissing, OSError."""
    found = form or _ENDINGS.get(path.suffix.lower(), "csv")
    if found == "xlsx":
        return _xlsx(path)
    if found == "ods":
        return _ods(path)
    content = path.read_bytes()
    text, name = _decoded(content, encoding)
    if found == "json":
        return _json(text)
    return separated(text, name, separator or ("\t" if found == "tsv" else ""))


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """The text, and in which encoding it was; told, or by its mark, else UTF-8 or cp1252."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    marked = next((name for mark, name in marks.items() if content.startswith(mark)), "")
    try:
        for name in (encoding or marked,) if encoding or marked else ("utf-8", "cp1252"):
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                continue
    except LookupError:
        raise SheetError(f"{encoding!r} is no encoding") from None
    raise SheetError(f"the file is not in {encoding or marked or 'UTF-8'}: say its encoding")


def separated(text: str, encoding: str = "utf-8", separator: str = "") -> Sheet:
    """Text of CSV or TSV; what keeps its cells from being computed is taken off."""
    if separator and separator not in SEPARATORS:
        raise SheetError("a separator is a comma, a semicolon or a tab")
    told = first_line_told(text)
    way = separator or separators_of(text)[0]
    usual = csv.field_size_limit(LONGEST)
    try:
        reader = csv.reader(io.StringIO(text[len(told) :], newline=""), delimiter=way, strict=True)
        named = {",": "commas", ";": "semicolons", "\t": "tabs"}[way]
        sheet = Sheet(f"text with {named}, {encoding}")
        guarded = GUARD in text
        sheet.titles = [unguard(title.lstrip("\ufeff")) for title in next(reader, [])]
        first = reader.line_num + 1 + bool(told)
        found = [*reader]
        lines: Iterable[int] = range(first, first + len(found))
        if reader.line_num + bool(told) + 1 != first + len(found):
            # Some cells have several lines: each row is counted as it is read.
            again = csv.reader(io.StringIO(text[len(told) :], newline=""), delimiter=way)
            lines = [1, *(again.line_num + 1 for _ in again)][1:-1]
            lines = [line + bool(told) for line in lines]
        if guarded:
            found = [[unguard(cell) for cell in cells] for cells in found]
        sheet.rows = [pair for pair in zip(lines, found, strict=True) if pair[1]]
    except csv.Error as error:
        raise SheetError(f"line {reader.line_num} is no row of CSV: {error}") from None
    finally:
        csv.field_size_limit(usual)
    return _whole(sheet)


def _whole(sheet: Sheet) -> Sheet:
    if not any(title.strip() for title in sheet.titles):
        raise SheetError("there is no header: the first line names the columns")
    return sheet


def _json(text: str) -> Sheet:
    try:
        decode = msgspec.json.Decoder(float_hook=_number).decode
        found = (
            decode(text)
            if text.lstrip()[:1] == "["
            else [*map(decode, filter(str.strip, _lines(text)))]
        )
    except (msgspec.DecodeError, RecursionError) as error:
        raise SheetError(f"this is no JSON: {error}") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise SheetError("a list of objects is wanted, or one object a line")
    titles = list(dict.fromkeys(str(key) for one in found for key in one))
    sheet = Sheet("JSON", titles)
    sheet.rows = [(n, [one.get(title) for title in titles]) for n, one in enumerate(found, 2)]
    return _whole(sheet)


def _number(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


def _lines(text: str) -> Iterator[str]:
    # Not splitlines: a text may hold other ends of lines than a line feed.
    yield from text.split("\n")


def _xlsx(path: Path) -> Sheet:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.escape import unescape
    except ImportError as error:
        raise FormMissing("XLSX", "openpyxl", "sheets") from error
    # What it passes over, such as styles and lists to choose from, is nothing that is brought in.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

    def opened(file: BinaryIO, *, computed: bool) -> Any:
        # Links to other files are not followed, and formulas are read as what they came to.
        return load_workbook(file, read_only=True, data_only=computed, keep_links=False)

    # By its name openpyxl takes a few endings alone.
    with (
        path.open("rb") as file,
        path.open("rb") as again,
        damage_told(DAMAGED_WORKBOOK, lambda why: SheetError(f"this is no XLSX: {why}")),
    ):
        book = opened(file, computed=True)
        formulas = opened(again, computed=False) if _has(path, _FORMULA) else None
        return _whole(_read_xlsx(path, book, formulas, unescape))


def _read_xlsx(path: Path, book: Any, formulas: Any, unescape: Callable[[str], str]) -> Sheet:
    has_errors = _has(path, _ERROR)
    try:
        shown = [one for one in book.worksheets if one.sheet_state == "visible"]
        if not shown:
            raise SheetError("there is no sheet in it that is not hidden")
        others = [one for one in book.worksheets if one is not shown[0]]
        try:
            zone = zone_of(next(one.iter_rows(max_row=1, values_only=True), ()) for one in others)
        except ValueError as error:
            raise SheetError(f"its times are of a zone that is not known here: {error}") from None
        sheet = Sheet(
            f"XLSX, {_which(shown[0] is book.worksheets[0], len(shown), zone)}", zone=zone,
            remarks=merged_told(_merged(path, shown[0]._worksheet_path)),
        )  # fmt: skip
        header = next(shown[0].iter_rows(max_row=1, values_only=True), ())
        sheet.titles = ["" if one is None else unescape(str(one)) for one in header]
        lines = shown[0].iter_rows(min_row=2, values_only=not has_errors)
        written = formulas and formulas[shown[0].title].iter_rows(min_row=2, values_only=True)
        for line, found in enumerate(lines, 2):
            cells = [*map(_came_to, found)] if has_errors else found
            values = [unescape(one) if isinstance(one, str) else one for one in cells]
            if written:
                values = _known(values, next(written, ()))
            if any(one is not None for one in values):
                sheet.rows.append((line, values))
    finally:
        book.close()
        if formulas is not None:
            formulas.close()
    return sheet


def _which(first: bool, sheets: int, zone: tzinfo | None) -> str:
    """Which sheet is read, in words; one of ours has another that tells the zone."""
    told = "" if zone is None else f", times in {zone}"
    of = f" of {sheets}" if sheets > 1 and zone is None else ""
    return f"its first sheet{of}{'' if first else ' that is not hidden'}{told}"


def _has(path: Path, mark: re.Pattern[bytes]) -> bool:
    """Whether something in the cells of a sheet says that they are of that kind."""
    from zipfile import ZipFile

    with ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                with package.open(name) as content:
                    before = b""
                    while chunk := content.read(PIECE):
                        if mark.search(before + chunk):
                            return True
                        before = chunk[-_LONGEST_MARK:]
    return False


def _merged(path: Path, part: str) -> list[str]:
    """The ranges of cells of a sheet that are merged, by the name of its part of the file."""
    from zipfile import ZipFile

    found: list[str] = []
    with ZipFile(path) as package, package.open(part) as content:
        before = b""
        while chunk := content.read(PIECE):
            piece = before + chunk
            cut = max(piece.rfind(b"<"), 0) if len(chunk) == PIECE else len(piece)
            found += [one.decode() for one in _MERGE.findall(piece, 0, cut)]
            before = piece[cut:]
    return found


def merged_told(ranges: Sequence[str]) -> list[str]:
    """What a person should know of merged cells: as other programs do, they are not filled."""
    if not ranges:
        return []
    told = f"{counted(len(ranges), 'range')} of merged cells, such as {ranges[0]}"
    return [f"{told}: what stands there counts for the first cell alone, the others are empty"]


def _came_to(cell: Any) -> Any:
    """What a cell holds; an error that a spreadsheet came to is no text of anybody."""
    return error_of(str(cell.value)) if cell.data_type == "e" else cell.value


def _known(values: Sequence[Any], written: Sequence[Any]) -> list[Any]:
    """Cells of which those are faulty that are computed, and what they came to is not kept."""
    return [
        Faulty("its formula has no result in the file: open and save it as a sheet")
        if value is None and isinstance(formula, str) and formula.startswith("=")
        else value
        for value, formula in zip_longest(values, written)
    ]


def _ods(path: Path) -> Sheet:
    try:
        rows, heard = read_ods(path)
        found, others = [*rows], heard.others
        zone = zone_of(others)
    except OdsError as error:
        raise SheetError(f"this is no ODS: {error}") from None
    except ValueError as error:
        raise SheetError(f"its times are of a zone that is not known here: {error}") from None
    sheet = Sheet(
        f"ODS, {_which(True, 1 + len(others), zone)}", zone=zone, held=as_held,
        remarks=merged_told(heard.merged),
    )  # fmt: skip
    if found and found[0][0] == 1:
        sheet.titles = ["" if one is None else str(one) for one in found[0][1]]
        sheet.rows = found[1:]
    return _whole(sheet)
