"""What a terminal answers when it is asked for pictures, and that none of it is ever typed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.widgets import picture_answers
from tui.widgets.picture_answers import PictureAnswers
from tui.workspace.books.picture_ways import Answered

KITTY = "\x1b_Gi=7340;OK\x1b\\"
SIZES = "\x1b[6;20;10t\x1b[4;800;1200t"
PLAIN = "\x1b[?62;22c"
SIXEL = "\x1b[?62;4;22c"
TYPED = (
    "j", "\x1b[A", "\x1b[48;40;120;800;1200t", "\x1b[?2026;2$y", "é", "\x1bOP", "[4;1", "\x1b[4~",
)  # fmt: skip


@given(
    answers=st.sampled_from([KITTY + SIZES + PLAIN, SIZES + SIXEL, PLAIN, KITTY + SIXEL]),
    typed=st.lists(st.sampled_from(TYPED), max_size=4),
    cuts=st.lists(st.integers(0, 90), max_size=6),
)
@settings(deadline=None)
def test_answers_cut_anywhere_among_keys_leave_the_keys(
    answers: str, typed: Sequence[str], cuts: Sequence[int]
) -> None:
    told: list[Answered] = []
    asked = PictureAnswers(told.append)
    asked.ask((120, 40))
    # Keys come before, between and after whole answers.
    middle = answers.index("\x1b[")
    whole = "".join((*typed[:1], answers[:middle], *typed[1:3], answers[middle:], *typed[3:]))
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    heard = "".join(asked.typed(whole[begin:end]) for begin, end in pairwise(edges))
    assert heard == "".join(typed)
    (answered,) = told
    assert answered.kitty == (KITTY in answers)
    assert answered.sixel == (SIXEL in answers)
    assert answered.cell == ((10, 20) if SIZES in answers else None)
    assert asked.patience is None


def test_a_key_that_looks_like_a_beginning_is_one_after_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [5.0]
    monkeypatch.setattr(picture_answers, "monotonic", lambda: now[0])
    asked = PictureAnswers(lambda _: None)
    assert asked.typed("\x1b") == "\x1b", "nothing was asked"
    asked.ask((80, 24))
    assert asked.typed("k\x1b") == "k"
    assert asked.overdue() == ""
    now[0] += asked.patience or 0.0
    assert asked.overdue() == "\x1b"
    assert asked.patience is None
    # What can be nothing else may take longer, and is let go in the end.
    assert asked.typed("\x1b_Gi=73") == ""
    now[0] += picture_answers.KEY_SECONDS
    assert asked.overdue() == ""
    now[0] += picture_answers.PIECE_SECONDS
    assert asked.overdue() == "\x1b_Gi=73"
    assert asked.typed("\x1b_G" + "x" * 300).endswith("x"), "no answer is as long"


def test_the_size_of_a_cell_may_be_that_of_the_window_and_an_error_is_no_picture() -> None:
    told: list[Answered] = []
    asked = PictureAnswers(told.append)
    for sizes, cell in (("\x1b[4;480;640t", (8, 20)), ("\x1b[6;0;0t", None), ("\x1b[4;1;1t", None)):
        asked.ask((80, 24))
        assert asked.typed(f"\x1b_Gi=7340;EINVAL: no\x1b\\{sizes}{PLAIN}") == ""
        assert told.pop() == Answered(kitty=False, sixel=False, cell=cell)


def test_a_multiplexer_is_not_sent_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b_G" in picture_answers.question()
    for name, value in (("TERM", "tmux-256color"), ("TMUX", "socket,1,0"), ("TERM", "screen")):
        monkeypatch.setenv(name, value)
        assert "\x1b_G" not in picture_answers.question()
        assert picture_answers.question().endswith("\x1b[c")
