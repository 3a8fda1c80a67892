"""Files into tables: an export changes nothing, what is typed is understood or refused."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workspace.books.any_tables import ZONE, kept_of, with_texts
from tests.workspace.books.service import OneTable
from tui.services.timetonic import Cell, Field, LinkedRow, TableRow
from tui.services.timetonic.table_records import Choice, Choices
from tui.services.timetonic.wire_values import PARIS
from tui.workspace.books.into.bring import OrderUnknown, PercentsUnknown, Wanted, plan_sheet
from tui.workspace.books.into.calls import batches
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sheets import Sheet, SheetError, read_sheet, separated
from tui.workspace.books.into.values import (
    CellError,
    DecimalSign,
    Links,
    Percents,
    Reading,
    read_cell,
)
from tui.workspace.books.out.export import Asked, Form, write


def fit(form: Form) -> str:
    return "json" if form == "jsonl" else form


CLOCKS = [UTC, ZoneInfo("America/St_Johns"), ZONE, timezone(timedelta(hours=-3, minutes=-30))]


@given(st.integers(0, 10**6), st.sampled_from(["csv", "tsv", "json", "jsonl", "xlsx", "ods"]))
@settings(max_examples=140, deadline=None)
def test_an_export_that_is_imported_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, form: Form
) -> None:
    table = with_texts(Random(seed), 8)
    # By whatever clock it is written, and by whatever clock it is read.
    there, here = (Random(seed + n).choice(CLOCKS) for n in (1, 2))
    file = tmp_path_factory.mktemp("again") / f"a.{form}"

    async def work() -> Plan:
        kept = await kept_of(table)
        await write(kept, Asked(), form, file, there)
        sheet = read_sheet(file)
        assert len(sheet.rows) == 8
        assert form not in ("xlsx", "ods") or sheet.zone in (None, there)
        plan, _ = await plan_sheet(kept, sheet, Wanted(), here, {})
        return plan

    plan = asyncio.run(work())
    assert plan.failed == []
    assert plan.nothing, (plan.changed, plan.new)
    assert plan.unchanged == 8


FIELDS = [
    Field(id=1, name="Name", type="shorttext", order=0),
    Field(id=2, name="Price", type="double", order=1),
    Field(id=3, name="Due", type="date", order=2),
    Field(
        id=4, name="Status", type="shorttext", order=3,
        choices=Choices(values=[Choice(value="Open"), Choice(value="Done")], strict=True),
    ),
    Field(id=5, name="Boat", type="link", order=4),
    Field(id=6, name="Count", type="int", order=5, read_only=True),
]  # fmt: skip
BOATS = {5: Links.of([(70, "Sula"), (71, "Petrel"), (72, "Twin"), (73, "twin"), (74, "A, B")])}


async def planned(text: str, **wanted: Any) -> tuple[Plan, str]:
    table = OneTable(FIELDS, Random(0))
    for row_id, name in ((1, "One"), (2, "Two"), (3, "Same"), (4, "same")):
        table.put(TableRow(id=row_id, cells={1: Cell(value=name), 2: Cell(value=1.5)}))
    kept = await kept_of(table)
    return await plan_sheet(kept, separated(text), Wanted(**wanted), ZONE, BOATS)


async def test_a_file_of_another_program_is_understood() -> None:
    text = (
        "sep=;\nname;PRICE;Due;Status;Boat;Count;What\n"
        'One;"1.234,50";31.12.2026;done;sula, petrel;7;x\n'
        "Three;2,5;01.02.2026;;A, B;;\n"
    )
    plan, told = await planned(text, key="Name")
    assert told == "text with semicolons, utf-8, numbers with a decimal comma"
    sula = [{"row_id": 70, "value": "Sula"}, {"row_id": 71, "value": "Petrel"}]
    assert plan.changed == {
        1: {"2": Decimal("1234.50"), "3": date(2026, 12, 31), "4": "Done", "5": sula}
    }
    assert plan.new == [
        {"1": "Three", "2": "2.5", "3": "2026-02-01",
         "5": [{"row_id": 74, "value": "A, B"}]}
    ]  # fmt: skip
    assert plan.remarks == [
        "no such column in the table: What", "not written, only read: Count",
    ]  # fmt: skip
    assert list(batches(plan, 1))[1] == {"tmp1": plan.new[0]}


async def test_every_row_that_would_fail_is_named_with_why() -> None:
    text = (
        "Name,Price,Due,Status,Boat\nOne,many,,,\nTwo,,32/13/2026,,\nSame,1,,,\n,2,,,\n"
        "Four,,,Maybe,\nFive,,,,Nobody\nSix,,,,Twin\nTwo,3,,,\nTwo,4,,,\nNine,1,,,,extra\n"
        'Ten,"1,234",,,\n'
    )
    plan, _ = await planned(text, key="name", dates="dmy")
    assert [(one.line, one.column) for one in plan.failed] == [
        (2, "Price"), (3, "Due"), (4, "name"), (5, "name"), (6, "Status"), (7, "Boat"),
        (8, "Boat"), (9, ""), (10, ""), (11, ""), (12, "Price"),
    ]  # fmt: skip
    assert "is the key of 2 rows of the table" in plan.failed[2].why
    assert "say whether" in plan.failed[-1].why
    with pytest.raises(SheetError, match="two ways"):
        await planned("Name,Due\nx,01/02/2026\n")
    with pytest.raises(SheetError, match="key"):
        await planned("Price\n1\n", key="Name")
    with pytest.raises(SheetError, match="no column"):
        await planned("A,B\n1,2\n")
    plan, _ = await planned("What,Price\nZed,2\n", mapping={"what": "Name"})
    assert plan.new == [{"1": "Zed", "2": "2"}]


async def test_a_links_names_and_ids_that_are_of_different_rows_are_told() -> None:
    """A name that is mended in a spreadsheet, while the ids beside it stay."""
    head = "row id,Name,Boat,Boat (row ids)\n"
    plan, _ = await planned(
        f"{head}1,One,Sula,70\n2,Two,Sula,71\n3,Same,Nobody,70\n,New,Petrel,70\n"
        ",Newer,Nobody,70\n,Newest,petrel; Sula,70; 71\n"
    )
    assert [(one.line, one.column) for one in plan.failed] == [
        (3, "Boat (row ids)"), (5, "Boat (row ids)"),
    ]  # fmt: skip
    assert "of different rows" in plan.failed[0].why
    sula = {"row_id": 70, "value": "Sula"}
    assert plan.changed == {1: {"5": [sula]}, 3: {"5": [sula]}}
    assert [one["5"] for one in plan.new] == [[sula], [sula, {"row_id": 71, "value": "Petrel"}]]
    (remark,) = plan.remarks
    assert "1 cell, such as line 4, Boat: no row is called 'Nobody'" in remark


DATED = [
    Field(id=1, name="Due", type="date", order=0),
    Field(id=2, name="Paid", type="date", order=1),
    Field(id=3, name="Sent", type="date", with_time=True, order=2),
]  # fmt: skip


async def test_each_column_tells_the_order_of_its_own_days_and_months() -> None:
    kept = await kept_of(OneTable(DATED, Random(0)))

    async def orders(text: str, **wanted: Any) -> tuple[list[dict[str, Any]], str]:
        plan, told = await plan_sheet(kept, separated(text), Wanted(**wanted), ZONE, {})
        assert plan.failed == []
        return plan.new, told

    both = "Due,Paid\n31/12/2026,12/31/2026\n01/02/2026,01/02/2026\n"
    rows, told = await orders(both)
    assert rows[1] == {"1": "2026-02-01", "2": "2026-01-02"}
    assert "the month first in Paid" in told
    # One that does not tell it is as all others are, unless a person tells.
    open_one = "Due,Paid\n12/31/2026,01/02/2026\n"
    assert (await orders(open_one))[0] == [{"1": "2026-12-31", "2": "2026-01-02"}]
    for wanted in ({"dates": "dmy"}, {"dates_of": {"paid": "dmy"}}):
        assert (await orders(open_one, **wanted))[0] == [{"1": "2026-12-31", "2": "2026-02-01"}]
    # Where the others have both it is asked for that one.
    three = "Due,Paid,Sent\n31/12/2026,12/31/2026,03/04/2026 10:00\n"
    with pytest.raises(OrderUnknown, match="others have both") as caught:
        await orders(three)
    assert (caught.value.column, caught.value.example) == ("Sent", "03/04/2026")
    assert (await orders(three, dates_of={"Sent": "mdy"}))[0][0]["3"].startswith("2026-03-04")
    with pytest.raises(SheetError, match=r"Due: .*mend the file"):
        await orders("Due\n31/12/2026\n12/31/2026\n")


@pytest.mark.parametrize(
    ("raw", "form", "decimal", "found"),
    [("0.63%", "0.00%", None, "0.0063"), ("12,5 %", "0.0%", "comma", "0.125"),
     ("-3%", "0%", None, "-0.03"), ("0.63", "0.00%", None, "0.63"),
     ("0.63%", "0.00", None, ""), ("5%", None, None, ""), ("x%", "0%", None, "")],
)  # fmt: skip
def test_a_share_of_a_hundred_is_taken_where_the_column_has_such(
    raw: str, form: str | None, decimal: DecimalSign | None, found: str
) -> None:
    column = Field(id=1, name="Share", type="double", number_format=form)
    reading = Reading(zone=ZONE, decimal=decimal)
    if found:
        assert read_cell(column, raw, reading) == Decimal(found)
    else:
        with pytest.raises(
            CellError, match=r"Share is a plain number" if raw[0] != "x" else "no n"
        ):
            read_cell(column, raw, reading)


def test_files_are_read_in_their_encoding(tmp_path: Path) -> None:
    for encoding, told in (("utf-8", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")):
        file = tmp_path / "a.csv"
        file.write_bytes("Name\tÉté\nx\t'=1\n".encode(encoding))
        sheet = read_sheet(file)
        assert (sheet.titles, sheet.rows[0][1]) == (["Name", "Été"], ["x", "=1"])
        assert sheet.form == f"text with tabs, {told}"
    (tmp_path / "a.json").write_text("[1]")
    for name, words in (("a.json", "objects"), ("a.xlsx", "XLSX")):
        (tmp_path / "a.xlsx").write_bytes(b"no zip")
        with pytest.raises(SheetError, match=words):
            read_sheet(tmp_path / name)
    with pytest.raises(SheetError, match="header"):
        separated("\n")
    assert isinstance(separated("a;b\n1;2\n"), Sheet)


def test_moments_and_ids() -> None:
    when = Field(id=8, name="At", type="date", with_time=True)
    reading = Reading(zone=ZONE, links=BOATS)
    wanted = datetime(2026, 7, 1, 9, 30, tzinfo=ZONE)
    for text in ("2026-07-01 09:30", "1/7/2026 9:30", "2026-07-01T08:30:00Z"):
        assert read_cell(when, text, reading) == wanted
    # Where not all rows are known, one may be there.
    some = Reading(zone=ZONE, links={5: Links.of([(70, "Sula")], complete=False)})
    assert read_cell(FIELDS[4], [{"row_id": 9, "name": "n"}], some) == [
        LinkedRow(row_id=9, value="n")
    ]
    with pytest.raises(CellError, match="no row 9"):
        read_cell(FIELDS[4], [{"row_id": 9, "name": "n"}], reading)
    assert read_cell(FIELDS[4], "Sula, sula, Petrel", reading) == [
        LinkedRow(row_id=70, value="Sula"), LinkedRow(row_id=71, value="Petrel"),
    ]  # fmt: skip
    for text in ("1712011200000", "1712011200", "1" * 18, "171201120000"):
        with pytest.raises(CellError, match="no time"):
            read_cell(when, text, reading)
    for text in ("1e9999", "1e-9999", "NaN", "1e41", "1e-41"):
        with pytest.raises(CellError, match="no number"):
            read_cell(FIELDS[1], text, reading)
    with pytest.raises(CellError, match="is the name of 2 rows"):
        read_cell(FIELDS[4], "Twin", reading)


MOVED = [
    Field(id=1, name="Name", type="shorttext", order=0),
    Field(id=2, name="Price", type="double", order=1),
    Field(id=3, name="Due", type="date", order=2),
    Field(id=4, name="Ready", type="boolean", order=3),
    Field(id=5, name="Boat", type="link", order=4),
    Field(id=6, name="At", type="date", with_time=True, order=5),
]
WITH_COMMAS = {5: Links.of([(70, "Sula"), (71, "Petrel"), (74, "A, B"), (75, 'the "old" one')])}


async def moved(text: str, wanted: Wanted | None = None) -> Plan:
    """What a file from another table program would make in an empty table."""
    kept = await kept_of(OneTable(MOVED, Random(0)))
    plan, _ = await plan_sheet(kept, separated(text), wanted or Wanted(), ZONE, WITH_COMMAS)
    return plan


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            # As Airtable writes: a mark or nothing, a currency, twelve hours, names in quotes.
            "\ufeffName,Price,Due,Ready,Boat,At\n"
            'One,"$1,234.50",3/14/2026,checked,"""A, B"",Sula",3/14/2026 7:05pm\n'
            "Two,-$2.00,3/1/2026,,Petrel,3/1/2026 12:00am\n",
            [
                (
                    "1234.50",
                    date(2026, 3, 14),
                    True,
                    [74, 70],
                    datetime(2026, 3, 14, 19, 5, tzinfo=ZONE),
                ),
                ("-2", date(2026, 3, 1), None, [71], datetime(2026, 3, 1, tzinfo=ZONE)),
            ],
        ),
        (
            # As Baserow does: True and False, and names with commas between.
            "\ufeffid,Name,Price,Due,Ready,Boat,At\r\n"
            '1,One,-1.2,25/02/2026,True,"Sula,Petrel",25/02/2026 01:23\r\n'
            "2,Two,33.3333333333,01/02/2026,False,,01/02/2026 02:23\r\n",
            [
                (
                    "-1.2",
                    date(2026, 2, 25),
                    True,
                    [70, 71],
                    datetime(2026, 2, 25, 1, 23, tzinfo=ZONE),
                ),
                (
                    "33.3333333333",
                    date(2026, 2, 1),
                    False,
                    None,
                    datetime(2026, 2, 1, 2, 23, tzinfo=ZONE),
                ),
            ],
        ),
        (
            # As Grist does: as the column shows it, months by name and zones by their hours.
            "Name,Price,Due,Ready,Boat,At\n"
            'One,2000.55,"December 1st, 2026",true,"the ""old"" one, Sula",2026-12-08 7:00pm\n'
            'Two,0.0,"December 22nd, 2026",false,Sula,2026-12-28 03:00 -02\n'
            'Three,5 €,3 March 2026,false,Sula,"March 3, 2026 9:00am"\n',
            [
                (
                    "2000.55",
                    date(2026, 12, 1),
                    True,
                    [75, 70],
                    datetime(2026, 12, 8, 19, tzinfo=ZONE),
                ),
                ("0", date(2026, 12, 22), False, [70], datetime(2026, 12, 28, 5, tzinfo=ZONE)),
                ("5", date(2026, 3, 3), False, [70], datetime(2026, 3, 3, 9, tzinfo=ZONE)),
            ],
        ),
    ],
)
async def test_what_other_table_programs_write_is_taken(
    text: str, rows: list[tuple[str, date, bool | None, list[int] | None, datetime]]
) -> None:
    plan = await moved(text)
    assert plan.failed == []
    found = [
        (
            Decimal(row["2"]), date.fromisoformat(row["3"]), row.get("4"),
            [one["row_id"] for one in row["5"]] if "5" in row else None,
            datetime.fromisoformat(row["6"]).replace(tzinfo=PARIS).astimezone(ZONE),
        )
        for row in plan.new
    ]  # fmt: skip
    assert found == [
        (Decimal(price), day, ready, boats, at) for price, day, ready, boats, at in rows
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            # As Excel in German: points between thousands, words for yes and no, empty columns.
            "\ufeffName;Price;Due;Ready;At;;\r\n"
            'A;1.234,50 €;03.04.2026;WAHR;"03.04.2026, 14:30:00";;\r\n'
            "B;1.000;3. März 2026;FALSCH;3. Apr. 2026, 14:30;;\r\n;;;;;;\r\n",
            [("1234.50", (4, 3), True, (4, 3, 14)), ("1000", (3, 3), False, (4, 3, 14))],
        ),
        (
            # As Excel in French: narrow spaces, and the months of long days by name.
            "sep=;\nName;Price;Due;Ready;At\nA;1\u202f234,56 €;3 avril 2026;VRAI;03/04/2026 14:30\n"
            "B;-5,00;mercredi 1er juillet 2026;FAUX;25/04/2026 9:05\n",
            [("1234.56", (4, 3), True, (4, 3, 14)), ("-5", (7, 1), False, (4, 25, 9))],
        ),
        (
            # As Google Sheets: bookkeepers' brackets, and a comma behind the day.
            '"sep=,"\nName,Price,Due,Ready,At\n'
            'A,"$(1,234.56)",4/13/2026,TRUE,"4/13/2026, 2:30 PM"\n'
            "B,(5.00),4/3/2026,FALSE,4/3/2026 9:05:00\n",
            [("-1234.56", (4, 13), True, (4, 13, 14)), ("-5", (4, 3), False, (4, 3, 9))],
        ),
        (
            # As a script does: days with a clock at midnight, letters for a currency, minus signs.
            "Name,Price,Due,Ready,At\nA,CHF 12.50,2026-04-03T00:00:00.000Z,1.0,20260403T143000\n"
            "B,\u22125.00,2026-04-03 00:00:00+02:00,0.0,2026-04-03 14:30\n",
            [("12.5", (4, 3), True, (4, 3, 14)), ("-5", (4, 3), False, (4, 3, 14))],
        ),
    ],
)
async def test_what_spreadsheets_write_in_other_languages_is_taken(
    text: str, rows: list[tuple[str, tuple[int, int], bool, tuple[int, int, int]]]
) -> None:
    plan = await moved(text)
    assert plan.failed == []
    found = []
    for row in plan.new:
        at = datetime.fromisoformat(row["6"]).replace(tzinfo=PARIS).astimezone(ZONE)
        day = date.fromisoformat(row["3"])
        told = (day.month, day.day), row["4"], (at.month, at.day, at.hour)
        found.append((Decimal(row["2"]), *told))
    assert found == [(Decimal(price), day, ready, at) for price, day, ready, at in rows]


