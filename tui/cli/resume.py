"""`tockdeck resume`: the timer that ended last begins again."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from tui.cli import add_configuration_arguments
from tui.cli.timing import FRESH, refuse_running, run_timer
from tui.services.errors import Refused
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start it again."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        timers, now = workspace.timers, datetime.now(UTC)
        overview = (await timers.overview(FRESH)).value
        refuse_running(overview, workspace.zone)
        last = await timers.latest(now)
        if last is None or last.tracker_id is None or last.time_out is None:
            raise Refused(
                "nothing ended within a month that could be resumed",
                service="trackmypeople",
                advice="Start it by its name: tockdeck start TRACKER.",
            )
        besides = await timers.start(overview, last.tracker_id)
        until = moment_text(last.time_out, workspace.zone, now)
        what = f": {last.description}" if last.description else ""
        path = overview.path(last.tracker_id)
        return f"Started: {path}, which ended {until}{what}", besides

    return run_timer(options, act)
