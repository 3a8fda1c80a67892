"""What is not quite JSON, as servers send it: read whole, what a text lost said, or refused."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.capture import Capture, Sample
from tests.services.igtimi import samples as igtimi_samples
from tests.services.trackmypeople.test_contract import client
from tui.services.client import decode_json
from tui.services.errors import OutcomeUnknown, ProtocolViolation, Refused
from tui.services.left_out import collecting, sentences
from tui.services.loose_json import insist_on_one_value
from tui.services.operation import Run, current_run, operations_of
from tui.services.wire import Response

SENT = {"a": "é", "n": 5}
PLAIN = json.dumps(SENT, ensure_ascii=False)
XDEBUG = (
    "<br />\n<font size='1'><table class='xdebug-error' dir='ltr'><tr><th>( ! ) Notice: Undefined"
    " index: a in /var/www/a.php on line <i>12</i></th></tr></table></font>\n"
)


def decoded(content: bytes, content_type: str = "application/json") -> tuple[Any, list[str]]:
    with collecting() as notes:
        found = decode_json(Response(200, {"content-type": content_type}, content))
    return found, sentences(notes)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN + "<br />\n<b>Warning</b>:  Unknown: x() in <b>Unknown</b> on line <b>0</b><br />\n",
        PLAIN + "\nPHP Deprecated:  x in /a.php on line 3\nNotice: y in /b.php on line 40\n",
        PLAIN + "\n<!-- made in 0.02 s -->\n",
        PLAIN + "\x00\ufeff\xa0",
        "\ufeff" + PLAIN + XDEBUG,
        XDEBUG + PLAIN,
        "Warning: a in b on line 2\n" + PLAIN + "\nWarning: a in b on line 2",
    ],
)
def test_messages_behind_an_answer_cost_nothing(content: str) -> None:
    assert decoded(content.encode()) == (SENT, [])


@pytest.mark.parametrize(
    "content",
    [
        PLAIN + "<br /><b>Fatal error</b>: Uncaught x in <b>/a.php</b> on line <b>2</b>",
        PLAIN + PLAIN,
        PLAIN + "}",
        PLAIN + " and more",
        PLAIN + "<script>alert(1)</script>",
        PLAIN[:-1],
        PLAIN + "\nWarning: x" + "." * 70_000 + " on line 3",
        "\nWarning: x on line 3\n" + PLAIN[:-1],
        "[" * 100_000,
        "NaN",
        " ",
    ],
)
def test_what_may_mean_something_is_refused(content: str) -> None:
    with pytest.raises(ProtocolViolation, match="cut off or not valid JSON"):
        decoded(content.encode())


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PLAIN.encode("latin-1"), "application/json; charset=ISO-8859-1"),
        (PLAIN.encode("cp1252"), 'application/json; charset="windows-1252"'),
        (PLAIN.encode(), "application/json; charset=ISO-8859-1"),
        (PLAIN.encode("utf-16"), "application/json"),
    ],
)
def test_other_alphabets_are_read_as_what_they_are(content: bytes, content_type: str) -> None:
    assert decoded(content, content_type) == (SENT, [])


def test_a_text_that_lost_a_letter_is_marked_and_counted() -> None:
    content = b'{"rows": [{"name": "caf\xe9"}, {"name": "\\ud83d cut"}, {"name": "whole \\u00e9"}]}'
    found, told = decoded(content)
    assert [row["name"] for row in found["rows"]] == ["caf\ufffd", "\ufffd cut", "whole é"]
    assert told == ["2 of 3 texts could not be read: answer.rows[0].name, answer.rows[1].name"]
    # Where nobody notes it, nothing is changed in silence.
    with pytest.raises(ProtocolViolation):
        decode_json(Response(200, {}, content))


def test_numbers_that_are_none_and_breaks_in_a_text_cost_nothing() -> None:
    content = b'{"a": NaN, "b": -Infinity, "c": "x\ty\nz", "d": 0.12345678901234567890, "e": '
    found, told = decoded(content + b"9" * 5000 + b"}")
    assert (found["a"], found["b"], found["c"], told) == (None, None, "x\ty\nz", [])
    assert found["d"] == Decimal("0.12345678901234567890")
    assert found["e"] == Decimal("9" * 5000)


async def test_messages_behind_xml_cost_nothing() -> None:
    xml = b'<?xml version="1.0"?><api_response><tracker_4>B</tracker_4></api_response>'
    made = client(
        Capture(xml + b"\n<b>Warning</b>: x in <b>/a.php</b> on line <b>3</b>"), format="xml"
    )
    assert [one.id for one in await made.trackers()] == [4]
    with pytest.raises(ProtocolViolation, match="not valid XML"):
        await client(Capture(xml + b"<b>Fatal error</b>: x on line 3"), format="xml").trackers()


KEYS = st.sampled_from(["a", "a:", ":", "é", '"', "\\u003a", "\\", "/", "\u2028"])
VALUES = st.recursive(
    st.sampled_from([0, 1, 1.5, True, None, "", ":", "a:b", '":', "\u20ac", "x" * 40]),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(KEYS, inner), max_size=4),
    max_leaves=12,
)
"""Lists, and objects as pairs of which some may have the same key."""
ANSWERS = st.lists(st.tuples(KEYS, VALUES), max_size=5)


def written(value: Any, ascii_only: bool, spelt: bool) -> str:
    if isinstance(value, list) and all(isinstance(one, tuple) for one in value):
        pairs = [f"{written(k, ascii_only, spelt)}: {written(v, ascii_only, spelt)}"
                 for k, v in value]  # fmt: skip
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(written(one, ascii_only, spelt) for one in value)}]"
    text = json.dumps(value, ensure_ascii=ascii_only)
    return text.replace(":", "\\u003A") if spelt else text


@given(ANSWERS, st.booleans(), st.booleans())
def test_a_key_with_two_values_is_found_wherever_it_stands(
    answer: Any, ascii_only: bool, spelt: bool
) -> None:
    doubled: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        doubled.extend(name for name, value in pairs if found.setdefault(name, value) != value)
        return found

    content = written(answer, ascii_only, spelt).encode()
    json.loads(content, object_pairs_hook=once)
    if not doubled:
        insist_on_one_value(Response(200, {}, content))
        return
    with pytest.raises(ProtocolViolation, match="says two things of"):
        insist_on_one_value(Response(200, {}, content))


DOUBLED = b'{"status": "nok", "n": 1, "status": "ok"}'


@pytest.mark.parametrize(
    "content",
    [
        XDEBUG.encode() + DOUBLED,
        b"Warning: a in b on line 2\n" + DOUBLED + b"\nWarning: a in b on line 2",
        b"Notice: {} in b on line 2 {} on line 3\n" + DOUBLED,
        DOUBLED + XDEBUG.encode(),
        b'{"m": "a\tb", ' + DOUBLED[1:],
        b'{"m": "caf\xe9", ' + DOUBLED[1:],
        b'{"m": NaN, ' + DOUBLED[1:],
        b'{"m": ' + b"9" * 5000 + b", " + DOUBLED[1:],
        b'{"m": "' + b"x" * (1 << 21) + b'", ' + DOUBLED[1:],
        b"\xef\xbb\xbf" + DOUBLED,
        DOUBLED.decode().encode("utf-16"),
    ],
    ids=lambda content: str(content[:24]),
)
def test_a_key_with_two_values_is_found_in_all_that_is_read_as_an_answer(content: bytes) -> None:
    # As a read it has the last of them.
    assert decoded(content)[0]["status"] == "ok"
    token = current_run.set(Run(operation=operations_of(Sample)["make"]))
    try:
        with pytest.raises(ProtocolViolation, match="says two things of 'status'"):
            decoded(content)
        # What stands once is read as ever, whatever is around it.
        once = content.replace(DOUBLED[1:], PLAIN.encode()[1:])
        if once != content:
            assert decoded(once)[0]["n"] == 5
    finally:
        current_run.reset(token)


async def test_neither_does_an_answer_in_another_language_say_two_things() -> None:
    body = "<result>{}</result><result>{}</result><daytotal>5</daytotal>"
    for said in ("01", "10"):
        xml = f"<api_response>{body.format(*said)}</api_response>"
        with pytest.raises(OutcomeUnknown, match="says two things of 'result'"):
            await client(Capture(xml), format="xml").start(4)
    await client(Capture(f"<api_response>{body.format(1, 1)}</api_response>"), format="xml").stop()
    errors = "<api_response><result>0</result><error>a</error><error>b</error></api_response>"
    with pytest.raises(Refused, match="a; b"):
        await client(Capture(errors), format="xml").start(4)
    ruby = '{"session"=>{"id"=>5, "id"=>6}}'
    made, _ = igtimi_samples.client(ruby)
    with pytest.raises(OutcomeUnknown, match="says two things of 'id'"):
        await made.sessions.create()
