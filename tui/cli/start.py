"""`tockdeck start TRACKER`: a timer, where none runs."""

from __future__ import annotations

import argparse

from tui.cli import add_configuration_arguments
from tui.cli.timing import add_tracker_argument, named, refuse_running, run_timer
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which tracker."""
    add_tracker_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start it."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        overview, tracker = await named(workspace.timers, options.tracker)
        refuse_running(overview, workspace.zone)
        besides = await workspace.timers.start(overview, tracker.id)
        return f"Started: {overview.path(tracker.id)}", besides

    return run_timer(options, act)
