"""Every widget on one page, to look at: ``python -m tests.widgets.gallery [theme] [cell]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from math import sin
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from tui.widgets.dialogs import Choice, Confirm, TextPrompt
from tui.widgets.filterline import FilterLine
from tui.widgets.form import Form
from tui.widgets.form_values import FormField
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Cell, Column, ListSource
from tui.widgets.grid_view import CursorMode
from tui.widgets.help import HelpEntry, HelpMenu
from tui.widgets.keybar import KeyBar, KeyHint
from tui.widgets.notice import StatusLine
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.widgets.plot import Plot, Series
from tui.widgets.screen import CalmScreen
from tui.widgets.tabbar import Tab, TabBar
from tui.widgets.theme import load_themes
from tui.widgets.viewer import Viewer

THEMES = Path(__file__).parents[2] / "themes"

COLUMNS = [
    Column("name", "Name"),
    Column("city", "City"),
    Column("price", "Price", kind="number"),
    Column("paid", "Paid", kind="boolean"),
    Column("state", "State"),
    Column("note", "Note", flexible=True, maximum=60),
]
STATES = [Cell("paid", "good"), Cell("due", "warn"), Cell("late", "bad"), Cell("draft", "muted")]


def rows(count: int) -> ListSource:
    names = ["Mistral rigging", "Ünïcode & Söhne", "日本語の会社", "x" * 300, "Oda Skogly"]
    return ListSource(
        [
            (
                names[n % 5],
                ["Lorient", "Kiel", "Hyères"][n % 3],
                f"{n * 13.5:,.2f}",
                n % 3 == 0,
                STATES[n % 4],
                "[bold]never markup[/] \x1b[31m and never an escape" if n % 7 == 0 else f"note {n}",
            )
            for n in range(count)
        ],
        [f"row-{n}" for n in range(count)],
    )


BOATS = [
    Node(
        "race",
        "Spring cup",
        badge="3",
        open=True,
        children=[
            Node("a", "Mistral", mark="●", badge="12:04", badge_role="good", detail="GA-DK-AAAD"),
            Node("b", "Tramontane", badge="quiet", badge_role="warn", children=None),
            Node("c", "[b]Sirocco[/b] " + "long " * 30, badge="9", children=[Node("c1", "deep")]),
        ],
    ),
    Node("club", "Club training", badge="0", children=None),
    *(Node(f"n{n}", f"Session {n}", detail="2024-05-01") for n in range(30)),
]
TITLES = ("Today", "Books", "Tocks", "Sessions", "Timers", "Invoices", "Live")
TABS = [Tab(str(n), str(n), title) for n, title in enumerate(TITLES, 1)]
HINTS = [
    KeyHint("enter", "open"),
    KeyHint("a", "add", "row.add"),
    KeyHint("e", "edit"),
    KeyHint("d", "delete"),
    KeyHint("/", "filter"),
    KeyHint("space", "mark"),
    KeyHint("y", "copy"),
    KeyHint("s", "sort"),
    KeyHint("m", "messages"),
    KeyHint("x", "export"),
]
HELP = [
    *(
        HelpEntry(h.key, h.title, f"what {h.title} does here", h.id or h.title, "Books")
        for h in HINTS
    ),
    *(HelpEntry(t.key, t.title, f"go to {t.title}", t.id, "Everywhere") for t in TABS),
]


FIELDS = [
    FormField("client", "Client", "choice", required=True, choices=[("1", "Oda"), ("2", "Kaj")]),
    FormField("title", "Title", required=True, limit=40, help="What the client reads."),
    FormField("amount", "Amount", "money", default=Decimal("1250.00")),
    FormField("day", "Day", "date", default="today"),
    FormField("hours", "Duration", "duration"),
    FormField("paid", "Paid", "boolean"),
    FormField("tags", "Tags", "list"),
    FormField(
        "boats", "Boats", "choices", choices=[(b, b) for b in ("Mistral", "Sirocco", "Bora")]
    ),
    FormField("token", "Token", "secret"),
    FormField("note", "Note", "lines", limit=255, help="Only you see this."),
    *(FormField(f"more{n}", f"More {n}") for n in range(6)),
]


class Page(CalmScreen[None]):
    """One page of widgets."""

    def __init__(self, widgets: Sequence[Widget]) -> None:
        super().__init__()
        self.page_widgets = widgets

    def compose(self) -> ComposeResult:
        yield from self.page_widgets


class Graphs(CalmScreen[None]):
    """A plot."""

    def compose(self) -> ComposeResult:
        values = [None if 60 < n < 75 else 12 + 9 * sin(n / 9) + n % 5 for n in range(400)]
        start = 1_700_000_000.0
        samples = [(start + n * 2, v) for n, v in enumerate(values) if v is not None]
        yield Plot(Series("Speed over ground", "kn", samples))


class Gallery(App[None]):
    """The page, its dialogs and its keys."""

    CSS = """
    #tree { width: 34; }
    """
    BINDINGS = [
        ("1", "state('content')"),
        ("2", "state('loading')"),
        ("3", "state('empty')"),
        ("4", "state('error')"),
        ("5", "state('stale')"),
        ("6", "state('plot')"),
        ("question_mark", "dialog('help')"),
        ("c", "dialog('confirm')"),
        ("n", "dialog('name')"),
        ("o", "dialog('choice')"),
        ("p", "dialog('prompt')"),
        ("v", "dialog('viewer')"),
        ("slash", "filter"),
        ("f", "flash"),
        ("a", "dialog('form')"),
    ]

    def __init__(self, theme: str, cursor: CursorMode) -> None:
        super().__init__()
        themes, errors = load_themes([THEMES])
        assert not errors, errors
        for item in themes.values():
            self.register_theme(item)
        self.theme = theme
        self.grid = Grid(COLUMNS, rows(200), cursor=cursor)
        self.grid.show_sort({"city": True})
        self.panel = Panel(self.grid, "Clients", note="200 rows · by City")
        self.books = Outline(BOATS)
        self.status = StatusLine("TimeTonic · as of 14:02", "working services: 5")

        self.filter_line = FilterLine()

    def get_default_screen(self) -> Page:
        return Page(
            [
                TabBar(TABS, "2", status="● Sailing repair 0:42:10", status_role="good"),
                Horizontal(Panel(self.books, "Books", note="35", id="tree"), self.panel),
                self.filter_line,
                self.status,
                KeyBar(HINTS),
            ]
        )

    def action_state(self, state: str) -> None:
        if state == "content":
            self.panel.show_content()
        elif state == "plot":
            self.push_screen(Graphs())
        elif state == "loading":
            self.panel.show_loading("Reading clients from TimeTonic")
        elif state == "empty":
            self.panel.show_empty("No clients yet.", "a adds the first one")
        elif state == "error":
            self.panel.show_error(
                "Could not reach TimeTonic: the name timetonic.example was not found.",
                "Your edit of Oda Skogly is kept and is sent when it answers again.",
                "Check base_url under [timetonic] in the configuration.",
            )
        else:
            self.panel.show_stale("as of 14:02, offline")

    def action_dialog(self, which: str) -> None:
        dialogs = {
            "help": lambda: HelpMenu(HELP),
            "confirm": lambda: Confirm(
                "Delete row",
                "Delete Oda Skogly?",
                loses="14 values and 2 files go with it.",
                yes="delete",
            ),
            "name": lambda: Confirm(
                "Delete client",
                "Delete the client?",
                loses="All its projects go too.",
                typed_name="Oda Skogly",
                yes="delete",
            ),
            "choice": lambda: Choice("Theme", [Node(n, n) for n in self.available_themes]),
            "prompt": lambda: TextPrompt(
                "Name",
                value="Oda",
                label="As on the invoice",
                check=lambda text: None if text else "A name is needed.",
            ),
            "form": lambda: Form("New invoice", FIELDS, intro="An invoice from tasks."),
            "viewer": lambda: Viewer("Row", {"name": "Oda", "values": list(range(60))}),
        }
        self.push_screen(dialogs[which](), self.said)

    def said(self, result: object) -> None:
        self.status.flash(f"got {result!r}", "good")

    def action_filter(self) -> None:
        self.filter_line.open()

    def on_filter_line_edited(self, event: FilterLine.Edited) -> None:
        self.books.set_filter(event.text)

    def on_filter_line_left(self) -> None:
        self.books.focus()

    def action_flash(self) -> None:
        self.status.flash("Saved: Oda Skogly", "good")


if __name__ == "__main__":
    mode: CursorMode = "cell" if "cell" in sys.argv else "row"
    Gallery((sys.argv[1:] or ["nightwatch"])[0], mode).run()
