"""The styles that line-drawn widgets use, made once for each theme.

A widget asks for `palette_of(self.app)` whenever it draws: while the theme stays the same object
this is one comparison, and a theme that was changed or read anew gives new styles by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from rich.style import Style
from textual.app import App
from textual.color import Color

Role = Literal[
    "text",
    "strong",
    "muted",
    "number",
    "good",
    "warn",
    "bad",
    "accent",
    "primary",
    "key",
    "title",
    "line",
    "ink-1",
    "ink-2",
    "ink-3",
    "ink-4",
    "ink-5",
    "ink-6",
    "ink-7",
    "ink-8",
]
"""What a piece of text is, not how it looks; the theme decides that. The inks are for lines that
are told apart by their colour alone; no text is written in one."""
INKS: tuple[Role, ...] = (
    "ink-1", "ink-2", "ink-3", "ink-4", "ink-5", "ink-6", "ink-7", "ink-8",
)  # fmt: skip
ON_LIGHT = (
    "#1460e5", "#d02144", "#1e7879", "#ab38b6", "#571312", "#0f4706", "#6c0077", "#000494",
)  # fmt: skip
ON_DARK = (
    "#3596ad", "#f5ec1f", "#ff4982", "#59be1e", "#f2ccff", "#d38d1c", "#ba61f5", "#06f3e3",
)  # fmt: skip
"""The inks: as far from each other as eight can be that are seen on the ground of every theme and
are no theme's good, bad or warning. A theme's levels rise in one colour: eight boats were alike."""

_COLOUR_OF_ROLE: dict[Role, str] = {
    "text": "foreground",
    "strong": "foreground",
    "muted": "muted",
    "number": "foreground",
    "good": "success",
    "warn": "warning",
    "bad": "error",
    "accent": "accent",
    "primary": "primary",
    "key": "primary",
    "title": "muted",
    "line": "line",
}
_BOLD: frozenset[str] = frozenset({"title", "strong", "key"})
# What a theme that is not one of ours (Textual's own, or an ANSI one) lacks.
_STAND_INS = {
    "muted": "foreground-muted",
    "line": "panel",
    "cursor": "panel",
    "selection": "boost",
    **{f"level-{number}": "primary" for number in range(1, 9)},
}


class Palette(NamedTuple):
    """Rich styles by role, for the four grounds that a row can stand on, and eight graph levels."""

    plain: Mapping[str, Style]
    """On the background, which line-drawn widgets always fill: boxes over a screen too."""
    cursor: Mapping[str, Style]
    """On the row that the cursor is on, in the focused widget."""
    resting: Mapping[str, Style]
    """On the row that the cursor is on, while another widget has the focus."""
    marked: Mapping[str, Style]
    """On a marked row."""
    cell: Style
    """The one cell that a cell cursor is on: reversed, so that it needs no colour to be seen."""
    levels: tuple[Style, ...]
    """Styles for graphs: eight from low to high, then those of port and of starboard."""
    bar: Style
    """Text on a bar at the top or the bottom of the screen."""
    bar_muted: Style
    bar_key: Style
    button: Style
    button_active: Style
    bar_active: Style
    """The active one of a row of tabs or buttons: bold and reversed."""


def _colour(variables: Mapping[str, str], name: str) -> Color:
    value = variables.get(name)
    if value is None or value.startswith("auto"):
        value = variables.get(_STAND_INS.get(name, "foreground"))
    if value is None or value.startswith("auto"):
        value = variables["foreground"]
    # A style sheet's colour may carry an alpha behind it: "ansi_default 50%".
    plain, _, alpha = value.partition(" ")
    colour = Color.parse(plain)
    if alpha.endswith("%") and colour.ansi is None:
        return colour.multiply_alpha(float(alpha[:-1]) / 100)
    return colour


def make_palette(variables: Mapping[str, str]) -> Palette:
    """The palette of one set of Textual theme variables, ours or those of any other theme."""
    ground = _colour(variables, "background")

    def paint(colour: Color, on: Color, bold: bool = False) -> Style:
        # Textual's own themes use translucent colours; a line needs the colour that results.
        shown = colour if colour.ansi is not None or colour.a == 1 else on + colour
        return Style(
            color=shown.rich_color,
            bgcolor=on.rich_color,
            bold=bold or None,
        )

    same: dict[Style, Style] = {}

    def roles(on: Color) -> dict[str, Style]:
        styles: dict[str, Style] = {}
        for role, name in _COLOUR_OF_ROLE.items():
            style = paint(_colour(variables, name), on, role in _BOLD)
            # One object for styles that are equal, so that drawing can join by identity what
            # looks the same.
            styles[role] = same.setdefault(style, style)
        return styles

    def solid(name: str) -> Color:
        colour = _colour(variables, name)
        return colour if colour.ansi is not None or colour.a == 1 else ground + colour

    panel, surface = solid("panel"), solid("surface")
    foreground, primary = _colour(variables, "foreground"), _colour(variables, "primary")
    levels = [paint(solid(f"level-{number}"), ground) for number in range(1, 9)]
    inks = levels
    if ground.ansi is None:
        on_it = ON_LIGHT if ground.brightness > 0.5 else ON_DARK
        inks = [paint(Color.parse(one), ground) for one in on_it]
    return Palette(
        plain=roles(ground) | dict(zip(INKS, inks, strict=True)),
        cursor=roles(solid("cursor")),
        resting=roles(panel),
        marked=roles(solid("selection")),
        cell=paint(primary, solid("cursor"), bold=True) + Style(reverse=True),
        levels=(
            *levels,
            paint(_colour(variables, _COLOUR_OF_ROLE["bad"]), ground),
            paint(_colour(variables, _COLOUR_OF_ROLE["good"]), ground),
        ),
        bar=paint(foreground, surface),
        bar_muted=paint(_colour(variables, "muted"), surface),
        bar_key=paint(primary, surface, bold=True),
        button=paint(primary, ground, bold=True),
        button_active=paint(primary, ground, bold=True) + Style(reverse=True),
        bar_active=paint(primary, surface, bold=True) + Style(reverse=True),
    )


class _Kept:
    """The palette that was asked for last; there is one screen, so one is enough."""

    variables: Mapping[str, str] | None = None
    palette: Palette | None = None


def palette_of(app: App[Any]) -> Palette:
    """The palette of the application's theme, made when its variables are others than before."""
    variables = app.theme_variables
    if _Kept.palette is None or _Kept.variables is not variables:
        _Kept.palette = make_palette(variables)
        _Kept.variables = variables
    return _Kept.palette
