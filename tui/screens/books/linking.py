"""A link chosen among all rows of the other table that are kept here, found by typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from time import monotonic

from textual.widget import Widget

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for, with_keys
from tui.widgets.choices import MARKING, Choices
from tui.widgets.grid_model import ListSource
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.work import begin_work
from tui.words import counted
from tui.workspace.books.cells import Field, TableRow, takes_several
from tui.workspace.books.cells import typed as value_of
from tui.workspace.books.linked import Found, LinkSearch, leads_to, place_linked
from tui.workspace.problems import EXPECTED, one_line
from tui.workspace.worded import holds

LONGEST_SEARCH = 1.0
"""Seconds that enter waits for what answers to what was typed last."""
NONE = "none"
"""Stands for no row."""


async def choose_of_many(
    asker: Asking,
    table: OpenTable,
    row: TableRow,
    field: Field,
    title: str,
    names: dict[str, str],
    *,
    typed: bool,
) -> list[str] | None:
    """The ids of rows that a link is to point to, of more than were listed; None where it stays.
    `names` has what those are called that were; it is given those of the chosen.
    """
    target = leads_to(field)
    book = table.place.book
    place = None if target is None else await place_linked(asker.workspace.books, book, target)
    search = None if place is None else LinkSearch(asker.workspace.books, place, table.zone)
    linked = [
        (str(one.row_id), one.value or names.get(str(one.row_id), f"row {one.row_id}"))
        for one in value_of(field, row.cells.get(field.id)) or []
    ]
    dialog = LinkedRows(
        title, search, list(names.items()), linked,
        several=takes_several(field), required=field.required, typed=typed,
    )  # fmt: skip
    picked = await asker.ask(dialog)
    names.update(dialog.names)
    return picked


class LinkedRows(Choices):
    """Dismissed with the ids of the chosen rows, or None; `names` has what they are called.

    What is known at once is listed; the rest is read meanwhile, and what is typed is looked for
    in all that was read.
    """

    def __init__(
        self,
        title: str,
        search: LinkSearch | None,
        known: Sequence[tuple[str, str]],
        marked: Sequence[tuple[str, str]],
        *,
        several: bool,
        required: bool,
        typed: bool,
    ) -> None:
        """`known` and `marked` are pairs of id and name; there is no `search` where the table is
        in no book that can be seen. Without `several` enter takes the row of the cursor.
        """
        marks = [key for key, _ in marked] if several else []
        narrows = "typing narrows" if typed else f"{key_for('choice.filter')} filters"
        keys = with_keys(MARKING)
        one = f"{narrows} · {key_for('list.choose')} chooses · {key_for('dialog.cancel')} closes"
        none = [] if several or required else [(NONE, "empty")]
        # What is linked now is among them, wherever it stands: else enter would take it away.
        there = {key for key, _ in known}
        linked = [(key, name) for key, name in marked if key not in there]
        super().__init__(
            title, [*none, *linked, *known], marks, typed=typed, keys=keys if several else one
        )
        self.names = {**dict(marked), **dict(known)}
        self._search = search
        self._several = several
        self._current = "" if several or not marked else marked[0][0]
        self._text = ""
        self._listed = len(known)
        self._found = Found([], 0, len(known), None)
        self._reading = "reading the others …" if search else "the others cannot be seen here"
        self._searching_until = 0.0
        self._stand = Lines(id="stand")

    def body(self) -> Iterable[Widget]:
        """The list, the line that narrows it, and how much was read."""
        yield from super().body()
        yield self._stand

    def on_mount(self) -> None:
        """The cursor is on what is chosen now, and what is missing is read."""
        if self._current:
            self._grid.move_to_key(self._current)
        self._say()
        search = self._search
        if search is not None:
            begin_work(self, partial(self._read, search), group="read")

    async def _read(self, search: LinkSearch) -> None:
        await search.recall()
        self._look()
        try:
            remark = await search.read(lambda _read, _of: self._look())
        except EXPECTED as error:
            remark = one_line(error)
        self._reading = remark
        self._look()

    def busy_until(self, key: str) -> float:
        """See `TakesTime`: enter is for what answers to all that was typed."""
        return self._searching_until if key == "enter" else 0.0

    def narrow(self, text: str) -> None:
        """Narrow, from the first one on."""
        self._text = text
        self._found = self._found._replace(rows=[], matching=0)
        self._searching_until = monotonic() + LONGEST_SEARCH
        self._show(self._text)
        self._grid.move_to_row(0)
        self._look()

    def leave_line(self) -> None:
        """To what is left of the list; of one it is taken."""
        if self._several:
            super().leave_line()
        else:
            self.take()

    def _look(self) -> None:
        """Look among the rows that are here for what was typed."""
        text, search = self._text, self._search
        if search is None:
            self._searching_until = 0.0
            return

        async def find() -> None:
            found = await search.find(text)
            if text == self._text:
                # What was listed at once was read too, whatever is kept.
                read = max(found.read, self._listed)
                self._found, self._searching_until = found._replace(read=read), 0.0
                self._show(text)
                self._say()

        begin_work(self, find, group="find", exclusive=True)

    def _show(self, text: str) -> None:
        shown = {key: title for key, title in self._choices if holds(title, text)}
        more = {str(key): name for key, name in self._found.rows} if text.strip() else {}
        self.names.update(more)
        shown = more | shown
        self._grid.set_source(ListSource([(name,) for name in shown.values()], list(shown)))

    def _say(self) -> None:
        """How much of the table was read, and what of what was found is shown."""
        found, parts = self._found, list[str]()
        if found.of is None or found.read < found.of:
            of = "more rows" if found.of is None else counted(found.of, "row")
            parts.append(f"{found.read:,} of {of} read")
        else:
            parts.append(f"{counted(found.read, 'row')} read")
        if not self._text.strip() and found.read > self._listed:
            parts.append("type to find those that are not listed")
        elif self._text.strip() and found.matching > len(found.rows):
            parts.append(f"the first {len(found.rows):,} of {found.matching:,} that hold this")
        if self._text.strip() and not self._grid.row_count:
            parts.append("none of them holds this")
        if self._reading:
            parts.append(self._reading)
        self._stand.show([Paragraph(" · ".join(parts), "muted")])

    def take(self) -> None:
        """Take what is marked, or the one of the cursor."""
        if self._several:
            marked = self._grid.marked
            self.dismiss([key for key in self.names if key in marked])
        elif self._grid.row_count:
            key = self._grid.cursor_key
            self.dismiss([] if key == NONE else [key])
