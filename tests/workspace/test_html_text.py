"""HTML as plain text: what is markup goes, what only looks like it stays."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.html_text import LONGEST, plain_text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("two coats, not three & no sanding", "two coats, not three & no sanding"),
        ("a < b and x <3", "a < b and x <3"),
        ("Report sent to the <mairie>; wait", "Report sent to the <mairie>; wait"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        ("<b>420 jobs</b> to go", "420 jobs to go"),
        ("8&nbsp;h &lt;b&gt;", "8\u00a0h <b>"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br/>two<br>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<a href='https://example.org'>link</a>", "link (https://example.org)"),
        ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
        ('<a href="mailto:x@example.org">x@example.org</a>', "x@example.org"),
        ("<script>alert('<b>')</script>hi", "hi"),
        ("<!-- note --><i>hi</i>", "hi"),
        ('<img src="x" alt="a boat">', "[a boat]"),
        ("<b>bold</b> and </nope>", "bold and </nope>"),
        ("<b", "<b"),
        ("", ""),
    ],
)
def test_markup_goes_and_text_stays(written: str, read: str) -> None:
    assert plain_text(written) == read


def test_what_is_cut_off_is_said() -> None:
    assert plain_text("x" * (LONGEST + 5)).endswith("… 5 more characters")


@given(st.text(alphabet=st.sampled_from("<>/!-ab &;\"'= \n"), max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(plain_text(text), str)


@pytest.mark.parametrize(
    "piece", ["<", "<b ", "<!--", "<a href='", "</b", "&", "<a>", "<!-- x", "<p><!", "<script>"]
)
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    text = piece * (LONGEST // len(piece))
    begun = process_time()
    plain_text(text)
    assert process_time() - begun < 2.0
