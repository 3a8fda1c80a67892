"""The command line: one small module a verb, each imported only when it is used.

Standard output carries data and nothing else; standard error carries narration. The exit
status is part of the interface: `tui.cli.verbs.STATUSES` says what each one means.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

from tui import __version__, first_moment, late_modules
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

TYPE_CHECKING = False
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


SILENT = ("open", "record", "export", "widget", "hours", "invoice", "invoices")
"""Verbs that may have nothing to say on standard output; they tell themselves where they have."""


SHORT = ("add", "start", "stop", "switch", "resume", "status")
"""Verbs that are over before there is any garbage to speak of."""

LATE = ("add", "start", "stop", "switch", "resume", "hours", "status", "find")
"""Verbs that ask a service once or twice, so that imports are most of what they cost."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words == ["status"]:
        from tui import kept_status

        if kept_status.show(__version__):
            return DONE
        if kept_status.refuse():
            return REFUSED
    first_moment.paint(words, __version__)
    from tui.cli.output import OutputFailed, ReaderGone, Streams

    with Streams():
        try:
            status = _run(words)
            sys.stdout.flush()
        except KeyboardInterrupt:
            return INTERRUPTED
        except ReaderGone:
            return DONE
        except OutputFailed as error:
            return fail(str(error), REFUSED)
        finally:
            late_modules.step_aside()
            first_moment.give_back()
        return status


def _run(words: list[str]) -> int:
    if words[:1] in (["--version"], ["-V"]):
        print(f"tockdeck {__version__}")
        return DONE
    if words[:1] in (["--help"], ["-h"]):
        from tui.cli.parser import overview

        overview(VERBS).print_help()
        return DONE
    words = verb_first(words)
    verb, rest = (words[0], words[1:]) if words and words[0][:1] != "-" else ("open", words)
    if verb not in VERBS:
        return _unknown(verb)
    if verb not in SILENT:
        from tui.cli.output import refuse_closed

        # Before anything is done: an answer that nobody can be given is not asked for.
        refuse_closed()
    # What is imported stays for good: to look through it for garbage took a tenth of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        return _carry_out(verb, words, rest, collects=collects and verb not in SHORT)
    finally:
        if collects:
            gc.enable()


def verb_first(words: Sequence[str]) -> list[str]:
    """The words with what reads the configuration (`--set`, `--config`) behind the verb: many a
    program takes that before it, and all verbs that can have it have it in common."""
    place = 0
    while place < len(words) and words[place].partition("=")[0] in ("--set", "--config"):
        place += 1 if "=" in words[place] else 2
    if not 0 < place < len(words) or words[place][:1] == "-":
        return list(words)
    return [words[place], *words[:place], *words[place + 1 :]]


def _carry_out(verb: str, words: list[str], rest: list[str], *, collects: bool) -> int:
    """`collects` says whether garbage is looked for once the verb is imported."""
    if verb == "open":
        late_modules.stand_in()
    if words[:2] == ["completion", "names"]:
        # A shell asks at the press of a key.
        from tui.cli.stored_names import KINDS
        from tui.cli.stored_names import run as print_names

        if len(words) == 2 or (len(words) == 3 and words[2] in KINDS):
            return print_names(*words[2:])
    if verb in LATE:
        # Only while it is imported: httpx uses some of them at once.
        late_modules.stand_in()
        module = import_module(f"tui.cli.{verb}")
        late_modules.step_aside()
    else:
        module = import_module(f"tui.cli.{verb}")
    if collects:
        # Looked through once, what is imported would cost ten times what it took to read options.
        gc.freeze()
        gc.enable()
    if not words:
        # Nothing to read: the deck stands sooner without what reads options.
        status: int = module.open_deck()
        return status
    if words == ["status"]:
        # A status bar calls it every second.
        shown: int = module.run_plain()
        return shown
    from tui.cli.parser import options_of

    try:
        options = options_of(verb, VERBS[verb], module.add_arguments, rest)
    except SystemExit as end:
        # Help, or a mistake that has been told.
        later = next((word for word in words[1:] if word in VERBS), "")
        if end.code == USAGE and words[0][:1] == "-" and later:
            return fail(f"a verb stands before its options: tockdeck {later} ...")
        return end.code if isinstance(end.code, int) else DONE
    status = module.run(options)
    return status  # noqa: RET504 - the module is any


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
    from tui.workspace.text import clean

    first_moment.give_back()
    print(f"tockdeck: {clean(message)}", file=sys.stderr)
    return status


def _unknown(verb: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=1)
    hint = f"; did you mean {near[0]}?" if near else "; see tockdeck --help"
    return fail(f"{verb!r} is not a verb{hint}")
