"""One list of operations, held against every place that has one: nothing missing, nothing extra.

The places: the table of documented operations, the registry that the clients make, the embedded
services' own tables of what they answer, `tockdeck ops`, the reference page, the console.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from starlette.routing import Route, WebSocketRoute

from tests.harness import EmbeddedServer
from tui.cli import main
from tui.embedded import igtimi
from tui.embedded.context import Service
from tui.embedded.services import SERVICES
from tui.embedded.timesheets.routes import OPERATIONS as TIMESHEETS
from tui.embedded.timetonic import api
from tui.embedded.timetonic.frames import FrameType
from tui.services import registry
from tui.services.outcomes import LOOK
from tui.services.timetonic.frames import FRAME_TYPES
from tui.services.widgets import KINDS
from tui.workspace.operations import catalogue

ROOT = Path(__file__).resolve().parents[1]
ROWS = list(
    csv.DictReader(
        (ROOT / "tests" / "data" / "operations.tsv").read_text().splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)
LATEST = "igtimi.data.latest"
"""Not in the table: only the older document has it."""


def documented(transport: str, service: str = "") -> set[str]:
    """The ids of the table's rows of one transport, and of one service."""
    return {
        row["id"]
        for row in ROWS
        if row["transport"].startswith(transport) and row["id"].startswith(service)
    }


HTTP = documented("HTTP")
SOCKET = documented("socket")
DOCUMENTS = documented("JSON document")


def module_of(name: str) -> ModuleType:
    """A module whose name the package gives to something else."""
    return import_module(f"tui.embedded.{name}")


def embedded(service: str) -> set[str]:
    """What an embedded service says that it answers, in its own table, by documented ids."""
    if service == "timetonic":
        # Files by their address are an operation that has no `req`.
        return {*(f"timetonic.{name}" for name in api.OPERATIONS), "timetonic.file"}
    if service == "ticktocker":
        return {f"ticktocker.{name}" for name in module_of("ticktocker.routes").FUNCTIONS}
    if service == "igtimi":
        return {name for one in igtimi.OPERATIONS for name in (one.id, *one.also)}
    if service == "trackmypeople":
        return {f"trackmypeople.{name}" for name in module_of("trackmypeople.actions").ACTIONS}
    return {one.id for one in TIMESHEETS}


def service_named(name: str) -> Service:
    return next(one for one in SERVICES if one.name == name)


def test_the_table_is_whole() -> None:
    assert (len(HTTP), len(SOCKET), len(DOCUMENTS)) == (193, 11, 13)
    assert len(ROWS) == len({row["id"] for row in ROWS}) == 217


def test_the_registry_has_the_tables_rows() -> None:
    assert set(registry.operations()) == HTTP | {LATEST}
    assert set(registry.socket_operations()) == SOCKET
    assert {kind.id for kind in KINDS.values()} == DOCUMENTS


@pytest.mark.parametrize("service", registry.CLIENTS)
def test_an_embedded_service_answers_the_tables_rows(service: str) -> None:
    expected = documented("HTTP", f"{service}.")
    if service == "igtimi":
        expected.add(LATEST)
    assert embedded(service) == expected


def paths(service: str, server: EmbeddedServer) -> list[str]:
    """The addresses at which an embedded service really listens."""
    made = service_named(service).routes(server.context)
    return [route.path for route in made if isinstance(route, (Route, WebSocketRoute))]


@pytest.fixture(scope="module")
def server() -> Iterable[EmbeddedServer]:
    with EmbeddedServer(seeded=False) as started:
        yield started


def test_what_the_tables_hold_is_routed(server: EmbeddedServer) -> None:
    for operation in igtimi.OPERATIONS:
        assert operation.path in paths("igtimi", server), operation.id
    listening = paths("timesheets", server)
    for entry in TIMESHEETS:
        assert set(entry.paths) <= set(listening), entry.id
    assert "//live/api.php" in paths("timetonic", server)
    assert "/socket" in paths("timetonic", server)
    assert "/live/dbi/in/{size}/{uuid}/{name:path}" in paths("timetonic", server)
    assert "/api/1/{call:path}" in paths("ticktocker", server)
    assert any(path.startswith("/api/") for path in paths("trackmypeople", server))


def test_both_ends_of_the_socket_have_the_tables_rows() -> None:
    ours = {frame.operation: frame for frame in FRAME_TYPES if frame.operation}
    assert set(ours) == SOCKET
    # Two programs that share no code: the names, and the numbers that a public client shows.
    theirs = {f"timetonic.socket.{member.name.lower()}": member for member in FrameType}
    assert set(theirs) >= SOCKET
    for name, frame in ours.items():
        assert theirs[name] == frame.number, name


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["ops", "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_ops_lists_every_row_once_and_says_how_it_travels(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = listed(capsys)
    by_transport = {
        transport: [row["id"] for row in rows if row["transport"] == transport]
        for transport in ("HTTP", "socket", "document")
    }
    assert sorted(by_transport["HTTP"]) == sorted(HTTP | {LATEST})  # type: ignore[type-var]
    assert sorted(by_transport["socket"]) == sorted(SOCKET)  # type: ignore[type-var]
    assert sorted(by_transport["document"]) == sorted(DOCUMENTS)  # type: ignore[type-var]
    assert sum(map(len, by_transport.values())) == len(rows)


def test_ops_says_what_the_registry_says(capsys: pytest.CaptureFixture[str]) -> None:
    known = registry.operations() | registry.socket_operations()
    for row in listed(capsys):
        operation = known.get(str(row["id"]))
        if operation is None:
            assert row["id"] in DOCUMENTS
            assert row["data"]
            continue
        assert (row["title"], row["effect"]) == (operation.title, operation.effect)
        parameters = row["parameters"]
        assert isinstance(parameters, list)
        assert [(one["name"], one["required"]) for one in parameters] == [
            (one.documented_name, one.required) for one in operation.parameters
        ]


def test_the_plain_list_marks_what_cannot_be_called(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["ops"]) == 0
    marks = {
        line.split()[0]: re.findall(r"^\S+ +\S+ +\((socket|document)\)", line)
        for line in capsys.readouterr().out.splitlines()
    }
    assert {name for name, mark in marks.items() if mark == ["socket"]} == SOCKET
    assert {name for name, mark in marks.items() if mark == ["document"]} == DOCUMENTS
    assert set(marks) == HTTP | SOCKET | DOCUMENTS | {LATEST}


@pytest.mark.parametrize("id", sorted(SOCKET | DOCUMENTS))
def test_call_says_how_a_row_is_used_that_it_cannot_run(
    id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["call", id]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "cannot be called" in said.err
    assert id in said.err


def test_every_row_over_http_can_be_called() -> None:
    for name in HTTP | {LATEST}:
        assert catalogue.callable_operation(name).id == name


def test_the_reference_page_has_every_row_once() -> None:
    text = (ROOT / "tui" / "REFERENCE.md").read_text(encoding="utf-8")
    written = re.findall(r"^### `(.+)`$", text, re.MULTILINE)
    assert sorted(written) == sorted(HTTP | SOCKET | DOCUMENTS | {LATEST})


def test_every_change_says_what_to_look_at_when_its_outcome_is_not_known() -> None:
    operations = {**registry.operations(), **registry.socket_operations()}
    changes = {one.id for one in operations.values() if one.effect != "read"}
    assert set(LOOK) == changes
    first = r"(in some minutes, )?(whether|what|which|who|how many|in which)\b"
    for name, words in LOOK.items():
        assert re.match(first, words), name
        assert not words.endswith("."), name
