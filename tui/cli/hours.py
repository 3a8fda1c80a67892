"""`tockdeck hours import FILE`: logs of other programs, looked at first; `export` writes ours,
`report` sums them up, `enter` has them in the timesheet.

An import says what it would add, and adds it with --yes or where a person says so.
"""

from __future__ import annotations

import argparse
from collections.abc import Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any

from tui.cli import fail
from tui.cli.hours_arguments import add_arguments, misused
from tui.cli.output import refuse_closed
from tui.cli.statuses import report, to_its_end
from tui.cli.timing import opened
from tui.config.load import ConfigError
from tui.services.errors import ServiceError
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.times import TimeTextError
from tui.workspace.workspace import Workspace

__all__ = ["add_arguments", "run"]

_WAYS = {
    "import": ("tui.cli.hours_in_out", "run_import"),
    "export": ("tui.cli.hours_in_out", "run_export"),
    "report": ("tui.cli.hours_report", "run_report"),
    "enter": ("tui.cli.hours_enter", "run_enter"),
}
"""What carries it out. Only that is imported, and its `MISTAKES`: errors of its own that are told
in their words.
"""


def run(options: argparse.Namespace) -> int:
    """Import or export."""
    to_file = options.way != "import" and options.output not in (None, Path("-"))
    if not to_file:
        refuse_closed()
    wrong = misused(options)
    if wrong:
        return fail(wrong)
    try:
        workspace = opened(options)
    except ConfigError as error:
        return fail(str(error))
    module, name = _WAYS[options.way]
    way = import_module(module)
    work = getattr(way, name)(options, workspace)
    mistakes = (*way.MISTAKES, TimeTextError, TrackerNameError)
    return to_its_end(_done(work, workspace, options.way, mistakes))


async def _done(
    work: Coroutine[Any, Any, int],
    workspace: Workspace,
    way: str,
    mistakes: tuple[type[ValueError], ...],
) -> int:
    try:
        return await work
    except mistakes as error:
        nothing = {"import": " Nothing was added.", "enter": " Nothing was entered."}.get(way, "")
        return fail(f"{str(error).rstrip('.')}.{nothing}")
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()
