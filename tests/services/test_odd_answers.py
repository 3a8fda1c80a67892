"""The samples of all five services, spelled and broken as real servers do it.

Never a crash, never a value that was not sent, never less than was sent without saying so.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.odd_answers import (
    Broken,
    Sample,
    all_forms,
    changed,
    leaves,
    missing,
    odd,
    places,
    same,
    samples,
    with_junk,
)
from tui.services.errors import ServiceError
from tui.services.left_out import LeftOut, collecting

SAMPLES = samples()
LISTS = [one for one in SAMPLES if with_junk(one.answer)]


async def outcome(sample: Sample, content: bytes) -> tuple[Any, list[LeftOut]] | ServiceError:
    """What a call makes of an answer."""
    try:
        with collecting() as notes:
            return await sample.read(content), notes
    except ServiceError as error:
        return error


async def plain(sample: Sample) -> Any:
    """What a call makes of the sample itself, of which nothing is left out."""
    found = await outcome(sample, json.dumps(sample.answer).encode())
    assert isinstance(found, tuple), found
    assert found[1] == []
    return found[0]


async def check_same(sample: Sample, spelled: Broken) -> None:
    """Another spelling reads the same."""
    where, expected = (sample.id, str(spelled)), await plain(sample)
    found = await outcome(sample, spelled.content)
    assert isinstance(found, tuple), (where, found)
    assert found[1] == [], where
    assert not missing(expected, found[0]), where
    # Where a list is kept as it came, the numbers of its gaps are in it, too.
    assert not missing(found[0], [expected, spelled.after]), where


async def check_odd(sample: Sample, broken: Broken) -> None:
    """All that is left was sent, the rest is all there, and what is not there is said."""
    where, expected = (sample.id, str(broken)), await plain(sample)
    found = await outcome(sample, broken.content)
    if isinstance(found, ServiceError):
        assert found.message, where
        return
    result, notes = found
    # A structure in a cell of text is shown as its JSON.
    sent = [json.loads(broken.content), json.dumps(broken.after, separators=(",", ":"))]
    invented = missing(result, sent) - missing(expected, sample.answer)
    assert not invented, (where, invented)
    assert notes or not lost(broken, expected, result), (where, lost(broken, expected, result))


async def check_junk(sample: Sample, broken: Broken) -> None:
    """The rest is all there, and what was put in is there, too, or counted."""
    where, expected = (sample.id, str(broken)), await plain(sample)
    found = await outcome(sample, broken.content)
    assert isinstance(found, tuple), (where, found)
    result, notes = found
    # How many there are is counted where the service does not say it.
    assert missing(expected, result) <= {str(len(broken.before))}, where
    assert notes or not lost(broken, expected, result), where


def lost(broken: Broken, expected: Any, result: Any) -> set[str]:
    """What the result lacks: of what was put in where its place is read at all, and of the rest."""
    rest = missing(expected, result) - all_forms([broken.before, list(broken.path)])
    unread = missing(broken.before, expected) or not missing(broken.before, None)
    # Of an upload `originName` counts and not `name`; a list of tables has no values.
    unread = unread or broken.path == ("name",) or "values" in broken.path[:-2]
    # Measured values are binary fractions.
    unread = unread or broken.path[1:3] == ("1", "1")
    return rest if unread else rest | missing(broken.after, result)


def test_every_service_is_here() -> None:
    services = {one.id.partition(".")[0] for one in SAMPLES}
    assert len(services) == 5
    assert len(SAMPLES) > 150


EXAMPLES = settings(max_examples=150, deadline=None)


@given(data=st.data())
@EXAMPLES
async def test_other_spellings_read_the_same(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    await check_same(sample, data.draw(st.sampled_from(same(sample.answer))))


@given(data=st.data())
@EXAMPLES
async def test_one_broken_thing_costs_no_more_than_itself(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    await check_odd(sample, data.draw(st.sampled_from(odd(sample.answer))))


@given(data=st.data())
@EXAMPLES
async def test_one_odd_element_is_left_out_and_counted(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(LISTS))
    await check_junk(sample, data.draw(st.sampled_from(with_junk(sample.answer))))


@given(data=st.data())
@EXAMPLES
async def test_a_truth_value_is_never_taken_for_the_number_1(data: st.DataObject) -> None:
    """Read as a number it would be the id of another thing, which a write would then be about."""
    sample = data.draw(st.sampled_from(SAMPLES))
    numbers = [
        place
        for place, value in places(sample.answer)
        if type(value) is int and value > 1 and place
    ]
    if not numbers:
        return
    content = json.dumps(changed(sample.answer, data.draw(st.sampled_from(numbers)), True)).encode()
    expected, found = await plain(sample), await outcome(sample, content)
    if isinstance(found, ServiceError) or found[1]:
        return
    assert ones(found[0]) <= ones(expected), (sample.id, content)


def ones(result: Any) -> int:
    """How often the number 1 stands in a result."""
    return sum(type(leaf) in (int, float, Decimal) and leaf == 1 for leaf in leaves(result))
