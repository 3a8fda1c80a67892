"""Answers that real services may give (tests/data/cases), and what is right."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.services.igtimi import samples as igtimi
from tests.services.timesheets import samples as timesheets
from tests.services.timetonic.sample import answering
from tui.services.left_out import collecting, sentences
from tui.services.timetonic import TableValues, value_of

CASES = Path(__file__).parents[1] / "data" / "cases"


def case(name: str) -> str:
    return (CASES / name).read_text()


def only_value(values: TableValues) -> object:
    [row] = values.rows
    [field] = values.fields
    return value_of(field, row.cells[field.id])


@pytest.mark.parametrize(
    "name", ["01-timetonic-date-int-paris.json", "02-timetonic-date-digit-text.json"]
)
async def test_a_day_is_the_day_in_paris(name: str) -> None:
    service, _ = answering(case(name))
    assert only_value(await service.get_table_values(11)) == date(2024, 3, 15)


async def test_one_odd_member_is_left_out_and_counted() -> None:
    service, _ = answering(case("03-timetonic-one-odd-book.json"))
    with collecting() as notes:
        books = await service.get_all_books()
    assert [book.b_c for book in books.books] == ["a", "b"]
    assert books.books[1].members == []
    assert sentences(notes) == [
        "1 of 1 members could not be read: allBooks.books[1].members[0].u_c (in b)"
    ]


async def test_a_list_with_gaps_is_a_list() -> None:
    service, _ = answering(case("05-timetonic-books-as-object.json"))
    assert [book.b_c for book in (await service.get_all_books()).books] == ["a", "b"]


async def test_what_passed_may_be_a_list() -> None:
    made, _ = timesheets.client(case("08-timesheets-passed-list.json"))
    found = await made.integration.export_timeentries(time_entry_ids=[1, 5, 6])
    assert found.time_entries.passed == [5, 6]
    assert found.time_entries.exported == [{"1": "10"}]


async def test_binary_messages_over_http_are_fixes() -> None:
    made, _ = igtimi.client(case("09-igtimi-riot-rest.json"))
    answer = await made.data.list(
        start_time=igtimi.START, end_time=igtimi.END, serial_numbers=["DC-FE-AAKG"], types={9: 0}
    )
    stamp = int(datetime(2024, 11, 21, 16, 29, 32, 500_000, tzinfo=UTC).timestamp() * 1000)
    course, speed = answer.find("DC-FE-AAKG", 6), answer.find("DC-FE-AAKG", 9)
    assert course is not None
    assert speed is not None
    assert (course.times, course.axes) == ([stamp], {1: [0.0]})
    assert speed.times == [stamp]
    assert speed.axes[1] == [pytest.approx(0.283356)]


async def test_the_rows_of_a_write_may_be_a_map() -> None:
    service, _ = answering(case("11-timetonic-row-answer-as-map.json"))
    written = await service.create_or_update_table_row(cat_id=11)
    assert written.id == 5
    assert written.rows[0].temporary_id == "tmpNEW_ROW"


async def test_a_device_may_speak_ruby() -> None:
    made, _ = igtimi.client(case("12-igtimi-device-info-ruby.txt"))
    told = await made.devices.info("DC-FE-AAKG")
    assert (told.stage, told.target, told.build) == ("production", "YachtBot", "504")
    assert (told.build_date, told.cell_module) == ("2017-12-11T03:40Z", "H910 (fw: 12.00.004)")
