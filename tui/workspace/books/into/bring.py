"""A file brought into a table: planned from the rows that are here, then sent some rows a call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import filterfalse
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tui.services.timetonic import Field
from tui.store.folding import fold
from tui.words import counted, in_brief
from tui.workspace.books.brought import all_rows, undisturbed
from tui.workspace.books.cells import kind_of
from tui.workspace.books.into.earlier import Earlier, go_on
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.planner import Planner
from tui.workspace.books.into.sending import Sending, Sent, made_by
from tui.workspace.books.into.sheets import Form, Sheet, SheetError, read_sheet
from tui.workspace.books.into.spelt import currency_of, without_currency
from tui.workspace.books.into.values import (
    GROUPED,
    PERCENT,
    DecimalSign,
    Links,
    Percents,
    Reading,
    holds_shares,
)
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.link_names import links_to
from tui.workspace.books.narrowed import Wish
from tui.workspace.books.out.columns import titles_of
from tui.workspace.books.out.export import AT_ONCE
from tui.workspace.books.rows import TableDesk
from tui.workspace.changes.history import History
from tui.workspace.hours.entries import HoursError
from tui.workspace.hours.entries import Reading as HoursReading
from tui.workspace.hours.tables import Order, order_of
from tui.workspace.uncollected import uncollected

_PLAIN = re.compile(r"-?(?:\d+\.(?:\d\d?|\d{4,})|0\.\d+|\d{4,}\.\d+)", re.ASCII)
"""A number that tells its decimal sign, and has no currency."""
_COMMA = re.compile(
    r"[+-]?(?:\d+,(\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})\s?%?"
)
_POINT = re.compile(r"[+-]?\d[\d,]*\.\d+\s?%?")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a file is to be read; what is not told is recognised."""

    form: Form | None = None
    encoding: str = ""
    separator: str = ""
    decimal: DecimalSign | None = None
    dates: Order | None = None
    """The order of day and month in columns that do not tell it."""
    dates_of: Mapping[str, Order] = field(default_factory=dict)
    """The same of single columns, by their names in the table."""
    key: str = ""
    """The column by which rows are known that are there already."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Columns of the file that are called otherwise in the table."""
    clear: bool = False
    """Whether an empty cell empties the table's."""
    percents: Percents | None = None
    """How plain numbers take so many of a hundred; None: nobody said."""
    asks: bool = False
    """Whether somebody can be asked, so that PercentsUnknown is raised."""


class OrderUnknown(SheetError):
    """Raised where a date of a column can be read in two ways, and nothing tells which."""

    def __init__(self, column: str, example: str, why: str) -> None:
        super().__init__(
            f"{column}: {example} can be read in two ways, and {why}: say --dates dmy or --dates"
            f' mdy, or for this column --dates "{column}=dmy"'
        )
        self.column = column
        self.example = example


class PercentsUnknown(SheetError):
    """Raised where a plain number is given so many of a hundred, and it can be asked how."""

    def __init__(self, column: str, example: str) -> None:
        super().__init__(f"{column}: {example} is so many of a hundred, and that a plain number")
        self.column = column
        self.example = example


async def plan_file(
    desk: TableDesk, kept: KeptRows, path: Path, wanted: Wanted, zone: tzinfo
) -> tuple[Plan, str]:
    """What a file would change in a table whose rows are all here, and how it was read.

    Raises SheetError, FormMissing, OSError, and what reading links raises.
    """

    @uncollected()
    def read() -> Sheet:
        return read_sheet(path, wanted.form, encoding=wanted.encoding, separator=wanted.separator)

    sheet = await asyncio.to_thread(read)
    links = await links_of(desk, kept, [*sheet.titles, *wanted.mapping.values()])
    return await plan_sheet(kept, sheet, wanted, zone, links)


async def links_of(desk: TableDesk, kept: KeptRows, columns: Iterable[str]) -> dict[int, Links]:
    """The rows that links of these columns may point to, by the id of the field."""
    names = {fold(title) for title in columns}
    links: dict[int, Links] = {}
    for one, title in zip(kept.fields, titles_of(kept.fields), strict=True):
        if kind_of(one) == "link" and fold(title) in names:
            links[one.id] = await links_to(desk, kept.place, one)
    return links


