"""Statements as CSV, which each bank writes its own way.

The columns are found by their names in English, German, French and Dutch, with a currency behind
them or without (`Betrag (€)`, `Umsatz in EUR`, `Débit euros`); lines above the header, with the
account and the like, are passed over. Days and amounts are read in the way in which all
rows of the file agree; where that leaves two ways, nothing is taken and it is said.
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
from tui.workspace.invoices.bank.statement import (
    NO_REFERENCE,
    BankError,
    Movement,
    Statement,
    Unread,
)
from tui.workspace.numbers import NumberTextError, read_decimal

COLUMNS: Mapping[str, Sequence[str]] = {
    "day": ("date", "booking date", "completed date", "date completed", "date completed (utc)",
            "value date", "transaction date", "posting date", "buchungstag", "buchungsdatum",
            "buchung", "valuta", "valutadatum", "wertstellung", "date de comptabilisation",
            "date operation", "date d'opération", "date opération", "date de l'opération",
            "boekdatum", "datum", "rentedatum"),
    "amount": ("amount", "betrag", "umsatz", "montant", "bedrag"),
    "credit": ("credit", "paid in", "money in", "haben", "gutschrift", "crédit", "bij"),
    "debit": ("debit", "paid out", "money out", "soll", "lastschrift", "belastung", "débit", "af"),
    "sign": ("af bij", "debit/credit", "soll/haben", "s/h", "cdtdbtind"),
    "text": ("description", "details", "reference", "payment reference", "memo", "narrative",
             "verwendungszweck", "buchungstext", "avisierungstext", "libellé", "libelle",
             "communication", "mededelingen", "omschrijving", "omschrijving-1"),
    "name": ("name", "payer", "payee", "payer name", "partner name", "counterparty",
             "counterparty name", "beguenstigter/zahlungspflichtiger",
             "auftraggeber / begünstigter", "auftraggeber/empfänger", "name zahlungsbeteiligter",
             "zahlungspflichtige*r", "auftraggeber", "nom", "contrepartie", "naam / omschrijving",
             "naam tegenpartij"),
    "currency": ("currency", "payment currency", "währung", "waehrung", "devise", "munt",
                 "valuta-code"),
    "reference": ("transaction id", "id", "bank reference", "umsatz-id"),
    "state": ("state", "status", "info"),
}  # fmt: skip
"""What banks call their columns, in small letters and without a currency."""
_AMOUNTS = ("amount", "credit", "debit")
_OF_THE_PAYER = (
    "reference", "payment reference", "kundenreferenz", "kundenreferenz (end-to-end)", "référence",
    "transactiereferentie", "betalingskenmerk", "omschrijving-2", "omschrijving-3",
)  # fmt: skip
"""What the payer gave, beside the text: it may name an invoice. It tells no movement from another:
two parts of one invoice have the same, and most have only a word for none."""
_PENDING = frozenset({
    "pending", "declined", "reverted", "failed", "vorgemerkt", "umsatz vorgemerkt", "en attente",
})  # fmt: skip
_CURRENCY = re.compile(
    r"(?P<name>.+?) ?(?:\((?P<round>[a-z]{3}|[€$£]|euros?)\)| in (?P<plain>[a-z]{3})| euros?)\Z"
)
_SIGNS = {"€": "EUR", "$": "", "£": "GBP"}
"""A dollar may be of several countries."""
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T].*)?\Z")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)\Z")
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
        if not found.reference:
            told = "|".join((found.day.isoformat(), f"{found.amount}", found.name, found.text))
            reference = hashlib.sha256(told.encode()).hexdigest()[:24]
            seen[reference] = seen.get(reference, 0) + 1
            again = f"~{seen[reference]}" if seen[reference] > 1 else ""
            found = replace(found, reference=reference + again)
        found = replace(found, text=header.text_of(row, found.text))
        statement.movements.append(found)
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
        for place, (line, cells) in enumerate(lines[:_MOST_ABOVE]):
            columns = _columns(cells)
            if "day" in columns and any(one in columns for one in _AMOUNTS):
                # What is empty at the end of a row may not be there; a remark below has one cell.
                amounts = [columns[one] for one in _AMOUNTS if one in columns]
                least, width = max(columns["day"], min(amounts)) + 1, len(cells)
                rows = [
                    (number, [unguard(cell).strip() for cell in row] + [""] * (width - len(row)))
                    for number, row in lines[place + 1 :]
                    if len(row) >= least and any(cell.strip() for cell in row)
                ]
                names = _names(cells)
                more = [at for at, name in enumerate(names) if name in _OF_THE_PAYER]
                told = next(_currency_of(names[columns[one]]) for one in _AMOUNTS if one in columns)
                return rows, _Header(line, columns, more, told)
    raise BankError(
        "No line names its columns: one for the day and one for the amount are needed, such as"
        " Date and Amount."
    )


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


def _columns(cells: Sequence[str]) -> dict[str, int]:
    names = _names(cells)
    bare = [told["name"] if (told := _CURRENCY.match(name)) else name for name in names]
    found: dict[str, int] = {}
    for what, known in COLUMNS.items():
        among = bare if what in _AMOUNTS else names
        place = next((among.index(name) for name in known if name in among), None)
        if place is not None and place not in found.values():
            found[what] = place
    return found


def _names(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.strip().strip("\ufeff").casefold().split()) for cell in cells]


def _currency_of(name: str) -> str:
    """The currency in the name of a column; "" for none that is plain."""
    found = _CURRENCY.match(name)
    if found is None:
        return ""
    told = found["round"] or found["plain"] or "euro"
    return _SIGNS.get(told, "EUR" if told.startswith("euro") else told.upper())


def _movement(row: Sequence[str], header: _Header, *, first: bool, comma: bool) -> Movement | None:
    columns = header.columns

    def cell(what: str) -> str:
        return row[columns[what]] if what in columns else ""

    if cell("state").casefold() in _PENDING:
        return None
    if "amount" in columns and cell("amount"):
        amount = _read(cell("amount"), comma=comma)
        if cell("sign").casefold() in ("af", "debit", "dbit", "s", "soll", "d"):
            amount = -abs(amount)
    elif cell("credit") or cell("debit"):
        credit, debit = (_read(cell(one) or "0", comma=comma) for one in ("credit", "debit"))
        amount = credit - abs(debit)
    else:
        raise BankError("it has no amount")
    return Movement(
        _read_day(cell("day"), first=first),
        amount,
        cell("currency").upper() or header.currency,
        cell("text"),
        cell("name"),
        cell("reference"),
    )


def _read(text: str, *, comma: bool) -> Decimal:
    bare = re.sub(r"(?:[A-Z]{3}|[€$£])", "", text).strip()
    return read_decimal(bare.replace(".", "") if comma else bare, exponent=False)


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
    match = _DAY.match(text)
    if match is None:
        raise BankError(f"{text[:40]!r} is no day")
    one, other, last = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return date(one, other, last)
    year = last + 2000 if last < 100 else last
    return date(year, other, one) if first else date(year, one, other)
