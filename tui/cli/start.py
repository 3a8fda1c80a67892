"""`tockdeck start TRACKER`: a timer, where none runs."""

from __future__ import annotations

import argparse
from contextlib import suppress

from tui.cli import add_configuration_arguments
from tui.cli.timing import add_tracker_argument, idle, named, refuse_running, run_timer
from tui.workspace.changes.errors import Conflict
from tui.workspace.timers.finding import TrackerNameError, find_tracker
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which tracker."""
    add_tracker_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start it."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        known = await idle(workspace.timers)
        if known is not None:
            # Where something runs by now, or no name fits, all of it is asked for.
            with suppress(Conflict, TrackerNameError):
                tracker = find_tracker(known, " ".join(options.tracker))
                besides = await workspace.timers.start(known, tracker.id)
                return f"Started: {known.path(tracker.id)}", besides
        overview, tracker = await named(workspace.timers, options.tracker)
        refuse_running(overview, workspace.zone)
        besides = await workspace.timers.start(overview, tracker.id)
        return f"Started: {overview.path(tracker.id)}", besides

    return run_timer(options, act)