async def plan_sheet(
    kept: KeptRows, sheet: Sheet, wanted: Wanted, zone: tzinfo, links: Mapping[int, Links]
) -> tuple[Plan, str]:
    """The same of what was read. Raises SheetError where nothing may be written."""
    table = kept.place.table
    if table.locked or not kept.place.may_change:
        raise SheetError(f"{in_brief(table.name)} is locked: its cells cannot be changed")
    not_added = "rows cannot be added to this table: its owner does not allow it"

    @uncollected()
    def prepared() -> tuple[Planner, Reading]:
        numbers = _numbers_told(sheet, kept.fields, wanted.mapping)
        reading = Reading(
            zone=sheet.zone or zone,
            decimal=wanted.decimal or _decimal(numbers.values()),
            orders=_orders(sheet, kept.fields, wanted, zone),
            links=links,
            percents=wanted.percents or "refused",
        )
        remarks = [] if wanted.percents else _percents(numbers, kept.fields, asks=wanted.asks)
        planner = Planner(
            sheet, kept.fields, reading, key=wanted.key, mapping=wanted.mapping, clear=wanted.clear,
            not_added=not_added if table.forbid_add else "",
        )  # fmt: skip
        planner.plan.remarks += [*_mixed(numbers), *remarks]
        return planner, reading

    # All of it looks through every row: keys are not held up by that.
    planner, reading = await asyncio.to_thread(prepared)
    decimal, orders = reading.decimal, reading.orders
    view = await all_rows(kept, Wish())

    @uncollected()
    def work() -> Plan:
        with closing(view.ordered) as ordered, undisturbed(ordered):
            for first in range(0, ordered.total if planner.knows_any else 0, AT_ONCE):
                planner.know(ordered.window(first, AT_ONCE))
        return planner.made()

    told = sheet.form + (f", numbers with a decimal {decimal}" if decimal else "")
    months = [one.name for one in kept.fields if orders.get(one.id) == "mdy"]
    told += f", the month first in {' and '.join(months)}" if months else ""
    return await asyncio.to_thread(work), told


