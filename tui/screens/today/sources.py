"""Where Today comes from: each source is read beside the others, and its state said in a line."""

from __future__ import annotations

from asyncio import Event, Task, create_task, shield, to_thread
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual.message import Message
from textual.worker import Worker

from tui.screens.absent import why_absent
from tui.screens.pane import Pane
from tui.spoken_keys import key_for
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.work import begin_work
from tui.workspace.invoices.making import has_kept_papers
from tui.workspace.problems import EXPECTED, SERVICE_TITLES, describe
from tui.workspace.text import clean
from tui.workspace.timers.making import has_kept_goals
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.invoices.recurring import Period
    from tui.workspace.reads import Answer
    from tui.workspace.reminders import Reminder
    from tui.workspace.timers.goals import Progress
    from tui.workspace.timers.overview import Overview, Report
    from tui.workspace.today.items import Items, Part

Read = Callable[[], Awaitable[Any]]
OFTEN, SELDOM = timedelta(seconds=30), timedelta(minutes=5)
FRESH: Mapping[str, timedelta] = {
    "timer": timedelta(seconds=5),
    "hours": OFTEN,
    "tocks": SELDOM,  # each question is one of the 120 calls an hour that TickTocker allows
    "books": OFTEN,
    "events": SELDOM,  # a call for each book
    "sessions": OFTEN,
    "invoices": OFTEN,
    "work": OFTEN,
}
"""What is younger is not asked for again when the person comes back."""
SERVICE_OF: Mapping[str, str] = {
    "timer": "trackmypeople",
    "hours": "trackmypeople",
    "tocks": "ticktocker",
    "books": "timetonic",
    "events": "timetonic",
    "sessions": "igtimi",
    "invoices": "timesheets",
    "work": "timesheets",
}
MODULES = ("agenda", "waits", "hours")


@dataclass
class Source:
    """How one source stands."""

    as_of: datetime | None = None
    reads: bool = False
    looked: bool = False
    """Whether it was looked what was kept of it."""
    absent: bool = False
    """Whether its service is not connected."""
    wrong: str = ""
    """Why it could not be read anew, in words."""
    away: bool = False
    """Whether that is only that its service could not be reached."""
    partly: str = ""
    """What of it could not be read, or was not asked for, in words."""