async def test_notion_s_links_are_the_names_before_their_pages() -> None:
    page = "(https://www.notion.so/Sula-0123456789abcdef?pvs=21)"
    plan = await moved(f'Name,Boat\nOne,"Sula {page}, Petrel {page}"\nTwo,Gone {page}\n')
    assert [[link["row_id"] for link in row["5"]] for row in plan.new] == [[70, 71]]
    assert [one.why for one in plan.failed] == ["no row is called 'Gone'"]


async def test_yes_and_no_leave_as_ods_as_libreoffice_shows_them(tmp_path: Path) -> None:
    # By that text alone pandas tells them apart.
    table = OneTable(MOVED, Random(0))
    for row_id, ready in ((1, True), (2, False)):
        table.put(TableRow(id=row_id, cells={4: Cell(value=ready)}))
    file = tmp_path / "a.ods"
    await write(await kept_of(table), Asked(), "ods", file, UTC)
    content = ZipFile(file).read("content.xml").decode()
    assert re.findall(r'boolean-value="(\w+)"><text:p>(\w+)<', content) == [
        ("true", "TRUE"), ("false", "FALSE"),
    ]  # fmt: skip


async def test_ids_that_pandas_took_for_fractions_are_the_rows() -> None:
    plan, _ = await planned("row id,Name,Boat (row ids)\n1.0,New,71.0\n9.0,x,\n2.5,x,70.5\n")
    assert [(row_id, values["1"]) for row_id, values in plan.changed.items()] == [(1, "New")]
    assert [link["row_id"] for link in plan.changed[1]["5"]] == [71]
    assert [one.why for one in plan.failed] == [
        "there is no row 9 in the table", "there is no row 2.5 in the table",
    ]  # fmt: skip


