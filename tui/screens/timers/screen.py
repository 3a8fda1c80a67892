"""Timers: the tree of trackers, what runs, time added by hand, a report by period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.timers.report import VIEW_TITLES, VIEWS, Reading, View, columns_of
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.widgets.running_clock import RunningClock
from tui.workspace.timers.periods import Period, Span
from tui.workspace.times import day_text, moment_text, span_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.filterline import FilterLine
    from tui.workspace.timers.timers import Overview, Profile, Report, Timers

PERIODS: tuple[Period, ...] = ("day", "week", "month")
NARROW = 100
"""Columns below which the report leaves out what was done."""
FRESH = timedelta(seconds=5)
"""What is younger is not asked for again when the person comes back."""


class TimersScreen(DeckScreen):
    """What runs at the top; below it the trackers at the left and the report at the right."""

    SCOPE = "timers"
    AUTO_FOCUS = "#tree"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("timers")

    DEFAULT_CSS = """
    TimersScreen #now { height: 3; }
    TimersScreen #trackers { width: 2fr; min-width: 30; max-width: 56; }
    TimersScreen #report-panel { width: 3fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._zone = workspace.zone
        self._overview: Overview | None = None
        self._overview_time: datetime | None = None
        self._period: Period = "week"
        self._span = Span.of(self._period, self._today())
        self._person: Profile | None = None
        self._report: Report | None = None
        self._report_time: datetime | None = None
        self._wanted = ""
        self._view: View = "blocks"
        self._columns: tuple[View, bool] = ("blocks", False)

    @property
    def _cases(self) -> Timers:
        return self.workspace.timers

    def compose_body(self) -> Iterable[Widget]:
        """The clock over two panes side by side."""
        with Vertical(classes="body"):
            yield Panel(RunningClock(lambda: self._zone, id="clock"), "Now", id="now")
            with Horizontal():
                with Vertical(id="trackers"):
                    yield Panel(
                        Outline(id="tree", empty="There are no trackers."),
                        "Trackers",
                        id="trackers-panel",
                    )
                yield Panel(
                    Grid(
                        columns_of("blocks", narrow=False),
                        id="blocks",
                        empty="No time in this period. a adds some, [ goes back.",
                    ),
                    "Report",
                    id="report-panel",
                )

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show what was kept, then what the services say now."""
        self.load(
            self.query_one("#trackers-panel", Panel),
            "Loading the trackers",
            self._load_overview,
            has_content=lambda: self._as_of(self._overview_time),
        )
        self._load_span()

    def _load_span(self) -> None:
        self.load(
            self.query_one("#report-panel", Panel),
            "Loading the report",
            self._load_report,
            has_content=lambda: self._as_of(self._report_time),
        )

    def on_mount(self) -> None:
        """Look again when the person comes back from another window."""
        self.watch(self.app, "app_focus", self._focus_changed, init=False)

    def _focus_changed(self, focused: bool) -> None:
        if focused and self.is_current:
            self.resume()

    def resume(self) -> None:
        """Another screen or pane may have started or stopped a timer."""
        self.query_one("#clock", RunningClock).wake()
        told = self._overview_time
        if told is not None and datetime.now(UTC) - told > FRESH:
            self.command_refresh()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Nobody sees the clock: it stands still."""
        self.query_one("#clock", RunningClock).wake()

    def command_refresh(self) -> None:
        """Ask the service again."""
        self.begin()

    async def _load_overview(self) -> None:
        if self._overview is None:
            kept = await self._cases.kept()
            if kept is not None:
                self._show_overview(kept.value, kept.as_of)
        answer = await self._cases.overview()
        self._show_overview(answer.value, answer.as_of)

    async def _load_report(self) -> None:
        span, person = self._span, self._person
        profile = person.id if person is not None else None
        if self._report is None:
            kept = await self._cases.kept_report(span, profile_id=profile)
            if kept is not None:
                self._show_report(kept.value, kept.as_of)
        answer = await self._cases.report(span, profile_id=profile)
        self._show_report(answer.value, answer.as_of)

    # -- showing ------------------------------------------------------------------------------

    def _as_of(self, moment: datetime | None) -> str:
        return f"as of {moment_text(moment, self._zone)}" if moment is not None else ""

    def _show_overview(self, overview: Overview, as_of: datetime) -> None:
        names_before = self._overview.trackers if self._overview is not None else None
        self._overview, self._overview_time = overview, as_of
        tree = self.query_one("#tree", Outline)
        tree.set_nodes(_nodes(overview))
        self._show_wanted(tree)
        panel = self.query_one("#trackers-panel", Panel)
        panel.show_content()
        panel.show_note(f"{len(overview.trackers):,}")
        above = overview.above(overview.running) if overview.running is not None else []
        self.query_one("#clock", RunningClock).show(overview.told(as_of), " › ".join(above))
        if names_before != overview.trackers:
            self._show_rows()

    def _show_report(self, report: Report, as_of: datetime) -> None:
        self._report, self._report_time = report, as_of
        self.query_one("#report-panel", Panel).show_content()
        self._show_rows()

    def _show_rows(self) -> None:
        reading = self._reading()
        if reading is None:
            return
        grid = self.query_one("#blocks", Grid)
        wanted = (self._view, self._narrow)
        if wanted != self._columns:
            self._columns = wanted
            grid.set_columns(columns_of(self._view, narrow=self._narrow))
        grid.set_source(reading.source(self._view))
        report = reading.report
        whose = f" · {_name(self._person)}" if self._person is not None else ""
        free = f" · free {span_text(report.free)}" if report.free else ""
        self.query_one("#report-panel", Panel).show_title(
            f"{self._period.title()} {self._span_text()}{whose}",
            f"{span_text(report.total)} h{free} · {len(report.blocks):,} blocks",
        )

    def _reading(self) -> Reading | None:
        if self._report is None:
            return None
        return Reading(self._report, self._overview, self._zone, self._today(), narrow=self._narrow)

    @property
    def _narrow(self) -> bool:
        return self.size.width < NARROW

    def on_resize(self) -> None:
        """Other columns where the width asks for them."""
        if self._columns[1] != self._narrow:
            self._show_rows()

    def _span_text(self) -> str:
        first, last = self._span.first, self._span.last
        if first == last:
            return day_text(first, self._today())
        year = "" if last.year == self._today().year else f" {last.year}"
        return f"{first.day} {first:%b} to {last.day} {last:%b}{year}"

    def _today(self) -> date:
        return datetime.now(self._zone).date()

    # -- what the cursor is on ------------------------------------------------------------------

    def reveal(self, key: str) -> None:
        """Put the cursor on a tracker by its id, now or once the tree is loaded."""
        self._wanted = key
        tree = self.query_one("#tree", Outline)
        tree.focus()
        if self._overview is not None:
            self._show_wanted(tree)

    def _show_wanted(self, tree: Outline) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and not tree.reveal(wanted):
            self.flash("This tracker is not in the tree that is shown here.", "warn")

    def chosen_tracker(self) -> int | None:
        """The tracker under the cursor: in the report that of the block, else in the tree."""
        grid = self.query_one("#blocks", Grid)
        if grid.has_focus and self._report is not None:
            if self._view == "trackers" and grid.cursor_key.isdecimal():
                return int(grid.cursor_key)
            block = self._report.block(grid.cursor_key)
            if self._view == "blocks" and block is not None:
                return block.tracker_id
        node = self.query_one("#tree", Outline).node
        return int(node.key) if node is not None else None

    @on(Grid.Selected, "#blocks")
    async def _row_chosen(self, message: Grid.Selected) -> None:
        message.stop()
        reading = self._reading()
        block = reading.report.block(message.key) if reading is not None else None
        if reading is None or self._view != "blocks" or block is None:
            return
        from tui.widgets.dialogs import MessageBox

        self.app.push_screen(MessageBox("Block", reading.block_text(block)))

    @on(Outline.Selected, "#tree")
    async def _tracker_chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self.action_command("timers.start")

    # -- start, stop, add -------------------------------------------------------------------------

    async def command_start(self) -> None:
        """Start the tracker under the cursor, or switch to it."""
        from tui.screens.timers.writes import start

        await start(self, self._cases, self._overview, self.chosen_tracker())

    async def command_stop(self) -> None:
        """Stop what runs, with a description of what was done."""
        from tui.screens.timers.writes import stop

        await stop(self, self._cases, self._overview)

    async def command_add(self) -> None:
        """Add time that was worked; an overlap is shown with its link."""
        from tui.screens.timers.writes import add

        await add(self, self._cases, self._overview, self.chosen_tracker())

    async def command_add_free(self) -> None:
        """Add free time on a day."""
        from tui.screens.timers.writes import add_free

        await add_free(self, self._cases, self._overview, self.chosen_tracker())

    # -- the report -------------------------------------------------------------------------------

    def command_previous(self) -> None:
        """The period before."""
        self._go_to(self._span.beside(self._period, -1))

    def command_next(self) -> None:
        """The period after."""
        self._go_to(self._span.beside(self._period, 1))

    def command_today(self) -> None:
        """Back to the period that holds today."""
        self._go_to(Span.of(self._period, self._today()))

    def command_period(self) -> None:
        """The next longer period, and after the longest the shortest."""
        inside = self._span.first <= self._today() <= self._span.last
        self._period = PERIODS[(PERIODS.index(self._period) + 1) % len(PERIODS)]
        self._go_to(Span.of(self._period, self._today() if inside else self._span.first))

    def command_view(self) -> None:
        """The next way to read the same report."""
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self._show_rows()
        self.flash(f"The report {VIEW_TITLES[self._view]}.")

    def _go_to(self, span: Span) -> None:
        if span != self._span or self._report is None:
            self._report = self._report_time = None
        self._span = span
        self._load_span()

    async def command_person(self) -> None:
        """Choose whose time the report shows."""
        from tui.widgets.dialogs import Choice

        people = await self._cases.people()
        choices = [Node("own", "Myself")]
        choices += [Node(str(one.id), _name(one), detail=one.email or "") for one in people]
        current = "own" if self._person is None else str(self._person.id)
        chosen = await self.ask(Choice("Whose time", choices, current=current))
        if chosen is None:
            return
        self._person = next((one for one in people if str(one.id) == chosen), None)
        self._report = self._report_time = None
        self._load_span()

    async def command_copy(self) -> None:
        """Copy what the cursor is on in the report as a line of text."""
        grid = self.query_one("#blocks", Grid)
        row = grid.source.row(grid.cursor_row)
        if row is None:
            self.flash("There is nothing to copy in this period.", "warn")
            return
        from tui.screens.clipboard import copy

        texts = [column.cell(value).text for column, value in zip(grid.columns, row, strict=True)]
        self.flash(await copy(self.app, "\t".join(texts)))

    # -- filter -------------------------------------------------------------------------------

    async def command_filter(self) -> None:
        """Narrow the tree by typing."""
        # Imported when first wanted: it brings an editor with it that the first frame lacks.
        from tui.widgets.filterline import FilterLine

        if not self.query("#filter"):
            await self.query_one("#trackers").mount(FilterLine(id="filter"))
        self.query_one("#filter", FilterLine).open()

    def on_filter_line_edited(self, message: FilterLine.Edited) -> None:
        """Show what has the text."""
        self.query_one("#tree", Outline).set_filter(message.text)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Back to the tree."""
        del message
        self.query_one("#tree", Outline).focus()


def _name(person: Profile) -> str:
    return f"{person.first_name} {person.family_name}".strip() or person.title or f"{person.id}"


def _nodes(overview: Overview) -> list[Node]:
    """The flat list with depths as a tree, everything open, what runs marked."""
    roots: list[Node] = []
    stack: list[tuple[int, list[Node]]] = [(-1, roots)]
    for tracker in overview.trackers:
        while stack[-1][0] >= tracker.depth:
            stack.pop()
        children: list[Node] = []
        running = tracker.id == overview.running
        stack[-1][1].append(
            Node(
                str(tracker.id),
                tracker.name,
                mark="●" if running else "",
                role="good" if running else "text",
                children=children,
                open=True,
            )
        )
        stack.append((tracker.depth, children))
    return roots