class SourcesPane(Pane):
    """Reads all sources beside each other; one line says how old they are, and one each what is
    amiss with a service.
    """

    SCOPE = "today"

    DEFAULT_CSS = """
    SourcesPane { height: auto; padding-top: 0; }
    """

    class Told(Message):
        """A source was read: what it has to say, as it was at that moment."""

        def __init__(self, source: str, found: Items | Overview | Report, as_of: datetime) -> None:
            super().__init__()
            self.source = source
            self.found = found
            self.as_of = as_of

    class Remembered(Message):
        """What is kept here alone was read: reminders of one's own, and what recurs and is due."""

        def __init__(self, reminders: list[Reminder], recurring: list[Period]) -> None:
            super().__init__()
            self.reminders = reminders
            self.recurring = recurring

    class Reckoned(Message):
        """How the goals stand was reckoned."""

        def __init__(self, goals: list[Progress]) -> None:
            super().__init__()
            self.goals = goals

    class Settled(Message):
        """A source was read, or could not be: how all of them stand is something else now."""

    class Looked(Message):
        """All that was kept is here: what is read from now on comes from the services."""

    def __init__(self, workspace: Workspace) -> None:
        self.lines = Lines()
        super().__init__(workspace, self.lines, "Sources", id="sources")
        self.sources = {name: Source() for name in FRESH}
        self._written: set[str] = set()
        self._preparing: Task[None] | None = None
        self._is_prepared = False
        self._may_ask = Event()
        """Whether what was kept is shown. What asks a service takes the machine from that."""

    # -- when ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """What was kept before what each service says now."""
        if self._stop_watching is None:
            self._stop_watching = self.workspace.on_change(self._heard)
        self._written.clear()
        self.ask_for(FRESH)
        self.remember()

    def resume(self) -> None:
        """Another screen, pane, program or person may have changed something meanwhile."""
        if self._stop_watching is None:
            return  # nothing was read yet: that begins once the first frame stands
        written, now = set(self._written), datetime.now(UTC)
        self._written.clear()
        self.ask_for(
            name
            for name, one in self.sources.items()
            if not one.reads
            and (one.as_of is not None or one.wrong)
            and (
                SERVICE_OF[name] in written
                or one.as_of is None
                or now - one.as_of > FRESH[name]
            )
        )  # fmt: skip
        self.remember()
        begin_work(self, self._recall, name="goals", group="recall")

    def _heard(self, operation: str) -> None:
        self._written.add(operation.partition(".")[0])

    def read_timer(self) -> Worker[None]:
        """What runs may be something else than what is shown, and so the hours."""
        return self.ask_for(("hours", "timer"))[-1]

    def ask_for(self, names: Iterable[str]) -> list[Worker[None]]:
        """Read sources, each on its own."""
        return [
            begin_work(self, partial(self._read, name), name=name, group=name, exclusive=True)
            for name in names
        ]

    def ask_services(self) -> None:
        """What was kept is shown: from now on services are asked."""
        self._may_ask.set()

    def remember(self) -> Worker[None]:
        """Read the reminders, and what recurs."""
        return begin_work(self, self._remember, name="reminders", group="reminders", exclusive=True)

    # -- reading ---------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """What says it is imported beside what reads it, never by the thread that takes keys; once
        for all sources, which begin together.
        """
        if not self._is_prepared:
            if self._preparing is None or self._preparing.done():
                self._preparing = create_task(to_thread(self._prepare))
            await shield(self._preparing)

    def _prepare(self) -> None:
        for room in (self.SCOPE, "timers"):
            self.workspace.prepare(room)
        for name in MODULES:
            import_module(f"tui.workspace.today.{name}")
        self._is_prepared = True

    async def _read(self, name: str) -> None:
        from tui.workspace.partial import collecting, sentences
        from tui.workspace.today.items import Items

        source = self.sources[name]
        source.reads = True
        self._say()
        try:
            await self.prepare()
            source.absent = not self.workspace.connections.connected(SERVICE_OF[name])
            if not source.absent:
                with collecting() as left_out:
                    found = await self._read_now(name, source)
                # Of work to be billed its own line says how much of it that is.
                asked = found.asked if name == "events" and isinstance(found, Items) else ""
                source.partly = clean("; ".join(filter(None, (*sentences(left_out), asked))))
            source.wrong, source.away = "", False
        except EXPECTED as error:
            problem = describe(error)
            connect = f" {key_for('deck.connect')} connects it." if problem.can_connect else ""
            source.wrong = f"{problem.title}. {problem.happened}{connect}"
            source.away = problem.is_away
        finally:
            source.reads = False
            self._has_looked(source)
            self._say()
        self.post_message(self.Settled())

    async def _read_now(self, name: str, source: Source) -> Items | Overview | Report:
        """What a source has to say; it was told by then."""
        kept, fresh = self._ways(name)
        if source.as_of is None:
            found: Answer[Items | Overview | Report] | None = await kept()
            if found is not None:
                self._tell(name, source, found)
            self._has_looked(source)
            if found is not None:
                seldom = FRESH[name] == SELDOM
                if seldom and datetime.now(UTC) - found.as_of < SELDOM:
                    return found.value
        await self._may_ask.wait()
        answer: Answer[Items | Overview | Report] = await fresh()
        self._tell(name, source, answer)
        return answer.value

    def _has_looked(self, source: Source) -> None:
        if not source.looked:
            source.looked = True
            if all(one.looked for one in self.sources.values()):
                self.post_message(self.Looked())

    def _ways(self, name: str) -> tuple[Read, Read]:
        """How a source is had from what was kept, and from its service."""
        from tui.workspace.timers.periods import Span
        from tui.workspace.times import today_in

        timers, today = self.workspace.timers, self.workspace.today
        if name == "timer":
            return timers.kept, timers.overview
        if name == "hours":
            week = Span.of("week", today_in(self.workspace.zone))
            return partial(timers.kept_report, week), partial(timers.report, week)
        part = cast("Part", name)
        return partial(today.kept, part), partial(today.part, part)

    def _tell(self, name: str, source: Source, answer: Answer[Items | Overview | Report]) -> None:
        source.as_of = answer.as_of
        self.post_message(self.Told(name, answer.value, answer.as_of))

    async def _remember(self) -> None:
        try:
            await to_thread(self.workspace.prepare, "reminders")
            found = await to_thread(self.workspace.reminders.all)
            recurring = await to_thread(self._recurring)
        except OSError as error:
            self.flash_error(error)
        else:
            self.post_message(self.Remembered(found, recurring))

    def _recurring(self) -> list[Period]:
        """What recurs and is due; where nothing is kept of invoices at all nobody need ask."""
        return self.workspace.recurring.due() if has_kept_papers(self.workspace.locations) else []

    def reckon(self, overview: Overview) -> None:
        """Reckon how the goals stand, now that it is known what runs."""
        begin_work(
            self, partial(self._reckon, overview), name="goals", group="goals", exclusive=True
        )

    async def _recall(self) -> None:
        """How the goals stood when that was reckoned last, perhaps on another screen."""
        await to_thread(self.workspace.prepare, "goals")
        self.post_message(self.Reckoned(await self.workspace.goals.kept()))

    async def _reckon(self, overview: Overview) -> None:
        if not await to_thread(has_kept_goals, self.workspace.locations):
            # Their use cases are imported once all that was kept is shown.
            await self._may_ask.wait()
        from tui.workspace.timers.finding import TrackerNameError
        from tui.workspace.timers.goals import GoalError

        await self._recall()
        try:
            self.post_message(self.Reckoned(await self.workspace.goals.progress(overview)))
        except (GoalError, TrackerNameError) as error:
            self.flash(f"A goal cannot be reckoned: {error}", "warn")
        except EXPECTED:
            # The hours of the same service say why.
            return

    # -- how they stand --------------------------------------------------------------------------

    def stands(self, *names: str) -> bool:
        """Whether something of one of these sources is there, or nothing of them is on its way."""
        mine = [self.sources[name] for name in names]
        return any(one.as_of is not None for one in mine) or not any(one.reads for one in mine)

    def why(self, name: str) -> str:
        """Why nothing of a source is there."""
        return why_absent(self.workspace, SERVICE_OF[name], "Not known: why stands below.")

    def lacks(self, *names: str) -> bool:
        """Whether one of these sources could not be read, and nothing was kept of it."""
        return any(self.sources[name].as_of is None and self.sources[name].wrong for name in names)

    def _say(self) -> None:
        if self.is_attached:
            self.lines.show(self._paragraphs())

    def _paragraphs(self) -> list[Paragraph]:
        zone, now = self.workspace.zone, datetime.now(UTC)
        fine: dict[str, list[str]] = {}
        absent: list[str] = []
        away: list[str] = []
        oldest: datetime | None = None
        lines = []
        for service in dict.fromkeys(SERVICE_OF.values()):
            title = SERVICE_TITLES[service]
            mine = [one for name, one in self.sources.items() if SERVICE_OF[name] == service]
            told = min((one.as_of for one in mine if one.as_of is not None), default=None)
            amiss = [one for one in mine if one.wrong or one.partly]
            # What could not be read at all counts before what lacks something.
            wrong = next((one for one in amiss if one.wrong), amiss[0] if amiss else None)
            if any(one.absent for one in mine):
                absent.append(title)
            elif wrong is not None and wrong.wrong and wrong.away:
                away.append(title)
                oldest = min(filter(None, (oldest, told)), default=None)
            elif wrong is not None:
                words = wrong.wrong or wrong.partly
                mark = "✗" if wrong.wrong else "◌"
                lines.append(_amiss(f"{mark} {words}", told, zone, now))
            elif told is None or any(one.reads for one in mine):
                fine.setdefault("…", []).append(title)
            else:
                fine.setdefault(_short(told, zone, now), []).append(title)
        if away:
            words = f"✗ {', '.join(away)} could not be reached"
            lines.append(_amiss(words, oldest, zone, now))
        if absent:
            how = f"{key_for('deck.connect')} connects."
            lines.append(Paragraph(f"Not connected: {', '.join(absent)}. {how}", "muted", 2))
        if fine:
            ages = (f"{age} {', '.join(titles)}" for age, titles in fine.items())
            lines.append(Paragraph("◷ " + " · ".join(ages), "muted", 2))
        return lines


def _amiss(words: str, told: datetime | None, where: tzinfo, now: datetime) -> Paragraph:
    """What is amiss, how old what stands there is, and what to do."""
    age = f" · as of {moment_text(told, where, now)}" if told is not None else ""
    return Paragraph(f"{words}{age}", "warn", 2, f"{key_for('today.refresh')} tries again")


def _short(moment: datetime, where: tzinfo, now: datetime) -> str:
    """`14:02` of today, else with its day."""
    return moment_text(moment, where, now).removeprefix("today ")
