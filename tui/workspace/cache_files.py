"""The files of the cache. Nothing is imported here: a verb that only reads needs no more of it."""

ANSWERS = "answers.db"
MIRROR = "mirror.db"
SEARCH = "search.db"
"""Files in the cache directory: whole answers, records, and the search over both."""
SHARE_OF_RECORDS = 0.5
"""Which part of the room is for records; the rest is for the search, which holds their text once
more and where each three letters of it stand."""
