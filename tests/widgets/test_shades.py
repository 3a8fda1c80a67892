"""Themes in fewer colours: every text can be read on every ground, and nothing is a signal by
mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from tests.widgets.hosts import THEMES
from tests.widgets.test_themes import SHIPPED, contrast, least_of
from tui.terminal import Depth, Shown
from tui.widgets.palette import make_palette
from tui.widgets.sgr import PLAIN, Pen, taken
from tui.widgets.shades import GROUNDS, READABLE, TEXTS, derived, nearest_of_256, paint_of
from tui.widgets.shown import drawn
from tui.widgets.theme import ThemeColours, read_theme, to_textual

# The sources of these: xterm 379, XTerm-col.ad; Linux, drivers/tty/vt/vt.c (default_red ...).
XTERM = [
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
]  # fmt: skip
CONSOLE = [
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
]  # fmt: skip
STEPS = (0, 95, 135, 175, 215, 255)
CUBE = [f"#{r:02x}{g:02x}{b:02x}" for r in STEPS for g in STEPS for b in STEPS]
MANY = [*XTERM, *CUBE, *(f"#{v:02x}{v:02x}{v:02x}" for v in range(8, 248, 10))]
RED_OR_TEAL = {1, 6, 9, 14}


def truth(colour: str, base: int) -> str:
    return f"{base};2;" + ";".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))


def pen_of(
    theme: ThemeColours, depth: Depth, text: str, ground: str, *, before: str = ""
) -> tuple[Pen, bool]:
    """What a text on a ground is drawn with, and whether it is turned round."""
    draw = drawn(theme, Shown(depth))
    assert draw is not None
    ink = dict(theme.colours, **{f"level-{n}": one for n, one in enumerate(theme.levels, 1)})[text]
    frame = draw(f"\x1b[{before}{truth(ink, 38)};{truth(theme.colours[ground], 48)}mX\x1b[0m")
    head = frame.split("X")[0]
    pen = taken(PLAIN, head[2:-1]) if head else PLAIN
    return pen, "7" in pen.attributes


def number(colour: str) -> int:
    """The number of a colour of the terminal in an SGR sequence."""
    if ";" in colour:
        return int(colour.split(";")[2])
    code = int(colour)
    return code % 10 if code < 90 else code % 10 + 8


def test_what_is_said_to_be_readable_is() -> None:
    for ground in READABLE:
        can = [
            ink
            for ink in range(16)
            if all(contrast(own[ink], own[ground]) >= 4.5 for own in (XTERM, CONSOLE))
        ]
        assert can == list(READABLE[ground])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_text_can_be_read_in_fewer_colours_too(path: Path) -> None:
    theme, least = read_theme(path), least_of(path)
    weak = {}
    depths: tuple[Depth, ...] = ("256", "16", "8")
    for depth in depths:
        for text in TEXTS:
            for ground in GROUNDS:
                pen, _ = pen_of(theme, depth, text, ground, before="1;")
                if theme.sixteen:
                    # Its grounds are not known: colours come in pairs, or not at all.
                    assert bool(pen.foreground) == bool(pen.background)
                if not pen.foreground:
                    continue
                ink, below = number(pen.foreground), number(pen.background)
                inks = {ink, ink + 8 if "1" in pen.attributes and ink < 8 else ink}
                for own in (MANY,) if depth == "256" and not theme.sixteen else (XTERM, CONSOLE):
                    found = min(contrast(own[one], own[below]) for one in inks)
                    if found < least:
                        weak[depth, text, ground] = (ink, below, round(found, 2))
    assert weak == {}


def styles_of(theme: ThemeColours) -> dict[str, Style]:
    """Everything that line-drawn widgets draw text with, by where it stands in the palette."""
    themed = to_textual(theme)
    palette = make_palette({**themed.to_color_system().generate(), **themed.variables})
    found: dict[str, Style] = {}
    for place, one in palette._asdict().items():
        if isinstance(one, Style):
            found[place] = one
        elif place != "levels":  # no text is written in those, nor in inks and rules
            found |= {f"{place}.{role}": style for role, style in one.items()
                      if role != "line" and not role.startswith("ink-")}  # fmt: skip
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_style_that_text_is_drawn_with_can_be_read(path: Path) -> None:
    """Bars, buttons, rows and the cell of the cursor, turned round as they are."""
    theme, least, weak = read_theme(path), least_of(path), {}
    depths: tuple[Depth, ...] = ("truecolor", "256", "16", "8")
    styles = styles_of(theme)
    assert len(styles) > 50
    for depth in depths:
        draw = drawn(theme, Shown(depth))
        for place, style in styles.items():
            # Rich keeps the codes that a style was first drawn in, by whichever test of this run.
            with patch.object(style, "_ansi", None):
                codes = style._make_ansi_codes(ColorSystem.TRUECOLOR)
            pen = taken(PLAIN, codes)
            if draw is not None:
                head = draw(f"\x1b[{codes}mX\x1b[0m").split("X")[0]
                pen = taken(PLAIN, head[2:-1]) if head else PLAIN
            if not pen.foreground or not pen.background:
                assert theme.sixteen, (depth, place)
                continue
            if draw is None:
                pairs = [(rgb_of(pen.foreground), rgb_of(pen.background))]
            else:
                ink, below = number(pen.foreground), number(pen.background)
                owns = (MANY,) if depth == "256" and not theme.sixteen else (XTERM, CONSOLE)
                pairs = [(own[ink], own[below]) for own in owns]
            found = min(contrast(*pair) for pair in pairs)
            # Textual derives its colours through another colour space and back.
            if found < least - 0.1:
                weak[depth, place] = round(found, 2)
    assert weak == {}


def rgb_of(colour: str) -> str:
    """A true colour of an SGR sequence as ``#rrggbb``."""
    return "#" + "".join(f"{int(part):02x}" for part in colour.split(";")[2:])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_cursor_is_seen_and_is_no_signal(path: Path) -> None:
    theme = read_theme(path)
    for depth in DEPTHS_OF_COLOUR:
        row, turned = pen_of(theme, depth, "foreground", "cursor")
        other, _ = pen_of(theme, depth, "foreground", "background")
        assert (row.background, row.attributes) != (other.background, other.attributes)
        if row.background and (depth != "256"):
            assert number(row.background) not in RED_OR_TEAL
        assert turned == (not row.background)
        # The one cell of the cursor, which is turned round once more, stands out of its row.
        cell, cell_turned = pen_of(theme, depth, "primary", "cursor", before="1;7;")
        assert cell_turned != turned
        if cell.foreground and depth != "256":
            assert number(cell.foreground) not in RED_OR_TEAL


