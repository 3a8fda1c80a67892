"""What was kept of the last frame stays where it is until it is lifted, and nothing else does."""

from __future__ import annotations

from tui.widgets.veil import Veil

FRAME = "\x1b[1;1H\x1b[1mtabs\x1b[m\x1b[2;1Hone\n\x1b[5;9Htwo\x1b[6;1Hkeys\x1b[3;4H"


def test_no_line_between_the_first_and_the_last_is_touched() -> None:
    veil = Veil()
    assert not veil.is_there
    assert veil.seen(FRAME) == FRAME
    veil.lay(6)
    assert veil.is_there
    assert veil.seen(FRAME) == "\x1b[1;1H\x1b[1mtabs\x1b[m\x1b[6;1Hkeys\x1b[3;4H"
    assert veil.seen("\x1b[?1000h") == "\x1b[?1000h", "what draws nothing"
    veil.lift()
    assert not veil.is_there
    assert veil.seen(FRAME) == FRAME


def test_a_terminal_of_few_lines_has_nothing_between() -> None:
    veil = Veil()
    for height in (1, 2):
        veil.lay(height)
        assert not veil.is_there
        assert veil.seen(FRAME) == FRAME
