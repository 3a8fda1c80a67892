"""Forms over what a service keeps: saved as they were opened they send nothing, else the change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.workspace.times.changes import PLACES, around_changes
from tui.screens.books.edit import edit_cell
from tui.screens.books.messages import change_message
from tui.screens.invoices import dialogs, work_dialogs
from tui.screens.sessions.dialogs import add_entry
from tui.services.igtimi.records import Session
from tui.services.timesheets.records import Client, Invoice, Project, Task, TimeEntry
from tui.services.timetonic import Cell, Field, TableRow
from tui.widgets.form_filled import Filled, read_all
from tui.widgets.form_values import FormField, default_text
from tui.workspace.invoices.book import EMPTY
from tui.workspace.invoices.invoices import InvoiceDesk
from tui.workspace.invoices.work import Work, WorkDesk
from tui.workspace.times import later, typed_moment

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 29, 14, 5, tzinfo=PARIS)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
AMOUNTS = st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=4)


class Asked:
    """A screen on which a person changes some fields of every form and saves it."""

    def __init__(self, where: ZoneInfo = PARIS, **typed: str) -> None:
        self.typed = typed
        self.news = ""
        self.wrong: Mapping[str, str] = {}
        deck = SimpleNamespace(currency="")
        self.workspace = SimpleNamespace(zone=where, settings=SimpleNamespace(deck=deck))

    async def ask_form(
        self,
        form_id: str,
        title: str,
        fields: Sequence[FormField],
        submit: Callable[[Filled], Awaitable[str]],
        *,
        check: Callable[[dict[str, Any]], Mapping[str, str]] | None = None,
        **words: str,
    ) -> bool:
        """Fill in and save."""
        del form_id, title, words
        where = self.workspace.zone
        texts = {field.name: default_text(field, where) for field in fields} | self.typed
        untouched = [field.name for field in fields if field.name not in self.typed]
        values, self.wrong = read_all(fields, texts, NOW, where, untouched=untouched)
        if not self.wrong and check is not None:
            self.wrong = check(values)
        if not self.wrong:
            self.news = await submit(values)
        return not self.wrong

    def flash(self, text: str, role: str = "") -> None:
        """What is said without a form."""
        del role
        self.news = text


class Sent:
    """A client, a history and a connection that note what would be sent."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        chapter = SimpleNamespace(update=self._update)
        self._service = SimpleNamespace(
            client=chapter, project=chapter, task=chapter, ts=chapter, invoice=chapter
        )

    async def _update(self, number: int, **values: Any) -> None:
        del number
        self.updates.append(values)

    async def timesheets(self) -> Any:
        """The client."""
        return self._service

    async def write(
        self, title: str, call: Any, *, seen: Mapping[str, Any] | None = None, **more: Any
    ) -> Any:
        """Send at once; what is changed of a record is what the person saw of it."""
        del title, more
        assert seen is None or set(call.keywords) <= set(seen)
        return await call()


def desks(sent: Sent) -> tuple[InvoiceDesk, WorkDesk]:
    anything: Any = sent
    desk = InvoiceDesk(anything, anything, anything)
    return desk, desk.work


def saved(screen: Asked, form: Callable[[Any], Awaitable[Any]]) -> None:
    asyncio.run(_run(form(screen)))
    assert screen.wrong == {}


async def _run(form: Awaitable[Any]) -> None:
    await form


def work_of(entry: TimeEntry | None = None) -> Work:
    task = entry.task_id if entry is not None and entry.task_id is not None else 3
    return Work(
        client_id=1, projects={}, entries=[], users={}, total=0,
        tasks={task: Task(id=task, name="Cut")},
    )  # fmt: skip


MOMENTS = around_changes()
PLANNED = st.none() | MOMENTS.map(lambda pair: pair[1])


@given(
    where=MOMENTS.map(lambda pair: pair[0]),
    client=st.builds(Client, id=st.just(1), name=WORDS, email=WORDS, notes=WORDS,
                     status=st.sampled_from(["", "active", "inactive"])),
    project=st.builds(Project, id=st.just(2), name=WORDS, description=WORDS,
                      status=st.sampled_from(["", "new", "gone"]),
                      planned_start_date=PLANNED, planned_end_date=st.none()),
    task=st.builds(Task, id=st.just(3), name=WORDS, estimate=st.none() | AMOUNTS,
                   estimate_unit=st.sampled_from(["", "hours", "weeks"]),
                   status=st.sampled_from(["", "new", "gone"])),
    invoice=st.builds(Invoice, id=st.just(4), amount=st.none() | AMOUNTS, due_date=PLANNED),
)  # fmt: skip
@example(where=PARIS, client=Client(id=1, name=" "), project=Project(id=2, name="\u2003"),
         task=Task(id=3, name="  ", status=" "), invoice=Invoice(id=4))  # fmt: skip
def test_records_that_are_saved_unchanged_send_nothing(
    where: ZoneInfo, client: Client, project: Project, task: Task, invoice: Invoice
) -> None:
    sent = Sent()
    bills, work = desks(sent)
    screen = Asked(where)
    saved(screen, lambda one: work_dialogs.client_form(one, work, client))
    saved(screen, lambda one: work_dialogs.project_form(one, work, 1, project))
    some = Work(client_id=1, projects={2: project}, entries=[], users={}, total=0, tasks={3: task})
    saved(screen, lambda one: work_dialogs.task_form(one, work, some, task))
    saved(screen, lambda one: dialogs.change_invoice(one, bills, invoice, EMPTY))
    assert sent.updates == []
    assert screen.news == "Nothing was changed."