DEPTHS_OF_COLOUR: tuple[Depth, ...] = ("256", "16", "8", "none")


def test_without_colours_nothing_has_one() -> None:
    for path in SHIPPED:
        theme = read_theme(path)
        for text in (*TEXTS, "border", "level-1", "level-8"):
            for ground in GROUNDS:
                pen, _ = pen_of(theme, "none", text, ground)
                assert (pen.foreground, pen.background) == ("", "")


def test_graphs_can_be_seen_in_fewer_colours() -> None:
    for path in SHIPPED:
        theme = read_theme(path)
        for depth, palettes in (
            ("256", (MANY,)),
            ("16", (XTERM, CONSOLE)),
            ("8", (XTERM, CONSOLE)),
        ):
            for level in range(1, 9):
                pen, _ = pen_of(theme, depth, f"level-{level}", "background")  # type: ignore[arg-type]
                if not theme.sixteen:
                    ink, below = number(pen.foreground), number(pen.background)
                    assert all(contrast(own[ink], own[below]) >= 3 for own in palettes)


def test_the_console_has_no_bright_grounds() -> None:
    draw = drawn(read_theme(THEMES / "daylight.toml"), Shown("16", console=True))
    assert draw is not None
    assert draw(f"\x1b[{truth('#2a2f36', 38)};{truth('#fafaf7', 48)}mX") == "\x1b[30;47mX"
    draw = drawn(read_theme(THEMES / "ember.toml"), Shown("16", console=True))
    assert draw is not None
    assert draw(f"\x1b[{truth('#f0887a', 38)};{truth('#191513', 48)}mX") == "\x1b[91;40mX"


