"""The payments of a statement, with what each seems to be for: marked, changed, then noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widget_keys import CLOSING, NOTING
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.dialogs import Choice
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.words import counted
from tui.workspace.invoices.amounts import money

if TYPE_CHECKING:
    from tui.workspace.invoices.bank.matching import Match, Open
    from tui.workspace.invoices.bank.statement import Movement
    from tui.workspace.invoices.bank_desk import Look

Noted = list[tuple["Movement", int]]
NONE = "none"
COLUMNS = [
    Column("day", "Day", width=10),
    Column("amount", "Amount", kind="number", minimum=10, maximum=16),
    Column("who", "From", minimum=8, maximum=16, flexible=True),
    Column("for", "For", minimum=8, maximum=14),
    Column("why", "Why", minimum=10, maximum=30),
]


class BankPreview(Dialog[Noted | None]):
    """Gives the payments that are marked, each with the invoice that it is for."""

    DEFAULT_CSS = """
    BankPreview > #box { width: 96%; height: 94%; }
    BankPreview Grid { height: 1fr; }
    BankPreview #said { height: auto; max-height: 6; margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_from(NOTING, priority=True),
        *bindings_from(CLOSING),
    ]

    def __init__(self, title: str, look: Look) -> None:
        super().__init__(
            title,
            f"{key_for('table.mark')} marks · {key_for('list.choose')} says what for · "
            f"{key_for('bank.note')} notes the marked · {key_for('dialog.cancel')}",
        )
        self._look = look
        self._for: dict[int, Open | None] = {
            place: match.invoice for place, match in enumerate(look.matches)
        }
        self.grid = Grid(COLUMNS, id="bank-grid", empty="No money came in.")
        self._said = Lines(id="said")

    def body(self) -> Iterable[Widget]:
        """The payments, and what is to be said of the one under the cursor and of the file."""
        yield self.grid
        yield self._said

    def on_mount(self) -> None:
        """What is sure is marked."""
        self._show()
        matches = self._look.matches
        self.grid.set_marked(
            frozenset(str(place) for place, one in enumerate(matches) if one.sure)
        )  # fmt: skip
        self.set_focus(self.grid)
        self._say()

    def _show(self) -> None:
        rows = [self._row(place, match) for place, match in enumerate(self._look.matches)]
        self.grid.set_source(ListSource(rows, [str(place) for place in range(len(rows))]))

    def _row(self, place: int, match: Match) -> list[CellValue]:
        from tui.workspace.invoices.bank.matching import FITS

        movement, wanted = match.movement, self._for[place]
        changed = wanted is not match.invoice
        role: Role = "good" if match.sure else "muted" if match.fit in ("taken", "none") else "warn"
        return [
            f"{movement.day}",
            money(movement.amount, movement.currency),
            movement.name,
            wanted.number if wanted is not None else "",
            Cell("as you say", "accent") if changed else Cell(FITS[match.fit], role),
        ]

    @on(Grid.Highlighted)
    def _highlighted(self, message: Grid.Highlighted) -> None:
        message.stop()
        self._say()

    def _say(self) -> None:
        """Of the payment under the cursor all that the bank says; of the file what was left out."""
        said: list[Paragraph] = []
        if self.grid.cursor_key:
            match = self._look.matches[int(self.grid.cursor_key)]
            wanted = self._for[int(self.grid.cursor_key)]
            movement = match.movement
            words = " · ".join(one for one in (movement.name, movement.text) if one)
            said.append(Paragraph(words or "The bank says nothing more of it."))
            if wanted is not None:
                left = money(wanted.open, wanted.currency)
                said.append(
                    Paragraph(f"For {wanted.number} of {wanted.client}, {left} open", "muted")
                )
        # Here, not above: no frame needs to know how statements are read.
        from tui.workspace.invoices.bank_desk import back_told

        said += [Paragraph(f"! {one}", "warn") for one in back_told(self._look)]
        left_out = self._look.outgoing
        unread = self._look.statement.unread
        if left_out or unread:
            parts = [f"{counted(left_out, 'movement')} out"] if left_out else []
            parts += [f"{counted(len(unread), 'line')} not read: {unread[0].where}: "
                      f"{unread[0].why}"] if unread else []  # fmt: skip
            said.append(Paragraph(f"! Left out: {'; '.join(parts)}", "warn"))
        self._said.show(said)

    @on(Grid.Selected)
    def _selected(self, message: Grid.Selected) -> None:
        message.stop()
        place = int(message.key)
        match = self._look.matches[place]
        if match.fit == "taken":
            self.app.bell()
            return
        first = {one.invoice for one in match.others}
        ordered = sorted(self._look.open, key=lambda one: (one.invoice not in first, one.client))
        nodes = [Node(NONE, "For no invoice")]
        nodes += [
            Node(str(one.invoice), f"{one.number} {one.client}",
                 detail=money(one.open, one.currency))
            for one in ordered
        ]  # fmt: skip
        wanted = self._for[place]
        current = str(wanted.invoice) if wanted is not None else NONE

        def chosen(key: str | None) -> None:
            if key is None:
                return
            self._for[place] = next((one for one in ordered if str(one.invoice) == key), None)
            marks = self.grid.marked - {str(place)}
            self.grid.set_marked(marks | ({str(place)} if self._for[place] else frozenset()))
            self._show()
            self._say()

        self.app.push_screen(Choice("What it is for", nodes, current=current), chosen)

    def action_note(self) -> None:
        """Give what is marked and for an invoice."""
        noted: Noted = []
        for key in sorted(self.grid.marked, key=int):
            match, wanted = self._look.matches[int(key)], self._for[int(key)]
            if wanted is not None and match.fit != "taken":
                noted.append((match.movement, wanted.invoice))
        self.dismiss(noted)
