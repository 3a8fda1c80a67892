"""`tockdeck serve`: the deck in a page of a browser on this machine, for one person."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from importlib.util import find_spec

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate
from tui.cli.numbers import MOST_PORT, number_within, whole_number
from tui.cli.settings import read_settings
from tui.config.load import ConfigError

MISSING = "the page is textual-serve's, which is not installed: pip install 'tockdeck[serve]'"
MOST_PERSONS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, for whom, and how the deck is opened."""
    parser.add_argument(
        "--port",
        type=whole_number(0, MOST_PORT),
        default=0,
        metavar="N",
        help="port on 127.0.0.1 (default: a free one)",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a further name, as host or host:port, by which a browser comes here through a tunnel",
    )
    parser.add_argument(
        "--persons",
        type=whole_number(1, MOST_PERSONS),
        default=1,
        metavar="N",
        help="how many may be in at a time, each by an address of their own (default: %(default)s)",
    )
    parser.add_argument(
        "--for",
        dest="seconds",
        type=lambda text: number_within(text, 0, 1e9),
        metavar="SECONDS",
        help="end after so long (default: at ctrl+c)",
    )
    parser.add_argument("--read-only", action="store_true", help="refuse every change")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until it is ended."""
    if find_spec("textual_serve") is None:
        return fail(MISSING, REFUSED)
    try:
        read_settings(options)
    except ConfigError as error:
        return fail(str(error))
    passed_on = ["--read-only"] if options.read_only else []
    if options.config is not None:
        passed_on += ["--config", options.config]
    for assignment in options.set:
        passed_on += ["--set", assignment]
    try:
        asyncio.run(_serve(options, passed_on))
    except OSError as error:
        return fail(f"port {options.port}: {error.strerror or error}", REFUSED)
    return DONE


async def _serve(options: argparse.Namespace, passed_on: list[str]) -> None:
    """Raises OSError where the port is taken."""
    from tui.cli.browser.deck import command_of, title_of
    from tui.cli.browser.gate import Gate
    from tui.cli.browser.inviting import Inviting
    from tui.cli.browser.server import LOOPBACK, Server

    gate, ended = Gate(options.name, options.persons), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    server = Server(gate, command_of(passed_on))
    try:
        port = await server.start(options.port)

        def tell(token: str) -> None:
            print(f"http://{LOOPBACK}:{port}/enter/{token}", flush=True)

        for token in gate.tokens:
            tell(token)
        inviting = Inviting(lambda: tell(gate.invite()))
        typed = sys.stdin is not None and sys.stdin.isatty()
        if typed:
            inviting.listen(sys.stdin.fileno())
        narrate(title_of(options.persons, typed=typed))
        if options.seconds is not None:
            loop.call_later(options.seconds, ended.set)
        await ended.wait()
    finally:
        await server.close()
