"""What texts are read by is what Textual makes of it, once it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css import tokenize
from textual.css.tokenizer import Expect
from textual.css.tokenizer import Expect as Whole

from tui.widgets.light_tokens import lighten

TEXTUAL = vars(Expect)["__init__"]


@pytest.fixture(autouse=True)
def _light() -> Iterator[None]:
    lighten()
    yield
    Expect.__init__ = TEXTUAL  # type: ignore[method-assign]
    del Expect.__getattr__  # type: ignore[attr-defined]


def _kinds() -> list[Any]:
    return [one for one in vars(tokenize).values() if isinstance(one, Whole)]


def test_it_is_made_at_the_first_look_and_keeps_what_was_set_before() -> None:
    for kind in _kinds():
        described = kind.description.removeprefix("Expected ")
        tokens = dict(zip(kind.names, kind.regexes, strict=True))
        late = Expect(described, **tokens)
        assert "match" not in vars(late)
        late.expect_eof(kind._expect_eof).expect_semicolon(kind._expect_semicolon)
        late.extract_text(kind._extract_text)
        assert "match" not in vars(late)
        for text in ("", "  /* x */", "$a: red;", "width: 1fr;\n", "Grid > .body {", "}"):
            assert bool(late.match(text, 0)) == bool(kind.match(text, 0))
            assert bool(late.search(text, 0)) == bool(kind.search(text, 0))
        assert vars(late) | {"match": 0, "search": 0} == vars(kind) | {"match": 0, "search": 0}
    assert len(_kinds()) > 6


def test_what_it_has_not_is_not_asked_for_twice() -> None:
    late = Expect("a number", number=r"\d+")
    with pytest.raises(AttributeError, match="nothing_such"):
        late.nothing_such  # type: ignore[attr-defined]  # noqa: B018
    assert late.match("12", 0)
