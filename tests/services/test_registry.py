"""The registry of every client against the list of documented operations, row by row."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tui.services import registry
from tui.services.errors import InvalidArgument

TSV = Path(__file__).parents[1] / "data" / "operations.tsv"
ROWS = list(csv.DictReader(TSV.read_text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
EXTRA = {"igtimi.data.latest"}
"""Not in the list: only the older document has it."""


def documented(service: str) -> list[str]:
    """The ids of one service's HTTP operations, in the list's order."""
    return [
        row["id"]
        for row in ROWS
        if row["id"].startswith(f"{service}.") and row["transport"].startswith("HTTP")
    ]


def test_the_list_is_whole() -> None:
    counts = {service: len(documented(service)) for service in registry.CLIENTS}
    assert counts == {
        "timetonic": 40,
        "ticktocker": 8,
        "igtimi": 49,
        "trackmypeople": 11,
        "timesheets": 85,
    }


@pytest.mark.parametrize("service", registry.CLIENTS)
def test_a_client_has_its_rows_and_no_others(service: str) -> None:
    operations = registry.client(service).operations()
    assert sorted(set(operations) - EXTRA) == sorted(documented(service))
    assert all(name == operation.id for name, operation in operations.items())


@pytest.mark.parametrize("service", registry.CLIENTS)
def test_every_operation_says_what_it_does_and_where_that_is_written(service: str) -> None:
    for operation in registry.client(service).operations().values():
        assert operation.title, operation.id
        assert len(operation.title) <= 100, operation.id
        assert "Source:" in operation.description, operation.id
        assert operation.answer is not None, operation.id
        for parameter in operation.parameters:
            assert parameter.help, f"{operation.id} {parameter.name}"


@pytest.mark.parametrize("service", registry.CLIENTS)
def test_reads_and_destructions_are_marked_as_such(service: str) -> None:
    for operation in registry.client(service).operations().values():
        last = operation.id.rpartition(".")[2].lower()
        if last.startswith(("delete", "dropall")):
            assert operation.effect == "destructive", operation.id
        if last.startswith(("get", "list", "search", "show")) and "create" not in last:
            assert operation.effect == "read", operation.id
        assert operation.idempotent or operation.effect != "read", operation.id


def test_the_socket_has_its_rows_and_no_others() -> None:
    rows = [row["id"] for row in ROWS if row["transport"] == "socket"]
    assert len(rows) == 11
    assert sorted(registry.socket_operations()) == sorted(rows)
    assert not set(rows) & set(registry.client("timetonic").operations())


def test_all_operations_stand_in_the_order_of_the_services() -> None:
    services = [operation.service for operation in registry.operations().values()]
    assert list(dict.fromkeys(services)) == list(registry.CLIENTS)
    assert services == sorted(services, key=list(registry.CLIENTS).index)


def test_an_operation_is_found_by_its_id() -> None:
    assert registry.find("ticktocker.submit").title == "Submit a new tock"


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("timetonic.getallbooks", "timetonic.getAllBooks"),
        ("ticktocker.submitt", "ticktocker.submit"),
        ("trackmypeople.begin", "trackmypeople"),
    ],
)
def test_an_unknown_id_names_the_nearest(given: str, near: str) -> None:
    with pytest.raises(InvalidArgument, match=near) as caught:
        registry.find(given)
    assert given in caught.value.message


def test_an_unknown_service_names_the_nearest() -> None:
    with pytest.raises(InvalidArgument, match="did you mean timetonic"):
        registry.client("timetonics")


def test_finding_one_operation_imports_neither_httpx_nor_the_other_clients() -> None:
    program = (
        "import sys\n"
        "from tui.services import registry\n"
        "assert not any('tui.services.time' in name for name in sys.modules)\n"
        "registry.find('trackmypeople.total')\n"
        "bad = {'httpx', 'websockets', 'defusedxml', 'textual', 'tui.services.timetonic'}\n"
        "assert not bad & set(sys.modules), bad & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