async def test_what_may_be_the_id_of_a_row_is_told_of_anything(tmp_path: Path) -> None:
    for odd in ([1], {"a": 1}, True, "9" * 5000):
        file = tmp_path / "a.json"
        file.write_text(json.dumps([{"row id": odd, "Name": "x"}]))
        kept = await kept_of(OneTable(FIELDS, Random(0)))
        plan, _ = await plan_sheet(kept, read_sheet(file), Wanted(), ZONE, BOATS)
        (why,) = [one.why for one in plan.failed]
        assert why.startswith("there is no row ")
        assert len(why) < 100
    plan, _ = await planned(f"row id,Boat (row ids)\n1,{'9' * 5000}\n2,70; {'9' * 19}\n")
    assert "is no list of row ids" in plan.failed[0].why
    assert "there is no row 9999999999999999999 to link to" in plan.failed[1].why


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        (["100 USD", "100 EUR", "5"], "Price: amounts in EUR, USD, of which the numbers alone"),
        (["$5", "(€5)", "-€1,234.50"], "Price: amounts in $, €, of which the numbers alone"),
        (["100 EUR", "EUR 5.-", "-EUR 1", "1e3", "7"], ""),
    ],
)
async def test_amounts_of_several_currencies_in_a_column_are_told(
    prices: list[str], told: str
) -> None:
    plan = await moved("Name;Price\n" + "".join(f"x;{one}\n" for one in prices))
    assert plan.failed == []
    assert [one for one in plan.remarks if "amounts" in one] == ([told + " stay"] if told else [])


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("Due", "{}", "is no day"),
        ("Due", "3 April 2026{}", "is no day"),
        ("At", "{}", "is no time"),
        ("Price", "{}", "is no number"),
        ("Price", "{}%", "is so many of a hundred"),
        ("Ready", "{}", "is neither yes nor no"),
        ("Boat", "{}", "no row is called"),
    ],
)
async def test_a_refusal_of_a_long_cell_does_not_repeat_all_of_it(
    column: str, cell: str, why: str
) -> None:
    long = cell.format("tomorrow " * 1000)
    plan = await moved(f"Name;{column}\nx;{long}\n")
    (failed,) = plan.failed
    assert why in failed.why
    assert long[:12] in failed.why
    assert "…" in failed.why
    assert len(failed.why) <= 160


