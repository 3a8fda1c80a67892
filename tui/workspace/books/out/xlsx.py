"""Rows as XLSX, by XlsxWriter: row by row, so that no more than a few are held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, BinaryIO

from tui.services.clocks import is_shown_twice
from tui.words import counted
from tui.workspace.books.out.clock import other_than, told_zone
from tui.workspace.books.out.columns import Column, Value
from tui.workspace.books.out.needs import FormMissing, FormTooSmall
from tui.workspace.books.out.plain import plain

MOST_ROWS = 1_048_576
LONGEST = 32_767
"""Characters of a cell."""
DIGITS = 15
"""Digits of a number that are kept as they are."""


def write_xlsx(
    out: BinaryIO,
    columns: Sequence[Column],
    parts: Iterable[Sequence[Sequence[Value]]],
    name: str,
    zone: tzinfo,
) -> list[str]:
    """Write one sheet. Text is never computed; moments stand as clocks show them, in the zone that
    a second sheet tells then.

    What a cell of a number or time cannot hold exactly (more than 15 digits, days before 1900,
    an hour that clocks show twice) is text. Raises FormMissing, FormTooSmall.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise FormMissing("XLSX", "XlsxWriter", "sheets") from error
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "remove_timezone": True,
        },
    )  # fmt: skip
    try:
        sheet = book.add_worksheet(_sheet_name(name))
        strong = book.add_format({"bold": True})
        forms = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 20 if column.kind in ("text", "moment") else 12)
            sheet.write_string(0, place, column.title[:LONGEST], strong)
        line = 0
        for rows in parts:
            for row in rows:
                line += 1
                if line >= MOST_ROWS:
                    raise FormTooSmall(
                        f"XLSX takes {counted(MOST_ROWS - 1, 'row')}:"
                        " write CSV, or narrow the table first"
                    )
                for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                    if value is not None:
                        _write(sheet, line, place, column, value, forms)
        if told := told_zone(columns, zone):
            beside = book.add_worksheet(other_than(sheet.name))
            beside.set_column(0, 1, 20)
            for number, words in enumerate(told):
                for place, text in enumerate(words):
                    beside.write_string(number, place, text)
    finally:
        book.close()
    return []


def _sheet_name(name: str) -> str:
    """A name that a sheet may have: 31 characters, none of those that mean something."""
    kept = "".join(" " if one in "[]:*?/\\" or not one.isprintable() else one for one in name)
    kept = kept[:31].strip().strip("'")
    return kept if kept and kept.casefold() != "history" else "Table"


def exact(value: Value) -> bool:
    """Whether a sheet's number, day or time holds a value as it is."""
    if isinstance(value, bool):
        return True
    if isinstance(value, (int, Decimal)):
        digits = Decimal(value).normalize().as_tuple()
        return len(digits.digits) <= DIGITS and abs(Decimal(value).adjusted()) < 300
    if isinstance(value, datetime):
        zone = value.tzinfo
        twice = zone is not None and is_shown_twice(value, zone)
        return value.year >= 1900 and not twice and (value.year, value.month) > (1900, 2)
    if isinstance(value, date):
        return (value.year, value.month) > (1900, 2)
    return isinstance(value, float)


def _write(
    sheet: Any, line: int, place: int, column: Column, value: Value, forms: dict[str, Any]
) -> None:
    if value.__class__ is not str and exact(value):
        if isinstance(value, bool):
            sheet.write_boolean(line, place, value)
        elif isinstance(value, (datetime, date)):
            form = forms["moment" if isinstance(value, datetime) else "date"]
            sheet.write_datetime(line, place, value, form)
        else:
            sheet.write_number(line, place, value)
        return
    text = plain(column, value)
    if len(text) > LONGEST:
        raise FormTooSmall(
            f"a text in {column.title} has {counted(len(text), 'character')}, and a cell of XLSX"
            f" takes {LONGEST:,}: write CSV or JSON"
        )
    sheet.write_string(line, place, text)
