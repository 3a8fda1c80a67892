"""Which of the lists of Sessions a filter leaves."""

from __future__ import annotations

from types import SimpleNamespace

from tui.screens.sessions.rows import listings


def test_a_list_is_narrowed_by_words_in_any_order_without_case_and_accents() -> None:
    devices = listings()["devices"]
    devices.items = [
        SimpleNamespace(name="Kōtare", serial_number="GA-EN-AAAA"),
        SimpleNamespace(name="Second Wind", serial_number="GA-EN-AAAG"),
    ]
    assert [one.name for one in devices.matching("kotare")] == ["Kōtare"]
    assert [one.name for one in devices.matching("wind second aag")] == ["Second Wind"]
    assert devices.matching("second kotare") == []


def test_sessions_without_one_of_that_name_say_where_boats_are() -> None:
    lists = listings()
    for one in lists.values():
        one.items = [SimpleNamespace(name="Ora sprint")]
    said = lists["sessions"].empty_text("petrel")
    assert said == "Nothing holds “petrel”. Boats, and when they sailed: o."
    assert lists["devices"].empty_text("petrel") == "Nothing holds “petrel”."
