"""What a terminal has no letters for is spelt out, and nothing beside it moves."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.widgets.hosts import Host, settle
from tui.spelling import SPELT
from tui.terminal import Shown
from tui.widgets.filterline import LineInput
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.plain_signs import in_plain_signs
from tui.widgets.spelled import speller

PLAIN = Shown("16", "ascii", "ascii")


def spelt(line: str, shown: Shown = PLAIN) -> str:
    """A line on its way to a terminal, as it is read there."""
    spell = speller(shown)
    whole = line if spell is None else spell(Strip([Segment(line)])).text
    return in_plain_signs(whole, shown.encoding)


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        # Blanks behind the word are taken, else those before it.
        ("TWD   040 °    NE   now", "TWD   040 deg  NE   now"),
        ("      040°|NE", "    040deg|NE"),
        ("   12,00 €  ok", "  12,00 EUR ok"),
        ("Straße und Ætt      next", "Strasse und AEtt    next"),
        ("Małgorzata Sønner", "Malgorzata Sonner"),
        ("5½ h     | m²  ", "5 1/2 h  | m^2 "),
        ("─ Wind 350° ─────", "- Wind 350deg ---"),
        ("last°  ", "lastdeg"),
        # An axis stays where it is: what is drawn is no room.
        ("   350° │  ⣿", " 350deg |  :"),
        ("350° │    ⣿", "350d |    :"),
        # Without any room there is one letter.
        ("a° €5 ß", "ad E5 s"),
        ("°", "d"),
        # A unit is spelt alike in all of a line; others in it are as they have room.
        ("12.3°  45°   ", "12.3d  45d   "),
        ("45°   12.3°│9 °", "45d   12.3d|9 d"),
        ("│12°│  45°   5 €   ", "|12d|  45d   5 EUR "),
        ("│5½│  ½h   ", "|5?|   1/2h"),
    ],
)
def test_it_takes_blanks_and_the_rest_of_the_line_stays(line: str, plain: str) -> None:
    assert spelt(line) == plain
    assert len(plain) == len(line)


def test_what_the_charset_has_stays() -> None:
    latin = Shown("16", "ascii", "iso8859-1")
    assert spelt("350°   5 €   ł", latin) == "350°   5 EUR l"
    for shown in (Shown("16", "ascii", "utf-8"), Shown("16")):
        assert spelt("350°   5 €   ł", shown) == "350°   5 €   ł"


def test_every_spelling_is_ascii() -> None:
    assert all(plain.isascii() and plain.isprintable() for plain in SPELT.values())


def test_letters_have_the_style_of_their_sign() -> None:
    bold = Style(bold=True)
    spell = speller(PLAIN)
    assert spell is not None
    strip = spell(Strip([Segment("12"), Segment("°", bold), Segment("   x")]))
    assert [*strip] == [Segment("12"), Segment("deg", bold), Segment(" x")]


class PlainHost(Host):
    """A host on a terminal of ASCII."""

    spelt = staticmethod(speller(PLAIN) or list)


async def test_frames_are_spelt_but_for_what_one_types() -> None:
    outline, line = Outline([Node("a", "Straße", badge="42°")]), LineInput()
    async with PlainHost(outline, line).run_test(size=(40, 4)) as pilot:
        line.value = "42°   x"
        await settle(pilot)
        frame = [
            "".join(one.text for one in row) for row in pilot.app.screen._compositor.render_strips()
        ]
        assert "Strasse" in frame[0]
        assert frame[0].rstrip().endswith("42deg")
        assert frame[-1].startswith("42°   x")