def _columns(sheet: Sheet, title: str, mapping: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """The texts in the columns that the table has under a title, each as often as it is there."""
    wanted = fold(title)
    given = {fold(one): other for one, other in mapping.items()}
    for place, here in enumerate(sheet.titles):
        if fold(given.get(fold(here), here)) == wanted:
            column = sheet.column(place)
            is_text = {str}.issuperset(map(type, column))
            yield column if is_text else [one for one in column if type(one) is str]


class _Told(NamedTuple):
    """What the numbers of a column tell of how they are written."""

    has_plain: bool
    """Whether one of them tells its decimal sign by itself, and has no currency."""
    others: Collection[str]
    """All texts that do not, each once."""


def _numbers_told(
    sheet: Sheet, fields: Sequence[Field], mapping: Mapping[str, str]
) -> dict[str, _Told]:
    """The same of all columns of numbers, by their titles."""
    found: dict[str, _Told] = {}
    for title in _of_kinds(fields, "number", "integer"):
        has_plain, others = False, set[str]()
        for column in _columns(sheet, title, mapping):
            # Whole numbers tell nothing, and are looked at all at once.
            if "".join(column).replace("-", "").isdecimal():
                continue
            texts = {*column}
            odd = {*filterfalse(_PLAIN.fullmatch, texts)}
            bare = {*map(str.strip, odd)} - {""}
            unlike = {*filterfalse(_PLAIN.fullmatch, bare)}
            has_plain |= len(odd) < len(texts) or len(unlike) < len(bare)
            others |= unlike
        found[title] = _Told(has_plain, others)
    return found


def _decimal(told: Iterable[_Told]) -> DecimalSign | None:
    """The decimal sign that the numbers of a file tell; None where they tell none, or both."""
    columns = [*told]
    # What has neither sign tells nothing.
    signed = [
        without_currency(text)
        for one in columns
        for text in one.others
        if "," in text or "." in text
    ]
    comma = any(map(_COMMA.fullmatch, signed))
    # A thousand, and so nothing of a point, where others tell a comma.
    grouped = {text for text in signed if GROUPED.fullmatch(text.rstrip(" %"))}
    pointed = any(_POINT.fullmatch(text) for text in signed if text not in grouped)
    has_plain = any(one.has_plain for one in columns)
    point = has_plain or pointed or (bool(grouped) and not comma)
    return None if comma == point else "comma" if comma else "point"


def _mixed(told: Mapping[str, _Told]) -> list[str]:
    """The columns of numbers whose amounts are not all of one currency: nothing keeps it."""
    remarks: list[str] = []
    for title, one in told.items():
        found = sorted(set(map(currency_of, one.others)) - {""})
        if len(found) > 1:
            remarks.append(
                f"{title}: amounts in {', '.join(found)}, of which the numbers alone stay"
            )
    return remarks


def _percents(told: Mapping[str, _Told], fields: Sequence[Field], *, asks: bool) -> list[str]:
    """What is said of plain numbers that are given so many of a hundred. Raises PercentsUnknown
    where that is to be asked.
    """
    plain = {
        title for title, one in _of_kinds(fields, "number", "integer").items()
        if not holds_shares(one)
    }  # fmt: skip
    remarks: list[str] = []
    for title in sorted(told.keys() & plain):
        example = min((text for text in told[title].others if text.endswith(PERCENT)), default="")
        if example and asks:
            raise PercentsUnknown(title, in_brief(example))
        if example:
            remarks.append(
                f"{title} is a plain number: --percent number takes the number in"
                f" {in_brief(example)} as it stands, --percent fraction a hundredth of it"
            )
    return remarks


def _of_kinds(fields: Sequence[Field], *kinds: str) -> dict[str, Field]:
    """The fields of some kinds by their titles."""
    titles = zip(titles_of(fields), fields, strict=True)
    return {title: one for title, one in titles if kind_of(one) in kinds}


def _orders(
    sheet: Sheet, fields: Sequence[Field], wanted: Wanted, zone: tzinfo
) -> dict[int, Order]:
    """The order of day and month in each column of dates: as its own dates tell it, else as it is
    told, else as all others have it. Raises SheetError, and OrderUnknown where nobody knows.
    """
    said = {fold(title): order for title, order in wanted.dates_of.items()}
    found: dict[int, Order] = {}
    open_ones: list[tuple[str, Field, str]] = []

    def order(texts: Sequence[str], otherwise: Order | Literal[""]) -> Order:
        return order_of(texts, HoursReading(zone, datetime.now(UTC), None, otherwise))

    for title, one in _of_kinds(fields, "date", "moment").items():
        texts = [text.split()[0].rstrip(",") for text in _days(sheet, title, wanted.mapping)]
        try:
            either: set[Order] = {order(texts, "dmy"), order(texts, "mdy")}
        except HoursError as error:
            raise SheetError(f"{title}: {error}") from None
        if len(either) == 1:
            found[one.id] = either.pop()
            continue
        try:
            order(texts, "")
        except HoursError:
            example = next(text for text in texts if _is_open(order, text))
            open_ones.append((title, one, example))
    others = set(found.values())
    for title, one, example in open_ones:
        told = said.get(fold(title)) or wanted.dates
        if told is None and len(others) != 1:
            why = "others have both" if others else "no other date tells which"
            raise OrderUnknown(title, example, why)
        found[one.id] = told or min(others)
    return found


def _days(sheet: Sheet, title: str, mapping: Mapping[str, str]) -> list[str]:
    """The texts of a column of dates, each once, but for those that begin with a year: they tell
    nothing of the order of day and month."""
    found: dict[str, None] = {}
    for column in _columns(sheet, title, mapping):
        # Most of them do: those are passed over before anything else is done with them.
        odd = dict.fromkeys([text for text in column if not text[:4].isdecimal()])
        found |= dict.fromkeys(map(str.strip, odd))
    return [text for text in found if text and not text[:4].isdecimal()]


def _is_open(order: Callable[[Sequence[str], Literal[""]], Order], text: str) -> bool:
    try:
        order([text], "")
    except HoursError:
        return True
    return False


async def send(
    history: History,
    desk: TableDesk,
    kept: KeptRows,
    plan: Plan,
    told: Callable[[int], object] = lambda _rows: None,
    *,
    rows_a_call: int,
    title: str = "",
    group: str = "",
    earlier: Earlier | None = None,
) -> Sent:
    """Send a plan, so many rows a call, as one step of undo called `title`. All of it is on the
    disk before the first call: what a break leaves is sent later, and nothing twice. Where the
    service refuses a call for one of its rows, the others are sent without it. `told` hears how
    many rows are settled; `group` is what its changes are found by (see `written_of`). An
    `earlier` import, whose rows the plan has no more, is gone on with, and the plan's are of its
    step. Raises ReadOnly, OSError.
    """
    client, before, there = await desk.client(), None, 0
    if earlier is not None:
        title, group = earlier.title, earlier.group
        there = (await made_by(history, group)).rows
    if earlier is not None and earlier.open:
        before = await go_on(history, earlier, told)
        if plan.nothing:
            return before
        there = before.rows

    def told_all(rows: int) -> None:
        told(there + rows)

    sending = Sending(history, client, kept.place, plan, told_all, title, group)
    sent = await sending.all_of_it(rows_a_call)
    return sent if before is None else before.with_more(sent)


def news_of(plan: Plan) -> str:
    """What a plan would do, in words."""
    parts = [
        f"{counted(len(plan.new), 'row')} to add",
        f"{len(plan.changed):,} to change",
        f"{plan.unchanged:,} as they are",
    ]
    if plan.failed:
        parts.append(f"{len(plan.failed):,} that cannot be taken")
    return ", ".join(parts)


def failures(plan: Plan, most: int | None = None) -> list[str]:
    """Every row that fails, with why."""
    shown: list[Any] = plan.failed if most is None else plan.failed[:most]
    return [f"line {one.line}{f', {one.column}' if one.column else ''}: {one.why}" for one in shown]
