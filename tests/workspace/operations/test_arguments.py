"""Arguments from text, files and JSON, by the types that an operation declares."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.services import registry
from tui.services.operation import Operation, operation
from tui.workspace.operations.arguments import (
    ArgumentError,
    choices_of,
    from_object,
    from_words,
    kind_of,
    missing,
    parameter_named,
    type_text,
)
from tui.workspace.operations.console import (
    arguments_of,
    call_line,
    is_secret,
    problem_with,
    without_secrets,
    words_of,
)

BERLIN = timezone(timedelta(hours=2))


class Service:
    """One operation with a parameter of every kind."""

    @operation("sample.all", "write")
    async def every(
        self,
        name: str,
        count: int = 0,
        ratio: float = 0.0,
        price: Decimal | None = None,
        active: bool | None = None,
        when: datetime | None = None,
        day: date | None = None,
        at_or_on: datetime | date | None = None,
        file: Path | None = None,
        blob: bytes = b"",
        ids: list[int] | None = None,
        names: list[str] | None = None,
        order: Literal["asc", "desc"] = "asc",
        with_: list[Literal["users", "tasks"]] | None = None,
        places: dict[str, int] | None = None,
        either: list[int] | dict[str, Any] | None = None,
        loose: Any = None,
        number_or_text: int | str | None = None,
        noted: Annotated[int, "a note"] = 0,
        cat_id: int = 0,
        token: str = "",
    ) -> None:
        """Take everything."""


SAMPLE: Operation = Service.every.__operation__  # type: ignore[attr-defined]


def read(*words: str) -> dict[str, Any]:
    return from_words(SAMPLE, words, BERLIN)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("name=", ""),
        ("name=a=b", "a=b"),
        ("name= spaced ", " spaced "),
        ("name=[x]", "[x]"),
        ("count=12", 12),
        ("count=-3", -3),
        ("ratio=2.5", 2.5),
        ("price=12.50", Decimal("12.50")),
        ("active=true", True),
        ("active=No", False),
        ("active=1", True),
        ("when=2026-03-12T10:00:00Z", datetime(2026, 3, 12, 10, tzinfo=UTC)),
        ("when=2026-03-12 10:00", datetime(2026, 3, 12, 8, tzinfo=UTC)),
        ("day=2026-03-12", date(2026, 3, 12)),
        ("at_or_on=2026-03-12 10:00", datetime(2026, 3, 12, 8, tzinfo=UTC)),
        ("blob=raw", b"raw"),
        ("ids=1,2, 3", [1, 2, 3]),
        ("ids=", []),
        ("names=a, b", ["a", "b"]),
        ("order=desc", "desc"),
        ("with=users,tasks", ["users", "tasks"]),
        ("with_=users", ["users"]),
        ("places=a:1, b:2", {"a": 1, "b": 2}),
        ('places={"a": "1"}', {"a": 1}),
        ("either=1,2", [1, 2]),
        ('either:={"3": {"x": 1}}', {"3": {"x": 1}}),
        ("either:=[4]", [4]),
        ("loose=[1]", [1]),
        ('loose:={"a": null}', {"a": None}),
        ("number_or_text=5", 5),
        ("number_or_text=x", "x"),
        ("noted=7", 7),
        ("catId=8", 8),
        ("cat-id=8", 8),
        ("ids[]=9", [9]),
        ("count:=12", 12),
        ('count:="12"', 12),
        ("names:=[\"a,b\"]", ["a,b"]),
        ("active:=false", False),
        ('when:="2026-03-12T10:00:00Z"', datetime(2026, 3, 12, 10, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_word_becomes_a_value_of_the_parameters_type(word: str, value: Any) -> None:
    (found,) = read(word).values()
    assert found == value
    assert type(found) is type(value)


def test_a_repeated_name_makes_a_list() -> None:
    assert read("ids=1", "ids=2,3")["ids"] == [1, 2, 3]
    with pytest.raises(ArgumentError, match="count takes one value, not 2"):
        read("count=1", "count=2")


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("name", "write name=value"),
        ("nothing=1", "has no parameter 'nothing'; it has: name, count"),
        ("count=many", "count takes int, not 'many'"),
        ("count=1.5", "count takes int"),
        ("price=NaNny", "price takes amount"),
        ("price=1e9", "price takes amount"),
        ("price=１２", "Write the digits 0 to 9"),
        ("price=1,250", "write 1250 or 1.25"),
        ("active=perhaps", "active takes true|false"),
        ("when=some day", "when: Write a moment as"),
        ("day=some day", "day: Write a date as"),
        ("ids=1,x", "takes int, not 'x'"),
        ("order=up", "order takes asc|desc"),
        ("with=users,all", "with takes users|tasks"),
        ("places=a:x", "places takes map of text to int"),
        (
            "places=a:1,b",
            "places takes map of text to int, written as key:value,key:value: 'b' has",
        ),
        ("places=a=1", "'a=1' has no colon"),
        ("loose=}", "loose takes json"),
        ("loose:=}", "loose: not valid JSON"),
        ("count:=[1]", "count takes int"),
        ("file@=/nowhere/x", "file: there is no file /nowhere/x"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_parameters_name(word: str, words: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        read(word)
    assert words in str(caught.value)


def test_a_file_is_a_path_bytes_or_text_as_the_parameter_wants(tmp_path: Path) -> None:
    file = tmp_path / "é.txt"
    file.write_bytes("grün".encode())
    assert read(f"file@={file}") == {"file": file}
    assert read(f"blob@={file}") == {"blob": "grün".encode()}
    assert read(f"name@={file}") == {"name": "grün"}
    file.write_bytes(b"\xff")
    with pytest.raises(ArgumentError, match="is not text"):
        read(f"name@={file}")


def test_an_object_gives_several_at_once() -> None:
    content = {"name": "x", "catId": "4", "ids": ["1", 2], "with": [], "price": 3}
    assert from_object(SAMPLE, content, UTC) == {
        "name": "x", "cat_id": 4, "ids": [1, 2], "with_": [], "price": Decimal(3),
    }  # fmt: skip
    with pytest.raises(ArgumentError, match="one JSON object"):
        from_object(SAMPLE, [1], UTC)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("name", "text", "text"),
        ("count", "number", "int"),
        ("price", "amount", "amount"),
        ("active", "boolean", "true|false"),
        ("when", "time", "time"),
        ("at_or_on", "time", "time or date"),
        ("file", "file", "file"),
        ("ids", "list", "list of int"),
        ("with_", "list", "list of users|tasks"),
        ("order", "choice", "asc|desc"),
        ("places", "map", "map of text to int"),
        ("either", "list", "list of int or map of text to json"),
        ("loose", "json", "json"),
        ("noted", "number", "int"),
    ],
)
def test_a_type_in_words_and_as_a_kind_of_field(name: str, kind: str, words: str) -> None:
    hint = parameter_named(SAMPLE, name).hint
    assert (kind_of(hint), type_text(hint)) == (kind, words)


def test_choices_are_those_of_a_literal_and_of_a_list_of_it() -> None:
    assert choices_of(parameter_named(SAMPLE, "order").hint) == ("asc", "desc")
    assert choices_of(parameter_named(SAMPLE, "with").hint) == ("users", "tasks")
    assert choices_of(parameter_named(SAMPLE, "name").hint) == ()


def test_what_is_missing_is_named() -> None:
    assert missing(SAMPLE, {}) == ["name"]
    assert missing(SAMPLE, {"name": ""}) == []


@pytest.mark.parametrize("id", ["timesheets.user.delete", "timesheets.user.update"])
def test_a_user_is_named_where_the_service_would_take_the_current_one(id: str) -> None:
    found = registry.find(id)
    assert "user_id" in missing(found, {})
    assert "user_id" in missing(found, {"user_id": None})
    assert missing(found, {"user_id": 3}) == []


# What any operation may be given.

PARAMETERS = [
    (one, parameter)
    for one in registry.operations().values()
    for parameter in one.parameters
]  # fmt: skip
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["1", "1,2", "[1]", "{}", '{"a": 1}', "true", "today", "2026-01-01", "+30m", "a:b", "[",
     "1e999", "9" * 400, "NaN", "-0", "\u0660", "[" * 300, "\ud800", "\0", "~", "~nobody/x"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(PARAMETERS), TEXTS, st.sampled_from(["=", ":=", "@="]))
def test_any_text_is_a_value_or_an_argument_error(
    place: tuple[Operation, Any], text: str, mode: str
) -> None:
    found, parameter = place
    word = f"{parameter.documented_name}{mode}{text}"
    try:
        arguments = from_words(found, [word], UTC)
    except ArgumentError:
        return
    assert list(arguments) == [parameter.name]


@settings(max_examples=200)
@given(st.sampled_from(PARAMETERS), st.recursive(st.none() | st.booleans() | st.integers() |
       st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) |
       st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=6))  # fmt: skip
def test_any_json_is_a_value_or_an_argument_error(
    place: tuple[Operation, Any], content: Any
) -> None:
    found, parameter = place
    try:
        arguments = from_object(found, {parameter.documented_name: content}, UTC)
    except ArgumentError:
        return
    assert list(arguments) == [parameter.name]


@settings(max_examples=300)
@given(st.sampled_from(PARAMETERS), TEXTS)
def test_the_copied_line_is_the_same_call(place: tuple[Operation, Any], text: str) -> None:
    found, parameter = place
    texts = {parameter.documented_name: text}
    if text == "" or problem_with(found, parameter.documented_name, text, UTC) is not None:
        return
    shell = shlex.split(call_line(found, texts))
    assert shell[:3] == ["tockdeck", "call", found.id]
    kept = without_secrets(texts)
    assert shell[3:] == words_of(found, kept)
    here = from_words(found, words_of(found, texts), UTC)
    there = from_words(found, shell[3:], UTC)
    if kept:
        assert list(map(_settled, there.values())) == list(map(_settled, here.values()))


def _settled(value: Any) -> Any:
    """A moment that depends on now differs by what passed in between; NaN is not itself."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0).isoformat()[:13]
    return repr(value)


