"""Today, the cockpit: what runs, what waits, the hours, and one agenda; enter goes there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import BindingType
from textual.geometry import Size
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.messages import Learned, RemindersChanged
from tui.screens.timing.writes import TimerPane
from tui.screens.today.agenda_pane import AgendaPane
from tui.screens.today.hours_pane import HoursPane
from tui.screens.today.reminding import ReminderPane
from tui.screens.today.running_pane import RunningPane, TodayClock
from tui.screens.today.sample_line import SampleLine
from tui.screens.today.sources import SourcesPane
from tui.screens.today.waits_pane import WaitsPane
from tui.widgets.boxes import Box, Row
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.history import Change
    from tui.workspace.invoices.recurring import Period
    from tui.workspace.reminders import Reminder
    from tui.workspace.timers.overview import Overview, Report
    from tui.workspace.today.items import Items, Part

NARROW, HUGE = 100, 180
CLOCK, SOURCES, LEAST = 3, 2, 6
"""Lines of the running clock with its title, of what is said of the sources, and of what waits."""
TOGETHER_SECONDS = 0.3
"""How long what was kept is waited for, so that it is painted together: with each source that is
added most lines are others."""
AHEAD = ("tocks", "events", "sessions", "invoices")
"""What the agenda is made of, beside the reminders."""
WAITING = ("books", "invoices", "work")


class TodayScreen(DeckScreen):
    """Panes over all five services; one that fails hides no other."""

    SCOPE = "today"
    ROOM = ((24, 19), (NARROW, 14))
    AUTO_FOCUS = "#agenda-list"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("today")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide"), (HUGE, "-huge")]

    DEFAULT_CSS = """
    TodayScreen StateView { padding: 0 2; }
    TodayScreen.-narrow #cockpit { layout: vertical; }
    TodayScreen.-narrow #left { height: auto; }
    TodayScreen #urgent { height: auto; }
    TodayScreen.-wide #left { width: 2fr; }
    TodayScreen.-wide #agenda { width: 3fr; margin-left: 1; }
    TodayScreen.-huge #left { width: 3fr; layout: horizontal; }
    TodayScreen.-huge #urgent { width: 1fr; height: 1fr; }
    TodayScreen.-huge #hours { width: 1fr; height: 1fr; margin-left: 1; }
    TodayScreen.-huge #agenda { width: 3fr; margin-left: 1; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.timer = RunningPane(workspace)
        self.waits = WaitsPane(workspace)
        self.hours = HoursPane(workspace)
        self.agenda = AgendaPane(workspace)
        self.sources = SourcesPane(workspace)
        self.sample = SampleLine(workspace)
        self._parts: dict[Part, Items] = {}
        self._reminders: list[Reminder] = []
        self._recurring: list[Period] = []
        self._changes: list[Change] = []
        self._together = False
        """Whether all that was kept has come, or has taken too long."""
        self._is_due = False
        """Whether what has come is about to be shown."""

    def compose_body(self) -> Iterable[Widget]:
        """What runs, waits and was worked at the left, the agenda at the right."""
        with Box(classes="body"):
            yield self.sample
            with Row(id="cockpit"):
                with Box(id="left"):
                    with Box(id="urgent"):
                        yield self.timer
                        yield self.waits
                    yield self.hours
                yield self.agenda
            yield self.sources

    def on_mount(self) -> None:
        """Look again when the person comes back from another window, and when a day begins."""
        self.resume_with_focus()
        self.resume_with_day()
        self._arrange()

    def begin(self) -> None:
        """Say that it loads where nothing stands yet, and read all sources."""
        super().begin()
        self.sample.look()
        self._arrange()
        if not self._parts:
            self.set_timer(TOGETHER_SECONDS, self._show_together)
            self.agenda.show_loading("Loading the agenda")
            self.waits.show_loading("Loading what waits")

    def command_refresh(self) -> None:
        """Ask all services again."""
        self.begin()

    def reveal(self, key: str, kind: str = "") -> None:
        """Put the cursor on a reminder by its number."""
        if kind in ("", "reminder"):
            self.agenda.reveal(key)

    # -- what was read --------------------------------------------------------------------------

    @on(SourcesPane.Told)
    def _told(self, message: SourcesPane.Told) -> None:
        if message.source in ("timer", "invoices"):
            self.post_message(Learned())
        if message.source == "timer":
            overview = cast("Overview", message.found)
            self.timer.show(overview, message.as_of)
            # What stands still is not stopped, and what runs is not resumed.
            self.refresh_hints()
            self.hours.show_overview(overview, message.as_of)
            self.sources.reckon(overview)
        elif message.source == "hours":
            self.hours.show_report(cast("Report", message.found))
        else:
            self._parts[cast("Part", message.source)] = cast("Items", message.found)
            self._show()

    @on(SourcesPane.Reckoned)
    def _reckoned(self, message: SourcesPane.Reckoned) -> None:
        self.hours.show_goals(message.goals)

    @on(SourcesPane.Looked)
    def _looked(self) -> None:
        self._show_together()
        self.call_after_refresh(self.sources.ask_services)

    def _show_together(self) -> None:
        if not self._together:
            self._together = True
            self._show()

    @on(SourcesPane.Remembered)
    def _remembered(self, message: SourcesPane.Remembered) -> None:
        self._reminders, self._recurring = message.reminders, message.recurring
        self._show()

    @on(SourcesPane.Settled)
    def _settled(self) -> None:
        """What could not be read leaves room for what there is."""
        self.sample.look()
        if self.sources.stands("timer"):
            self.timer.show_missing(self.sources.why("timer"))
        if self.sources.stands("hours"):
            self.hours.show_missing(self.sources.why("hours"))
        self._show()
        self._arrange()

    def _show(self) -> None:
        """Show what is here, behind all messages that have come by now: several sources that have
        come together are made into lines once.
        """
        if self._together and not self._is_due:
            self._is_due = True
            self.call_later(self._show_now)

    def _show_now(self) -> None:
        self._is_due = False
        from tui.workspace.today.agenda import agenda
        from tui.workspace.today.waits import waits

        zone, now = self.workspace.zone, datetime.now(UTC)
        sign = self.workspace.settings.deck.currency
        if self.sources.stands(*AHEAD) or self._reminders:
            days = agenda(self._parts, self._reminders, zone, now, sign)
            self.agenda.show(days, whole=not self.sources.lacks(*AHEAD))
        own = self._reminders or self._recurring or self._changes
        if self.sources.stands(*WAITING) or own:
            found = waits(
                self._parts, self._changes, self._reminders, zone, now, sign, self._recurring
            )
            self.waits.show(found, whole=not self.sources.lacks(*WAITING))

    @on(TodayClock.Minute)
    def _minute(self) -> None:
        self.hours.count()

    @on(TimerPane.Written)
    def _timer_written(self) -> None:
        # The next key may stop what runs: that is what was just started.
        self.sources.patience.reads(self.sources.read_timer())

    @on(RemindersChanged)
    def _reminders_changed(self) -> None:
        self.sources.patience.reads(self.sources.remember())

    @on(ReminderPane.Moved)
    def _moved(self) -> None:
        self.refresh_hints()

    @on(WaitsPane.ReminderWanted)
    def _reminder_wanted(self, message: WaitsPane.ReminderWanted) -> None:
        self.agenda.reveal(message.number)

    def show_standing(self) -> None:
        """What waits to be sent, or is not known, waits here too."""
        super().show_standing()
        if "stand" in vars(self.workspace):
            standing = self.workspace.stand.now
            if standing.waiting or standing.unknown or self._changes:
                begin_work(self, self._read_changes, group="changes", exclusive=True)

    async def _read_changes(self) -> None:
        from tui.workspace.today.waits import left_open

        try:
            self._changes = left_open(await self.workspace.history.outbox.still_open())
        except EXPECTED as error:
            self.flash_error(error)
        self._show()

    # -- heights --------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Share out the new height."""
        self._arrange()

    @on(WaitsPane.LinesWanted)
    @on(HoursPane.LinesWanted)
    def _arrange(self) -> None:
        """What is urgent has the lines that it needs; the agenda has the rest."""
        # Where the panes have not a line to spare they keep it.
        spare = not self.is_crowded(Size(self.size.width, self.size.height - 1))
        self.sample.fit(self.size.width, spare=spare)
        width, height = self.size.width, self.size.height - 3 - self.sample.display
        if height < 1:
            return
        huge, narrow = width >= HUGE, width < NARROW
        if self.is_crowded(self.size):
            self.hours.be_short(short=False)
            self.waits.spread(max(0, height - 1))
            self.waits.styles.height = self.hours.styles.height = None
            return
        self.hours.be_short(short=narrow)
        most = height - CLOCK - SOURCES - (0 if huge else self.hours.lines)
        self.waits.spread(0 if narrow else most)
        if huge:
            self.waits.styles.height = self.hours.styles.height = "1fr"
        elif narrow:
            _set_height(self.waits, min(self.waits.lines, max(3, (height - CLOCK) // 3)))
            _set_height(self.hours, self.hours.lines)
        else:
            _set_height(self.waits, min(self.waits.lines + 1, max(LEAST, most)))
            self.hours.styles.height = "1fr"


def _set_height(pane: Widget, lines: int) -> None:
    if pane.styles.height is None or pane.styles.height.cells != lines:
        pane.styles.height = lines
