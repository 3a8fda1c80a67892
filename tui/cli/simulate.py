"""`tockdeck simulate`: another fleet on the live feed of the embedded services."""

from __future__ import annotations

import argparse
import json

from tui.cli import DONE, add_configuration_arguments
from tui.cli.narration import narrate
from tui.cli.numbers import MOST_BOATS, MOST_HERTZ, positive, whole_number
from tui.cli.running import run_narrated
from tui.cli.statuses import report
from tui.services.errors import ServiceError
from tui.words import counted
from tui.workspace.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many, how often."""
    parser.add_argument(
        "--boats",
        type=whole_number(0, MOST_BOATS),
        metavar="N",
        help="boats (default: as configured)",
    )
    parser.add_argument(
        "--hz",
        type=positive(MOST_HERTZ),
        metavar="F",
        help="samples a second of each (default: as configured)",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start the embedded services with this fleet, in place of those that run."""
    return run_narrated(options, _run)


async def _run(options: argparse.Namespace, workspace: Workspace) -> int:
    kept = workspace.settings.embedded
    boats = kept.boats if options.boats is None else options.boats
    hertz = kept.hertz if options.hz is None else options.hz
    connections = workspace.connections
    try:
        endpoint = await connections.embedded.restart(boats, hertz)
        print(json.dumps({"base_url": endpoint.base_url, "boats": boats, "hz": hertz}))
    except (ServiceError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()
    fleet = f"{counted(boats, 'boat')} {'sails' if boats == 1 else 'sail'}"
    often = f"{counted(hertz, 'sample')} a second each"
    narrate(f"{fleet}, {often}; `tockdeck live` prints them")
    if not connections.uses_embedded("igtimi"):
        narrate("but Igtimi is set up elsewhere in the configuration: the deck looks there")
    narrate(f"they end by themselves after {counted(kept.idle_minutes, 'minute')} without use")
    return DONE
