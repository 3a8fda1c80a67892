"""What the readers of many cells take at once is what is taken of each cell by itself."""

from __future__ import annotations

from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from tui.embedded.timetonic.accept import Acceptor
from tui.embedded.timetonic.accept_columns import by_column
from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.definitions import Field
from tui.embedded.timetonic.envelope import Refusal
from tui.embedded.timetonic.parameters import Parameters

SENT: list[object] = [
    None, "", " ", [], {}, True, False, 0, 1, -7, 2**53, 2**53 + 1, 2**70, 1.5, 3.0, 1e300,
    "a", "é" * 255, "x" * 256, "x" * 65_536, "High", "high", "High ", "true", "0", "yes",
    "12", " 12 ", "1 234,5", "1_000", "1e3", "nan", "inf", "-0.0", "١٢", "12.50",
    "2026-03-29", "2026-02-30", "2026-13-01", "2026-12-01 23:59:59", "2026-12-01T10:00",
    "2026-03-29 02:30:00", "2026-03-29 03:30:00", "2026-12-01 24:00:00", "2026-12-01 10:00",
    "0001-01-01", "1790000000", [1], [1, 1, 2], [1, 99], [{"row_id": 2, "value": "b"}, 1],
    [{"row_id": "2"}], [{"value": "b"}], ["b"], [True],
    [{"row_id": 1}, {"row_id": True}], [{"row_id": 1}, {"row_id": 1.0}],
    [1] * 201, {"row_id": 3}, "a,b", [[1]],
]  # fmt: skip
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("shorttext", {}), ("mediumtext", {}), ("email", {"required": True}), ("odd", {}),
    ("shorttext", {"strict": True, "choices": [["High", "#fff"], ["", "#fff"], ["x" * 300, ""]]}),
    ("int", {}), ("double", {"required": True}), ("boolean", {}), ("date", {}),
    ("date", {"timeAndDate": True}), ("link", {"link": 5}),
    ("link", {"link": 5, "multiple": True}), ("link", {"link": 5, "multiple": True, "required": 1}),
]  # fmt: skip


def field_of(kind: str, options: dict[str, Any], *, read_only: bool = False) -> Field:
    return Field(
        id=1, table_id=2, position=1, name="Field", code=None, fixed_code="field",
        description=None, type=kind, options=options, read_only=read_only, last_increment=None,
        modified=0,
    )  # fmt: skip


def acceptor() -> Acceptor:
    """One before which three rows stand in the table that is linked to."""

    def one(_query: str, *values: object) -> object:
        return {"1": 1} if values[0] in (1, 2, 3) else None

    call = cast(Call, SimpleNamespace(parameters=Parameters({}), one=one))
    made = Acceptor(call)
    made._by_name[5] = {"a": 1, "b": 2}
    return made


def outcome(take: Any, sent: object) -> tuple[str, str]:
    try:
        found = take(sent)
    except Refusal as error:
        return "refused", error.words
    return type(found).__name__, repr(found)


def test_a_cell_among_many_is_taken_as_it_is_by_itself() -> None:
    taken = 0
    for kind, options in [*KINDS, ("shorttext", {"read_only": True})]:
        field = field_of(kind, options, read_only="read_only" in options)
        read = acceptor().reader(field)
        # The second time all the others came before it.
        for sent in [*SENT, *SENT]:
            expected = outcome(partial(acceptor().value, field), sent)
            assert outcome(read, sent) == expected, (kind, options, sent)
            taken += expected[0] != "refused"
    assert taken > 300


def test_a_column_of_cells_is_what_each_of_them_is() -> None:
    dice = Random(7)
    for kind, options in KINDS:
        field = field_of(kind, options)
        for _ in range(300):
            alike = dice.random() < 0.5
            pool = [one for one in SENT if type(one) is type(dice.choice(SENT))] if alike else SENT
            sent = [dice.choice(pool or SENT) for _ in range(dice.randrange(1, 6))]
            each = [outcome(partial(acceptor().value, field), one) for one in sent]
            rows = [{"1": one} for one in sent]
            made = by_column(acceptor(), {"1": field}, rows)
            if any(kind == "refused" for kind, _ in each):
                assert made is None, (kind, sent)
            else:
                assert made is not None, (kind, sent)
                assert [(type(row["1"]).__name__, repr(row["1"])) for row in made] == each
    assert by_column(acceptor(), {}, [{"1": "a"}]) is None
