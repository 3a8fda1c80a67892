"""Boats of one name are told apart, and no others get longer names."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.store import FeedStore
from tui.services.errors import InvalidArgument
from tui.workspace.live.called import told_apart
from tui.workspace.live.export import write
from tui.workspace.live.export_forms import BY_NAME, FORMS, ExportForm

NAMES = {
    "GA-EN-AAAA": "Petrel",
    "GA-EN-AAAB": "Petrel",
    "GA-EN-AAAC": "Gannet",
    "GA-EN-1AAC": "Kōtare",
    "DD-EE-1AAC": "Kōtare",
    "7": "Tern",
    "17": "Tern",
}


def test_what_two_boats_have_is_followed_by_what_tells_them_apart() -> None:
    name = told_apart(NAMES, NAMES.__getitem__)
    assert [name(serial) for serial in NAMES] == [
        "Petrel (AAAA)", "Petrel (AAAB)", "Gannet", "Kōtare (N-1AAC)", "Kōtare (E-1AAC)",
        "Tern (7)", "Tern (17)",
    ]  # fmt: skip


def test_of_the_boats_that_are_there_and_of_no_others() -> None:
    one = told_apart(["GA-EN-AAAA", "GA-EN-AAAC"], NAMES.__getitem__)
    assert [one(serial) for serial in ("GA-EN-AAAA", "GA-EN-AAAB")] == ["Petrel", "Petrel"]
    # What cannot be seen tells nobody apart.
    odd = {"A-1111": "Wren", "A-2222": "Wren\N{ZERO WIDTH SPACE}"}
    assert len({told_apart(odd, odd.__getitem__)(serial) for serial in odd}) == 2


@pytest.mark.parametrize(("form", "apart"), [(form, form in BY_NAME) for form in FORMS])
def test_a_file_without_serial_numbers_tells_boats_of_one_name_apart(
    form: ExportForm, apart: bool
) -> None:
    store = FeedStore(sift=False)
    for serial in ("GA-EN-AAAA", "GA-EN-AAAB"):
        store.add([((serial, 1, 0), [1_700_000_000_000], [[10.2], [54.4]])])
    out = BytesIO()
    try:
        write(out, store, form, called=NAMES.__getitem__)
    except InvalidArgument as refused:
        assert form == "nmea"
        out = BytesIO(str(refused).encode())
    written = out.getvalue()
    assert b"Petrel" in written
    assert [name in written for name in (b"Petrel (AAAA)", b"Petrel (AAAB)")] == [apart, apart]


@given(
    st.dictionaries(
        st.text("AB12-", min_size=1, max_size=10), st.sampled_from(["Wren", "Tern"]), max_size=9
    )
)
def test_no_two_are_called_alike(names: dict[str, str]) -> None:
    called = told_apart(names, names.__getitem__)
    assert len({called(serial) for serial in names}) == len(names)
    assert all(called(serial).startswith(name) for serial, name in names.items())
