"""What changes the timer or adds time: its questions, its forms and their refusals."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.screens.absent import why_absent
from tui.screens.timing.describing import UNREAD, DescribingPane
from tui.spoken_keys import key_for
from tui.widgets.running_clock import UNTOLD
from tui.workspace.times import clock, is_after, length_text, moment_text

if TYPE_CHECKING:
    from tui.widgets.form_values import FormField
    from tui.workspace.timers.periods import Span
    from tui.workspace.timers.timers import Block, Overview, There

MOST_HOURS = 24
DRAFT = "timers.done.{}"
"""Of what was done, by the tracker that runs."""
DONE_LABEL = "What was done (may stay empty)"
DONE_BEFORE = "What was done on {} (may stay empty)"
"""Where two trackers are named above it: which of them is meant."""


class TimerPane(DescribingPane):
    """A pane whose cursor may be on a tracker: it is what is started, or proposed in a form."""

    def chosen_tracker(self) -> int | None:
        """The tracker that the cursor is on."""
        raise NotImplementedError

    shown_span: Callable[[], Span | None] = staticmethod(lambda: None)
    """The days whose time the screen shows, where it shows those of a period."""

    def proposed_time(self) -> str:
        """What a line of time that is added begins with; "" leaves it to the person."""
        return ""

    async def command_start(self) -> None:
        """Start the tracker under the cursor, or switch to it: then ask what was done."""
        overview, chosen = self.overview, self.chosen_tracker()
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return
        if chosen is None:
            self.flash("The cursor is on no tracker.", "warn")
            return
        name = overview.name(chosen)
        if overview.now == chosen:
            self.flash(f"{name} runs already; {key_for(f'{self.SCOPE}.stop')} stops it.", "warn")
            return
        if overview.both_run and not await self._choose(overview):
            return
        description: str | None = None
        if overview.now is not None:
            overview = await self.workspace.timers.as_now(overview)
            before = overview.name(overview.now)
            description = await self._ask_done(
                overview, f"Switch from {before} to {name}", "switches", DONE_BEFORE.format(before)
            )
            if description is None:
                return
        try:
            news = await self.workspace.timers.start(overview, chosen, description)
            await self._sent(overview)
            now = overview.now
            told = f"Switched from {overview.name(now)} to" if now is not None else "Started"
            self.flash(f"{told} {name}. {news}".rstrip(), "warn" if news else "good")
        finally:
            self.post_message(self.Written())

    async def command_resume(self) -> None:
        """Start again what ended last; where something runs it is only said."""
        overview, cases = self.overview, self.workspace.timers
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return
        if overview.now is not None:
            self.flash(
                f"{overview.name(overview.now)} runs already; "
                f"{key_for(f'{self.SCOPE}.stop')} stops it.",
                "warn",
            )
            return
        now = datetime.now(UTC)
        last = await cases.latest(now)
        if last is None or last.tracker_id is None or last.time_out is None:
            self.flash(
                (
                    f"Nothing ended within a month: {key_for('timers.start')} starts the "
                    "one under the cursor."
                ),
                "warn",
            )
            return
        try:
            news = await cases.start(overview, last.tracker_id)
        finally:
            self.post_message(self.Written())
        ended = moment_text(last.time_out, self.workspace.zone, now)
        what = f": {last.description}" if last.description else ""
        name = overview.name(last.tracker_id)
        self.flash(
            f"Started {name}, which ended {ended}{what}. {news}".rstrip(),
            "warn" if news else "good",
        )

    async def command_stop(self) -> None:
        """Stop what runs, with a description of what was done."""
        overview = self.overview
        if overview is not None and overview.both_run:
            await self._choose(overview)
            return
        if overview is None or overview.now is None:
            if overview is not None and overview.offline.there is not None:
                await self._correct(overview.offline.there)
                return
            untold = why_absent(self.workspace, "trackmypeople", UNTOLD)
            self.flash(untold if overview is None else "Nothing is running.", "warn")
            return
        await self.stop_now(overview)

    async def stop_now(self, overview: Overview) -> None:
        """Stop what runs, after what was done was asked."""
        # Another deck, or the shell, may have said something of it since.
        overview = await self.workspace.timers.as_now(overview)
        name = overview.name(overview.now)
        description = await self._ask_done(overview, f"Stop {name}", "stops it")
        if description is None:
            return
        try:
            news = await self.workspace.timers.stop(overview, description)
            await self._sent(overview)
        finally:
            self.post_message(self.Written())
        if overview.goes_on is not None and "http" in news:
            await self.read("Stopped", f"Stopped {name}.\n\n{news}")
        else:
            self.flash(f"Stopped {name}. {news}".rstrip(), "warn" if news else "good")

    async def _correct(self, there: There) -> None:
        """What was stopped here and has ended at the service by now: where it is edited."""
        try:
            await self.read("Stopped", await self.workspace.timers.correct(there))
        finally:
            self.post_message(self.Written())

    async def _choose(self, overview: Overview) -> bool:
        """What began here and what the service has running since: which is to go on.

        False where nothing was chosen, or could be done.
        """
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        here, since, cases = overview.offline.here, overview.started_at, self.workspace.timers
        if here is None or since is None:
            return True
        zone = self.workspace.zone
        theirs = f"{overview.name(overview.running)} since {clock(since, zone)}"
        choices = [
            Node("now", f"Stop {here.name} now", detail="refused where the two overlap, and kept"),
            Node("forget", f"Forget {here.name}", detail="nothing of it is added"),
        ]
        if since > here.since:
            ends = f"End {here.name} at {clock(since, zone)}"
            choices.insert(0, Node("ends", ends, detail="where the other one began"))
        chosen = await self.ask(
            Choice(
                "Two run",
                choices,
                note=f"{here.name} began here at {clock(here.since, zone)}; the service has"
                f" {theirs}, which goes on.",
            )
        )
        if chosen is None:
            return False
        try:
            if chosen == "ends":
                news = await cases.end_here(here, since)
            elif chosen == "now":
                news = await cases.end_here(here, datetime.now(UTC).replace(microsecond=0))
            else:
                await cases.forget(here.change)
                news = ""
            self.flash(f"{theirs} goes on. {news}".rstrip(), "warn" if news else "good")
        finally:
            self.post_message(self.Written())
        # What is shown has to be read anew before anything else is begun.
        return False

    async def _ask_done(
        self, overview: Overview, title: str, enter: str, label: str = DONE_LABEL
    ) -> str | None:
        """Ask what was done; `enter` says what that key does.

        What is said is kept until it was sent: a refusal loses nothing of it.
        """
        from tui.widgets.dialogs import TextPrompt
        from tui.widgets.form_draft import words_of

        drafts = self.workspace.drafts
        key, said = DRAFT.format(overview.now), overview.said
        proposed = str((await to_thread(drafts.load, key)).get("description") or "")
        since = await to_thread(drafts.since, key) if proposed else None
        if said is not None and (since is None or since < said.at):
            proposed = said.description
        elif not proposed and overview.goes_on is not None:
            proposed = overview.goes_on.description
        elif proposed and overview.now is not None:
            about = overview.name(overview.now)
            label = f"{words_of(about, since, self.workspace.zone)}\n{label}"
        description = await self.ask(TextPrompt(title, label=label, value=proposed, enter=enter))
        if description:
            # A full disk is no reason to let a timer run on.
            with suppress(OSError):
                await to_thread(drafts.save, key, {"description": description})
        return description

    async def _sent(self, overview: Overview) -> None:
        with suppress(OSError):
            await to_thread(self.workspace.drafts.drop, DRAFT.format(overview.now))

    async def command_add(self) -> None:
        """Add time that was worked in one line: when, which tracker, and what was done."""
        from tui.screens.timing.line import LINE, About, LineForm
        from tui.widgets.form_values import FormField
        from tui.workspace.timers.one_line import read_line

        overview, cases, where = self.overview, self.workspace.timers, self.workspace.zone
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return

        async def submit(values: Mapping[str, Any]) -> str:
            line = read_line(str(values[LINE]), overview, where)
            block = await cases.add(line.start, line.stop, line.tracker.id, line.description)
            return self._added(overview, block, home)

        home = await cases.other_zone()
        about = About(
            overview, self.chosen_tracker(), partial(cases.tracked, overview), self.proposed_time()
        )
        if await self.ask_form(
            "timers.line", "Add time in one line", [FormField(LINE, "Time", required=True)],
            submit, about="one line", intro=_intro(home, where),
            kind=partial(LineForm, about),
        ):  # fmt: skip
            self.post_message(self.Written())

    async def command_add_form(self) -> None:
        """Add time that was worked; proposed is what of today was not tracked yet."""
        from tui.widgets.form_values import FormField
        from tui.workspace.timers.overview import MOST_CHARACTERS

        overview, cases = self.overview, self.workspace.timers
        chosen = self.chosen_tracker()
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return
        begin, end = await cases.gap(overview, datetime.now(UTC))
        fields = [
            tracker_field(overview, chosen),
            FormField("start", "From", "datetime", required=True, default=begin, until="stop"),
            FormField("stop", "To", "datetime", required=True, default=end),
            FormField("description", "What was done", limit=MOST_CHARACTERS),
        ]

        def check(values: dict[str, Any]) -> dict[str, str]:
            begin, end = values["start"], values["stop"]
            times = isinstance(begin, datetime) and isinstance(end, datetime)
            if times and not is_after(end, begin):
                return {"stop": "must be after the start"}
            return {}

        async def submit(values: Mapping[str, Any]) -> str:
            block = await cases.add(
                values["start"], values["stop"], int(values["tracker"]), values["description"] or ""
            )
            return self._added(overview, block, home)

        home = await cases.other_zone()
        if await self.ask_form(
            f"timers.add.{chosen}", "Add time", fields, submit, save="Add time", check=check,
            about=_of(overview, chosen), intro=_intro(home, self.workspace.zone),
        ):  # fmt: skip
            self.post_message(self.Written())

    async def command_add_free(self) -> None:
        """Add free time on a day."""
        from tui.widgets.form_values import FormField
        from tui.workspace.timers.overview import MOST_CHARACTERS

        overview, cases = self.overview, self.workspace.timers
        chosen = self.chosen_tracker()
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return

        def positive(value: object) -> str | None:
            return None if isinstance(value, (int, Decimal)) and value > 0 else "More than none."

        fields = [
            FormField(
                "hours", "Hours", "hours", required=True, default="8", maximum=MOST_HOURS,
                check=positive,
            ),
            FormField("day", "Day", "date", required=True, default="today"),
            tracker_field(overview, chosen),
            FormField("description", "Why", limit=MOST_CHARACTERS),
        ]  # fmt: skip

        async def submit(values: Mapping[str, Any]) -> str:
            block = await cases.add_free(
                values["hours"],
                values["day"],
                int(values["tracker"]),
                values["description"] or "",
            )
            return f"Added {length_text(block.total or 0)} of free time.{self._seen(values['day'])}"

        home = await cases.other_zone()
        if await self.ask_form(
            f"timers.add_free.{chosen}", "Add free time", fields, submit, save="Add free time",
            about=_of(overview, chosen), intro=_intro(home, self.workspace.zone),
        ):  # fmt: skip
            self.post_message(self.Written())

    def _seen(self, day: date) -> str:
        """Which key shows a day that something was added to, where its time is not in sight."""
        span = self.shown_span()
        if span is None or span.first <= day <= span.last:
            return ""
        period = span.period
        for step, key in ((-1, "timers.previous"), (1, "timers.next")):
            beside = span.beside(period, step)
            if beside.first <= day <= beside.last:
                what = "period" if period == "own" else period
                return f" {key_for(key)} shows that {what}."
        return f" {key_for('timers.periods')} shows other periods, such as {day:%m/%Y}."

    def _added(self, overview: Overview, block: Block, home: tzinfo | None) -> str:
        when = moment_text(block.time_in, self.workspace.zone) if block.time_in else ""
        if home is not None and block.time_in is not None:
            when += f" ({clock(block.time_in, home)} in {home})"
        if block.time_in is not None and block.time_out is not None:
            from tui.workspace.timers.one_line import ahead_text

            ahead = ahead_text(block.time_in, block.time_out, datetime.now(UTC))
            when += f", {ahead}" if ahead else ""
        begun = block.time_in
        seen = self._seen(begun.astimezone(self.workspace.zone).date()) if begun else ""
        name = overview.name(block.tracker_id)
        return f"Added {length_text(block.total or 0)} to {name} {when}.{seen}"


def _of(overview: Overview, chosen: int | None) -> str:
    """Which tracker a form was opened on."""
    return "no tracker chosen" if chosen is None else overview.name(chosen)


def _intro(home: tzinfo | None, here: tzinfo) -> str:
    """What is to be known before time is added."""
    undo = f"What is added has no undo: {key_for('timers.edit')} on its block opens its page."
    return f"{zones_text(home, here)} {undo}".lstrip()


def zones_text(home: tzinfo | None, here: tzinfo) -> str:
    """That the profile is in another zone, and which one times are typed in."""
    return "" if home is None else f"Times are in {here}; your profile is in {home}."


def tracker_field(overview: Overview, chosen: int | None) -> FormField:
    """The choice of a tracker, with the one that the cursor is on."""
    from tui.widgets.form_values import FormField

    return FormField(
        "tracker",
        "Tracker",
        "choice",
        required=True,
        choices=[(str(one.id), "  " * one.depth + one.name) for one in overview.trackers],
        default=next((str(one.id) for one in overview.trackers if one.id == chosen), None),
    )
