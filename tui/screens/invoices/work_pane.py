"""What the chosen client's invoices bill: time entries, tasks and projects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message

from tui.screens.invoices.ledger import Ledger
from tui.screens.invoices.ledger_pane import NOTHING, LedgerPane
from tui.screens.invoices.rows import (
    EMPTY,
    RECORDS,
    TITLES,
    VIEWS,
    View,
    new_work,
    work_columns,
    work_note,
    work_source,
)
from tui.screens.marking import marked_rows
from tui.spoken_keys import with_keys
from tui.widgets.grid import Grid
from tui.widgets.grid_model import narrowed, nothing_holds
from tui.workspace.problems import EXPECTED, one_line
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.invoices.work import Project, Task, TimeEntry, Work


WIDEST = 150
"""Columns of the screen from which it is shown when an entry began and ended."""


class WorkPane(LedgerPane):
    """The work of one client in one of three views; hidden where all clients are chosen."""

    ANYWHERE: ClassVar[frozenset[str]] = frozenset({"view", "export"})
    ON_ROW = LedgerPane.ON_ROW | {"approve", "comment"}
    VIEW_KEYS: ClassVar[Mapping[View, Mapping[str, str]]] = {
        "entries": {"open": "", "add": "New entry", "approve": "", "change": "", "comment": "",
                    "delete": ""},
        "tasks": {"open": "", "add": "New task", "change": "", "comment": "", "delete": ""},
        "projects": {"open": "", "add": "New project", "change": "", "delete": ""},
    }  # fmt: skip

    DEFAULT_CSS = """
    WorkPane { height: 3fr; }
    """

    class ViewChanged(Message):
        """Something else of the same client is shown: keys are called otherwise."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self.grid = Grid(work_columns("entries", narrow=False), id="work-grid", empty="")
        super().__init__(workspace, ledger, self.grid, TITLES["entries"], id="work")
        self._told: dict[int, datetime] = {}
        self._shows: View = "entries"
        self._was_narrow = False
        self._rows_of: tuple[int, View] | None = None
        self._wanted: tuple[str, str] | None = None
        self._made_beside: object = None  # the clients as read before something was made
        self._filter = ""
        self._lacks = ""
        """Why the entries have no prices, in words."""
        self.display = False

    def keys(self) -> Mapping[str, str]:
        """By what is shown; the view is called what comes next."""
        if self.ledger.client_id is None:
            return {"export": ""}
        following = TITLES[self._next_view]
        return {**self.VIEW_KEYS[self._shows], "view": following, "invoice": "", "export": "",
                "filter": ""}  # fmt: skip

    # -- loading ------------------------------------------------------------------------------

    def show_client(self) -> None:
        """Another client is chosen, or all are."""
        self.display = self.ledger.client_id is not None
        self.grid.set_marked(frozenset())
        self._show_rows()
        if self.ledger.work is not None:
            self.show_content()
        self.ask_again()

    def ask_again(self) -> None:
        """Show the work that was kept of the chosen client, then what the service says now."""
        client_id, clients, ledger = self.ledger.client_id, self.ledger.clients, self.ledger
        if client_id is None or clients is None:
            return
        cases = self.desk.work

        async def work() -> None:
            if client_id not in ledger.works:
                kept = await cases.kept(client_id)
                if kept is not None:
                    self._show_work(client_id, kept.value, kept.as_of)
            answer = await cases.of_client(client_id, clients.projects_of(client_id))
            self._show_work(client_id, answer.value, answer.as_of)
            self._show_wanted(last=clients is not self._made_beside)
            await self._read_costs(client_id, answer.value)

        self.load_beside(
            "Loading the work", work, has_content=lambda: self.as_of(self._told.get(client_id))
        )

    async def _read_costs(self, client_id: int, work: Work) -> None:
        """Rates and prices of the entries, for a window that has room for them."""
        from tui.screens.invoices.costs import costs

        client = self.ledger.client
        if self.is_narrow or client is None or client.id != client_id:
            return
        try:
            self.ledger.costs[client_id] = await costs(self.workspace, self.ledger, client, work)
            self._lacks = ""
        except EXPECTED as error:
            self._lacks = f"no rates: {one_line(error)}"
        self._show_rows()

    # -- showing ------------------------------------------------------------------------------

    def _show_work(self, client_id: int, work: Work, as_of: datetime) -> None:
        self.ledger.works[client_id], self._told[client_id] = work, as_of
        self._show_rows()
        if self.ledger.work is not None:
            self.show_content()

    def _show_rows(self) -> None:
        work = self.ledger.work
        if work is None:
            return
        self._was_narrow = narrow = self.is_narrow
        widest = self.app.size.width >= WIDEST
        columns = work_columns(self._shows, narrow=narrow, widest=widest)
        if [column.key for column in columns] != [column.key for column in self.grid.columns]:
            self.grid.set_columns(columns)
        # Another list begins at its top, whatever its ids.
        before, self._rows_of = self._rows_of, (work.client_id, self._shows)
        book = self.ledger.kept
        known = self.ledger.costs.get(work.client_id, {})
        every = work_source(
            work, self._shows, book, self.workspace.zone, known, narrow=narrow, widest=widest
        )
        source = narrowed(every, self._filter)
        self.grid.empty_text = nothing_holds(
            self._filter if every.total else "", with_keys(EMPTY[self._shows])
        )
        still_open, (record, at) = self.unsettled("timesheets"), RECORDS[self._shows]
        new = new_work(work, self._shows, still_open)
        self.grid.set_source(
            marked_rows(source, columns, still_open, record, at=at, new=new),
            keep_cursor=before == self._rows_of,
        )
        note = work_note(work, self._shows, book)
        if self._shows == "entries":
            rates = "" if narrow else self._rates_note(work)
            note = " · ".join(one for one in (self._lacks, rates, note) if one)
        if source is not every:
            note = f"{source.total:,} of {every.total:,} shown · {note}"
        self.show_title(TITLES[self._shows], note)
        self._show_wanted()

    def _rates_note(self, work: Work) -> str:
        """What is to be said of the prices that are shown; before they were read nothing is."""
        if work.client_id not in self.ledger.prices:
            return ""
        from tui.screens.invoices.costs import rates_note

        return rates_note(self.ledger, work)

    def show_book(self) -> None:
        """What is billed is known, or known anew."""
        self._show_rows()

    def show_filtered(self, text: str) -> None:
        """Show what has the text."""
        self._filter = text
        self._show_rows()

    def reveal(self, client: str, view: View, key: str) -> None:
        """Put the cursor on one of a client's entries, tasks or projects once that is chosen; of
        several, with commas between them, on the first, and mark them.
        """
        self._wanted = client, key
        if view != self._shows:
            self._turn(view)
        self._show_wanted()

    def _show_wanted(self, *, last: bool = False) -> None:
        if self._wanted is None or self._wanted[0] != str(self.ledger.client_id):
            return
        keys = self._wanted[1].split(",")
        if self.ledger.work is not None and self.grid.move_to_key(keys[0]):
            self._wanted = None
            if len(keys) > 1:
                self.grid.set_marked(frozenset(keys))
            self.grid.focus()
        elif self._filter:
            self.take_back_filter()
            self.show_filtered("")
        elif last:
            self._wanted = None
            self.flash(f"It is not among the {TITLES[self._shows].lower()} any more.", "warn")

    def show_standing(self) -> None:
        """Mark the lines anew."""
        self._show_rows()

    def on_resize(self) -> None:
        """Other columns where the width asks for them, with what those show."""
        was_narrow = self._was_narrow
        self._show_rows()
        work = self.ledger.work
        if was_narrow != self.is_narrow and work is not None:
            self.ask_again()

    @property
    def _next_view(self) -> View:
        return VIEWS[(VIEWS.index(self._shows) + 1) % len(VIEWS)]

    async def command_view(self) -> None:
        """Time entries, then tasks, then projects; of no client yet, of which."""
        if self.ledger.client is None:
            await self._client_or_asked("Work of which client")
        else:
            self._turn(self._next_view)

    def _turn(self, view: View) -> None:
        self._shows = view
        # What was typed was about the list before.
        self.take_back_filter()
        self._filter = ""
        self.grid.set_marked(frozenset())
        self._show_rows()
        self.post_message(self.ViewChanged())

    # -- what the cursor is on ----------------------------------------------------------------

    def _chosen(self, view: View) -> int:
        """The id of what the cursor is on, where it is that which is shown; else 0."""
        key = self.grid.cursor_key
        return int(key) if key.isdecimal() and self._shows == view else 0

    def _entry_of(self, work: Work) -> TimeEntry | None:
        number = self._chosen("entries")
        return next((one for one in work.entries if one.id == number), None)

    def _task_of(self, work: Work) -> Task | None:
        return work.tasks.get(self._chosen("tasks"))

    def _project_of(self, work: Work) -> Project | None:
        return work.projects.get(self._chosen("projects"))

    # -- commands -----------------------------------------------------------------------------

    @on(Grid.Selected)
    async def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """The entry, task or project in full, with its comments."""
        from tui.screens.invoices.costs import price_text
        from tui.screens.invoices.texts import entry_text, project_text, task_text

        work, desk, zone = self.work_or_say(), self.desk.work, self.workspace.zone
        if work is None:
            return
        if (entry := self._entry_of(work)) is not None:
            remarks = await desk.entry_remarks(entry.id)
            price = await price_text(self.workspace, self.ledger, work, entry)
            text = entry_text(entry, work, self.ledger.kept, price, remarks, zone)
            await self.read("Time entry", text)
        elif (task := self._task_of(work)) is not None:
            remarks = await desk.task_remarks(task.id)
            await self.read("Task", task_text(task, work, remarks, zone))
        elif (project := self._project_of(work)) is not None:
            client = self.ledger.client
            await self.read("Project", project_text(project, client.name if client else "", zone))
        else:
            self.flash(NOTHING, "warn")

    async def command_add(self) -> None:
        """A new time entry, task or project."""
        from tui.screens.invoices import work_dialogs

        work, desk = self.work_or_say(), self.desk.work
        if work is None:
            return
        if self._shows == "entries":
            entry = self._entry_of(work)
            task = entry.task_id if entry is not None else None
            made = await work_dialogs.entry_form(self, desk, work, None, task)
        elif self._shows == "tasks":
            made = await work_dialogs.task_form(self, desk, work, None)
        else:
            made = await work_dialogs.project_form(self, desk, work.client_id, None)
        if made is not None:
            # The cursor stands on it once it is read; a read of the projects of before may lack it.
            self._made_beside = self.ledger.clients
            self.reveal(str(work.client_id), self._shows, str(made))
            self.post_message(self.Written())

    async def command_change(self) -> None:
        """Change the entry, task or project."""
        from tui.screens.invoices import work_dialogs

        work, desk = self.work_or_say(), self.desk.work
        if work is None:
            return
        if (entry := self._entry_of(work)) is not None:
            await self.saved(work_dialogs.entry_form(self, desk, work, entry, None))
        elif (task := self._task_of(work)) is not None:
            await self.saved(work_dialogs.task_form(self, desk, work, task))
        elif (project := self._project_of(work)) is not None:
            await self.saved(work_dialogs.project_form(self, desk, work.client_id, project))
        else:
            self.flash(NOTHING, "warn")

    async def command_comment(self) -> None:
        """Comment on the entry or task."""
        from tui.screens.invoices import work_dialogs

        work, desk = self.work_or_say(), self.desk.work
        if work is None:
            return
        if (entry := self._entry_of(work)) is not None:
            number, name = entry.id, work_dialogs.entry_name(entry, work, self.moment)
            await work_dialogs.comment(
                self, f"entry.{number}", name, lambda text: desk.comment_on_entry(number, text)
            )
        elif (task := self._task_of(work)) is not None:
            chosen = task
            await work_dialogs.comment(
                self, f"task.{task.id}", task.name, lambda text: desk.comment_on_task(chosen, text)
            )
        else:
            self.flash("Invoices, time entries and tasks can be commented on.", "warn")

    async def command_approve(self) -> None:
        """Approve the marked entries, or the one under the cursor."""
        from tui.screens.invoices.work_dialogs import approve

        marked = self.grid.marked or {self.grid.cursor_key}
        ids = sorted(int(key) for key in marked if key.isdecimal())
        if self._shows != "entries" or self.ledger.work is None or not ids:
            self.flash("Choose time entries of one client to approve them.", "warn")
        elif await approve(self, self.desk.work, ids):
            self.grid.set_marked(frozenset())
            self.post_message(self.Written())

    async def command_delete(self) -> None:
        """Delete the entry, task or project; what others hang on wants its name typed."""
        from tui.screens.invoices.work_dialogs import delete, entry_name

        work, desk = self.work_or_say(), self.desk.work
        if work is None:
            return
        if (entry := self._entry_of(work)) is not None:
            name = entry_name(entry, work, self.moment)
            await self.saved(delete(self, desk, "entry", entry.id, name, work=False))
        elif (task := self._task_of(work)) is not None:
            hangs = task.id in work.worked()
            await self.saved(delete(self, desk, "task", task.id, task.name, work=hangs))
        elif (project := self._project_of(work)) is not None:
            hangs = any(one.project == project.id for one in work.tasks.values())
            await self.saved(delete(self, desk, "project", project.id, project.name, work=hangs))
        else:
            self.flash(NOTHING, "warn")

    async def command_export(self) -> None:
        """Write the entries that are marked, or else all that are shown, or clients to a file."""
        from tui.screens.invoices.costs import for_books
        from tui.screens.invoices.dialogs import export

        clients, work = self.ledger.clients, self.ledger.work
        if clients is None:
            self.flash("There is nothing to export yet.", "warn")
            return
        ids = [] if work is None else [one.id for one in work.entries]
        if self._shows == "entries":
            source = self.grid.source
            seen = {source.key(place) for place in range(source.total or 0)}
            ids = [one for one in ids if str(one) in (self.grid.marked or seen)]
        await export(self, self.desk, clients, ids, partial(for_books, self.workspace, self.ledger))

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        await self.copy_line(self.grid)
