"""Strips make a cache when it is first used, and are otherwise as Textual's own."""

from __future__ import annotations

import re
from inspect import getsource

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip

from tui.widgets.light_strips import SIZES, lighten


def line() -> Strip:
    return Strip([Segment("Kōtare ", Style(bold=True)), Segment("日本 12.3 kn")], 19)


def test_textuals_strips_have_these_caches_and_no_others() -> None:
    source = getsource(Strip)
    (made,) = re.findall(r"    def __init__\(.*?(?=\n    def )", source, re.DOTALL)
    caches = re.findall(r"self\.(\w+): FIFOCache\[.*?\] = FIFOCache\((\d+)\)", made, re.DOTALL)
    assert {name: int(size) for name, size in caches} == SIZES
    others = set(Strip.__slots__) - set(SIZES)
    assert others == {
        "_segments", "_cell_length", "_render_cache", "_link_ids", "_cell_count",
    }  # fmt: skip
    for name in others - {"_segments", "_cell_length"}:
        assert re.search(rf"self\.{name}(: [^=]+)? = None\n", made), name


def test_a_cache_is_made_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    lighten()
    lighten()  # once is enough
    made: list[FIFOCache[object, object]] = []
    make = FIFOCache.__init__
    monkeypatch.setattr(
        FIFOCache, "__init__", lambda cache, size: (made.append(cache), make(cache, size))[1]
    )
    strip = line()
    assert not made
    cut = strip.crop(2, 9)
    assert len(made) == 1
    assert strip.crop(2, 9) is cut
    assert len(made) == 1


def test_what_is_made_of_them_is_what_it_was() -> None:
    strip = line()
    assert (strip.text, strip.cell_length) == ("Kōtare 日本 12.3 kn", 19)
    assert strip.crop(2, 9).text == "tare 日"
    assert [part.text for part in strip.divide([7, 11, 19])] == ["Kōtare ", "日本", " 12.3 kn"]
    assert strip.adjust_cell_length(21).text == "Kōtare 日本 12.3 kn  "
    assert strip.crop_extend(0, 22, None).cell_length == 22
    styled = strip.apply_style(Style(color="red"))
    assert {str(segment.style) for segment in styled} == {"bold red", "red"}
    assert styled.apply_filter(Monochrome(), Color.parse("black")).text == strip.text
    assert strip.apply_offsets(3, 4).text == strip.text
    assert strip == line()
    assert Strip([Segment("a"), Segment("b")]).cell_length == 2
