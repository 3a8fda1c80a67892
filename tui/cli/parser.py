"""Reading the options of a verb. Imported only where there is anything to read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

from tui.cli.verbs import USAGE, VERBS

MOST_LETTERS = 40
"""Of choices that stand in braces."""
FORMS = ("as", "to", "attach")
"""Options whose choices are forms of a file."""


class _Word(str):
    """What stands behind ``--``: no option, whatever it begins with."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Python 3.14 would write escape sequences among the words.
        self.color = False

    def _parse_optional(self, arg_string: str) -> Any:
        # Intermixed, Python reads the words that are left once more, and then without the ``--``.
        return None if isinstance(arg_string, _Word) else super()._parse_optional(arg_string)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def options_of(
    verb: str,
    what: str,
    add_arguments: Callable[[argparse.ArgumentParser], None],
    words: Sequence[str],
) -> argparse.Namespace:
    """The options of one verb; leaves with status 2 and the usage where they are wrong."""
    end = words.index("--") if "--" in words else len(words)
    given = [*words[:end], *map(_Word, words[end + 1 :])]
    # Intermixed: `call ID --dry-run name=value` is as good as with the option at the end.
    options = _made(verb, what, add_arguments).parse_intermixed_args(given)
    for name, found in vars(options).items():
        # Not everything that takes a text takes what is like one.
        if isinstance(found, list):
            found[:] = [str(one) if isinstance(one, _Word) else one for one in found]
        elif isinstance(found, _Word):
            setattr(options, name, str(found))
    return options


def parser_of(verb: str) -> argparse.ArgumentParser:
    """The parser of one verb, to be described."""
    return _made(verb, VERBS[verb], import_module(f"tui.cli.{verb}").add_arguments)


def _made(
    verb: str, what: str, add_arguments: Callable[[argparse.ArgumentParser], None]
) -> argparse.ArgumentParser:
    parser = _Parser(prog=f"tockdeck {verb}", description=f"{what[0].upper()}{what[1:]}.")
    add_arguments(parser)
    for action in parser._actions:
        _tell_choices(action)
    return parser


def _tell_choices(action: argparse.Action) -> None:
    """Many choices are told in the help, which is wrapped; argparse writes them as one word."""
    words = list(map(str, action.choices or ()))
    if action.metavar is None and sum(map(len, words)) + len(words) > MOST_LETTERS:
        name = (action.option_strings or [action.dest])[-1].lstrip("-")
        action.metavar = "FORM" if name in FORMS else name.upper()
        action.help = f"{action.help or 'one of them'} ({', '.join(words)})"


def overview(verbs: Mapping[str, str]) -> argparse.ArgumentParser:
    """What `tockdeck --help` shows."""
    lines = "\n".join(f"  {verb:<12} {what}" for verb, what in verbs.items())
    return _Parser(
        prog="tockdeck",
        usage="tockdeck [VERB] [OPTIONS]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="One keyboard-driven deck over five web services.",
        epilog=f"verbs (tockdeck VERB --help tells more):\n{lines}\n\n"
        "Without a verb the deck opens; without any account it runs on embedded services.",
    )
