"""Operations by their ids: found, previewed, called, and their results as JSON and as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests import harness
from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import InvalidArgument, NotFound
from tui.services.reading import Record
from tui.workspace.operations.catalogue import callable_operation, rows
from tui.workspace.operations.console import ConsoleHistory, arguments_of
from tui.workspace.operations.operations import (
    Operations,
    describe_operation,
    plain_result,
    to_json,
)
from tui.workspace.operations.rows import rows_of


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


@pytest.fixture
async def operations(server: EmbeddedServer, tmp_path: Path) -> Any:
    workspace = workspace_of(server, tmp_path)
    yield workspace.operations
    await workspace.close()


def test_an_operation_is_found_by_all_of_its_words(operations: Operations) -> None:
    assert [one.id for one in operations.matching("invoice GROUPED")] == [
        "timesheets.invoice.search_group"
    ]
    assert operations.matching("no such thing") == []
    assert len(operations.matching("")) == len(operations.all()) == 194
    with pytest.raises(InvalidArgument, match=r"timers|timetonic|trackmypeople"):
        operations.find("trackmypeople.begin")


async def test_a_preview_sends_nothing_and_hides_secrets(
    operations: Operations, server: EmbeddedServer
) -> None:
    before = server.http("GET", "/trackmypeople/api/status").status
    found = operations.find("timesheets.client.create")
    request = await operations.preview(found, {"name": "Not sent"})
    assert request["method"] == "POST"
    assert request["json"] == {"name": "Not sent"}
    assert "•••" in json.dumps(request, ensure_ascii=False)
    listed = await operations.call(
        operations.find("timesheets.client.search"), {"name": "Not sent"}
    )
    assert list(rows_of(listed, UTC)) == []
    assert before == server.http("GET", "/trackmypeople/api/status").status


async def test_what_the_client_refuses_is_refused_before_it_is_sent(
    operations: Operations,
) -> None:
    found = operations.find("timesheets.group.search")
    with pytest.raises(InvalidArgument, match="at least one of"):
        await operations.preview(found, {})


async def test_a_read_is_called_and_a_write_is_journalled(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path)
    operations = workspace.operations
    try:
        found = operations.find("timesheets.client.create")
        made = await operations.call(found, {"name": "Journalled"})
        listed = await operations.call(
            operations.find("timesheets.client.search"), {"name": "Journalled"}
        )
        assert [row["name"] for row in rows_of(listed, UTC)] == ["Journalled"]
        (noted,) = workspace.history.changes.newest(9)
        assert (noted.operation, noted.state) == ("timesheets.client.create", "done")
        assert noted.arguments == {"name": "Journalled"}
        destroyed = operations.find("timesheets.client.delete")
        await operations.call(destroyed, {"client_id": made.id})
        with pytest.raises(NotFound):
            await operations.call(operations.find("timesheets.client.info"), {"client_id": made.id})
    finally:
        await workspace.close()


async def test_raw_is_what_the_service_wrote(operations: Operations) -> None:
    raw = await operations.raw(operations.find("trackmypeople.status"), {})
    assert json.loads(raw.content)["result"] == ("0" if harness.quirks_by_default else 1)
    assert b"current_block" not in to_json(
        await operations.call(operations.find("trackmypeople.total"), {})
    )


class Item(Record, frozen=True, kw_only=True):
    id: int
    amount: Decimal = Decimal(0)
    when: datetime | None = None
    tags: list[str] = []
    extra: dict[str, Any] = {}


class Group(msgspec.Struct, frozen=True):
    value: object
    count: int
    items: list[Item]


class Found(msgspec.Struct, frozen=True):
    items: list[Item]
    count: int


class Grouped(msgspec.Struct, frozen=True):
    groups: list[Group]
    count: int


class Several(Record, frozen=True, kw_only=True):
    few: list[int] = msgspec.field(default_factory=lambda: [1])
    many: list[Item] = []


ONE = Item(id=1, amount=Decimal("10.50"), when=datetime(2026, 1, 2, tzinfo=UTC), tags=["a"])
ROW = {"id": 1, "amount": 10.5, "when": "2026-01-02T00:00:00+00:00", "tags": '["a"]'}


def plain(result: Any) -> list[dict[str, Any]]:
    """The rows with what only the encoder knows (amounts, times) as JSON has it."""
    found: list[dict[str, Any]] = json.loads(to_json(list(rows_of(result, UTC))))
    return [
        {
            name: float(value) if name == "amount" and value is not None else value
            for name, value in row.items()
        }
        for row in found
    ]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ([ONE], [ROW]),
        ((ONE, ONE), [ROW, ROW]),
        ([], []),
        (ONE, [{"value": "a"}]),
        (Found([ONE], 1), [ROW]),
        (Found([], 0), []),
        (Grouped([Group("new", 1, [ONE]), Group(True, 0, []), Group(3, 1, [ONE])], 3),
         [{"group": "new", **ROW}, {"group": 3, **ROW}]),
        (Several(many=[ONE, ONE]), [ROW, ROW]),
        ({"x": {"id": 1}, "y": {"id": 2}}, [{"id": 1}, {"id": 2}]),
        ({"x": 1, "y": [5, 6]}, [{"value": 5}, {"value": 6}]),
        ({"x": 1}, [{"x": 1}]),
        ([1, "b", None], [{"value": 1}, {"value": "b"}, {"value": None}]),
        (7, [{"value": 7}]),
        (None, [{"value": None}]),
    ],
)  # fmt: skip
def test_a_result_is_rows(result: Any, expected: list[dict[str, Any]]) -> None:
    assert plain(result) == expected


def test_amounts_are_numbers_with_all_their_digits() -> None:
    assert to_json({"a": Decimal("10.50")}) == b'{"a":10.50}'
    assert plain_result({"a": Decimal("1"), "b": [ONE]})["b"][0]["id"] == 1


def test_an_operation_is_described_by_its_signature(operations: Operations) -> None:
    described = describe_operation(operations.find("timesheets.invoice.create"))
    assert described["effect"] == "write"
    first = described["parameters"][0]
    assert first == {
        "name": "client_id", "type": "int", "required": True, "default": None,
        "help": "The client's id.",
    }  # fmt: skip
    json.dumps(described)


def test_the_catalogue_says_how_each_row_travels() -> None:
    found = {row.id: row for row in rows()}
    assert found["timetonic.socket.ping"].transport == "socket"
    assert found["widgets.ebook"].data_keys == ["title", "colorskin", "row"]
    assert found["widgets.htmlurl"].data_keys == ["#title", "content"]
    assert found["timetonic.sendMsg"].matches(["SEND", "message"])
    with pytest.raises(InvalidArgument, match="a document cannot be called"):
        callable_operation("widgets.ebook")
    with pytest.raises(InvalidArgument, match="there is no operation"):
        callable_operation("widgets.nothing")


def test_what_is_needed_is_said_before_anything_is_sent(operations: Operations) -> None:
    for name in ("timesheets.user.delete", "timesheets.client.info"):
        with pytest.raises(InvalidArgument, match="is needed"):
            arguments_of(operations.find(name), {}, UTC)


async def test_the_history_keeps_calls_and_no_secrets(
    operations: Operations, tmp_path: Path
) -> None:
    file = tmp_path / "console.json"
    history = ConsoleHistory(file)
    assert await history.calls() == []
    found = operations.find("timesheets.user.create")
    texts = {"email": "a@example.com", "password": "hunter22", "first_name": "x" * 5_000}
    await history.add(found, texts)
    await history.add(operations.find("trackmypeople.status"), {})
    await history.add(found, texts)
    assert [(one.id, dict(one.texts)) for one in await history.calls()] == [
        ("trackmypeople.status", {}),
        ("timesheets.user.create", {"email": "a@example.com"}),
    ]
    assert "hunter22" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    ["", "{", "[1]", '[{"id": 1}]', '[{"id": "x", "texts": [], "time": "never"}]', '{"a": 1}',
     '[{"id": "x", "texts": 5, "time": "2026-01-01T00:00:00+00:00"}]'],
)  # fmt: skip
async def test_a_broken_history_is_an_empty_one(
    operations: Operations, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "console.json"
    file.write_text(content)
    history = ConsoleHistory(file)
    assert await history.calls() == []
    await history.add(operations.find("trackmypeople.status"), {})
    assert [one.id for one in await history.calls()] == ["trackmypeople.status"]
