"""Messages and events, against reference TimeTonic, 3.4 and 3.5."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.embedded.timetonic.caller import Caller, sample, shape

FLEET = {"b_c": "seabright-fleet", "b_o": "demo"}
HARBOUR = {"b_c": "harbour-office", "b_o": "oluwaseun"}


def texts(caller: Caller, **form: object) -> list[str]:
    answer = caller.ok("getBookMessages", **(FLEET | form))
    return [message["msg"] for message in answer["bookMessages"]]


def test_messages_have_the_shape_of_the_saved_last_message(caller: Caller) -> None:
    answer = caller.ok("getBookMessages", **FLEET)
    assert set(answer) == {"status", "b_c", "b_o", "bookMessages", "sstamp", "createdVNB", "req"}
    real = sample("getAllBooks.json")["allBooks"]["books"][0]["lastMsg"]
    message = answer["bookMessages"][0]
    assert list(message) == list(real)
    assert shape(message) == shape(real)


def test_files_of_a_message_are_absent_and_not_empty(caller: Caller) -> None:
    messages = caller.ok("getBookMessages", **FLEET)["bookMessages"]
    assert not any("medias" in message for message in messages)
    (carrying,) = [message for message in messages if "docs" in message]
    assert carrying["nbDocs"] == 1
    assert carrying["docs"][0]["originName"] == "tools.csv"
    assert carrying["docs"][0]["size"] == 39


def test_the_newest_come_first_in_pages(caller: Caller) -> None:
    everything = texts(caller)
    assert everything[-1] == "Book creation"
    assert texts(caller, nbMax=3) == everything[:3]
    assert texts(caller, nbMax=3, page=2) == everything[3:6]
    assert texts(caller, nbMax=3, page=99) == []


def test_messages_can_be_bounded_by_their_ids(caller: Caller) -> None:
    smids = [m["smid"] for m in caller.ok("getBookMessages", **FLEET)["bookMessages"]]
    answer = caller.ok("getBookMessages", smidFirst=smids[5], smidLast=smids[2], **FLEET)
    assert [message["smid"] for message in answer["bookMessages"]] == smids[2:6]


@pytest.mark.parametrize("wanted", ["gilet OBLIGATOIRE", "resultats de la spring", "風"])
def test_searching_ignores_case_and_accents(caller: Caller, wanted: str) -> None:
    found = texts(caller, b_c="regates", search_string=wanted)
    assert len(found) == 1


def test_a_message_is_sent_and_read_again(caller: Caller) -> None:
    text = 'Zwölf\n<b>fett</b> [eckig] & 🐟 \\ / "quoted"'
    sent = caller.ok("sendMsg", msg=text, uuid="u-1", **FLEET)
    assert {"created", "createMessageId", "uuid", "sstamp"} <= set(sent)
    message = caller.ok("getBookMessages", nbMax=1, **FLEET)["bookMessages"][0]
    assert message["msg"] == text
    assert message["smid"] == sent["createMessageId"]
    assert (message["uuid"], message["u_c"], message["del"]) == ("u-1", caller.user, False)
    book = caller.book("seabright-fleet")
    assert book["lastMsg"]["smid"] == message["smid"]
    assert book["nbNotRead"] == 0


def test_the_same_uuid_twice_is_one_message(caller: Caller) -> None:
    first = caller.ok("sendMsg", msg="once", uid="u-2", **FLEET)
    again = caller.ok("sendMsg", msg="once", uuid="u-2", **FLEET)
    assert again["createMessageId"] == first["createMessageId"]
    assert texts(caller).count("once") == 1


def test_a_message_is_edited_by_its_id(caller: Caller) -> None:
    sent = caller.ok("sendMsg", msg="old", **FLEET)
    edited = caller.ok("sendMsg", msg="new", msg_id=sent["createMessageId"], **FLEET)
    assert edited["createMessageId"] == sent["createMessageId"]
    assert edited["sstamp"] > sent["sstamp"]
    assert texts(caller)[0] == "new"
    assert "old" not in texts(caller)


def test_without_a_book_it_goes_to_the_first_own_one(caller: Caller) -> None:
    caller.ok("sendMsg", msg="newMessage")
    assert texts(caller)[0] == "newMessage"


def test_the_user_may_be_named_by_e_mail_or_telephone(caller: Caller) -> None:
    caller.ok("sendMsg", msg="by mail", u_c="demo@example.org", o_u="+33600000001", **FLEET)
    assert caller.ok("getBookMessages", **FLEET)["bookMessages"][0]["u_c"] == caller.user


def test_a_deleted_message_comes_back_once_more_with_del(caller: Caller) -> None:
    sent = caller.ok("sendMsg", msg="to go", **FLEET)
    stamp = caller.ok("getBookMessages", **FLEET)["sstamp"]
    count = caller.book("seabright-fleet")["nbMsgs"]
    caller.ok("deleteMsg", msg_id=sent["createMessageId"], **FLEET)
    assert "to go" not in texts(caller)
    assert caller.book("seabright-fleet")["nbMsgs"] == count - 1
    (gone,) = caller.ok("getBookMessages", sstamp=stamp, **FLEET)["bookMessages"]
    assert gone["del"] is True
    assert gone["msg"] == ""
    caller.nok("deleteMsg", msg_id=sent["createMessageId"], **FLEET)


def test_messages_of_others_stay_theirs(caller: Caller) -> None:
    long = {"b_c": "mouillages", "b_o": "sofia"}
    foreign = caller.ok("getBookMessages", **long)["bookMessages"][0]
    assert caller.nok("deleteMsg", msg_id=foreign["smid"], **long)["errorCode"] == "forbidden"
    caller.nok("sendMsg", msg="mine now", msg_id=foreign["smid"], **long)
    assert caller.ok("getBookMessages", **long)["bookMessages"][0]["msg"] == foreign["msg"]


def test_who_may_only_read_does_not_send(caller: Caller) -> None:
    assert caller.nok("sendMsg", msg="hello", **HARBOUR)["errorCode"] == "forbidden"
    caller.nok("sendMsg", msg="hello", b_c="nothing")
    caller.nok("sendMsg", msg="   ", **FLEET)
    caller.nok("sendMsg", msg="x" * 100_001, **FLEET)


def test_a_message_is_copied_and_moved(caller: Caller) -> None:
    sent = caller.ok("sendMsg", msg="wanders", **FLEET)["createMessageId"]
    to = {"to_b_c": "notebook", "to_b_o": caller.user}
    copied = caller.ok("copyOrMoveMessage", msg_id=sent, action="copy", **to)
    assert "wanders" in texts(caller)
    assert texts(caller, b_c="notebook")[0] == "wanders"
    assert copied["createMessageId"] != sent
    moved = caller.ok("copyOrMoveMessage", msg_id=sent, action="move", **to)
    assert "wanders" not in texts(caller)
    assert texts(caller, b_c="notebook").count("wanders") == 2
    caller.nok("copyOrMoveMessage", msg_id=sent, **to)
    caller.nok("copyOrMoveMessage", msg_id=moved["createMessageId"], to_b_c="nothing")
    caller.nok("copyOrMoveMessage", msg_id=moved["createMessageId"], action="burn", **to)
    caller.nok("copyOrMoveMessage", msg_id=moved["createMessageId"], to_b_c="harbour-office")


def test_a_moved_message_takes_its_files_along(caller: Caller) -> None:
    messages = caller.ok("getBookMessages", **FLEET)["bookMessages"]
    carrying = next(message for message in messages if "docs" in message)
    caller.ok("sendMsg", msg_id=carrying["smid"], msg="mine", **FLEET)
    caller.ok("copyOrMoveMessage", msg_id=carrying["smid"], action="move", to_b_c="notebook")
    arrived = caller.ok("getBookMessages", b_c="notebook")["bookMessages"][0]
    assert arrived["docs"][0]["originName"] == "tools.csv"


def test_twelve_events_stand_around_now(caller: Caller) -> None:
    found = []
    for book in caller.ok("getAllBooks")["allBooks"]["books"]:
        where = {"b_c": book["b_c"], "b_o": book["b_o"]}
        found += caller.ok("getBookEvents", **where)["bookEvents"]
    now = caller.server.clock().timestamp()
    assert len(found) == 12
    assert any(event["eventStart"] < now for event in found)
    assert any(now < event["eventStart"] < now + 86_400 for event in found)


def test_an_event_is_a_message_with_a_time(caller: Caller) -> None:
    event = sample("doc.sendMsg.event-parameter.json")
    sent = caller.ok("sendMsg", msg="Regatta", event=event, **FLEET)
    day = {"dateMin": "2022-05-15", "dateMax": "2022-05-15"}
    (found,) = caller.ok("getBookEvents", **day, **FLEET)["bookEvents"]
    assert found["smid"] == sent["createMessageId"]
    assert {name: found[name] for name in event} == event
    assert texts(caller)[0] == "Regatta"
    day_before = {"dateMin": "2022-05-01", "dateMax": "2022-05-14"}
    assert caller.ok("getBookEvents", **day_before, **FLEET)["bookEvents"] == []
    other_day = {"dateMin": "2022-05-16", "dateMax": "2022-05-17"}
    assert caller.ok("getBookEvents", **other_day, **FLEET)["bookEvents"] == []
    moved = event | {
        "eventStart": event["eventStart"] + 86_400,
        "eventEnd": event["eventEnd"] + 86_400,
    }
    caller.ok("sendMsg", msg="Regatta", event=moved, msg_id=sent["createMessageId"], **FLEET)
    (found,) = caller.ok("getBookEvents", **other_day, **FLEET)["bookEvents"]
    assert found["eventStart"] == moved["eventStart"]
    caller.ok("deleteMsg", msg_id=sent["createMessageId"], **FLEET)
    assert caller.ok("getBookEvents", **other_day, **FLEET)["bookEvents"] == []


def test_events_are_bounded_paged_and_chosen(caller: Caller) -> None:
    events = caller.ok("getBookEvents", **FLEET)
    assert events["nbEvents"] == len(events["bookEvents"]) == 5
    ids = [event["id"] for event in events["bookEvents"]]
    page = caller.ok("getBookEvents", limit=2, page=2, **FLEET)["bookEvents"]
    assert [event["id"] for event in page] == ids[2:4]
    chosen = caller.ok("getBookEvents", events_ids=f"{ids[0]},{ids[4]}", **FLEET)["bookEvents"]
    assert [event["id"] for event in chosen] == [ids[0], ids[4]]
    with_lukasz = caller.ok("getBookEvents", participants="lukasz", **FLEET)["bookEvents"]
    assert {event["msg"] for event in with_lukasz} == {"Yard meeting", "Launch of Świteź"}
    tomorrow = (caller.server.clock() + timedelta(days=1)).date().isoformat()
    later = caller.ok("getBookEvents", dateMin=tomorrow, **FLEET)["bookEvents"]
    assert 1 <= len(later) < 5


@pytest.mark.parametrize(
    "event",
    ["{", "3", {"eventEnd": 1}, {"eventStart": 5, "eventEnd": 4}, {"eventStart": 10**15}, ["x"]],
)
def test_an_event_that_is_none_is_refused(caller: Caller, event: object) -> None:
    count = len(texts(caller))
    caller.nok("sendMsg", msg="x", event=event, **FLEET)
    assert len(texts(caller)) == count
    caller.nok("getBookEvents", dateMin="yesterday", **FLEET)
