"""`tockdeck embedded`: the embedded services by hand. They are a program of their own."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from tui.cli import add_configuration_arguments, fail
from tui.cli.numbers import MOST_BOATS, MOST_HERTZ, MOST_PORT, positive, whole_number
from tui.cli.settings import read_settings
from tui.config.load import ConfigError
from tui.config.settings import Embedded
from tui.workspace.connections.embedded_process import command, environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Running them, or one action on their sample data."""
    parser.add_argument(
        "--port", type=whole_number(0, MOST_PORT), help="port on 127.0.0.1; 0 takes a free one"
    )
    parser.add_argument(
        "--idle",
        type=positive(366 * 86_400.0),
        metavar="SECONDS",
        help="end after this long unused",
    )
    parser.add_argument("--quirks", action="store_true", help="show every documented oddity")
    parser.add_argument(
        "--boats", type=whole_number(0, MOST_BOATS), help="boats of the simulated fleet"
    )
    parser.add_argument(
        "--hz", type=positive(MOST_HERTZ), help="samples a second of each simulated device"
    )
    parser.add_argument("--replay", action="append", metavar="FILE", help="play a recording")
    parser.add_argument(
        "--clear-sample", action="store_true", help="remove all data of theirs but real boats"
    )
    parser.add_argument("--reset-sample", action="store_true", help="begin again with the sample")
    parser.add_argument(
        "--move-zone",
        action="store_true",
        help="let kept data live in [deck] time_zone: days and rate schedules go by it, and moments"
        " stay",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Become the embedded services' own program, with this configuration."""
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    settings = loaded.settings
    _become(options, settings.embedded, locations.embedded, settings.deck.time_zone)


def _become(
    options: argparse.Namespace, kept: Embedded, directory: Path, time_zone: str
) -> NoReturn:
    """Replace this process by the server, with flags over the configuration."""
    wanted = vars(kept) | {
        "port": kept.port if options.port is None else options.port,
        "idle_minutes": kept.idle_minutes if options.idle is None else options.idle / 60,
        "boats": options.boats or kept.boats,
        "hertz": options.hz or kept.hertz,
        "replay": options.replay or kept.replay,
        "quirks": options.quirks or kept.quirks,
    }
    words = command(directory, Embedded(**wanted), time_zone)
    words += ["--clear-sample"] if options.clear_sample else []
    words += ["--reset-sample"] if options.reset_sample else []
    words += ["--move-zone"] if options.move_zone else []
    sys.stdout.flush()
    os.execve(sys.executable, words, environment())
