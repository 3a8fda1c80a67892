"""A pattern that is compiled when it is first used is the one that `re.compile` makes."""

from __future__ import annotations

import re

import pytest

from tui.late_patterns import late_pattern


def test_it_answers_as_the_compiled_one_does() -> None:
    late, now = (make(r"(\d+)-(?P<b>x)", re.IGNORECASE) for make in (late_pattern, re.compile))
    text = "a 12-X 3-x"
    assert late.sub(r"\2\1", text) == now.sub(r"\2\1", text) == "a X12 x3"
    assert [one.span() for one in late.finditer(text)] == [one.span() for one in now.finditer(text)]
    assert (late.pattern, late.flags, late.groups, late.groupindex) == (
        now.pattern, now.flags, now.groups, now.groupindex,
    )  # fmt: skip
    assert late.fullmatch(text) is None
    assert late_pattern(rb"\s").split(b"a b") == [b"a", b"b"]


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile

    def counted(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return real(text, flags)

    monkeypatch.setattr(re, "compile", counted)
    late = late_pattern("[a-c]+")
    assert compiled == []
    assert late.match("abd")
    assert late.search("xxc")
    assert late.match("b")
    assert compiled == ["[a-c]+"]


def test_what_is_no_pattern_is_told_when_it_is_used() -> None:
    broken = late_pattern("(")
    with pytest.raises(re.error):
        broken.match("a")
