"""Pages of tables are decoded by their types: the same comes out as where all is decoded as ever.

The slow way is the formula: the whole answer decoded into plain values, read by the tolerant
readers alone. Whatever an answer is like, both give the same rows, leave the same out, or refuse
in the same words.
"""

from __future__ import annotations

import json
import random
import threading
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from tests.services.odd_answers import EMPTY_DATES, JUNK, NOISE, WRONG, changed, places
from tests.services.timetonic.sample import answering, data, ok
from tui.services.client import decode_json
from tui.services.errors import ServiceError
from tui.services.left_out import as_received, collecting
from tui.services.timetonic import Cell, TableValues, table_columns, table_reading
from tui.services.timetonic.by_column import TableColumns
from tui.services.timetonic.table_columns import decode_table
from tui.services.timetonic.table_reading import read_columns, read_page
from tui.services.wire import Response

TYPES = ["shorttext", "int", "double", "boolean", "date", "link", "files", "comments", "?"]
INTEGERS = [0, 1, 7, 19_975_001, 2**53, 2**53 + 1, 2**63, 2**64, 10**40, -1]
SCALARS: list[Any] = [
    None, True, False, *INTEGERS, 1.0, -0.0, 12.5, 1e300, 9007199254740993.0, "", "x", "1,5", "12",
    "été 帆 \\ / \"", "\ud800", *EMPTY_DATES,
]  # fmt: skip
CLIENT, _ = answering()
"""Only reads what it is given here, which is the same for all answers."""
KEYS = ["id", "value", "text", "order", "index", "token", "row_id", "0", "12"]


