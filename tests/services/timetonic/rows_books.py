"""The requests about sessions, books, messages, events and files."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.services.timetonic.rows import SIGNED, row
from tests.services.timetonic.sample import DATA, data, ok
from tui.services.timetonic import AppKey, OauthKey, PushDevice, Restrictions, SessionKey

UPLOAD = DATA / "jean.jpg"
"""What is uploaded."""

BOOK_ROWS = [
    row(
        "createAppkey",
        "seed createAppkey; real answer of 2024",
        lambda c: c.create_appkey("api"),
        {"appname": "api"},
        data("createAppkey.json"),
        lambda r: r == AppKey(appkey="AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG", id=946927),
    ),
    row(
        "createOauthkey",
        "seed createOauthkey; real answer of 2024",
        lambda c: c.create_oauthkey("demo", "test", "Liqr-Wpcc-m4AU-pyV9-zwgj-4vLf-2bWk"),
        {"login": "demo", "pwd": "test", "appkey": "Liqr-Wpcc-m4AU-pyV9-zwgj-4vLf-2bWk"},
        data("createOauthkey.json"),
        lambda r: r == OauthKey(
            oauthkey="HHHH-IIII-JJJJ-KKKK-LLLL-MMMM-NNNN", o_u="demo", id=900133
        ),
    ),
    row(
        "createSesskey",
        "seed createSesskey; real answer of 2024",
        lambda c: c.create_sesskey("demo", "TaWK-Bknb-eKxd-eY2M-nuXg-qCWt-A6Mk"),
        {"o_u": "demo", "oauthkey": "TaWK-Bknb-eKxd-eY2M-nuXg-qCWt-A6Mk", "restrictions": ""},
        data("createSesskey.json"),
        lambda r: r == SessionKey(
            sesskey="OOOO-PPPP-QQQQ-RRRR-SSSS-TTTT-UUUU",
            id=1020463,
            restrictions=Restrictions(),
            app_name="api",
        ),
    ),
    row(
        "dropAllSessions",
        "seed dropAllSessions; answers the envelope",
        lambda c: c.drop_all_sessions(),
        SIGNED,
        ok(),
        lambda r: r.server == "live-6.49q/6.49",
    ),
    row(
        "updatePushId",
        "seed updatePushId; answer keys of the reference page",
        lambda c: c.update_push_id(
            device_id="7", device_type="gcm_rid", active=True, registration_id="R", project_id="3"
        ),
        {**SIGNED, "deviceID": "7", "deviceType": "gcm_rid", "active": "true",
         "registrationID": "R", "projectID": "3"},
        ok(deviceID="7", sstamp=17074267355383),
        lambda r: r == PushDevice(device_id=7, sstamp=17074267355383),
    ),
    row(
        "getUserInfo",
        "seed getUserInfo; answer's keys and types of the reference page",
        lambda c: c.get_user_info(sstamp=17074267355383),
        {**SIGNED, "sstamp": "17074267355383"},
        ok(userInfo={"u_c": "demo", "nbBooks": "5", "rights": {"form-pro": 1}, "colors": [],
                     "userPrefs": {"fname": "De", "twoFactorSecret": "S"}}),
        lambda r: (r.u_c, r.books, r.rights, r.preferences.first_name)
        == ("demo", 5, {"form-pro": True}, "De") and "S'" not in repr(r),
    ),
    row(
        "getOrCreateSessKey",
        "seed getOrCreateSessKey lists version only; answer keys of the reference page",
        lambda c: c.get_or_create_sess_key(),
        SIGNED,
        ok(sesskey="K", u_c="demo", sstamp=17074267355383),
        lambda r: (r.sesskey, r.u_c) == ("K", "demo"),
        "o_u u_c sesskey",
    ),
    row(
        "getAllBooks",
        "seed getAllBooks; real answer of 2024",
        lambda c: c.get_all_books(sstamp=1, b_c="test", b_o="demo"),
        {**SIGNED, "sstamp": "1", "b_c": "test", "b_o": "demo"},
        data("getAllBooks.json"),
        lambda r: (r.books[0].title, r.books[0].last_message.text, r.total, r.sstamp)
        == ("Projects Tracker", "Book creation", 5, 17074267355383),
    ),
    row(
        "getBookInfo",
        "seed getBookInfo; the book of the real getAllBooks",
        lambda c: c.get_book_info("test"),
        {**SIGNED, "b_c": "test", "b_o": "demo"},
        ok(book=data("getAllBooks.json")["allBooks"]["books"][0]),
        lambda r: (r.b_c, r.form.id, r.members[0].u_c)
        == ("projectstracker", 76294, "androiddeveloper"),
    ),
    row(
        "getBookMessages",
        "seed getBookMessages; no element documented: the lastMsg of the real getAllBooks",
        lambda c: c.get_book_messages(
            "test", sstamp=1, smid_first=2, smid_last=3, nb_max=4, page=5, search_string="x"
        ),
        {**SIGNED, "b_c": "test", "b_o": "demo", "sstamp": "1", "smidFirst": "2",
         "smidLast": "3", "nbMax": "4", "page": "5", "search_string": "x"},
        ok(bookMessages=[data("getAllBooks.json")["allBooks"]["books"][0]["lastMsg"]], sstamp=9),
        lambda r: (r.messages[0].smid, r.messages[0].created, r.sstamp)
        == (110681336, datetime(2023, 11, 30, 19, 22, 54, tzinfo=UTC), 9),
    ),
    row(
        "sendMsg",
        "seed sendMsg, event as in the reference page's sample; answer keys of the page",
        lambda c: c.send_msg(
            "newMessage",
            b_c="test",
            event_start=datetime(2022, 5, 15, 8, tzinfo=UTC),
            event_end=datetime(2022, 5, 15, 10, tzinfo=UTC),
            event_timezone="Europe/Paris",
            body="B",
            msg_id=4,
            uuid="U",
        ),
        {**SIGNED, "msg": "newMessage", "b_c": "test", "b_o": "demo", "msg_id": "4", "body": "B",
         "event": '{"eventStart":1652601600,"eventEnd":1652608800,'
                  '"eventTimezone":"Europe/Paris"}',
         "uuid": "U", "uid": "U"},
        ok(created=1701372174, createMessageId=110681336, uuid="U", sstamp=17013721742940),
        lambda r: (r.smid, r.created, r.uuid)
        == (110681336, datetime(2023, 11, 30, 19, 22, 54, tzinfo=UTC), "U"),
    ),
    row(
        "deleteMsg",
        "seed deleteMsg; the form lacks sesskey, the example msg_id, b_c, b_o: all are sent",
        lambda c: c.delete_msg(4, "test"),
        {**SIGNED, "msg_id": "4", "b_c": "test", "b_o": "demo"},
        ok(sstamp=1),
        lambda r: r.sstamp == 1,
    ),
    row(
        "getBookEvents",
        "seed getBookEvents; no answer documented",
        lambda c: c.get_book_events(
            "test", date_min=date(2024, 2, 1), date_max=date(2024, 2, 29), limit=5, page=2,
            events_ids=[7, 8], participants=["a", "b"],
        ),
        {**SIGNED, "b_c": "test", "b_o": "demo", "dateMin": "2024-02-01",
         "dateMax": "2024-02-29", "limit": "5", "page": "2", "events_ids": "7,8",
         "participants": "a,b"},
        ok(bookEvents=[{"id": 7, "msg": "Start", "eventStart": 1652601600}], sstamp=3),
        lambda r: (r.events[0].text, r.events[0].start)
        == ("Start", datetime(2022, 5, 15, 8, tzinfo=UTC)),
    ),
    row(
        "file",
        "seed index entry; paths of the reference page, section 7",
        lambda c: c.file("/dev/dbi/in/tb/FU-1701419839-65699b3f78400/modele-suivi-projet.jpg"),
        {},
        b"\xff\xd8jpeg",
        lambda r: r == b"\xff\xd8jpeg",
    ),
    row(
        "fileUpload",
        "seed index entry; parameters of the reference page, 5.6; real answer of 2019",
        lambda c: c.file_upload(UPLOAD, row_id=19974813, field_id=1367386, uuid="U"),
        {**SIGNED, "uuid": "U", "rowId": "19974813", "fieldId": "1367386"},
        data("uploadFile.json"),
        lambda r: (r.name, r.size, r.row_id, r.url.rpartition("/")[2])
        == ("jean.jpg", 43221, 19974813, "jean.jpg"),
    ),
    row(
        "resumableUpload",
        "seed index entry; parameters and answer not documented: as resumable.js has them",
        lambda c: c.resumable_upload(UPLOAD, row_id=1, field_id=2),
        {**SIGNED, "rowId": "1", "fieldId": "2", "resumableFilename": "jean.jpg",
         "resumableTotalSize": "4", "resumableTotalChunks": "1",
         "resumableChunkSize": "1048576", "resumableChunkNumber": "1"},
        data("uploadFile.json"),
        lambda r: r.name == "jean.jpg",
    ),
    row(
        "markBooksMessagesAsRead",
        "seed index entry; nothing documented",
        lambda c: c.mark_books_messages_as_read("test", smid=4),
        {**SIGNED, "b_c": "test", "b_o": "demo", "smid": "4"},
        ok(),
        lambda r: r.sstamp is None,
    ),
    row(
        "copyOrMoveMessage",
        "seed index entry; nothing documented",
        lambda c: c.copy_or_move_message(4, "other", to_b_o="anna", action="move"),
        {**SIGNED, "msg_id": "4", "to_b_c": "other", "to_b_o": "anna", "action": "move"},
        ok(),
        lambda r: r.sstamp is None,
    ),
]  # fmt: skip
