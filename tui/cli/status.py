"""`tockdeck status`: the running timer in one line, for a status bar.

It reads what the deck was told last and asks nobody, so that a bar may call it every second:
`set -g status-right '#(tockdeck status)'` in tmux.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui import __version__, kept_status
from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.output import print_json
from tui.cli.settings import settings_of
from tui.config.load import ConfigError
from tui.kept_status import GOALS, NOTED, NOTHING, REMINDERS, is_absent
from tui.workspace.first_frame import keep_frame
from tui.workspace.text import clean
from tui.workspace.timers.running import Running
from tui.workspace.times import moment_text, span_text, zone

if TYPE_CHECKING:
    import argparse

    from tui.store.reminders import Reminder
    from tui.workspace.timers.goals import Progress

STALE_MINUTES = 15
MOST_SAID = 40
"""Characters of what was said of the timer that the line has room for."""
FIELDS = (
    "running", "description", "elapsed", "today", "goal", "goals", "offline", "stale", "as_of",
    "warning", "reminder",
)  # fmt: skip
_RUNS = "● {running}{said} {elapsed} · today {today}{goal}{offline}{odd}{stale}{reminder}"
_NOTHING = "○ today {today}{goal}{stale}{reminder}"
# What tmux would read as a style, a format or a command in the line that it shows.
_TMUX = re.compile(r"#(?=[\[({])")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Format, JSON, and what counts as stale."""
    parser.add_argument(
        "--format",
        metavar="TEXT",
        help="the line, with " + ", ".join(f"{{{name}}}" for name in FIELDS) + " in it",
    )
    parser.add_argument("--json", action="store_true", help="an object instead of a line")
    parser.add_argument(
        "--stale-after",
        metavar="MINUTES",
        type=_minutes,
        default=STALE_MINUTES,
        help="how old it may be before it is marked with its time (default: %(default)s)",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print the line."""
    wrong = _wrong_with(options.format or "")
    if wrong:
        return fail(f"--format: {wrong}")
    return _print(
        options.config, options.set, options.format, options.stale_after, as_json=options.json
    )


def run_plain() -> int:
    """The same without a command line to read, which takes longer than all of the rest."""
    key = kept_status.made_of(__version__)
    return _print(None, [], None, STALE_MINUTES, as_json=False, key=key)


def _print(
    config: str | None,
    assignments: Sequence[str],
    wanted: str | None,
    stale_after: float,
    *,
    as_json: bool,
    key: str | None = None,
) -> int:
    """`key` is what the line is kept under, as long as it is true."""
    try:
        loaded, locations = settings_of({}, config, assignments)
    except ConfigError as error:
        return fail(str(error))
    where = zone(loaded.settings.deck.time_zone)
    running = Running.read(locations.state / NOTED)
    now = datetime.now(UTC)
    try:
        reminders = _reminders(locations.data / REMINDERS)
    except OSError as error:
        reminders, key = [], None
        fail(str(error))
    due = [one for one in reminders if one.is_due(now)]
    if running is None and due and not as_json and not wanted:
        print(_reminder(due).removeprefix(" · "))
        return DONE
    if running is None:
        return fail(NOTHING, REFUSED)
    known = _Known(
        running,
        _goals(locations.state / GOALS),
        reminders,
        where,
        timedelta(hours=loaded.settings.deck.long_hours),
        timedelta(minutes=stale_after),
    )
    if as_json:
        print_json({**known.told(now), "reminders": [one.text for one in due]})
        return DONE
    print(known.line(wanted, now))
    if key is not None:
        _keep(key, known, now)
    return DONE


def _reminders(file: Path) -> Sequence[Reminder]:
    """Those that are open. Most have none, and import nothing for it. Raises OSError."""
    if is_absent(file):
        return []
    from tui.store.reminders import Reminders

    return Reminders(file).all()


def _goals(file: Path) -> Sequence[Progress]:
    """How the goals stood. Most have none, and import nothing for it."""
    if is_absent(file):
        return []
    from tui.workspace.timers.goals import kept

    return kept(file)


def _keep(key: str, known: _Known, now: datetime) -> None:
    """Have the next calls print what is true then without any of this."""

    def line_at(moment: float) -> str:
        return known.line(None, datetime.fromtimestamp(moment, UTC))

    spans = kept_status.ahead(line_at, now.timestamp())
    keep_frame(Path(kept_status.path()), kept_status.text_of(key, spans))


class _Known(NamedTuple):
    """What the line is made of, whatever the time."""

    running: Running
    aims: Sequence[Progress]
    reminders: Sequence[Reminder]
    where: tzinfo
    long: timedelta
    stale_after: timedelta

    def line(self, wanted: str | None, now: datetime) -> str:
        """The line at a time."""
        form = wanted or (_RUNS if self.running.runs else _NOTHING)
        words = _words(self.running, self._aims(now), now, self.where, self.long,
                       stale=self._is_stale(now))  # fmt: skip
        due = [one for one in self.reminders if one.is_due(now)]
        return form.format_map({**words, "reminder": _reminder(due)})

    def told(self, now: datetime) -> dict[str, object]:
        """The same as an object."""
        return _object(self.running, self._aims(now), now, self.where, self.long,
                       stale=self._is_stale(now))  # fmt: skip

    def _aims(self, now: datetime) -> list[Progress]:
        return [one for one in self.aims if not one.over(now)]

    def _is_stale(self, now: datetime) -> bool:
        return self.running.age(now) > self.stale_after


def _reminder(due: Sequence[Reminder]) -> str:
    """What of the reminders is due: the one that is so for longest, and how many more."""
    if not due:
        return ""
    more = f" and {len(due) - 1} more" if len(due) > 1 else ""
    return f" · ! {_in_tmux(due[0].text)}{more}"


def _words(
    running: Running,
    aims: list[Progress],
    now: datetime,
    where: tzinfo,
    long: timedelta,
    *,
    stale: bool,
) -> dict[str, str]:
    # In the line itself there is room for those of all trackers alone.
    of_all = [one.short(now, running) for one in aims if not one.of]
    today, odd = running.today(now, where), running.odd(now, where, long)
    as_of = moment_text(datetime.fromtimestamp(running.as_of, UTC), where, now)
    return {
        "running": _in_tmux(running.tracker),
        "description": _in_tmux(running.description),
        "said": _said(running),
        "elapsed": span_text(running.elapsed(now)) if running.runs else "",
        "today": "?" if today is None else span_text(today),
        "goal": "".join(f" · {one}" for one in of_all),
        "goals": _in_tmux(" · ".join(one.words(now, running) for one in aims)),
        "offline": " · not at the service yet" if running.offline else "",
        "odd": f" · ! {odd}" if odd else "",
        "stale": f" (as of {as_of.removeprefix('today ')})" if stale else "",
        "as_of": as_of,
        "warning": running.warning(now, where, long),
    }


def _in_tmux(text: str) -> str:
    """A text that tmux takes for no format of its own."""
    return _TMUX.sub("# ", clean(text))


def _said(running: Running) -> str:
    """What was said of it, as much as a bar has room for."""
    text = _in_tmux(running.description)
    return f": {text if len(text) <= MOST_SAID else f'{text[: MOST_SAID - 1]}…'}" if text else ""


def _object(
    running: Running,
    aims: list[Progress],
    now: datetime,
    where: tzinfo,
    long: timedelta,
    *,
    stale: bool,
) -> dict[str, object]:
    return {
        "running": running.tracker or None,
        "description": running.description,
        "started_at": None
        if running.started_at is None
        else datetime.fromtimestamp(running.started_at, UTC).isoformat(),
        "elapsed": round(running.elapsed(now)),
        "today": running.today(now, where),
        "goals": [one.told(now, running) for one in aims],
        "offline": running.offline,
        "warning": running.warning(now, where, long),
        "as_of": datetime.fromtimestamp(running.as_of, UTC).isoformat(),
        "stale": stale,
    }


def _wrong_with(form: str) -> str:
    """Why a format cannot be filled in: a brace that is left open, a field that there is not."""
    from string import Formatter

    try:
        names = [name for _, name, _, _ in Formatter().parse(form) if name is not None]
    except ValueError:
        return f"{form}: write a field as {{{FIELDS[0]}}}, and a brace of its own twice"
    unknown = next((name for name in names if name not in FIELDS), None)
    return "" if unknown is None else f"{{{unknown}}} is none of {', '.join(FIELDS)}"


def _minutes(text: str) -> float:
    from tui.cli.numbers import number_within

    return number_within(text, 0, 366 * 1440.0)
