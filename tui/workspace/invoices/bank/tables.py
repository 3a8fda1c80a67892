"""Statements as CSV, which each bank writes its own way.

The columns are found by their names (`column_names.py`), with a currency behind them or without
(`Betrag (€)`, `Umsatz in EUR`, `Débit euros`); lines above the header, with the account and the
like, are passed over. Days and amounts are read in the way in which all rows of the file agree;
where that leaves two ways, nothing is taken and it is said.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tui.workspace.csv_cells import first_line_told, separators_of, unguard
from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.bank.column_names import (
    ABN_AMRO,
    IN,
    IS_ABN_AMRO,
    NOT_ARRIVED,
    OF_THE_PAYER,
    OUT,
    columns_of,
    currency_in,
    currency_told,
    names_of,
)
from tui.workspace.invoices.bank.statement import (
    NO_REFERENCE,
    BankError,
    Movement,
    Statement,
    Unread,
)
from tui.workspace.numbers import NumberTextError, read_decimal
from tui.workspace.times import month_named

_AMOUNTS = ("amount", "credit", "debit")
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T].*)?\Z")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)\Z")
_IN_WORDS = re.compile(r"(\d{1,2})[ .-]{1,2}([A-Za-z]{3,9})[ .,-]{1,2}(\d{4}|\d\d)\Z")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})\Z")
"""`20 Nov 2026` and `Nov 20, 2026`."""
_BELOW = re.compile("[A-Z€$£ ]*[-\u2212]")
_BEFORE, _BEHIND = re.compile(r"[+-]?\d+"), re.compile(r"\d{2,3}(?:\.\d+)?")
"""What stands on both sides of a comma in an amount."""
_MOST_ABOVE = 30
"""Lines that may stand above the header."""


def read_bank_table(text: str, *, day_first: bool | None = None) -> Statement:
    """The movements of a file. Raises BankError.

    `day_first` says how `03/04/2026` is meant, where no row of the file tells.
    """
    rows, header = _table(text[len(first_line_told(text)) :], separators_of(text)[0])
    days = [row[header.columns["day"]] for _, row in rows]
    first = _day_first(days, day_first)
    comma = _comma([row[place] for _, row in rows for place in header.amounts])
    statement = Statement("CSV")
    seen: dict[str, int] = {}
    for line, row in rows:
        try:
            found = _movement(row, header, first=first, comma=comma)
        except (BankError, NumberTextError, ValueError) as error:
            statement.unread.append(Unread(f"line {line}", str(error)))
            continue
        if found is None:
            continue
        reference = found.reference
        if reference.upper() in NO_REFERENCE:
            told = "|".join((found.day.isoformat(), f"{found.amount}", found.name, found.text))
            reference = hashlib.sha256(told.encode()).hexdigest()[:24]
        # Two that look alike in one file are two: what came and what was given back, too.
        seen[reference] = seen.get(reference, 0) + 1
        again = f"~{seen[reference]}" if seen[reference] > 1 else ""
        text = header.text_of(row, found.text)
        statement.movements.append(replace(found, reference=reference + again, text=text))
    if not statement.movements and not statement.unread:
        raise BankError(f"There is no row under the header of line {header.line}.")
    return statement


Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class _Header:
    """What the columns of a file are."""

    line: int
    columns: Mapping[str, int]
    """The place of each that is known."""
    of_the_payer: Sequence[int]
    """The places of what else the payer wrote."""
    currency: str
    """What the name of an amount says."""
    width: int
    """How many columns it has."""
    signed: bool
    """Whether an amount of the file is below nothing by its own sign."""

    @property
    def amounts(self) -> list[int]:
        """The places of those that hold amounts."""
        return [self.columns[one] for one in _AMOUNTS if one in self.columns]

    def text_of(self, row: Sequence[str], text: str) -> str:
        """All that the payer wrote, each thing once."""
        for place in self.of_the_payer:
            more = row[place]
            if more.upper() not in NO_REFERENCE and more not in text:
                text = f"{text} {more}".strip()
        return text


def _table(text: str, likely: str) -> tuple[Rows, _Header]:
    """The rows, and what their columns are."""
    for separator in dict.fromkeys((likely, ";", ",", "\t")):
        lines = _lines(text, separator)
        if IS_ABN_AMRO.match(text) and separator == "\t":
            lines.insert(0, (1, list(ABN_AMRO)))
        for place, (line, cells) in enumerate(lines[:_MOST_ABOVE]):
            columns = columns_of(cells)
            if "day" in columns and any(one in columns for one in _AMOUNTS):
                return _below(lines[place + 1 :], line, cells, columns)
    raise BankError(
        "No line names its columns: one for the day and one for the amount are needed, such as"
        " Date and Amount."
    )


def _below(
    lines: Rows, line: int, cells: Sequence[str], columns: dict[str, int]
) -> tuple[Rows, _Header]:
    """The rows below a header, and what its columns are."""
    # What is empty at the end of a row may not be there; a remark below has one cell.
    amounts = [columns[one] for one in _AMOUNTS if one in columns]
    least = max(columns["day"], min(amounts)) + 1
    width = max(len(cells), *(len(row) for _, row in lines), 0)
    rows = [
        (number, [unguard(cell).strip() for cell in row] + [""] * (width - len(row)))
        for number, row in lines
        if len(row) >= least and any(cell.strip() for cell in row)
    ]
    names = names_of([*cells, *[""] * (width - len(cells))])
    signed = any(_BELOW.match(row[place]) for _, row in rows for place in amounts)
    if "amount" in columns and "sign" not in columns:
        columns = _with_sign(columns, names, rows, signed=signed)
    more = [at for at, name in enumerate(names) if name in OF_THE_PAYER]
    told = next(currency_in(names[columns[one]]) for one in _AMOUNTS if one in columns)
    return rows, _Header(line, columns, more, told, len(cells), signed)


def _with_sign(
    columns: dict[str, int], names: Sequence[str], rows: Rows, *, signed: bool
) -> dict[str, int]:
    """With the column that says of every amount which way it went, though its name does not tell:
    German banks write `900,00;S`, others say `debit` under `Type`. A row that has nothing there,
    such as a balance below, makes it no other column.
    """
    for place, name in enumerate(names):
        told = {row[place].casefold() for _, row in rows} - {""}
        if not told or not told <= IN | OUT or place in columns.values():
            continue
        # A letter or a dash under a name may mean anything, and a card is a debit card, too.
        if not name or (not signed and all(len(one) > 1 for one in told)):
            return {**columns, "sign": place}
    return columns


def _lines(text: str, separator: str) -> Rows:
    """The rows of a file, each with the line on which it begins: a text may go over several.

    Raises BankError.
    """
    found: Rows = []
    reader, begun = csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1
    try:
        for row in reader:
            found.append((begun, row))
            begun = reader.line_num + 1
    except csv.Error as error:
        raise BankError(
            f"line {begun}: it is no row of CSV ({error}): a quote without its other? Nothing was"
            " taken."
        ) from error
    return found


def _movement(row: Sequence[str], header: _Header, *, first: bool, comma: bool) -> Movement | None:
    columns = header.columns

    def cell(what: str) -> str:
        return row[columns[what]] if what in columns else ""

    if NOT_ARRIVED & {cell("state").casefold(), cell("day").casefold()}:
        return None
    currency = currency_told(cell("currency")) or header.currency
    _refuse_cut(row, header)
    if "amount" in columns and cell("amount"):
        amount = _read(cell("amount"), currency, comma=comma)
        way = cell("sign").casefold()
        if way in OUT:
            amount = -abs(amount)
        elif way and way not in IN:
            raise BankError(f"whether it came in or went out is not known: {way[:40]!r}")
        elif not way and "sign" in columns and not header.signed:
            raise BankError("whether it came in or went out is not said")
    elif cell("credit") or cell("debit"):
        credit, debit = (_read(cell(one) or "0", currency, comma=comma)
                         for one in ("credit", "debit"))  # fmt: skip
        amount = credit - abs(debit)
    else:
        raise BankError("it has no amount")
    return Movement(
        _read_day(cell("day"), first=first),
        amount,
        currency,
        cell("text"),
        cell("name"),
        cell("reference"),
    )


def _refuse_cut(row: Sequence[str], header: _Header) -> None:
    """Raise BankError for a row that is longer than the header since an amount with a comma stands
    in no quotes: `1,000.00` would be read as 1.
    """
    if not any(row[header.width :]):
        return
    for place in header.amounts:
        cut = row[place : place + 2]
        if len(cut) == 2 and _BEFORE.fullmatch(cut[0]) and _BEHIND.fullmatch(cut[1]):
            raise BankError(f"an amount with a comma is in no quotes: {','.join(cut)!r}")


def _read(text: str, currency: str, *, comma: bool) -> Decimal:
    bare = re.sub(r"(?:[A-Z]{3}|[€$£])", "", text).strip()
    if comma:
        return read_decimal(bare.replace(".", ""), exponent=False)
    # Where no amount has a comma, `1.250` may still be a thousand and more.
    return read_decimal(bare, exponent=False, comma=digits_of(currency) < 3)


def _comma(texts: Sequence[str]) -> bool:
    """Whether amounts have a decimal comma: by those with one or two decimals at their end."""
    commas = sum(re.search(r",\d{1,2}\D*\Z", one) is not None for one in texts)
    points = sum(re.search(r"\.\d{1,2}\D*\Z", one) is not None for one in texts)
    if commas and points:
        raise BankError("Some amounts have a decimal comma and others a point: nothing was taken.")
    return commas > 0


def _day_first(texts: Sequence[str], told: bool | None) -> bool:
    found: set[bool] = set()
    doubtful = ""
    for text in texts:
        match = _DAY.match(text)
        if match is None or len(match[1]) == 4:
            continue
        if match[2] == "." or int(match[1]) > 12:
            found.add(True)
        elif int(match[3]) > 12:
            found.add(False)
        elif match[1] != match[3]:
            doubtful = doubtful or text
    if len(found) > 1:
        raise BankError("Some days have the month first and others the day: nothing was taken.")
    if not found and doubtful and told is None:
        raise BankError(f"{doubtful} can be read in two ways: say whether the day is first.")
    return found.pop() if found else told is not False


def _read_day(text: str, *, first: bool) -> date:
    compact = _COMPACT.match(text)
    if compact is not None:
        return date(int(compact[1]), int(compact[2]), int(compact[3]))
    named = _IN_WORDS.match(text) or _MONTH_FIRST.match(text)
    if named is not None:
        day, month, last = named.groups() if named.re is _IN_WORDS else named.group(2, 1, 3)
        number = month_named(month.lower())
        if number is not None:
            return date(_year(int(last)), number, int(day))
    match = _DAY.match(text)
    if match is None:
        raise BankError(f"{text[:40]!r} is no day")
    one, other, last = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return date(one, other, last)
    year = _year(last)
    return date(year, other, one) if first else date(year, one, other)


def _year(told: int) -> int:
    return told + 2000 if told < 100 else told