def test_a_field_turned_round_and_what_a_theme_has_no_colour_for() -> None:
    theme = read_theme(THEMES / "nightwatch.toml")
    draw = drawn(theme, Shown("16"))
    assert draw is not None
    # The cursor of a line of text: the background on the text's colour.
    assert draw(f"\x1b[{truth('#12161d', 38)};{truth('#cdd6e3', 48)}mX") == "\x1b[7;97;40mX"
    # Dimmed, as below a dialog: no text is as bright.
    assert draw("\x1b[38;2;60;66;80;48;2;8;10;13mX\x1b[0m") == "\x1b[90;40mX\x1b[0m"
    assert draw("\x1b[1mX\x1b[0m\x1b[3;4H") == "\x1b[1mX\x1b[0m\x1b[3;4H"
    assert drawn(theme, Shown("truecolor")) is None
    # In many colours a mixture keeps its own.
    many = drawn(theme, Shown("256"))
    assert many is not None
    assert many("\x1b[38;2;96;95;94mX") == "\x1b[38;5;59;48;5;233mX"


def test_ones_own_theme_that_picked_nothing_can_be_read(tmp_path: Path) -> None:
    for name in ("ember", "daylight"):
        text = (THEMES / f"{name}.toml").read_text(encoding="utf-8").partition("[256]")[0]
        file = tmp_path / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        theme = read_theme(file)
        assert not theme.tables
        for depth in DEPTHS_OF_COLOUR:
            for text in TEXTS:
                for ground in GROUNDS:
                    pen, _ = pen_of(theme, depth, text, ground)
                    if depth in ("16", "8"):
                        ink, below = number(pen.foreground), number(pen.background)
                        assert ink in READABLE[below]
        assert derived(theme.colours, theme.levels, theme.dark, "none").roles["cursor"]


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_no_colour_of_the_256_is_nearer(colour: tuple[int, int, int]) -> None:
    def far(index: int) -> int:
        own = [int(MANY[index][i : i + 2], 16) for i in (1, 3, 5)]
        return sum((a - b) ** 2 for a, b in zip(own, colour, strict=True))

    assert far(nearest_of_256(colour)) == min(map(far, range(16, 256)))


def test_what_a_role_is_drawn_with_is_read_strictly() -> None:
    assert paint_of("bold 9") == paint_of("9 bold")
    assert (paint_of("15 on 1").number, paint_of("15 on 1").behind) == (15, 1)
    for wrong in ("mauve", "", "1 2", "on 3", "256", "1 on", "1 on 2 3", True, 1.5, -1):
        with pytest.raises(ValueError, match=r".*"):
            paint_of(wrong)


@pytest.mark.parametrize(
    ("name", "console", "seen"),
    [
        ("terminal", False, lambda cell: cell.bg == "red"),
        ("daylight", True, lambda cell: cell.underscore),
    ],
)
def test_a_ground_or_a_line_of_its_own_is_at_words_alone(
    name: str, console: bool, seen: Callable[[Any], bool]
) -> None:
    """Overdue invoices were a block of red, or of lines, as wide as their column."""
    theme = read_theme(THEMES / f"{name}.toml")
    draw = drawn(theme, Shown("16", console=console))
    assert draw is not None
    bad = f"{truth(theme.colours['bad'], 38)};{truth(theme.colours['background'], 48)}"
    screen = pyte.Screen(20, 3)
    first = f"\x1b[1;1H\x1b[{bad}m ! 7 d late   \x1b[2;1Hno more\x1b[0m"
    pyte.Stream(screen).feed(draw(f"{first}\x1b[3;1H\x1b[{bad}m    \x1b[0mx"))
    rows = ["".join("#" if seen(screen.buffer[y][x]) else "." for x in range(12)) for y in range(3)]
    assert rows == [".##########.", "#######.....", "............"]
