"""The verbs of the command line, and what their exit statuses say."""

from __future__ import annotations

from collections.abc import Mapping

DONE = 0
REFUSED = 1
USAGE = 2
UNREACHABLE = 3
AUTHENTICATION = 4
UNKNOWN = 5
INTERRUPTED = 130

STATUSES: Mapping[int, str] = {
    DONE: "done",
    REFUSED: "the service refused, or nothing was found",
    USAGE: "usage or configuration; a file that was named is not there",
    UNREACHABLE: "a service could not be reached; trying again may help",
    AUTHENTICATION: "authentication",
    UNKNOWN: "a change was sent and its outcome is not known; look first, never repeat it blindly",
    INTERRUPTED: "interrupted; ended by another signal: 128 and the signal's number",
}
"""What each exit status says. README, manual page and reference have it from here."""

VERBS: Mapping[str, str] = {
    "open": "open the deck (what `tockdeck` alone does)",
    "serve": "open the deck in a page of a browser on this machine, for one person",
    "ops": "list the documented operations of the five services",
    "call": "call one operation and print its answer as JSON",
    "live": "print the live feed as it comes, or its last values",
    "record": "record the live feed to a file",
    "replay": "print a recording as it once came",
    "export": "write recordings or a session as CSV, GPX, NMEA, Parquet and other forms",
    "bring": "a file of instruments or a track into a session, after a look at it",
    "listen": "hear a boat's instruments (NMEA 0183, gpsd, Signal K) as long as this runs",
    "table": "write a table of a book as CSV, XLSX, JSON and others, or import a file into one",
    "files": "list, fetch or send the files of a table's cells or of a book",
    "simulate": "let another number of boats sail on the embedded live feed",
    "status": "print the running timer and today's total, for a status bar",
    "remind": "be reminded of something, such as `tomorrow 9:00 call`; alone: list what is due",
    "find": "find what was read of the five services by words; asks none of them",
    "add": "add time in one line, such as `9:00-11:15 TRACKER: what`",
    "start": "start a timer",
    "stop": "stop the timer that runs",
    "switch": "stop the timer that runs and start another",
    "describe": "say what is done while the timer runs; it is sent with the stop",
    "resume": "start the timer again that ended last",
    "hours": "bring hours in after a look at them, write them out, sum them up, enter them as work",
    "invoice": "write an invoice as PDF, e-invoice or text, or check it against the rules",
    "invoices": "list invoices, what clients owe by how late it is, or the sums of months",
    "payments": "note payments from a bank's statement, after a look at them",
    "widget": "show, check or fill in an iBuildApp widget document",
    "changes": "list what was changed, send or drop what waits, take a change back",
    "store": "what is kept here: its size, clear or check it, back it up, restore it",
    "config": "show, check or find the configuration",
    "disconnect": "forget what was set up for a service inside the deck",
    "keys": "print the keys of every screen",
    "reference": "print the page of all operations with their parameters",
    "man": "print the manual page as roff",
    "completion": "print what makes a shell complete verbs, options and ids",
    "doctor": "look for what is wrong with terminal, services and store, and say what mends it",
    "help": "say what a verb does and which options it has",
    "embedded": "run the embedded services by hand, or clear and reset their sample data",
}
"""Each verb and what it does; its module has the same name."""
