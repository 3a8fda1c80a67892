"""What a terminal can show, by what its environment says."""

from __future__ import annotations

import pytest

from tui.terminal import colours_of, in_screen


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit", "TMUX": "socket"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "tmux-256color", "TMUX": "socket"}, "256"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm-16color"}, "16"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "ansi"}, "8"),
        ({"TERM": "not-in-any-list"}, "8"),
        # GNU screen takes true colours for attributes, whatever was promised outside of it.
        ({"TERM": "screen", "STY": "1.a", "COLORTERM": "truecolor"}, "16"),
        ({"TERM": "screen.xterm-256color", "STY": "1.a", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_colours_are_those_that_the_environment_promises(
    environment: dict[str, str], colours: str
) -> None:
    assert colours_of("auto", environment) == colours
    assert colours_of("16", environment) == "16"


def test_a_tmux_in_screen_is_tmux() -> None:
    assert in_screen({"STY": "1.a"})
    assert not in_screen({"STY": "1.a", "TMUX": "socket"})
