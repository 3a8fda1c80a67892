"""`tockdeck open`: the one verb that imports Textual."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui import first_moment, late_modules
from tui.cli import DONE, USAGE, add_configuration_arguments, fail
from tui.cli.output import refuse_closed, write_pages
from tui.cli.settings import settings_of
from tui.commands import SCREENS, show_keys_in_words
from tui.config.load import ConfigError
from tui.terminal import in_screen, moves_cursor, shown_by

if TYPE_CHECKING:
    import argparse

TURN_SECONDS = 0.001
"""How long a thread keeps the interpreter while another one waits for it."""


NO_CURSOR = (
    "the deck needs a terminal whose cursor can be moved as today's are, and TERM is {}; `tockdeck "
    "status`, `find`, `call`, `live --plain` and `open --plain`, which has all screens in lines, "
    "need none"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How this run of the deck differs from the configuration."""
    parser.add_argument("--screen", choices=list(SCREENS), help="the screen that opens first")
    parser.add_argument("--theme", help="theme by name")
    parser.add_argument("--read-only", action="store_true", help="refuse every change")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="the screens as numbered lines and prompts: for screen readers, scripts, any terminal",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Open the deck and stay until it is left."""
    flags = {}
    if options.screen:
        flags["deck.first_screen"] = options.screen
    if options.theme:
        flags["deck.theme"] = options.theme
    if options.read_only:
        flags["deck.read_only"] = "true"
    if options.no_mouse:
        flags["deck.mouse"] = "false"
    if options.plain:
        return open_plain(flags, options.screen or "", options.config, options.set)
    return open_deck(flags, options.config, options.set)


def open_plain(flags: Mapping[str, str], first: str, config: str | None, set: Sequence[str]) -> int:
    """The screens in lines, from `first` or the list of them; it needs no terminal."""
    try:
        loaded, locations = settings_of(flags, config, set)
    except ConfigError as error:
        return fail(str(error))
    refuse_closed()
    write_pages(loaded.settings.deck.glyphs)
    late_modules.step_aside()
    from tui.cli.plain.run import run as run_plain
    from tui.workspace.workspace import Workspace

    return run_plain(Workspace(loaded, locations), first)


def open_deck(
    flags: Mapping[str, str] | None = None, config: str | None = None, set: Sequence[str] = ()
) -> int:
    """The same without a command line to read."""
    try:
        loaded, locations = settings_of(flags, config, set)
    except ConfigError as error:
        return fail(str(error))
    if not in_page() and not all(
        stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)
    ):
        return fail(
            "the deck needs a terminal; `tockdeck open --plain` needs none, and `tockdeck --help`"
            " lists the verbs for pipes",
            USAGE,
        )
    deck = loaded.settings.deck
    if not in_page() and not moves_cursor():
        return fail(NO_CURSOR.format(os.environ.get("TERM")), USAGE)
    # What is made until the first frame stands stays for good: to look through it for what can
    # be thrown away took a quarter of that time. The deck turns it on again.
    gc.disable()
    # What threads work out must not keep a key waiting for longer than it takes to paint.
    sys.setswitchinterval(TURN_SECONDS)
    from tui.way_out import WayOut

    way_out = WayOut(before=first_moment.give_back)
    shown = shown_by(deck.colours, deck.glyphs)
    # Everything is drawn in true colour, and then with what there is: for all of Textual and Rich.
    with changed_environment({"TEXTUAL_COLOR_SYSTEM": "truecolor", "NO_COLOR": None}):
        from tui.widgets import light_nodes, light_tokens

        light_nodes.lighten()
        light_tokens.lighten()
        from tui.app import Tockdeck
        from tui.workspace.workspace import Workspace

        draw_in(shown.encoding)
        if shown.glyphs == "ascii":
            show_keys_in_words()
        app = Tockdeck(Workspace(loaded, locations), way_out, shown)
    late_modules.step_aside()
    # With a mouse GNU screen holds every Esc until the next key, and makes them one.
    asked = "deck.mouse" in loaded.origins or not in_screen()
    app.run(mouse=deck.mouse and asked)
    return app.return_code or DONE


def in_page() -> bool:
    """Whether a page of `tockdeck serve` shows the deck, which has no terminal then."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


@contextmanager
def changed_environment(values: Mapping[str, str | None]) -> Iterator[None]:
    """Other variables for as long as this lasts; None is none. What we start later has its own."""
    before = {name: os.environ.get(name) for name in values}

    def put(wanted: Mapping[str, str | None]) -> None:
        for name, value in wanted.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(values)
    try:
        yield
    finally:
        put(before)


def draw_in(encoding: str) -> None:
    """Frames are in UTF-8, whatever Python makes of the locale, but where the terminal cannot."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != encoding:
            stream.reconfigure(encoding=encoding, errors="replace")
