"""What the verbs of the timer share: one action on it, told in one line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec.structs import replace

from tui.cli import DONE, fail
from tui.cli.narration import narrate, narrated
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.config.load import ConfigError
from tui.services.errors import Refused, ServiceError
from tui.services.trackmypeople import TimerState, Tracker
from tui.workspace.changes.errors import Waiting
from tui.workspace.problems import one_line
from tui.workspace.text import clean
from tui.workspace.timers.finding import TrackerNameError, find_tracker
from tui.workspace.timers.offline import Offline
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.timers import Timers
from tui.workspace.times import TimeTextError, moment_text
from tui.workspace.workspace import Workspace

FRESH = timedelta(hours=12)
"""How old the trackers may be that a name is looked for in."""
Act = Callable[[Workspace], Awaitable[tuple[str, str]]]
"""Does it; what was done, and what to know besides or ""."""


def add_tracker_argument(parser: argparse.ArgumentParser) -> None:
    """Which tracker."""
    parser.add_argument(
        "tracker", nargs="+", metavar="TRACKER", help="its name, or a part that fits one alone"
    )


def add_description_argument(parser: argparse.ArgumentParser) -> None:
    """What was done in the block that ends."""
    parser.add_argument(
        "-d",
        "--description",
        metavar="TEXT",
        default="",
        help="what was done in the block that ends",
    )


async def named(timers: Timers, words: Sequence[str]) -> tuple[Overview, Tracker]:
    """What runs, and the tracker that is meant, by those that are known where one fits.

    Raises TrackerNameError, and what reading raises.
    """
    overview = (await timers.overview(FRESH)).value
    try:
        return overview, find_tracker(overview, " ".join(words))
    except TrackerNameError:
        overview = (await timers.overview()).value
        return overview, find_tracker(overview, " ".join(words))


async def idle(timers: Timers) -> Overview | None:
    """The trackers that are known, with nothing running, where that is what was told last.

    Starting looks at the timer itself, so that it need not be asked before.
    """
    kept = await timers.kept()
    if kept is None or datetime.now(UTC) - kept.as_of >= FRESH:
        return None
    known = kept.value
    if known.noted is None or known.noted.runs or known.offline != Offline():
        return None
    return replace(known, state=TimerState())


def running_words(overview: Overview, where: tzinfo) -> str:
    """What runs and since when; "" for nothing."""
    now, since = overview.now, overview.since
    if now is None or since is None:
        return ""
    return f"{overview.path(now)}, since {moment_text(since, where)}"


def refuse_running(overview: Overview, where: tzinfo) -> None:
    """Raise Refused where something runs: it is not ended unasked."""
    runs = running_words(overview, where)
    if runs:
        raise Refused(
            f"{runs}, runs already: nothing was sent",
            service="trackmypeople",
            advice="tockdeck switch TRACKER ends it and starts another.",
        )


def refuse_standing(overview: Overview, where: tzinfo) -> str:
    """What runs, in words. Raises Refused where nothing does."""
    runs = running_words(overview, where)
    if not runs:
        raise Refused(
            "nothing runs: nothing was sent",
            service="trackmypeople",
            advice="tockdeck start TRACKER begins.",
        )
    return runs


def opened(options: argparse.Namespace) -> Workspace:
    """A workspace that says on standard error what happens under it. Raises ConfigError."""
    workspace = narrated(*read_settings(options))
    workspace.connections.brief = True
    return workspace


def run_timer(options: argparse.Namespace, act: Act) -> int:
    """Do it, print the line, and return the exit status."""
    try:
        workspace = opened(options)
    except ConfigError as error:
        return fail(str(error))
    return to_its_end(_run(workspace, act))


async def _run(workspace: Workspace, act: Act) -> int:
    try:
        done, besides = await act(workspace)
    except (TimeTextError, TrackerNameError) as error:
        return fail(f"{str(error).rstrip('.')}. Nothing was sent.")
    except Waiting as error:
        # It is kept, and to say it again would double it: that is no failure.
        print("Kept, to be sent when the way is open.")
        narrate(one_line(error))
        return DONE
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()
    print(clean(done))
    if besides:
        narrate(besides)
    return DONE
