"""Session logs as XML, both ways, and hostile XML that is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.embedded.igtimi.api import Api
from tui.embedded.igtimi.session_log import LogRefused, folded, read_additions

# The vendor's own example of a POST, verbatim.
EXAMPLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<session xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="http://www.igtimi.com/session_log.xsd">
  <id>1</id>
  <content>
    <log_additions type="array">
      <new_entry>
        <data>
          <session_name>Example Session</session_name>
        </data>
      </new_entry>
    </log_additions>
  </content>
</session>
"""


def document(*data: str, session: int = 1, head: str = "") -> bytes:
    entries = "".join(f"<new_entry><data>{element}</data></new_entry>" for element in data)
    return (
        f"{head}<session><id>{session}</id><content><log_additions type='array'>{entries}"
        "</log_additions></content></session>"
    ).encode()


def entries(text: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(text.encode()).iterfind("content/log/log_entry"))


def test_the_vendors_example_is_accepted() -> None:
    assert read_additions(EXAMPLE, 1, frozenset()) == [
        "<session_name>Example Session</session_name>"
    ]


def test_what_is_added_is_listed_with_id_and_time(api: Api) -> None:
    api.server.clock.set(datetime(2030, 4, 24, 23, 57, 58, 197_000, UTC))
    session = api.post("/sessions")["session"]["id"]
    body = document(
        "<object><id>4</id><name>Boat 03</name></object>",
        '<object_data><object_id>4</object_id><object_content><crew type="array"/>'
        "<any><thing>&lt;x&gt; ✓</thing></any></object_content></object_data>",
        session=session,
    )
    answer = api.call("POST", f"/api/v1/sessions/{session}/logs", body=body, kind="text/xml")
    assert answer.json() == {"success": True}
    listed = api.call("GET", f"/api/v1/sessions/{session}/logs")
    assert listed.headers["content-type"].startswith("application/xml")
    found = entries(listed.text)
    assert [entry.findtext("created_at") for entry in found] == ["2030-04-24T23:57:58.197Z"] * 2
    assert int(found[0].findtext("id") or 0) < int(found[1].findtext("id") or 0)
    assert found[1].findtext("data/object_data/object_content/any/thing") == "<x> ✓"


def test_start_time_leaves_out_what_came_before(api: Api) -> None:
    session = api.post("/sessions")["session"]["id"]
    api.server.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    path = f"/api/v1/sessions/{session}/logs"
    api.call("POST", path, body=document("<metadata><a/></metadata>", session=session))
    api.server.clock.advance(seconds=1)
    since = int(api.server.clock().timestamp() * 1000)
    api.call("POST", path, body=document("<metadata><b/></metadata>", session=session))
    assert len(entries(api.call("GET", path).text)) == 2
    later = entries(api.call("GET", path, [("start_time", since)]).text)
    assert [entry.find("data/metadata/b") is not None for entry in later] == [True]


def test_a_session_without_entries_has_an_empty_log(api: Api) -> None:
    session = api.post("/sessions")["session"]["id"]
    text = api.call("GET", f"/api/v1/sessions/{session}/logs").text
    assert ElementTree.fromstring(text.encode()).find("content/log") is not None
    assert entries(text) == []


def test_one_bad_entry_refuses_all_of_them(api: Api) -> None:
    session = api.post("/sessions")["session"]["id"]
    body = document("<session_name>Kept?</session_name>", "<rubbish/>", session=session)
    answer = api.call("POST", f"/api/v1/sessions/{session}/logs", body=body)
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "new_entry 2: rubbish is no element of a session log"
    assert api.get(f"/sessions/{session}")["session"]["name"] is None


BILLION = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    "<session_name>&b;</session_name>",
)
FILE = (
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>',
    "<session_name>&f;</session_name>",
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (document(BILLION[1], head=BILLION[0]), "document type or entities"),
        (document(FILE[1], head=FILE[0]), "document type or entities"),
        (document("<metadata/>", head='<!DOCTYPE session SYSTEM "http://x/y.dtd">'), "document"),
        (b"", "cannot be read"),
        (b"\xff\xfe\x00rubbish", "cannot be read"),
        (b"{}", "cannot be read"),
        (b'<?xml version="1.0" encoding="no-such"?><session/>', "cannot be read"),
        (b"<race/>", "root element is race"),
        (b"<session><content/></session>", "log_additions is missing"),
        (document(), "has no new_entry"),
        (document("<metadata/>", session=7), "id of the session is 1, not 7"),
        (document("<a/><b/>"), "exactly one element, found 2"),
        (document("just text"), "exactly one element, found 0"),
        (document("<object><name>no id</name></object>"), "whole number as id"),
        (document("<object><id>4.5</id></object>"), "whole number as id"),
        (document("<device><object_id>1</object_id></device>"), "serial_number"),
        (
            document(
                "<device><object_id>1</object_id><serial_number>X</serial_number>"
                "<entry_type>steal</entry_type></device>"
            ),
            "add or replace",
        ),
        (document("<object_data><object_id>1</object_id></object_data>"), "object_content"),
        (document("<data_start_time>soon</data_start_time>"), "ISO 8601"),
        (document("<data_start_time>2013-13-01T00:00:00Z</data_start_time>"), "ISO 8601"),
        (document("<session_name><b>bold</b></session_name>"), "text only"),
        (
            document("<tombstone_log_entry><log_entry_id>5</log_entry_id></tombstone_log_entry>"),
            "not in this log",
        ),
        (document("<metadata>" + "<a>" * 500 + "</a>" * 500 + "</metadata>"), "nested deeper"),
    ],
)
def test_what_is_malformed_or_hostile_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(LogRefused, match=reason):
        read_additions(body, 1, frozenset())


def test_half_a_million_nested_elements_are_refused(api: Api) -> None:
    session = api.post("/sessions")["session"]["id"]
    body = b"<session>" + b"<a>" * 250_000
    assert api.call("POST", f"/api/v1/sessions/{session}/logs", body=body).status == 403


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    try:
        read_additions(body, 1, frozenset())
    except LogRefused:
        return
    raise AssertionError("random bytes were taken as additions")


def test_an_empty_log_says_nothing() -> None:
    assert folded([]).name is None


def test_the_log_of_a_race_names_boats_marks_wind_and_a_buried_entry(shared: Api) -> None:
    session = next(
        entry["session"]["id"]
        for entry in shared.get("/sessions")["sessions"]
        if entry["session"]["name"] == "Kiel, training race 3"
    )
    found = entries(shared.call("GET", f"/api/v1/sessions/{session}/logs").text)
    contents = [entry.find("data/*") for entry in found]
    kinds = [content.tag for content in contents if content is not None]
    assert set(kinds) == {
        "session_name",
        "data_start_time",
        "data_end_time",
        "object",
        "object_data",
        "device",
        "metadata",
        "tombstone_log_entry",
    }
    types = [c.findtext("object_content/type") for c in contents if c is not None]
    assert types.count("yacht") == 6
    assert types.count("buoy") == 4
    strengths = [c.findtext("manual_wind/strength") for c in contents if c is not None]
    assert [strength for strength in strengths if strength] == ["25.928"]
    ids = {entry.findtext("id") for entry in found}
    buried = [c.findtext("log_entry_id") for c in contents if c is not None]
    assert {number for number in buried if number} <= ids
