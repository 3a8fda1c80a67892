"""What a broken or hostile server may answer, for property tests of the readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

LONG = "9" * 5000
"""More digits than Python makes a number of."""


def json_values(keys: Sequence[str]) -> st.SearchStrategy[Any]:
    """Any JSON whose objects use these keys, so that readers get past the first of them."""
    names = st.sampled_from([*keys, LONG])
    return st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from([2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**40, 10**400, -(10**4000)])
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.sampled_from(["", "0", "1", "12", "1e400", "2024-02-30", "-> x", "NaN", "[b]", LONG])
        | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(names, inner, min_size=1, max_size=5)
        ),
        max_leaves=12,
    )


def json_objects(keys: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Any JSON object with these keys."""
    return st.dictionaries(st.sampled_from(keys), json_values(keys), min_size=1, max_size=6)