class Sender:
    """Makes answers to getTableValues as they should be, with something odd here and there."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.oddity = self.dice.choice((0.0, 0.01, 0.05, 0.2))
        """How often something is not as documented."""

    def chance(self, usual: float) -> bool:
        return self.dice.random() < usual

    def odd(self, usual: Any) -> Any:
        return self.anything(2) if self.chance(self.oddity) else usual

    def anything(self, depth: int) -> Any:
        kind = self.dice.randrange(6) if depth else 0
        if kind == 4:
            return [self.anything(depth - 1) for _ in range(self.dice.randrange(3))]
        if kind == 5:
            names = self.dice.sample(KEYS, self.dice.randrange(4))
            return {name: self.anything(depth - 1) for name in names}
        return self.dice.choice(SCALARS)

    def value(self) -> Any:
        if self.chance(0.2):
            return [{"row_id": self.dice.choice(INTEGERS), "value": "x"}]
        return self.anything(1)

    def cell(self, row_id: int) -> Any:
        cell = {"id": self.odd(row_id), "value": self.odd(self.value())}
        if self.chance(0.2):
            cell["text"] = self.odd("a text")
        if self.chance(self.oddity):
            cell["more"] = self.value()
        return self.odd(cell)

    def column(self, ids: list[int]) -> Any:
        found = [self.cell(row_id) for row_id in ids if not self.chance(self.oddity)]
        if self.chance(self.oddity):
            self.dice.shuffle(found)
        return self.odd(found)

    def info(self, place: int) -> Any:
        info = {"order": self.odd(place + 1), "index": self.odd(place)}
        if self.chance(0.1):
            info["token"] = self.value()
        if self.chance(self.oddity):
            del info[self.dice.choice(sorted(info))]
        return self.odd(info)

    def key(self, row_id: int) -> str:
        usual = str(row_id)
        spelled = [f"0{usual}", f" {usual}", f"+{usual}", f"{usual}.0", "x"]
        return self.dice.choice(spelled) if self.chance(self.oddity) else usual

    def field(self, ids: list[int]) -> dict[str, Any]:
        return {
            "id": self.odd(self.dice.randrange(1, 9)),
            "name": self.odd("field"),
            "type": self.dice.choice(TYPES),
            "timeAndDate": self.chance(0.5),
            "values": self.column(ids),
        }

    def answer(self) -> Any:
        ids = self.dice.sample(range(-2, 30), self.dice.randrange(5))
        if self.chance(0.1):
            ids.append(self.dice.choice(INTEGERS))
        fields = [self.field(ids) for _ in range(self.dice.randrange(4))]
        placed = [(row_id, place) for place, row_id in enumerate(ids)]
        if self.chance(0.3):
            self.dice.shuffle(placed)
        table = {
            "id": self.odd(9),
            "name": "x",
            "views": [],
            "more": self.value(),
            "fields": self.odd(fields),
            "rowInfos": self.odd(
                {self.key(row_id): self.info(place) for row_id, place in placed} or []
            ),
        }
        if self.chance(self.oddity):
            table["rows"] = self.anything(2)
        return ok(tableValues=self.odd(table), sstamp=self.odd(17013721742940))

    def broken(self, content: bytes) -> bytes:
        """The bytes of an answer, something other here and there."""
        found = bytearray(content)
        for _ in range(self.dice.randrange(1, 3)):
            place = self.dice.randrange(len(found) + 1)
            pieces = [b"", b"\xff", b'"', b"}", b"]", b",", b"1", b"\\", b"\\ud800", b"\x01"]
            found[place : place + self.dice.randrange(3)] = self.dice.choice(pieces)
        return self.dice.choice([b"", *NOISE]) + bytes(found)


def outcome(content: bytes, *, slowly: bool, by_columns: bool = False) -> tuple[str, str]:
    """What is made of an answer, and what is left out of it, as text: 1 is not 1.0 or True."""
    response = Response(200, {"content-type": "application/json"}, content, "")

    def accepted(decode: Any) -> Any:
        return CLIENT.accepted("getTableValues", response, decode_json if slowly else decode)

    try:
        with collecting() as notes:
            if by_columns:
                read = read_columns(accepted)
                rows = as_received(list(read.rows), read.came)
                assert len(rows) == read.read
                made = TableValues(table=read.table, rows=rows, sstamp=read.sstamp)
                return repr(made), repr(notes)
            if not slowly:
                return repr(read_page(accepted)), repr(notes)
            # No column is as documented for the slow way.
            with (
                patch.object(table_reading, "plain_column", lambda _values: None),
                patch.object(table_reading, "plain_infos", lambda _infos: None),
            ):
                return repr(read_page(accepted)), repr(notes)
    except ServiceError as error:
        return type(error).__name__, f"{error.message} {error.advice} {error.status}"


def check(content: bytes, *, by_columns: bool = True) -> str:
    found = outcome(content, slowly=False)
    assert found == outcome(content, slowly=True), content
    if by_columns:
        assert found == outcome(content, slowly=False, by_columns=True), content
    return found[0]


@pytest.mark.parametrize("part", range(4))
def test_any_answer_reads_as_by_the_slow_way(part: int) -> None:
    kinds: set[str] = set()
    for seed in range(part * 1500, part * 1500 + 1500):
        answer = Sender(seed).answer()
        kinds.add(check(json.dumps(answer).encode()))
        other = json.dumps(answer, ensure_ascii=False).encode(errors="surrogatepass")
        check(other, by_columns=False)
    assert len(kinds) > 100


@pytest.mark.parametrize("part", range(4))
def test_broken_bytes_read_as_by_the_slow_way(part: int) -> None:
    for seed in range(part * 1500, part * 1500 + 1500):
        sender = Sender(seed)
        check(sender.broken(json.dumps(sender.answer()).encode()))


SAVED = ok(tableValues=data("fetchTableValues.json"), sstamp=17013721742940)


@pytest.mark.parametrize("after", [*WRONG, *JUNK, *EMPTY_DATES], ids=repr)
def test_the_saved_answer_with_one_oddity_reads_as_by_the_slow_way(after: Any) -> None:
    for path, _ in places(SAVED):
        if path:
            check(json.dumps(changed(SAVED, path, after)).encode())


@pytest.mark.parametrize("noise", [b"", *NOISE], ids=range(5))
def test_the_saved_answer_is_read_without_a_slow_step(noise: bytes) -> None:
    content = noise + json.dumps(SAVED).encode()
    slow = outcome(content, slowly=True)
    with (
        patch.object(table_reading, "each", unwanted(table_reading.each, "values")),
        patch.object(table_columns, "decode_json", unwanted(decode_json, "")),
    ):
        found = outcome(content, slowly=False)
        assert outcome(content, slowly=False, by_columns=True) == slow
    assert found == slow
    assert "TableRow" in found[0]


async def test_even_columns_stay_columns_and_others_come_as_rows() -> None:
    ids = [7, 3, 9]
    values = [{"id": row, "value": f"v{row}", "text": "t" if row == 3 else None} for row in ids]
    infos = {str(row): {"order": row, "index": place} for place, row in enumerate(ids)}
    field = {"id": 5, "name": "F", "type": "shorttext", "values": values}
    even = {"id": 1, "name": "x", "fields": [field], "rowInfos": infos}
    later = {"7": {"index": 4}, "3": {"index": 2}, "9": {"index": 3}}
    for table, order, stays in (
        (even, ids, True),
        ({**even, "rowInfos": later}, [3, 9, 7], False),
        ({**even, "fields": [{**field, "values": values[:2]}]}, ids, False),
        ({**even, "fields": [field, field]}, ids, False),
    ):
        client, _ = answering(ok(tableValues=table, sstamp=12))
        found = await client.table_columns(1, max_rows=3)
        assert isinstance(found, TableColumns) is stays
        assert (found.came, found.read, found.sstamp) == (3, 3, 12)
        assert [row.id for row in found.rows] == order
        if stays:
            assert found.rows[1].cells[5] == Cell(value="v3", text="t")


def unwanted(real: Any, places_of: str) -> Any:
    """What must not be called: for places that end in that word."""

    def called(value: Any, at: Any = "", *more: Any, **named: Any) -> Any:
        assert not str(at).endswith(places_of), at
        return real(value, at, *more, **named)

    return called


def test_one_odd_column_costs_the_others_nothing() -> None:
    raw = decode_table(Response(200, {}, json.dumps(SAVED).encode(), ""))
    kept = [field["values"] for field in raw["tableValues"]["fields"]]
    assert kept
    assert all(isinstance(values, msgspec.Raw) for values in kept)
    answer = json.loads(json.dumps(SAVED))
    answer["tableValues"]["fields"][1]["values"][0]["id"] = "19974813"
    read: list[Any] = []
    real = table_reading.each

    def counted(value: Any, at: str, *more: Any, **named: Any) -> Any:
        read.append(at)
        return real(value, at, *more, **named)

    with patch.object(table_reading, "each", counted):
        outcome(json.dumps(answer).encode(), slowly=False)
    assert [at for at in read if at.endswith("values")] == ["tableValues.fields[1].values"]


async def test_a_large_answer_is_decoded_beside_the_loop() -> None:
    where: list[int] = []
    real = table_reading.read_table_values

    def noted(answer: Any) -> TableValues:
        where.append(threading.get_ident())
        return real(answer)

    values = [{"id": row, "value": "a text of some length " * 3} for row in range(1, 601)]
    infos = {str(row): {"order": row, "index": row} for row in range(1, 601)}
    table = {"id": 1, "fields": [{"id": 5, "values": values}], "rowInfos": infos}
    for many, there in ((table, False), ({**table, "fields": [], "rowInfos": []}, True)):
        client, _ = answering(ok(tableValues=many))
        with patch.object(table_reading, "read_table_values", noted):
            found = await client.get_table_values(1)
        assert len(found.rows) == (0 if there else 600)
        assert (where.pop() == threading.get_ident()) is there
