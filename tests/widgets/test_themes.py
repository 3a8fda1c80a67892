"""The shipped themes can be read, and a person's broken one says what is broken."""

from __future__ import annotations

from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color

from tests.widgets.hosts import THEMES
from tui.widgets.palette import INKS, make_palette, palette_of
from tui.widgets.shades import nearest_of_256
from tui.widgets.theme import (
    COLOURS,
    DEPTHS,
    ThemeFileError,
    find_themes,
    load_theme,
    load_themes,
    read_theme,
    to_textual,
)

SHIPPED = sorted(THEMES.glob("*.toml"))
TEXT = ("foreground", "muted", "primary", "accent", "good", "warn", "bad")
GROUNDS = ("background", "surface", "panel", "cursor", "selection")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_of(path: Path) -> float:
    """The contrast that text of a theme has at least."""
    return 7 if path.stem.startswith("contrast-") else 4.5


def test_the_contrast_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_text_can_be_read_on_every_ground(path: Path) -> None:
    colours = read_theme(path).colours
    least = least_of(path)
    weak = {
        f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 2)
        for text in TEXT
        for ground in GROUNDS
        if contrast(colours[text], colours[ground]) < least
    }
    assert weak == {}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_graph_levels_can_be_seen_and_rise(path: Path) -> None:
    theme = read_theme(path)
    against = [contrast(level, theme.colours["background"]) for level in theme.levels]
    assert min(against) >= 3
    assert against == sorted(against)


def seen(colour: str) -> tuple[float, float, float]:
    """A colour in Oklab (Ottosson, 2020), where what looks as different is as far apart."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_lines_of_eight_boats_can_be_seen_and_told_apart(path: Path) -> None:
    """As far from each other, at least, as a theme's good is from its bad on the worst of them."""
    theme = read_theme(path)
    themed = to_textual(theme)
    palette = make_palette({**themed.to_color_system().generate(), **themed.variables})
    inks = []
    for ink in INKS:
        colour = palette.plain[ink].color
        assert colour is not None
        inks.append(colour.get_truecolor().hex)
    assert min(contrast(ink, theme.colours["background"]) for ink in inks) >= 4.5
    assert min(dist(seen(a), seen(b)) for a, b in combinations(inks, 2)) > 0.15
    others = [theme.colours[role] for role in ("good", "bad", "warn", "muted")]
    assert min(dist(seen(ink), seen(other)) for ink in inks for other in others) > 0.05
    of_256 = [nearest_of_256(Color.parse(ink).rgb) for ink in inks]
    assert len(set(of_256)) == len(INKS)


def test_there_are_ten_of_them() -> None:
    themes = {path.stem: read_theme(path) for path in SHIPPED}
    assert sorted(themes) == [
        "contrast-dark", "contrast-light", "daylight", "ember", "fjord", "heather", "moss",
        "nightwatch", "paper", "terminal",
    ]  # fmt: skip
    assert all(theme.name == name for name, theme in themes.items())
    assert [name for name, theme in themes.items() if not theme.dark] == [
        "contrast-light", "daylight", "paper",
    ]  # fmt: skip
    assert [name for name, theme in themes.items() if theme.sixteen] == ["terminal"]
    assert all(set(theme.tables) == set(DEPTHS) for theme in themes.values())