async def test_a_word_before_a_day_is_its_weekday_or_makes_it_none() -> None:
    days = ["Fr 3 April 2026", "Vendredi 3 avril 2026", "Fr., 3. April 2026", "3 April 2026"]
    others = ["before 3 April 2026", "ab 3. April 2026", "F 3 April 2026", "not 3 avril 2026"]
    plan = await moved("Name;Due\n" + "".join(f"x;{one}\n" for one in (*days, *others)))
    assert [row["3"] for row in plan.new] == ["2026-04-03"] * 4
    assert [one.why for one in plan.failed] == [f"{one!r} is no day" for one in others]


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        (["1.000", "2,50"], ["1000", "2.50"]),
        (["1.000", "1.234.567"], ["1000", "1234567"]),
        (["1.000", "2.500"], ["1.000", "2.500"]),
        (["1.000", "2.5"], ["1.000", "2.5"]),
        # Of both: nobody knows which of them counts for what may be either.
        (["1.000", "2,50", "2.5"], ["two numbers", "2.50", "2.5"]),
        (["(1)-", "(a)", "$5€", "5-5"], ["no number"] * 4),
        # A stroke in place of cents takes nothing away, and tells which sign is before decimals.
        (["19,-", "Fr. 5,\u2013", "-3,--", "1.000"], ["19", "5", "-3", "1000"]),
        (["19.-", "CHF 5.\u2013", "5.00-", "-2.-"], ["19", "5", "-5", "-2"]),
        # A unit is no currency: of 5 TSD it makes 5,000.
        (["5 TSD", "12 MIN", "3 MAY", "1 NAN"], ["no number"] * 4),
    ],
)
async def test_a_point_before_three_figures_is_read_as_the_others_tell(
    numbers: list[str], wanted: list[str]
) -> None:
    plan = await moved("Name;Price\n" + "".join(f"{n};{n}\n" for n in numbers))
    whys = {one.line: one.why for one in plan.failed}
    taken = {row["1"]: row["2"] for row in plan.new}
    for line, (text, want) in enumerate(zip(numbers, wanted, strict=True), 2):
        if line in whys:
            assert want in whys[line]
        else:
            assert Decimal(taken[text]) == Decimal(want)


