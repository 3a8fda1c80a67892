"""Timers: the tree of trackers, what runs, time added by hand, a report by period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.workspace.periods import Period, Span
from tui.workspace.times import clock, day_text, moment_text, running_text, span_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.form_values import FormField
    from tui.workspace.timers import Overview, Report, Timers

PERIODS: tuple[Period, ...] = ("day", "week", "month")


class TimersScreen(DeckScreen):
    """Trackers at the left; the running timer and the report at the right."""

    SCOPE = "timers"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("timers")

    DEFAULT_CSS = """
    TimersScreen #trackers { width: 2fr; min-width: 30; max-width: 60; }
    TimersScreen #right { width: 3fr; }
    TimersScreen #running { height: 4; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._zone = workspace.zone
        self._overview: Overview | None = None
        self._as_of = ""
        self._period: Period = "week"
        self._span = Span.of(self._period, self._today())
        self._profile_id: int | None = None
        self._report: Report | None = None
        self._ticker: Timer | None = None

    @property
    def _cases(self) -> Timers:
        return self.workspace.timers

    def compose_body(self) -> Iterable[Widget]:
        """Two panes side by side."""
        with Horizontal(classes="body"):
            with Vertical(id="trackers"):
                yield Panel(Outline(id="tree"), "Trackers", id="trackers-panel")
                yield FilterLine(id="filter")
            with Vertical(id="right"):
                yield Panel(Lines(id="running-lines"), "Now", id="running")
                yield Panel(
                    Grid(_columns(), id="blocks", empty="No time in this period."),
                    "Report",
                    id="report-panel",
                )

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """The kept trackers at once, then the service's."""
        self.query_one("#tree", Outline).focus()
        self.load(
            self.query_one("#trackers-panel", Panel),
            "Loading trackers",
            self._load_overview,
            has_content=lambda: self._as_of,
        )
        self.load(self.query_one("#report-panel", Panel), "Loading the report", self._load_report)

    def resume(self) -> None:
        """Another screen or pane may have started or stopped a timer."""
        if self._overview is not None:
            self.command_refresh()

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
        answer = await self._cases.report(self._span, profile_id=self._profile_id)
        self._report = answer.value
        self._show_report()

    # -- showing ------------------------------------------------------------------------------

    def _show_overview(self, overview: Overview, as_of: datetime) -> None:
        self._overview = overview
        self._as_of = f"as of {moment_text(as_of, self._zone)}"
        self.query_one("#tree", Outline).set_nodes(_nodes(overview))
        panel = self.query_one("#trackers-panel", Panel)
        panel.show_content()
        panel.show_note(f"{len(overview.trackers):,}")
        self._show_running()
        running = overview.running is not None
        if running and self._ticker is None:
            self._ticker = self.set_interval(1.0, self._tick)
        elif not running and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _tick(self) -> None:
        if self.is_current:
            self._show_running()

    def _show_running(self) -> None:
        overview = self._overview
        if overview is None:
            return
        lines = []
        if overview.running is None or overview.started_at is None:
            lines.append(
                Paragraph("Nothing is running. s starts the tracker under the cursor.", "muted")
            )
        else:
            passed = (datetime.now(UTC) - overview.started_at).total_seconds()
            since = clock(overview.started_at, self._zone)
            lines.append(
                Paragraph(f"● {running_text(passed)}  {overview.path(overview.running)}", "good")
            )
            lines.append(Paragraph(f"  since {since}", "muted"))
        if overview.state.day_total is not None:
            lines.append(Paragraph(f"  today {span_text(overview.state.day_total)}", "text"))
        self.query_one("#running-lines", Lines).show(lines)

    def _show_report(self) -> None:
        report = self._report
        if report is None:
            return
        overview = self._overview
        rows: list[list[CellValue]] = []
        for block in report.blocks:
            start, stop = block.time_in, block.time_out
            name = overview.name(block.tracker_id) if overview else str(block.tracker_id or "")
            rows.append(
                [
                    day_text(start.astimezone(self._zone).date(), self._today()) if start else "",
                    clock(start, self._zone) if start else "",
                    clock(stop, self._zone) if stop else Cell("running", "good"),
                    span_text(block.total or 0),
                    Cell("free", "accent") if block.free else name,
                    block.description,
                ]
            )
        keys = [str(block.id) for block in report.blocks]
        self.query_one("#blocks", Grid).set_source(ListSource(rows, keys))
        free = f" · free {span_text(report.free)}" if report.free else ""
        self.query_one("#report-panel", Panel).show_title(
            f"{self._period.title()} {self._span_text()}",
            f"{span_text(report.total)} h{free} · {len(report.blocks):,} blocks",
        )

    def _span_text(self) -> str:
        first, last = self._span.first, self._span.last
        if first == last:
            return day_text(first, self._today())
        return f"{first:%d %b} to {last:%d %b %Y}"

    def _today(self) -> date:
        return datetime.now(self._zone).date()

    # -- commands -----------------------------------------------------------------------------

    def _chosen(self) -> int | None:
        node = self.query_one("#tree", Outline).node
        return int(node.key) if node is not None else None

    async def command_start(self) -> None:
        """Start the tracker under the cursor, or switch to it."""
        overview, chosen = self._overview, self._chosen()
        if overview is None or chosen is None:
            return
        if overview.running == chosen:
            self.flash(f"{overview.name(chosen)} runs already; x stops it.", "warn")
            return
        description = ""
        if overview.running is not None:
            from tui.widgets.dialogs import TextPrompt

            asked = await self.ask(
                TextPrompt(
                    f"Switch from {overview.name(overview.running)} to {overview.name(chosen)}",
                    label="What was done until now (may stay empty)",
                )
            )
            if asked is None:
                return
            description = asked
        await self._cases.start(overview, chosen, description)
        self.flash(f"Started {overview.name(chosen)}.", "good")
        self.command_refresh()

    async def command_stop(self) -> None:
        """Stop what runs, with a description of what was done."""
        overview = self._overview
        if overview is None:
            return
        if overview.running is None:
            self.flash("Nothing is running.", "warn")
            return
        from tui.widgets.dialogs import TextPrompt

        name = overview.name(overview.running)
        description = await self.ask(
            TextPrompt(f"Stop {name}", label="What was done (may stay empty)")
        )
        if description is None:
            return
        await self._cases.stop(overview, description)
        self.flash(f"Stopped {name}.", "good")
        self.command_refresh()

    async def command_add(self) -> None:
        """Add time that was worked; an overlap is shown with its link."""
        from tui.widgets.form_values import FormField

        fields = [
            self._tracker_field(),
            FormField("start", "From", "datetime", required=True, default="today 09:00"),
            FormField("stop", "To", "datetime", required=True, default="now"),
            FormField("description", "What was done", limit=255),
        ]

        def check(values: dict[str, object]) -> dict[str, str]:
            start, stop = values["start"], values["stop"]
            if isinstance(start, datetime) and isinstance(stop, datetime) and stop <= start:
                return {"stop": "must be after the start"}
            return {}

        async def submit(values: Mapping[str, Any]) -> str:
            block = await self._cases.add(
                values["start"],
                values["stop"],
                int(values["tracker"]),
                values["description"] or "",
            )
            return f"Added {span_text(block.total or 0)} h."

        if await self.ask_form(
            "timers.add", "Add time", fields, submit, save="Add time", check=check
        ):
            self.command_refresh()

    async def command_add_free(self) -> None:
        """Add free time on a day."""
        from tui.widgets.form_values import FormField

        fields = [
            FormField("hours", "Hours", "number", required=True, default="8"),
            FormField("day", "Day", "date", required=True, default="today"),
            self._tracker_field(),
            FormField("description", "Why", limit=255),
        ]

        async def submit(values: Mapping[str, Any]) -> str:
            block = await self._cases.add_free(
                Decimal(values["hours"]),
                values["day"],
                int(values["tracker"]),
                values["description"] or "",
            )
            return f"Added {span_text(block.total or 0)} h of free time."

        if await self.ask_form(
            "timers.add_free", "Add free time", fields, submit, save="Add free time"
        ):
            self.command_refresh()

    def _tracker_field(self) -> FormField:
        from tui.widgets.form_values import FormField

        overview = self._overview
        trackers = overview.trackers if overview is not None else []
        chosen = self._chosen()
        return FormField(
            "tracker",
            "Tracker",
            "choice",
            required=True,
            choices=[(str(one.id), "  " * one.depth + one.name) for one in trackers],
            default=str(chosen) if chosen is not None else None,
        )

    @on(Outline.Selected, "#tree")
    async def _tracker_chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self.action_command("timers.start")

    def command_previous(self) -> None:
        """The period before."""
        self._go_to(self._span.beside(self._period, -1))

    def command_next(self) -> None:
        """The period after."""
        self._go_to(self._span.beside(self._period, 1))

    def _go_to(self, span: Span) -> None:
        self._span = span
        self.load(self.query_one("#report-panel", Panel), "Loading the report", self._load_report)

    async def command_report(self) -> None:
        """Choose the period and the person of the report."""
        from tui.widgets.dialogs import Choice

        people = await self._cases.people()
        choices = [Node(f"period:{period}", f"By {period}", mark="◷") for period in PERIODS]
        choices.append(Node("person:", "Myself", mark="☺"))
        choices += [
            Node(
                f"person:{one.id}",
                f"{one.first_name} {one.family_name}",
                mark="☺",
                detail=one.email or "",
            )
            for one in people
        ]
        chosen = await self.ask(Choice("Report", choices, current=f"period:{self._period}"))
        if chosen is None:
            return
        kind, _, value = chosen.partition(":")
        if kind == "person":
            self._profile_id = int(value) if value else None
        else:
            self._period = next(period for period in PERIODS if period == value)
            self._span = Span.of(self._period, self._today())
        self._go_to(self._span)

    # -- filter -------------------------------------------------------------------------------

    def command_filter(self) -> None:
        """Narrow the tree by typing."""
        self.query_one("#filter", FilterLine).open()

    @on(FilterLine.Edited, "#filter")
    def _filter_edited(self, message: FilterLine.Edited) -> None:
        self.query_one("#tree", Outline).set_filter(message.text)

    @on(FilterLine.Left, "#filter")
    def _filter_left(self) -> None:
        self.query_one("#tree", Outline).focus()


def _columns() -> list[Column]:
    return [
        Column("day", "Day"),
        Column("start", "From"),
        Column("stop", "To"),
        Column("total", "Time", kind="number"),
        Column("tracker", "Tracker", maximum=28),
        Column("description", "What was done", flexible=True),
    ]


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