@given(place=MOMENTS, length=st.integers(1, 200_000), task=st.none() | st.just(3))
def test_an_entry_sends_only_what_was_changed_of_it(
    place: tuple[ZoneInfo, datetime], length: int, task: int | None
) -> None:
    where, start = place
    end = start + timedelta(seconds=length)
    entry = TimeEntry(id=9, task_id=task, start_time=start, end_time=end)
    sent = Sent()
    _, desk = desks(sent)
    saved(Asked(where), lambda one: work_dialogs.entry_form(one, desk, work_of(entry), entry, None))
    assert sent.updates == []
    longer = later(end, timedelta(minutes=7))
    screen = Asked(where, end=typed_moment(longer, where))
    saved(screen, lambda one: work_dialogs.entry_form(one, desk, work_of(entry), entry, None))
    assert sent.updates == [{"end_datetime": longer}]


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_days_are_typed_as_days_and_sent_as_that_day(where: ZoneInfo) -> None:
    sent = Sent()
    bills, desk = desks(sent)
    invoice = Invoice(id=4, amount=Decimal(5), due_date=datetime(2026, 11, 30, tzinfo=UTC))
    saved(Asked(where, due="1.12."), lambda one: dialogs.change_invoice(one, bills, invoice, EMPTY))
    project = Project(id=2, name="Sails", status="new", planned_start_date=invoice.due_date)
    typed = Asked(where, planned_end_date="2026-11-30")
    saved(typed, lambda one: work_dialogs.project_form(one, desk, 1, project))
    assert sent.updates == [
        {"due_date": datetime(2026, 12, 1, tzinfo=UTC)},
        {"planned_end_date": datetime(2026, 11, 30, tzinfo=UTC)},
    ]
    before = Asked(where, planned_end_date="2026-11-29")
    with pytest.raises(AssertionError, match="must not be before the start"):
        saved(before, lambda one: work_dialogs.project_form(one, desk, 1, project))


@pytest.mark.parametrize("kind", ["times", "name"])
def test_the_log_of_a_session_gets_only_what_was_changed(kind: str) -> None:
    told: list[Any] = []

    async def times(_session: Session, start: Any, end: Any) -> bool:
        told.append((start, end))
        return True

    async def rename(_session: Session, name: str) -> None:
        told.append(name)

    room: Any = SimpleNamespace(times=times, rename=rename)
    start = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    session = Session(
        id=1, name=" Race ", start_time=start, end_time=start + timedelta(minutes=9, seconds=0.5)
    )
    screen = Asked()
    saved(screen, lambda one: add_entry(one, room, session, kind))
    assert (told, screen.news) == ([], "Nothing was changed.")
    typed = {"end": "2026-10-25 12:00"} if kind == "times" else {"name": " Race 2 "}
    saved(Asked(**typed), lambda one: add_entry(one, room, session, kind))
    assert told == [(None, datetime(2026, 10, 25, 11, tzinfo=UTC)) if kind == "times" else
                    " Race 2 "]  # fmt: skip


def test_a_message_that_is_not_changed_is_not_sent() -> None:
    told: list[str] = []

    async def change(_book: Any, _message: Any, text: str) -> None:
        told.append(text)

    desk: Any = SimpleNamespace(change=change)
    book: Any = SimpleNamespace(b_o="o", b_c="c")
    message: Any = SimpleNamespace(smid=1, text="\n\n two lines \n")
    screen = Asked()
    saved(screen, lambda one: change_message(one, desk, book, message))
    assert (told, screen.news) == ([], "Nothing was changed.")


CELLS = [
    (Field(id=1, name="Name", type="shorttext"), "  two blanks  "),
    (Field(id=1, name="Name", type="shorttext"), "two\nlines\n"),
    (Field(id=1, name="Notes", type="longtext"), "\r\n a\r\nb \n\n"),
    (Field(id=1, name="Length", type="double"), "1.2500"),
    (Field(id=1, name="Berths", type="int"), "12"),
    (Field(id=1, name="Day", type="date"), "2026-03-29"),
    (Field(id=1, name="When", type="date", with_time=True), "2026-10-25 02:30:15"),
    (Field(id=1, name="When", type="date", with_time=True), "1792891815"),
]


@pytest.mark.parametrize(("field", "value"), CELLS, ids=lambda one: repr(one)[:30])
def test_a_cell_that_is_not_changed_is_not_written(field: Field, value: str) -> None:
    written: list[Any] = []

    async def write(*parts: Any) -> str:
        written.append(parts[0])
        return ""

    row = TableRow(id=5, cells={1: Cell(value=value)})
    place: Any = SimpleNamespace(
        table=SimpleNamespace(locked=False, name="Boats"), may_change=True, key="k"
    )
    table: Any = SimpleNamespace(place=place, fields=[field], zone=UTC)
    screen = Asked()
    saved(screen, lambda one: edit_cell(one, table, row, field, write))
    assert written == []
    assert screen.news.startswith("Nothing was changed")