# The console's own.


def test_the_console_reads_json_for_lists_and_files_by_their_path(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("content")
    texts = {"name": "n", "names": '["a,b"]', "file": str(file), "blob": str(file), "ids": "1,2"}
    assert words_of(SAMPLE, texts) == [
        "name=n", 'names:=["a,b"]', f"file@={file}", f"blob@={file}", "ids=1,2",
    ]  # fmt: skip
    assert arguments_of(SAMPLE, texts, UTC) == {
        "name": "n", "names": ["a,b"], "file": file, "blob": b"content", "ids": [1, 2],
    }  # fmt: skip


def test_a_problem_leaves_out_the_name_that_the_field_shows() -> None:
    assert problem_with(SAMPLE, "count", "x", UTC) == "Takes int, not 'x'"
    assert (problem_with(SAMPLE, "when", "x", UTC) or "").startswith("Write a moment as")
    assert problem_with(SAMPLE, "count", "", UTC) is None


@pytest.mark.parametrize(
    ("name", "secret"),
    [("password", True), ("encrypted_field_passwords", True), ("registration_id", True),
     ("o_u_sesskey", True), ("p", True), ("name", False), ("cat_id", False)],
)  # fmt: skip
def test_secrets_are_known_by_their_names(name: str, secret: bool) -> None:
    assert is_secret(name) is secret


def test_secrets_are_in_no_line_and_in_no_history() -> None:
    texts = {
        "name": "x",
        "token": "tok-1",
        "places": '{"password": "tok-2"}',
        "either": '[{"a": {"client_secret": "tok-3"}}]',
        "loose": "http://x/y?o_u_sesskey=tok-4&b=1",
        "names": "https://x/?access_token=tok-5",
        "ids": "1",
    }
    assert without_secrets(texts) == {"name": "x", "ids": "1"}
    assert call_line(SAMPLE, texts) == "tockdeck call sample.all name=x ids=1"


def test_a_line_is_quoted_for_the_shell() -> None:
    line = call_line(SAMPLE, {"name": "it's $HOME; `x`\n", "loose": '{"a": "b c"}'})
    assert shlex.split(line)[3:] == ["name=it's $HOME; `x`\n", 'loose:={"a": "b c"}']
    assert json.loads(shlex.split(line)[4].partition(":=")[2]) == {"a": "b c"}
