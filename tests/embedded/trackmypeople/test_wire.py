"""Addresses, formats, authentication, and the looseness of the quirks."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.embedded.trackmypeople.caller import PREFIX, basic, call, make_server
from tests.harness import EmbeddedServer
from tui.embedded.trackmypeople.actions import ACTIONS


@pytest.fixture(scope="module")
def sample() -> Iterator[EmbeddedServer]:
    with make_server() as server:
        yield server


@pytest.fixture(scope="module")
def quirky() -> Iterator[EmbeddedServer]:
    with make_server(quirks=True) as server:
        yield server


@pytest.mark.parametrize("function", sorted(ACTIONS))
def test_every_function_asks_for_user_name_and_password(
    sample: EmbeddedServer, function: str
) -> None:
    for pair in (None, ("demo", "wrong"), ("someone", "else")):
        answer = sample.http("POST", f"{PREFIX}{function}.json", basic=pair)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert answer.json()["result"] == 0
    for header in ("Basic", "Basic !!!", "Bearer x", "Basic é"):
        answer = sample.http("POST", f"{PREFIX}{function}.json", headers={"Authorization": header})
        assert answer.status == 401


def test_path_pairs_are_the_same_as_form_fields(sample: EmbeddedServer) -> None:
    answer = sample.http(
        "GET",
        PREFIX + "report.json/start/2026-03-10%2000%3A00%3A00/stop/2026-03-10/free/0",
        basic=basic(sample),
    )
    assert answer.json() == call(
        sample, "report", start="2026-03-10 00:00:00", stop="2026-03-10", free=0
    )


def test_an_encoded_slash_belongs_to_its_value(sample: EmbeddedServer) -> None:
    answer = sample.http(
        "GET",
        PREFIX + "report.json/start/2026-03-10/timezone/Europe%2FLondon/",
        basic=basic(sample),
    )
    assert "error" not in answer.json()
    odd = sample.http("GET", PREFIX + "report.json/start", basic=basic(sample))
    assert odd.json()["result"] == 0
    broken = sample.http("GET", PREFIX + "report.json/start/%ff%fe", basic=basic(sample))
    assert broken.json()["result"] == 0


def test_xml_is_the_form_without_a_suffix(sample: EmbeddedServer) -> None:
    plain = sample.http("GET", PREFIX + "status", basic=basic(sample))
    named = sample.http("GET", PREFIX + "status.xml", basic=basic(sample))
    assert plain.body == named.body
    assert plain.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(plain.body)
    assert root.tag == "api_response"
    assert root.findtext("result") == "1"
    assert root.findtext("last_block/tracker/Name") == "Booking form"
    assert root.findtext("default_tracker/Trackable") == "1"
    refused = sample.http("GET", PREFIX + "report/free/1", basic=basic(sample))
    assert ElementTree.fromstring(refused.body).findtext("result") == "0"


def test_xml_says_the_same_as_json(sample: EmbeddedServer) -> None:
    trackers = sample.http("GET", PREFIX + "trackers.xml", basic=basic(sample))
    root = ElementTree.fromstring(trackers.body)
    assert {child.get("id"): child.text for child in root} == call(sample, "trackers")
    blocks = sample.http("GET", PREFIX + "report.xml/start/2026-03-02", basic=basic(sample))
    for child in ElementTree.fromstring(blocks.body):
        expected = call(sample, "report", start="2026-03-02")[child.tag]
        assert child.findtext("TimeIn") == expected["TimeIn"]
        assert child.findtext("Free") == ("1" if expected["Free"] else "")
        break


def test_hostile_text_stays_well_formed_xml() -> None:
    with make_server(seeded=False) as server:
        words = "]]> <a>&amp; \x00\x07\x1b[2J \ud83d\ude00 \ufffe".encode(
            "utf-16", "surrogatepass"
        ).decode("utf-16")
        call(server, "add", start="2026-03-09 10:00", stop="2026-03-09 11:00", description=words)
        answer = server.http("GET", PREFIX + "report.xml", basic=basic(server))
        text = ElementTree.fromstring(answer.body).findtext("block_1/Description")
        assert text is not None
        assert text.startswith("]]> <a>&amp; ")
        assert call(server, "report")["block_1"]["Description"] == words


def test_unknown_addresses_keep_the_form(sample: EmbeddedServer) -> None:
    for path, status in [
        (PREFIX + "nothing.json", 404),
        (PREFIX + "status.yaml", 404),
        ("/trackmypeople/elsewhere", 404),
        ("/trackmypeople", 404),
        ("/trackmypeople/block/edit/id/99999999999999999999999", 404),
    ]:
        answer = sample.http("GET", path, basic=basic(sample))
        assert answer.status == status
        assert b"result" in answer.body or b"No such block" in answer.body
    assert sample.http("DELETE", PREFIX + "status.json").status == 405


def test_a_body_that_is_no_form_gets_an_answer(sample: EmbeddedServer) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body, headers in [
        (b"\xff\xfe\x00", form),
        (b"start=%ff%fe", form),
        (b"&".join(b"a%d=1" % n for n in range(1000)), form),
        (b"--x\r\nbroken", {"Content-Type": "multipart/form-data; boundary=x"}),
        (b"--", {"Content-Type": "multipart/form-data"}),
        (b'{"start": 1}', {"Content-Type": "application/json"}),
    ]:
        answer = sample.http(
            "POST", PREFIX + "add.json", body=body, headers=headers, basic=basic(sample)
        )
        assert answer.status in (200, 400)
        assert answer.json()["result"] == 0
        assert answer.json()["error"]


def test_quirks_loosen_the_types(quirky: EmbeddedServer) -> None:
    state = call(quirky, "status")
    assert state["result"] == "0"
    assert isinstance(state["daytotal"], str)
    assert state["last_block"]["tracker"]["Trackable"] == "1"
    block = next(iter(call(quirky, "report").values()))
    assert block["Id"].isdigit()
    assert block["Free"] in (1, "")
    assert call(quirky, "report", start="2001-01-01", stop="2001-01-02") == []
    assert call(quirky, "trackers")["5"] == "->->-> Booking form"
    xml = ElementTree.fromstring(
        quirky.http("GET", PREFIX + "trackers.xml", basic=basic(quirky)).body
    )
    assert xml[0].tag == "tracker_2"
    people = quirky.http("GET", PREFIX + "reportees.xml", basic=basic(quirky))
    assert b"Email" not in people.body
