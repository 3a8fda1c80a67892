"""The command line: one small module a verb, each imported only when it is used.

Standard output carries data and nothing else; standard error carries narration. The exit
status is part of the interface: `tui.cli.verbs.STATUSES` says what each one means.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from tui import __version__
from tui.cli.verbs import (
    AUTHENTICATION,
    DONE,
    INTERRUPTED,
    REFUSED,
    UNKNOWN,
    UNREACHABLE,
    USAGE,
    VERBS,
)

if TYPE_CHECKING:
    import argparse

__all__ = [
    "AUTHENTICATION",
    "DONE",
    "INTERRUPTED",
    "REFUSED",
    "UNKNOWN",
    "UNREACHABLE",
    "USAGE",
    "VERBS",
    "main",
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in (["--version"], ["-V"]):
        print(f"tockdeck {__version__}")
        return DONE
    if words[:1] in (["--help"], ["-h"]):
        from tui.cli.parser import overview

        overview(VERBS).print_help()
        return DONE
    verb, rest = (words[0], words[1:]) if words and words[0][:1] != "-" else ("open", words)
    if verb not in VERBS:
        return _unknown(verb)
    module = import_module(f"tui.cli.{verb}")
    try:
        if not words:
            # Nothing to read: the deck stands sooner without what reads options.
            status: int = module.open_deck()
        else:
            from tui.cli.parser import options_of

            status = module.run(options_of(verb, VERBS[verb], module.add_arguments, rest))
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
    if sys.stderr is not None:  # closed: `print` would take standard output, which is for data
        from tui.workspace.text import clean

        print(f"tockdeck: {clean(message)}", file=sys.stderr)
    return status


def _unknown(verb: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=1)
    hint = f"; did you mean {near[0]}?" if near else "; see tockdeck --help"
    return fail(f"{verb!r} is not a verb{hint}")