async def test_a_zone_by_its_letters_and_a_part_of_a_hundred_are_not_guessed() -> None:
    plan = await moved(
        "Name,Price,At\nOne,,2026-12-01 11:08pm WAT\nTwo,0.63%,\nThree,$,\nFour,$5€,\n"
        "Five,,December 2026\nSix,,Feb 30 2026\n"
    )
    assert [(one.line, one.column) for one in plan.failed] == [
        (2, "At"), (3, "Price"), (4, "Price"), (5, "Price"), (6, "At"), (7, "At"),
    ]  # fmt: skip
    assert plan.new == []


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "ods"])
async def test_times_at_the_ends_of_the_calendar_leave_with_their_clock(
    tmp_path: Path, form: Form
) -> None:
    ends = ["9999-12-31 23:59:59", "0001-01-01 00:30:00", "0001-12-31 10:00:00"]
    when = [Field(id=1, name="At", type="date", with_time=True, order=0)]
    table = OneTable(when, Random(0))
    for row_id, text in enumerate(ends, 1):
        table.put(TableRow(id=row_id, cells={1: Cell(value=text)}))
    kept, file = await kept_of(table), tmp_path / f"a.{form}"
    await write(kept, Asked(), form, file, ZONE)
    sheet = read_sheet(file)
    assert [str(cells[-1]) for _, cells in sheet.rows] == [
        "9999-12-31T23:59:59+01:00", "0001-01-01T00:30:00+00:09:21", "0001-12-31T10:00:00+00:09:21",
    ]  # fmt: skip
    plan, _ = await plan_sheet(kept, sheet, Wanted(), ZoneInfo("Asia/Kolkata"), {})
    assert (plan.unchanged, plan.failed) == (3, [])
    # As new rows they are what they were, wherever they are read.
    bare = Sheet("a sheet", ["At"], [(line, [cells[-1]]) for line, cells in sheet.rows])
    for zone in (UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/St_Johns")):
        plan, _ = await plan_sheet(kept, bare, Wanted(), zone, {})
        assert [row["1"] for row in plan.new] == ends, zone


async def test_what_takes_so_many_of_a_hundred_into_a_plain_number_is_told_or_asked() -> None:
    text = "Name;Price\nx;0,63%\ny;5 %\nz;7\n"
    refused = await moved(text)
    assert [one.line for one in refused.failed] == [2, 3]
    (told,) = [one for one in refused.remarks if "--percent" in one]
    assert "Price is a plain number" in told
    assert "0,63%" in told
    found: dict[Percents, list[str]] = {
        "number": ["0.63", "5", "7"],
        "fraction": ["0.0063", "0.05", "7"],
    }
    for percents, prices in found.items():
        plan = await moved(text, Wanted(percents=percents))
        assert not plan.failed
        assert not [one for one in plan.remarks if "--percent" in one]
        assert [Decimal(str(row["2"])) for row in plan.new] == [*map(Decimal, prices)]
    with pytest.raises(PercentsUnknown, match="Price: 0,63% is so many of a hundred"):
        await moved(text, Wanted(asks=True))
    assert not (await moved("Name;Price\n5%;7\n", Wanted(asks=True))).failed, "a text"