def broken(tmp_path: Path, old: str, new: str) -> str:
    text = (THEMES / "ember.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ThemeFileError) as caught:
        read_theme(path)
    assert str(caught.value).startswith(f"{path}: ")
    return caught.value.what


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    assert "colours.warn" in broken(tmp_path, 'warn = "#', 'warn = "')
    assert "muted is missing" in broken(tmp_path, "muted", "# muted")
    assert "Did you mean accent?" in broken(tmp_path, "accent", "acent")
    assert "Did you mean title?" in broken(tmp_path, "title", "titel")
    assert "list of 8" in broken(tmp_path, "levels = [", 'levels = [ "#111111", ')
    assert "colours.levels[0]" in broken(tmp_path, '"#8e573d"', "7")
    assert "true or false" in broken(tmp_path, "dark = true", 'dark = "yes"')
    assert "not TOML" in broken(tmp_path, "dark = true", "dark = ")
    assert "name must be" in broken(tmp_path, 'name = "ember"', 'name = "Em Ber"')
    assert "title must be" in broken(tmp_path, 'title = "Ember"', 'title = "a\\nb"')
    assert "16.warn must be like 11" in broken(tmp_path, "warn = [11]", 'warn = "mauve"')
    assert "16.cursor is missing" in broken(
        tmp_path,
        "cursor = 4\nselection = 0\nlevels = [7, 7, 11",
        "selection = 0\nlevels = [7, 7, 11",
    )
    assert "256.levels must be a list of 8" in broken(tmp_path, "levels = [131, ", "levels = [")
    assert "[colours] is missing" in broken(tmp_path, "[colours]", "[[colours]]")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(ThemeFileError, match="UTF-8"):
        read_theme(tmp_path / "latin.toml")
    with pytest.raises(ThemeFileError, match="cannot be read"):
        read_theme(tmp_path / "none.toml")


def test_ones_own_theme_replaces_the_shipped_one(tmp_path: Path) -> None:
    text = (THEMES / "ember.toml").read_text(encoding="utf-8")
    (tmp_path / "ember.toml").write_text(text.replace("#191513", "#000000"), encoding="utf-8")
    (tmp_path / "odd.toml").write_text("x", encoding="utf-8")
    themes, errors = load_themes([THEMES, tmp_path, tmp_path / "not-there"])
    assert set(themes) == {path.stem for path in SHIPPED}
    assert themes["ember"].background == "#000000"
    assert [error.path.name for error in errors] == ["odd.toml"]
    assert load_theme("ember", [THEMES, tmp_path]).background == "#000000"
    assert load_theme("ember", [THEMES]).background == "#191513"
    with pytest.raises(KeyError):
        load_theme("mauve", [THEMES])
    assert set(find_themes([THEMES])) == {path.stem for path in SHIPPED}


def test_a_broken_theme_of_ones_own_leaves_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "ember.toml").write_text('name = "ember"', encoding="utf-8")
    themes, errors = load_themes([THEMES, tmp_path])
    assert themes["ember"].background == "#191513"
    assert len(errors) == 1


def test_a_file_whose_name_is_not_its_themes_name_is_found(tmp_path: Path) -> None:
    text = (THEMES / "ember.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text.replace('"ember"', '"mine"'), encoding="utf-8")
    assert load_theme("mine", [tmp_path]).name == "mine"


async def test_the_palette_follows_the_theme() -> None:
    app: App[None] = App()
    for theme in load_themes([THEMES])[0].values():
        app.register_theme(theme)
    async with app.run_test() as pilot:
        seen = {}
        for name in ("nightwatch", "daylight", "ember", "textual-dark", "ansi-dark"):
            app.theme = name
            await pilot.pause()
            palette = palette_of(app)
            assert palette is palette_of(app)
            seen[name] = palette
        nightwatch = read_theme(THEMES / "nightwatch.toml")
        style = seen["nightwatch"].cursor["bad"]
        for drawn, name in ((style.color, "bad"), (style.bgcolor, "cursor")):
            assert drawn is not None
            wanted = Color.parse(nightwatch.colours[name]).rgb
            # Textual derives its colours through another colour space and back.
            assert drawn.get_truecolor() == pytest.approx(wanted, abs=2)
        assert len({str(palette.plain["text"]) for palette in seen.values()}) == len(seen)


def test_equal_styles_are_one_object() -> None:
    theme = to_textual(read_theme(THEMES / "ember.toml"))
    variables = theme.to_color_system().generate()
    palette = make_palette(variables)
    assert palette.plain["number"] is palette.plain["text"]
    assert palette.plain["text"] is not palette.cursor["text"]
    assert len(palette.levels) == 10
    assert palette.cell.reverse
    assert set(COLOURS) == {*read_theme(THEMES / "ember.toml").colours}
