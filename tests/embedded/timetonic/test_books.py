"""Books, against reference TimeTonic, 3.2 and 3.3, and the saved getAllBooks."""

from __future__ import annotations

from tests.embedded.timetonic.caller import Caller, sample, shape

FLEET = {"b_c": "seabright-fleet", "b_o": "demo"}


def test_a_book_has_the_keys_and_types_of_the_saved_one(caller: Caller) -> None:
    saved = sample("getAllBooks.json")
    mine = caller.ok("getAllBooks")
    assert list(mine) == list(saved)
    assert list(mine["allBooks"]) == list(saved["allBooks"])
    book, real = mine["allBooks"]["books"][0], saved["allBooks"]["books"][0]
    assert list(book) == list(real)
    assert shape(book) | {"members": 0} == shape(real) | {"members": 0}
    assert shape(book["members"][0]) == shape(real["members"][0])


def test_digit_strings_are_as_in_the_saved_answer(caller: Caller) -> None:
    book = caller.book("seabright-fleet")
    assert (book["hideMessage"], book["hideBookMembers"], book["cluster"]) == ("2", "2", "1")
    assert {member["apiRight"] for member in book["members"]} == {"1"}


def test_the_sample_has_seven_books_of_every_kind(caller: Caller) -> None:
    answer = caller.ok("getAllBooks")["allBooks"]
    books = answer["books"]
    assert answer["nbBooks"] == len(books) == 7
    assert [book["b_c"] for book in books if book["archived"]] == ["last-season"]
    assert [book["b_c"] for book in books if book["favorite"]] == ["seabright-fleet"]
    assert max(len(book["ownerPrefs"]["title"]) for book in books) == 120
    unread = {book["b_c"]: book["nbNotRead"] for book in books if book["nbNotRead"]}
    assert unread == {"regates": 4, "harbour-office": 1}
    assert sum(book["nbMsgs"] for book in books) == 60
    covers = {book["ownerPrefs"]["oCoverImg"] is None for book in books}
    assert covers == {True, False}


def test_contacts_are_those_who_share_a_book(caller: Caller) -> None:
    answer = caller.ok("getAllBooks")["allBooks"]
    names = {contact["u_c"]: contact["firstName"] for contact in answer["contacts"]}
    assert names["kenji"] == "健二"
    assert answer["nbContacts"] == len(names) == 6
    assert caller.user not in names


def test_with_a_stamp_only_changed_books_come(caller: Caller) -> None:
    stamp = caller.ok("getAllBooks")["sstamp"]
    assert caller.ok("getAllBooks", sstamp=stamp)["allBooks"]["books"] == []
    caller.ok("sendMsg", msg="news", **FLEET)
    answer = caller.ok("getAllBooks", sstamp=stamp)
    (changed,) = answer["allBooks"]["books"]
    assert changed["b_c"] == "seabright-fleet"
    assert changed["lastMsg"]["msg"] == "news"
    assert answer["allBooks"]["nbBooks"] == 7
    assert caller.ok("getAllBooks", sstamp=answer["sstamp"])["allBooks"]["books"] == []


def test_one_book_can_be_asked_for(caller: Caller) -> None:
    (book,) = caller.ok("getAllBooks", **FLEET)["allBooks"]["books"]
    assert book == caller.ok("getBookInfo", **FLEET)["book"]
    assert caller.ok("getBookInfo", b_c="seabright-fleet")["book"] == book


def test_a_book_that_is_not_there_or_not_mine_is_not_found(caller: Caller) -> None:
    for form in ({"b_c": "nothing"}, {"b_c": "seabright-fleet", "b_o": "kenji"}):
        answer = caller.nok("getBookInfo", **form)
        assert answer["errorCode"] == "not_found"
    assert caller.nok("getBookInfo")["errorCode"] == "missing_parameter"


def test_reading_one_book_leaves_the_others_unread(caller: Caller) -> None:
    before = caller.ok("getAllBooks")["sstamp"]
    caller.ok("markBooksMessagesAsRead", b_c="regates", b_o=caller.user)
    assert caller.book("regates")["nbNotRead"] == 0
    assert caller.book("harbour-office")["nbNotRead"] == 1
    (changed,) = caller.ok("getAllBooks", sstamp=before)["allBooks"]["books"]
    assert changed["lastMsgRead"] == changed["lastMsg"]["smid"]


def test_reading_up_to_a_message_and_never_back(caller: Caller) -> None:
    messages = caller.ok("getBookMessages", b_c="regates")["bookMessages"]
    caller.ok("markBooksMessagesAsRead", b_c="regates", smid=messages[1]["smid"])
    assert caller.book("regates")["nbNotRead"] == 1
    caller.ok("markBooksMessagesAsRead", b_c="regates", smid=messages[-1]["smid"])
    assert caller.book("regates")["nbNotRead"] == 1


def test_several_books_or_all_are_marked(caller: Caller) -> None:
    caller.ok(
        "markBooksMessagesAsRead",
        books=[{"b_c": "regates", "b_o": "demo"}, {"b_c": "harbour-office", "b_o": "oluwaseun"}],
    )
    assert sum(book["nbNotRead"] for book in caller.ok("getAllBooks")["allBooks"]["books"]) == 0
    caller.server.reset()
    caller.ok("markBooksMessagesAsRead")
    assert sum(book["nbNotRead"] for book in caller.ok("getAllBooks")["allBooks"]["books"]) == 0
    for books in ([{"b_c": "nothing"}], ["x"], 3):
        caller.nok("markBooksMessagesAsRead", books=books)
