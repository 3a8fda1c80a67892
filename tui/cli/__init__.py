"""The command line: one small module a verb, each imported only when it is used.

Standard output carries data and nothing else; standard error carries narration. The exit
status is part of the interface: 0 done, 1 the service refused, 2 usage or configuration,
3 a service could not be reached (trying again may help), 4 authentication, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

from tui import __version__

DONE = 0
REFUSED = 1
USAGE = 2
UNREACHABLE = 3
AUTHENTICATION = 4
INTERRUPTED = 130

VERBS: Mapping[str, str] = {
    "open": "open the deck (what `tockdeck` alone does)",
    "ops": "list the documented operations of the five services",
    "call": "call one operation and print its answer as JSON",
    "live": "print the live feed as it comes, or its last values",
    "record": "record the live feed to a file",
    "replay": "print a recording as it once came",
    "export": "write a recording or a session as CSV, JSON lines, GPX or GeoJSON",
    "simulate": "let another number of boats sail on the embedded live feed",
    "status": "print the running timer and today's total, for a status bar",
    "widget": "show, check or fill in an iBuildApp widget document",
    "config": "show, check or find the configuration",
    "embedded": "run the embedded services by hand, or clear and reset their sample data",
}
"""Each verb and what it does; its module has the same name."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in (["--version"], ["-V"]):
        print(f"tockdeck {__version__}")
        return DONE
    if words[:1] in (["--help"], ["-h"]):
        _overview().print_help()
        return DONE
    verb, rest = (words[0], words[1:]) if words and words[0][:1] != "-" else ("open", words)
    if verb not in VERBS:
        return _unknown(verb)
    module = import_module(f"tui.cli.{verb}")
    what = VERBS[verb]
    parser = _Parser(prog=f"tockdeck {verb}", description=f"{what[0].upper()}{what[1:]}.")
    module.add_arguments(parser)
    # Intermixed: `call ID --dry-run name=value` is as good as with the option at the end.
    options = parser.parse_intermixed_args(rest)
    try:
        status: int = module.run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away: nobody is left to tell. What Python still holds for it
        # goes nowhere, or its flush at the end would fail and change the status.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return status


def add_configuration_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that every verb which reads the configuration takes."""
    parser.add_argument("--config", metavar="FILE", help="configuration file to use")
    parser.add_argument(
        "--set",
        metavar="SECTION.KEY=VALUE",
        action="append",
        default=[],
        help="one setting, over the environment and the file; may be repeated",
    )


def fail(message: str, status: int = USAGE) -> int:
    """One line on standard error, and the exit status to return."""
    print(f"tockdeck: {message}", file=sys.stderr)
    return status


def _unknown(verb: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=1)
    hint = f"; did you mean {near[0]}?" if near else "; see tockdeck --help"
    return fail(f"{verb!r} is not a verb{hint}")


def _overview() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {verb:<12} {what}" for verb, what in VERBS.items())
    return _Parser(
        prog="tockdeck",
        usage="tockdeck [VERB] [OPTIONS]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="One keyboard-driven deck over five web services.",
        epilog=f"verbs (tockdeck VERB --help tells more):\n{lines}\n\n"
        "Without a verb the deck opens; without any account it runs on embedded services.",
    )
