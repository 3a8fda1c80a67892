"""Boats of one name are told apart, and no others get longer names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.live.called import told_apart

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


@given(
    st.dictionaries(
        st.text("AB12-", min_size=1, max_size=10), st.sampled_from(["Wren", "Tern"]), max_size=9
    )
)
def test_no_two_are_called_alike(names: dict[str, str]) -> None:
    called = told_apart(names, names.__getitem__)
    assert len({called(serial) for serial in names}) == len(names)
    assert all(called(serial).startswith(name) for serial, name in names.items())
