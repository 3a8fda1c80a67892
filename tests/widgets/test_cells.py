from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.widgets.cells import (
    Align,
    cell_text,
    clip,
    clip_figures,
    clip_name,
    clip_path,
    fit,
    name_text,
    wrap,
)
from tui.workspace.text import clean

texts = st.text(max_size=80).map(clean)


@given(texts, st.integers(0, 60), st.sampled_from(["left", "right", "centre"]))
def test_fit_is_exactly_as_wide_as_asked(text: str, width: int, align: Align) -> None:
    assert cell_len(fit(text, width, align)) == width


@given(texts, st.integers(0, 60))
def test_clip_says_that_it_cut(text: str, width: int) -> None:
    shown = clip(text, width)
    assert cell_len(shown) <= width
    if shown != text and width:
        assert shown.endswith("…")


@given(texts, st.integers(0, 60))
def test_a_name_that_was_cut_keeps_its_beginning_and_its_end(text: str, width: int) -> None:
    shown = clip_name(text, width)
    assert cell_len(shown) <= width
    if shown != text and width >= 5:
        first, _, last = shown.rpartition("…")
        assert text.startswith(first)
        assert text.endswith(last)


def test_names_that_begin_alike_are_told_apart() -> None:
    names = [f"udp 127.0.0.{n}" for n in range(1, 100)]
    assert len({clip_name(one, 11) for one in names}) == 99
    assert clip_name("udp 127.0.0.12", 11) == "udp 1….0.12"
    assert clip_name("日本語日本語", 8) == "日…本語"
    assert clip_name("Cafe Alba\u0301", 5) == "Ca…a\u0301".replace("a\u0301", "ba\u0301")


def test_a_name_however_long_is_read_to_its_end() -> None:
    assert {name_text("n" * 290 + str(end), 12) for end in (1, 2)} == {
        "nnnnn…nnnnn1",
        "nnnnn…nnnnn2",
    }
    assert name_text("a\nb\x1b[0m", 40) == "a↵b␛[0m"


def test_wide_characters_are_never_halved() -> None:
    assert fit("日本語", 4) == "日… "
    assert fit("日本語", 5) == "日本…"
    assert fit("日本語", 8) == "日本語  "
    assert fit("12", 5, "right") == "   12"
    assert fit("ab", 5, "centre") == " ab  "


def test_a_text_of_megabytes_costs_what_a_cell_shows() -> None:
    assert len(cell_text("\x1b" * 5_000_000, 10)) == 104
    assert cell_text(None, 10) == ""


@given(texts, st.integers(1, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    # A wide character does not fit into one cell: it stands alone.
    assert all(cell_len(line) <= max(width, 2) for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrap_breaks_between_words() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("a\n\nb", 7) == ["a", "", "b"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]


def test_a_word_of_a_million_letters_is_wrapped_in_one_go() -> None:
    lines = wrap("x" * 1_000_000, 60)
    assert len(lines) == 16_667


def test_a_share_that_is_cut_leaves_neither_of_its_figures() -> None:
    told = "1 of 420 · 200 of 420 rows loaded"
    cut = [clip_figures(told, width) for width in range(1, len(told) + 1)]
    assert {one for one in cut if len(one) <= 12} == {
        "…",
        "1 of 420 …",
        "1 of 420 ·…",
        "1 of 420 · …",
    }
    assert cut[22] == "1 of 420 · 200 of 420 …"
    assert cut[-1] == told


def test_half_a_figure_is_not_shown_as_a_whole_one() -> None:
    told = "23:15 h · free 16:00 h · 1,431 blocks"
    cut = [clip_figures(told, width) for width in range(1, len(told) + 1)]
    assert cut[18] == "23:15 h · free …"
    assert cut[32] == "23:15 h · free 16:00 h · 1,431 b…"
    assert cut[-1] == told
    for shown in cut:
        figures = [one for one in shown.replace("…", " ").split() if one[0].isdecimal()]
        assert set(figures) <= set(told.split())


def test_of_a_path_the_folders_give_way_and_never_the_name_of_the_file() -> None:
    path = "~/projects/2026/harbour/exports/hours-2026-11.csv"
    assert clip_path(path, len(path)) == path
    assert cell_len(clip_path(path, 40)) == 40
    assert clip_path(path, 40).endswith("/exports/hours-2026-11.csv")
    assert clip_path(path, 10) == "…/hours-2026-11.csv"
    assert clip_path("hours-2026-11.csv", 5) == "hours-2026-11.csv"


def test_of_sums_in_several_currencies_whole_ones_are_told_and_how_many_more_there_are() -> None:
    told = "EUR 12,370.00 + JPY 1,235 + CHF 7.50 unpaid · 26"
    cut = {width: clip_figures(told, width) for width in range(1, len(told) + 1)}
    assert cut[len(told)] == told
    assert cut[46] == "EUR 12,370.00 + JPY 1,235 + CHF 7.50 unpaid ·…"
    assert cut[37] == "3 currencies unpaid · 26"
    assert cut[20] == "3 currencies…"
    assert cut[11] == "…", "of a count without its word nobody knows what it counts"
    assert clip_figures("1 late · EUR 5.00 + JPY 1,235", 20) == "1 late · …"
    assert clip_figures("5.00 + JPY 1,235", 13) == "2 currencies"
    assert clip_figures("5.00 + JPY 1,235", 15) == "2 currencies"
    assert clip_figures("5.00 + JPY 1,235 (rows rounded)", 18) == "5.00 +1 currency"
    rounded = "10:44 h (rows rounded) · 7 blocks"
    assert {clip_figures(rounded, width) for width in range(8, 23)} == {"10:44 h…"}
    assert clip_figures(rounded, 23) == "10:44 h (rows rounded)…"
    assert clip_figures("EUR 5.00 + JPY 1,235 + CHF 7.50 · 4", 30) == "EUR 5.00 +2 currencies · 4"
    for width, shown in cut.items():
        assert cell_len(shown) <= width
        figures = re.findall(r"\d[\d,.]*", shown)
        assert set(figures) <= {*re.findall(r"\d[\d,.]*", told), "1", "2", "3"}
