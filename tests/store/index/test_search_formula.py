"""What the index finds is what a slow and simple formula finds: no trigrams, no file."""

from __future__ import annotations

import unicodedata
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.index.documents import Document, Query
from tui.store.index.folding import fold, heads, holds, starts
from tui.store.index.index import Index

LETTERS = (
    "aàâäåbcdeéèêfgiïılłLŁoóøöÖßsŠuüßyz ÀÉÎØ ab AB レガッタ春の大会 ﾚｶﾞｯﾀ ＡＢｃ 한국어 กข ạệ"
    " 0123456789 .,;:-_*\"'()^+~/\\{}[]%&|<>=!?#@ "
)
WORDS = (
    "Regatta", "regattas", "Herbstregatta", "レガッタ", "春のレガッタ", "ﾚｶﾞｯﾀ", "Łódź", "ØRSTED",
    "Straße", "STRASSE", "Côté", "cote", "GER-1234", "AND", "OR", "NOT", "NEAR(a,b)", '"quoted"',
    "title:x", "a*", "lu", "l", "-", "^a", "2026-03-01", "a.b@c.de", "%", "_", "'", "{x}", "Việt",
)  # fmt: skip
text = st.one_of(
    st.text(st.sampled_from(LETTERS), max_size=24),
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
    st.text(max_size=8),
)
documents = st.lists(st.tuples(text, text, text), min_size=1, max_size=12)


def words_begin(folded: str) -> set[int]:
    """Where words begin, written down once more: by looking at every letter and the one before."""
    found = set()
    for place, letter in enumerate(folded):
        before = folded[place - 1] if place else " "
        if letter == " ":
            continue
        name = unicodedata.name(letter, "")
        unspaced = any(
            name.startswith(script)
            for script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "BOPOMOFO")
        )
        if (
            before == " "
            or not (letter.isalnum() and before.isalnum())
            or letter.isdecimal() != before.isdecimal()
            or unspaced
        ):
            found.add(place)
    return found


def answers(document: tuple[str, str, str], query: str) -> bool:
    """Every word of the query, folded: anywhere; where it is shorter than three, at a beginning."""
    whole = fold(" ".join(document))
    begins = words_begin(whole)
    return all(
        word in whole if len(word) > 2 else any(whole.startswith(word, place) for place in begins)
        for word in fold(query).split()
    )


def found_by_index(shelf: list[tuple[str, str, str]], query: str) -> set[int] | None:
    with closing(Index(None)) as index:
        index.put("me", "all", [
            Document("row", str(number), *parts) for number, parts in enumerate(shelf)
        ])  # fmt: skip
        found = index.find(Query.of(query), most=1000)
    assert found is not None
    assert not found.more
    return {int(hit.document.key) for hit in found.hits}


@given(shelf=documents, data=st.data())
@settings(max_examples=200)
def test_the_index_finds_what_the_slow_formula_finds(
    shelf: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    whole = [" ".join(parts) for parts in shelf]

    def part_of(text: str) -> st.SearchStrategy[str]:
        places = st.integers(0, max(0, len(text)))
        return st.tuples(places, st.integers(1, 6)).map(lambda cut: text[cut[0] : cut[0] + cut[1]])

    query = data.draw(
        st.one_of(
            text,
            st.sampled_from(WORDS),
            st.sampled_from(whole).flatmap(part_of),
            st.lists(st.sampled_from(whole).flatmap(part_of), max_size=3).map(" ".join),
        ),
        label="query",
    )
    if not fold(query):
        return
    wanted = {number for number, parts in enumerate(shelf) if answers(parts, query)}
    assert found_by_index(shelf, query) == wanted


@given(shelf=documents, changed=documents, query=st.one_of(text, st.sampled_from(WORDS)))
@settings(max_examples=60)
def test_nothing_is_found_of_what_was_taken_out(
    shelf: list[tuple[str, str, str]], changed: list[tuple[str, str, str]], query: str
) -> None:
    """Trigrams have no content: what is taken out has to be told to them as it went in."""
    if not fold(query):
        return

    def rows(parts: list[tuple[str, str, str]]) -> list[Document]:
        return [Document("row", str(number), *one) for number, one in enumerate(parts)]

    with closing(Index(None)) as index:
        index.put("me", "all", rows(shelf))
        index.put("me", "all", rows(changed))
        found = index.find(Query.of(query), most=1000)
        assert found is not None
        keys = {int(hit.document.key) for hit in found.hits}
        assert keys == {n for n, parts in enumerate(changed) if answers(parts, query)}
        index.put("me", "all", [])
        assert index.find(Query.of(query)) is not None
        # Every trigram that went in was taken out again.
        connection = index._connection
        assert connection is not None
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        connection.execute("CREATE VIRTUAL TABLE left USING fts5vocab(words, 'row')")
        assert connection.execute("SELECT term, doc FROM left").fetchall() == []


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs") for one in folded)


@given(st.text(st.sampled_from(LETTERS)))
def test_a_short_word_is_found_where_a_word_begins_with_it(text: str) -> None:
    folded = fold(text)
    assert set(starts(folded)) == words_begin(folded)
    for head in heads(folded):
        assert holds(folded, head)


def test_words_answer_in_any_order_and_without_accents_case_and_width() -> None:
    shelf = [("Straße nach Łódź", "Ørsted", "naïve"), ("ﾚｶﾞｯﾀ 2026", "", ""), ("Hawaiian", "", "")]
    for query, wanted in (
        ("strasse", {0}), ("LODZ strass", {0}), ("orsted", {0}), ("NAIVE", {0}), ("レガ", {1}),
        ("レ", {1}), ("ッ", {1}), ("ガッ", {1}), ("ha", {2}), ("wa", set()), ("wai", {2}),
        ("n", {0}), ("20", {1}), ("26", set()), ("レカ", set()),
    ):  # fmt: skip
        assert found_by_index(shelf, query) == wanted, query
