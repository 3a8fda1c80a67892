"""`tockdeck switch TRACKER`: what runs ends, and another timer begins."""

from __future__ import annotations

import argparse

from tui.cli import add_configuration_arguments
from tui.cli.timing import (
    add_description_argument,
    add_tracker_argument,
    named,
    refuse_standing,
    run_timer,
)
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which tracker, and what was done until now."""
    add_tracker_argument(parser)
    add_description_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Switch to it."""

    async def act(workspace: Workspace) -> tuple[str, str]:
        overview, tracker = await named(workspace.timers, options.tracker)
        ended = refuse_standing(overview, workspace.zone)
        besides = await workspace.timers.start(overview, tracker.id, options.description or None)
        return f"Stopped: {ended}. Started: {overview.path(tracker.id)}", besides

    return run_timer(options, act)
