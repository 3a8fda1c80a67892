"""`python -m tui.embedded`: the embedded services as a process of their own."""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from tui import __version__
from tui.embedded import failures
from tui.embedded.context import Options
from tui.embedded.failures import StartError
from tui.embedded.rendezvous import read_endpoint


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and serve; answers the exit status."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Closed: who started this wants to hear nothing.
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good
            setattr(sys, name, nowhere)
    given = _parser().parse_args(arguments)
    data: Path = given.data.expanduser().absolute()
    if given.print_endpoint:
        return _print_endpoint(data)
    # What is loaded stays: to look through it for what can be thrown away took a tenth of the time.
    # The server turns it on again once it stands.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _carry_out(given, data)
    finally:
        if collects:
            gc.enable()


def _carry_out(given: argparse.Namespace, data: Path) -> int:
    # Only now: the web framework takes its time to load, and --version needs none of it.
    from tui.embedded import maintenance, server, zones
    from tui.embedded.services import SERVICES

    options = Options(
        data=data,
        port=given.port,
        idle_seconds=given.idle,
        quirks=given.quirks,
        boats=given.boats,
        hertz=given.hz,
        timezone=given.zone or zones.local_name(),
        replay=tuple(path.expanduser().absolute() for path in given.replay),
        names=tuple(given.name),
    )
    # Database, credentials and log of a person's work are nobody else's.
    os.umask(0o077)
    change: maintenance.Change
    if given.reset_sample:
        change = "reset"
    elif given.clear_sample:
        change = "clear"
    elif given.move_zone:
        change = "move"
    else:
        return server.run(options, SERVICES)
    try:
        counts = maintenance.change_sample(options, SERVICES, change)
        failures.hand_out(json.dumps(counts) + "\n")
    except StartError as error:
        return failures.report(error, data)
    return 0


def _print_endpoint(data: Path) -> int:
    found = read_endpoint(data)
    from tui.embedded.visit import answers

    if found is None or not answers(data, found):
        sys.stderr.write(f"No embedded services run for {data}.\n")
        return 1
    try:
        failures.hand_out(found.line())
    except StartError as error:
        return failures.report(error, data)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tockdeck-embedded",
        description="Five web services on loopback, with a sample workspace.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=platformdirs.user_data_path("tockdeck") / "embedded",
        metavar="DIR",
        help="where database, credentials and endpoint file are kept (default: %(default)s)",
    )
    parser.add_argument(
        "--port", type=_port, default=0, help="the port on 127.0.0.1 (default: a free one)"
    )
    parser.add_argument(
        "--idle",
        type=_seconds,
        default=300.0,
        metavar="SECONDS",
        help="end after so long without any use; 0 means never (default: %(default)s)",
    )
    parser.add_argument(
        "--quirks",
        action="store_true",
        help="answer with every inconsistency that the services' documents show",
    )
    parser.add_argument(
        "--boats",
        type=_count,
        default=8,
        help="boats of the simulated fleet (default: %(default)s)",
    )
    parser.add_argument(
        "--hz",
        type=_rate,
        default=2.0,
        help="samples a second of each simulated device (default: %(default)s)",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="play this recording instead of the simulated fleet; may be repeated",
    )
    parser.add_argument(
        "--name",
        type=_name,
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="answer for this name, too, as through a tunnel; may be repeated",
    )
    parser.add_argument(
        "--zone",
        type=_zone,
        metavar="NAME",
        help="timezone of new data (default: this machine's); --move-zone: of the kept ones, too",
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument(
        "--move-zone",
        action="store_true",
        help="let kept data live in --zone, or this machine's, from now on, and end",
    )
    only.add_argument(
        "--reset-sample",
        action="store_true",
        help="write the sample workspace anew beside real boats, and end",
    )
    only.add_argument(
        "--clear-sample", action="store_true", help="empty all tables but for real boats, and end"
    )
    only.add_argument(
        "--print-endpoint", action="store_true", help="say where the running server is, and end"
    )
    parser.add_argument("--version", action="version", version=f"tockdeck {__version__}")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]+(:[0-9]{1,5})?|\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?", text):
        raise argparse.ArgumentTypeError("a name is HOST or HOST:PORT")
    return text.lower()


def _zone(text: str) -> str:
    from tui.embedded.zones import zone

    try:
        return zone(text).key
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 7 * 86400:
        raise argparse.ArgumentTypeError("seconds from 0 to a week")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 500:
        raise argparse.ArgumentTypeError("a number from 0 to 500")
    return number


def _rate(text: str) -> float:
    number = float(text)
    if not 0 < number <= 50:
        raise argparse.ArgumentTypeError("a rate above 0 and up to 50")
    return number


if __name__ == "__main__":
    raise SystemExit(main())
