"""`tockdeck man`: the manual page as roff, from the verbs, their options and the keys.

tockdeck man > ~/.local/share/man/man1/tockdeck.1
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from textwrap import wrap
from time import time

from tui import __version__
from tui.cli import DONE, VERBS, fail
from tui.cli.keys import groups
from tui.cli.parser import parser_of
from tui.cli.verbs import STATUSES

FILES = (
    ("~/.config/tockdeck/config.toml", "the configuration; tockdeck config path tells the place"),
    ("~/.config/tockdeck/themes/", "a person's own themes"),
    (
        "~/.local/share/tockdeck/",
        "changes, connections, names of imported hours, the embedded services",
    ),
    ("~/.local/state/tockdeck/", "drafts, arrangements, the console's history"),
    ("~/.cache/tockdeck/", "answers that are kept to be shown at once"),
)
ENVIRONMENT = (
    ("TOCKDECK_CONFIG", "configuration file to use, as --config"),
    ("TOCKDECK_HOME", "one directory for configuration, data, state and cache"),
    (
        "TOCKDECK_SECTION_KEY",
        "one setting, such as TOCKDECK_DECK_THEME; stands over the file",
    ),
)


WIDTH = 72
"""Characters of a line; a word may be longer."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    del options
    # Of the day of printing, or of the one that who builds a package sets.
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or str(int(time()))
    try:
        day = datetime.fromtimestamp(int(seconds), UTC).date()
    except (ValueError, OverflowError, OSError):
        return fail(f"SOURCE_DATE_EPOCH should be seconds since 1970, but is {seconds!r}")
    print("\n".join(_page(day)))
    return DONE


def _page(day: date) -> Iterator[str]:
    yield f'.TH TOCKDECK 1 "{day}" "tockdeck {__version__}" "User Commands"'
    # Options have long words: a line stretched to the margin would be holes.
    yield ".ad l"
    yield ".SH NAME"
    yield "tockdeck \\- one keyboard\\-driven deck over five web services"
    yield ".SH SYNOPSIS"
    yield ".B tockdeck"
    yield "[\\fIVERB\\fR] [\\fIOPTIONS\\fR]"
    yield ".SH DESCRIPTION"
    yield _text(
        "Books, tocks, sailing sessions, timers and invoices in one terminal program. Without a "
        "verb the deck opens; without any account it runs on embedded services of its own."
    )
    yield ".SH VERBS"
    for verb, what in VERBS.items():
        yield from _verb(verb, what)
    yield ".SH KEYS"
    for title, lines in groups({}):
        yield f".SS {_line(title)}"
        for key, what in lines:
            yield from _item(key, what)
    for heading, items in (
        ("EXIT STATUS", [(str(status), words) for status, words in STATUSES.items()]),
        ("FILES", FILES),
        ("ENVIRONMENT", ENVIRONMENT),
    ):
        yield f".SH {_line(heading)}"
        for name, what in items:
            yield from _item(name, what)


def _verb(verb: str, what: str) -> Iterator[str]:
    yield f".SS {_line(f'tockdeck {verb}')}"
    yield _text(f"{what[0].upper()}{what[1:]}.")
    for action in parser_of(verb)._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        yield from _item(option_words(action), _help(action))


def option_words(action: argparse.Action) -> str:
    """An option or an argument as it is written: `-o FILE, --output FILE`."""
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices is not None and action.metavar is None:
        name = "|".join(map(str, action.choices))
    if not action.option_strings:
        return name if action.nargs not in ("?", "*") else f"[{name}]"
    value = "" if action.nargs == 0 else f" {name}"
    return ", ".join(f"{option}{value}" for option in action.option_strings)


def _help(action: argparse.Action) -> str:
    return (action.help or "") % {"default": action.default}


def _item(name: str, what: str) -> Iterator[str]:
    yield ".TP"
    yield f"\\fB{_line(name)}\\fR"
    yield _text(what)


def _text(words: str) -> str:
    """A paragraph, in lines no longer than style wants."""
    lines = wrap(_line(words), WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(_no_request, lines))


def _line(words: str) -> str:
    """Words as roff takes them, in one line: what stands in a heading, or before a paragraph."""
    return _no_request(re.sub(r"\s+", " ", words).replace("\\", "\\e").replace("-", "\\-"))


def _no_request(line: str) -> str:
    return f"\\&{line}" if line[:1] in (".", "'") else line
