"""Log-in, sessions and their ends, against reference TimeTonic, 2 and 4."""

from __future__ import annotations

from typing import Any

import pytest

from tests.embedded.timetonic.caller import Caller, sample, shape
from tui.embedded.timetonic import SERVICE
from tui.embedded.timetonic.sessions import KEPT


def keys_of(caller: Caller) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The three answers of a log-in."""
    app = caller.post(req="createAppkey", appname="api").json()
    password = caller.server.credentials.timetonic_password
    oauth = caller.post(
        req="createOauthkey", login="demo@example.org", pwd=password, appkey=app["appkey"]
    ).json()
    session = caller.post(
        req="createSesskey", o_u=oauth["o_u"], oauthkey=oauth["oauthkey"], restrictions=""
    ).json()
    return app, oauth, session


def test_the_three_answers_have_the_keys_and_types_of_the_saved_ones(caller: Caller) -> None:
    app, oauth, session = keys_of(caller)
    assert shape(app) == shape(sample("createAppkey.json"))
    assert shape(oauth) == shape(sample("createOauthkey.json"))
    assert shape(session) == shape(sample("createSesskey.json"))
    assert session["restrictions"] == sample("createSesskey.json")["restrictions"]
    assert session["appName"] == "api"


def test_a_log_in_by_e_mail_is_answered_with_the_user_id(caller: Caller) -> None:
    _, oauth, _ = keys_of(caller)
    assert oauth["o_u"] == caller.user


def test_keys_are_seven_groups_of_four_and_ids_are_digit_strings(caller: Caller) -> None:
    for answer in keys_of(caller):
        assert answer["id"].isdigit()
        key = next(answer[name] for name in ("appkey", "oauthkey", "sesskey") if name in answer)
        assert [len(group) for group in key.split("-")] == [4] * 7


def test_a_wrong_appkey_gets_the_documented_answer(caller: Caller) -> None:
    password = caller.server.credentials.timetonic_password
    answer = caller.post(req="createOauthkey", login=caller.user, pwd=password, appkey="x").json()
    documented = sample("doc.createOauthkey.nok.json") | {"createdVNB": "live-6.49q/6.49"}
    assert answer == documented


@pytest.mark.parametrize(("login", "pwd"), [("demo", "wrong"), ("nobody", ""), ("camille", "")])
def test_a_wrong_password_gets_the_older_form(caller: Caller, login: str, pwd: str) -> None:
    appkey = caller.post(req="createAppkey", appname="api").json()["appkey"]
    answer = caller.post(req="createOauthkey", login=login, pwd=pwd, appkey=appkey).json()
    assert answer["status"] == "nok"
    assert "invalid login/pwd" in answer["error"]
    assert "errorMsg" not in answer


def test_nobody_else_logs_in_with_the_persons_password(caller: Caller) -> None:
    appkey = caller.post(req="createAppkey", appname="api").json()["appkey"]
    password = caller.server.credentials.timetonic_password
    answer = caller.post(req="createOauthkey", login="camille", pwd=password, appkey=appkey).json()
    assert "invalid login/pwd" in answer["error"]


def test_a_session_serves_and_the_pasted_key_too(caller: Caller) -> None:
    assert caller.ok("getUserInfo")["userInfo"]["u_c"] == caller.user
    assert caller.log_in().ok("getUserInfo")["userInfo"]["u_c"] == caller.user


def test_without_a_session_nothing_is_told(caller: Caller) -> None:
    answer = caller.post(req="getAllBooks", o_u=caller.user, u_c=caller.user).json()
    assert answer["status"] == "nok"
    assert "allBooks" not in answer


def test_a_session_ends_after_its_hours(caller: Caller) -> None:
    session = caller.log_in()
    caller.server.clock.advance(hours=24 * 14 - 1)
    session.ok("getAllBooks")
    caller.server.clock.advance(hours=2)
    assert "session expired" in session.nok("getAllBooks")["errorMsg"]


def test_the_hours_of_a_session_can_be_set(caller: Caller) -> None:
    caller.ok("getUserInfo")
    caller.server.context.state["timetonic"].session_hours = 1  # type: ignore[attr-defined]
    session = caller.log_in()
    caller.server.clock.advance(minutes=61)
    assert "session expired" in session.nok("getAllBooks")["errorMsg"]
    caller.ok("getAllBooks")


def test_an_unknown_key_reads_as_an_expired_one(caller: Caller) -> None:
    answer = caller.nok("getAllBooks", sesskey="AAAA-BBBB")
    assert answer["errorMsg"] == "session expired, please log in again"


def test_drop_all_sessions_spares_the_callers_own(caller: Caller) -> None:
    mine, other = caller.log_in(), caller.log_in()
    answer = mine.ok("dropAllSessions")
    assert set(answer) == {"status", "req", "createdVNB"}
    mine.ok("getAllBooks")
    assert "session expired" in other.nok("getAllBooks")["errorMsg"]
    assert "session expired" in caller.nok("getAllBooks")["errorMsg"]


def test_the_key_of_the_credentials_file_comes_back_with_the_next_start(caller: Caller) -> None:
    caller.log_in().ok("dropAllSessions")
    caller.nok("getAllBooks")
    SERVICE.ground(caller.server.context)
    caller.ok("getAllBooks")


def test_get_or_create_answers_the_living_session(caller: Caller) -> None:
    session = caller.log_in()
    answer = session.ok("getOrCreateSessKey")
    assert (answer["sesskey"], answer["u_c"]) == (session.sesskey, caller.user)


def test_a_session_of_another_user_is_refused(caller: Caller) -> None:
    assert "session" in caller.nok("getAllBooks", o_u="camille")["errorMsg"]
    assert "session" in caller.nok("getAllBooks", u_c="camille")["errorMsg"]


def test_a_readonly_session_reads_and_does_not_write(caller: Caller) -> None:
    session = caller.log_in(readonly=True)
    session.ok("getAllBooks")
    answer = session.nok("sendMsg", b_c="notebook", b_o=caller.user, msg="no")
    assert answer["errorCode"] == "forbidden"
    last = caller.book("notebook")["lastMsg"]
    assert last["msg"] == "Book creation"


@pytest.mark.parametrize(
    ("restriction", "request_name"),
    [
        ("hideTables", "getBookTables"),
        ("hideMessages", "getBookMessages"),
        ("hideEvents", "getBookEvents"),
    ],
)
def test_a_session_can_be_kept_from_parts(
    caller: Caller, restriction: str, request_name: str
) -> None:
    where = {"b_c": "seabright-fleet", "b_o": caller.user}
    caller.ok(request_name, **where)
    session = caller.log_in(**{restriction: True})
    assert session.nok(request_name, **where)["errorCode"] == "forbidden"


def test_a_session_without_messages_does_not_show_them_in_books_either(caller: Caller) -> None:
    book = caller.log_in(hideMessages=True).book("regates")
    assert "lastMsg" not in book
    assert book["nbNotRead"] == 0


def test_a_session_of_one_book_knows_no_other(caller: Caller) -> None:
    session = caller.log_in(carnet_code="notebook", carnet_owner=caller.user)
    books = session.ok("getAllBooks")["allBooks"]["books"]
    assert [book["b_c"] for book in books] == ["notebook"]
    session.nok("getBookInfo", b_c="seabright-fleet", b_o=caller.user)
    session.nok("getTableValues", catId=caller.table("seabright-fleet", "Boats").id)


def test_unknown_restrictions_are_refused(caller: Caller) -> None:
    appkey = caller.post(req="createAppkey", appname="api").json()["appkey"]
    password = caller.server.credentials.timetonic_password
    oauth = caller.post(req="createOauthkey", login=caller.user, pwd=password, appkey=appkey).json()
    for restrictions in ({"everything": True}, {"readonly": "perhaps"}):
        answer = caller.post(
            req="createSesskey",
            o_u=caller.user,
            oauthkey=oauth["oauthkey"],
            restrictions=restrictions,
        ).json()
        assert answer["status"] == "nok"


def test_a_push_device_is_registered_and_changed(caller: Caller) -> None:
    made = caller.ok("updatePushId", deviceType="ios_dt", registrationID="r1", active=1)
    assert isinstance(made["deviceID"], int)
    again = caller.ok("updatePushId", deviceID=made["deviceID"], active=0)
    assert again["deviceID"] == made["deviceID"]
    caller.nok("updatePushId", deviceType="pager")
    caller.nok("updatePushId", deviceID=999_999)


def test_user_info_has_the_documented_keys_with_their_types(caller: Caller) -> None:
    info = caller.ok("getUserInfo")["userInfo"]
    assert shape(info) | {"rights": 0, "colors": 0, "userPrefs": 0} == {
        "firstTime": "bool",
        "uimgStamp": "int",
        "sstamp": "int",
        "nbBooks": "int",
        "u_c": "str",
        "projectID": "int",
        "licence": "str",
        "companyAccountPlan": "str",
        "rights": 0,
        "colors": 0,
        "userPrefs": 0,
    }
    assert info["nbBooks"] == 7
    assert info["userPrefs"]["mail1"] == "demo@example.org"
    assert info["colors"]["jaune-indien"].startswith("#")


def test_keys_and_sessions_stay_few(caller: Caller) -> None:
    """Each log-in makes three: the oldest go, and a pasted key, which has no end, stays."""
    first = keys_of(caller)[2]["sesskey"]
    for _ in range(KEPT):
        last = keys_of(caller)[2]["sesskey"]
    assert "expired" in caller.post(req="getUserInfo", sesskey=first).json()["errorMsg"]
    assert caller.post(req="getUserInfo", sesskey=last).json()["status"] == "ok"
    pasted = caller.server.credentials.timetonic_sesskey
    assert caller.post(req="getUserInfo", sesskey=pasted).json()["status"] == "ok"
    database = caller.server.context.database
    for table in ("appkey", "oauthkey", "session WHERE expires IS NOT NULL"):
        kept = database.one(f"SELECT count(*) FROM timetonic_{table}")
        assert kept is not None
        assert kept[0] <= KEPT + 1
