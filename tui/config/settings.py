"""Every setting of the program: one field with its default and its documentation.

The loader, config.example.toml, `tockdeck config show --origin` and the error that names the
nearest known key are all derived from these classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tui.config.declaring import Section, setting
from tui.config.hooks import Hooks
from tui.config.invoicing import Invoices, Seller
from tui.config.keys import Keys
from tui.config.live import Live


class Deck(Section):
    """How the deck looks and behaves."""

    theme: str = setting(
        "nightwatch",
        "Theme by name: nightwatch, ember, fjord, heather, moss (dark), daylight, paper (light), "
        "contrast-dark, contrast-light (7:1), terminal (its own sixteen colours), or a file of "
        "your own in the themes folder beside this file.",
    )
    colours: Literal["auto", "truecolor", "256", "16", "8", "none"] = setting(
        "auto",
        "Colours that the terminal has; auto believes NO_COLOR, COLORTERM and TERM, which is all "
        "that SSH carries.",
    )
    first_screen: Literal["today", "books", "tocks", "sessions", "timers", "invoices", "live"] = (
        setting("today", "The screen that opens first.")
    )
    glyphs: Literal["auto", "unicode", "ascii"] = setting(
        "auto",
        "Signs of borders, marks and trees; auto: ascii where the locale is not UTF-8 and on the "
        "Linux console.",
    )
    graphs: Literal["auto", "braille", "blocks", "ascii"] = setting(
        "auto",
        "Symbols that graphs are drawn with; auto: ascii where glyphs are, else braille.",
    )
    pictures: Literal["auto", "kitty", "sixel", "blocks", "off"] = setting(
        "auto",
        "How a picture of a cell is shown: by kitty's graphics protocol, as sixels, in half "
        "blocks, or not at all. auto: what the terminal answers that it can when the first one is "
        "opened; half blocks in GNU screen and on the Linux console.",
    )
    scroll: Literal["auto", "terminal", "cells"] = setting(
        "auto",
        "How lines move: by the terminal itself, or by writing each cell that is another. auto: "
        "by the terminal, but not in mosh, in a tmux pane with another beside it, nor over SSH "
        "where it does not say what it is.",
    )
    edge: Literal["jump", "line"] = setting(
        "jump",
        "What the view does where the cursor goes on past its last row: it jumps by a page less "
        "two rows, or goes on by a line, which takes a thin line several times the bytes.",
    )
    kilobytes_per_second: float = setting(
        0.0,
        "Kilobytes a second that frames may take, Live's above all; 0 finds out what the line "
        "carries.",
        above=-1,
    )
    instant: bool = setting(
        True,
        "Whether the deck begins with what its first screen showed last, grey and with its age, "
        "until it has loaded. What was shown is kept in the cache for that, readable by you alone.",
    )
    speed_unit: Literal["km/h", "kn", "m/s"] = setting("kn", "Unit that speeds are shown in.")
    time_zone: str = setting(
        "local", "IANA name of the zone that times are shown in, or local.", example="Europe/Paris"
    )
    currency: str = setting(
        "",
        "Sign or ISO 4217 code written before amounts, which have its digits: JPY 1,235, "
        "BHD 1.235. The services keep no currency; a bare ¥ is the yen.",
        example="€",
    )
    mouse: bool = setting(
        True,
        "Whether the mouse is used; the keyboard does everything. In GNU screen, which then holds "
        "back esc, only where this is set.",
    )
    notices: Literal["auto", "off", "osc9", "osc777", "osc99", "tmux", "desktop"] = setting(
        "auto",
        "How word leaves the deck of a reminder that is due, a forgotten timer, a change nobody "
        "knows the outcome of, an overdue invoice: by a sequence of the terminal's (osc9: iTerm2; "
        "osc777: foot, VTE, WezTerm; osc99: kitty), in tmux's status line, by notify-send. auto: "
        "what there is, else the bell.",
    )
    long_hours: float = setting(
        10.0, "Hours after which a running timer is taken for a forgotten one.", above=0
    )
    away_minutes: float = setting(
        30.0,
        "Minutes without a key after which it is said that a timer ran while nobody was here; "
        "0 never says so.",
        above=-1,
    )
    read_only: bool = setting(False, "Refuse every command that changes something.")


class Embedded(Section):
    """The embedded services: real servers on this machine, used where no account is set up."""

    use: Literal["auto", "always", "never"] = setting(
        "auto",
        "auto: when no service is configured at all. always: for every service that is not "
        "configured. never: such services are shown as not connected.",
    )
    idle_minutes: float = setting(5.0, "Minutes without use after which they end by themselves.")
    port: int = setting(0, "Port on 127.0.0.1; 0 takes a free one.")
    boats: int = setting(8, "Boats of the simulated fleet on the live feed.")
    hertz: float = setting(2.0, "Samples a second of each simulated device.", above=0)
    replay: list[str] = setting(
        [], "Recordings that the live feed plays instead of the simulated fleet."
    )
    sources: list[dict[str, str]] = setting(
        [],
        "Real boats: the addresses that instruments are heard at, each a table [[embedded.sources]]"
        " with address and, if you like, the boat's name, and of riot:// the serials and the device"
        " groups' tokens of units that need nobody to accept them. While there are any, no"
        " simulated boats sail and the embedded services do not end by themselves. udp://HOST:PORT"
        " and tcp-listen://HOST:PORT listen, tcp://HOST:PORT, gpsd://HOST and signalk://HOST:PORT"
        " connect, serial:///dev/NAME?baud=4800 reads a device, file:///PATH?speed=10 plays a log"
        " (`tockdeck reference` has their options).",
        example='[{ address = "udp://0.0.0.0:10110", boat = "Kestrel" }]',
    )
    names: list[str] = setting(
        [],
        "Further names, as host or host:port, that they answer for: those under which a browser "
        "reaches their pages through a tunnel. Requests for any other name are refused.",
    )
    quirks: bool = setting(False, "Answer with every documented inconsistency, for tests.")


class Network(Section):
    """What a call to a service may cost."""

    connect_seconds: float = setting(10.0, "Seconds to wait for a connection.", above=0)
    read_seconds: float = setting(
        60.0, "Seconds to wait for an answer, or for more of one.", above=0
    )
    call_seconds: float = setting(
        120.0,
        "Seconds that a whole call may take with its repeats; what large files and tables take "
        "comes on top, as least_kilobytes says.",
        above=0,
    )
    least_kilobytes: float = setting(
        1.0, "Kilobytes a second: a body that goes or comes more slowly is given up.", above=0
    )
    retries: int = setting(2, "How often a read is tried again after a passing failure.", above=-1)
    answer_megabytes: int = setting(64, "Largest answer that is read.", above=0)
    allow_plain_http: bool = setting(
        False,
        "Also speak to services on other machines without encryption (http, ws): whoever is on "
        "the way can read passwords and change what is sent.",
    )


class Store(Section):
    """What is kept on this machine of what was read."""

    megabytes: float = setting(
        512.0,
        "Megabytes that records and the search over them may take, one half each; what was used "
        "least recently makes room. It is the cache: `tockdeck store clear` empties it, and "
        "nothing is lost but the time to read again.",
        above=0,
    )


class Hours(Section):
    """How hours are counted where they are shown and entered; the exact ones stay beside."""

    rounding: Literal["none", "up", "nearest"] = setting(
        "none", "Whether lengths are rounded, up or to the nearest step."
    )
    rounding_minutes: int = setting(15, "Minutes of a step, from 5 to 60.", above=4, most=60)
    rounding_per: Literal["block", "day"] = setting(
        "block", "Whether each block is rounded, or the sum of each day."
    )
    goals: list[str] = setting(
        [],
        "Hours that are aimed at: a length, then day, week or month, and after a colon the one "
        "tracker, with what is under it, that they are of.",
        example='["8h day", "38h week", "10h month: Harbour Trust"]',
    )


class TimeTonic(Section):
    """Books and smart tables."""

    base_url: str = setting(
        "https://timetonic.com",
        "Address of the service, or of any page of it; with /dev at its end its test environment.",
    )
    user: str = setting("", "User id; filled in by the log-in when left empty.")
    on_behalf_of: str = setting("", "User on whose behalf calls are made; normally the same.")
    login: str = setting("", "User id, e-mail or phone for the log-in.")
    password: str = setting("", "Password for the log-in.", secret=True)
    sesskey: str = setting(
        "", "A session key pasted from the profile page, instead of a password.", secret=True
    )
    events: Literal["poll", "socket", "off"] = setting(
        "poll", "How changes by others arrive; the socket's protocol is partly unknown."
    )
    socket_url: str = setting("wss://timetonic.com:10100", "Address of the socket.")
    mark_read: Literal["by key", "on open"] = setting(
        "by key",
        "When messages count as read: by a key, or once they are looked at. The form of that "
        "request is our assumption.",
    )
    uploads: Literal["whole", "in pieces"] = setting(
        "whole",
        "How files are sent: whole, or in pieces of which after a break only the missing ones are "
        "sent. The form of the latter request is our assumption.",
    )
    rows_a_call: int = setting(
        10,
        "Rows of one call where many are written: ten is what the service's own library ended "
        "with.",
        above=0,
    )


class TickTocker(Section):
    """Tocks: streams of events."""

    base_url: str = setting("https://ticktocker.com/api/1", "Address of the service.")
    user: str = setting("", "User name.")
    password: str = setting("", "Password, to fetch the API key with.", secret=True)
    api_key: str = setting("", "API key, instead of a password.", secret=True)
    application_token: str = setting("", "Application token.", secret=True)
    community_path: str = setting(
        "community", "Path of the community feeds; the document prints `follow` by mistake."
    )
    first_page: int = setting(
        1, "Number of the first page of a feed (our assumption: the document does not say)."
    )
    send_evenstart: bool = setting(
        False, "Send the start of a tock under its misspelled name as well."
    )


class Igtimi(Section):
    """Sailing sessions and the live feed."""

    base_url: str = setting("https://www.igtimi.com", "Address of the service.")
    access_token: str = setting("", "Access token of the account.", secret=True)
    application_token: str = setting(
        "", "Access token of your application, for devices and device groups.", secret=True
    )
    client_id: str = setting("", "Client id of your application, for the OAuth log-in.")
    client_secret: str = setting("", "Client secret of your application.", secret=True)
    redirect_uri: str = setting(
        "urn:ietf:wg:oauth:2.0:oob", "Where the OAuth log-in hands back its code."
    )
    dialect: Literal["igtimi", "riot"] = setting(
        "igtimi", "Protocol of the live feed: the original one, or SAP's replacement server."
    )
    websocket_servers: list[str] = setting(
        [], "Servers of the live feed; empty asks the service for its list."
    )


class TrackMyPeople(Section):
    """Timers."""

    base_url: str = setting("https://secure.trackmypeople.com/api", "Address of the service.")
    user: str = setting("", "User name.")
    password: str = setting("", "Password.", secret=True)
    format: Literal["json", "xml"] = setting("json", "Form of the answers.")
    method: Literal["post", "get"] = setting("post", "How calls are sent.")
    time_format: str = setting(
        "%Y-%m-%d %H:%M:%S", "How start and stop are written (our assumption)."
    )
    time_zone: str = setting(
        "profile",
        "IANA name of the zone of your profile there, local for this machine's, or profile: asked "
        "of the service. Times without a zone are in it.",
        example="Europe/Paris",
    )
    total_unit: Literal["seconds", "minutes", "hours"] = setting(
        "seconds", "Unit of the totals (our assumption: the document does not say)."
    )
    edit_page: str = setting(
        "",
        "Address of the page that edits a block, with {id} where its number stands. Without it the "
        "service is asked: it tells the address only where a new block would overlap, so the same "
        "time is sent again, which it refuses.",
        example="https://secure.trackmypeople.com/block/edit/id/{id}",
    )
    paths: dict[str, str] = setting(
        {}, "Other paths for functions; eight of the eleven are our assumption.",
        example='{ total = "daytotal" }',
    )  # fmt: skip


class Timesheets(Section):
    """Clients, projects, tasks, time entries and invoices (iBuildApp)."""

    base_url: str = setting("", "Address of the service; there is no default.")
    app: str = setting("", "APP_CODE: the short name of your app.")
    email: str = setting("", "E-mail for the log-in.")
    password: str = setting("", "Password for the log-in.", secret=True)
    token: str = setting("", "A token, instead of a password.", secret=True)
    task_prefix: str = setting(
        "timesheets",
        "Prefix of three task calls as documented; `api/{app}` where the server is uniform.",
    )


class Settings(Section):
    """All settings of one run."""

    deck: Deck = Deck()
    embedded: Embedded = Embedded()
    network: Network = Network()
    store: Store = Store()
    hours: Hours = Hours()
    timetonic: TimeTonic = TimeTonic()
    ticktocker: TickTocker = TickTocker()
    igtimi: Igtimi = Igtimi()
    live: Live = Live()
    trackmypeople: TrackMyPeople = TrackMyPeople()
    timesheets: Timesheets = Timesheets()
    seller: Seller = Seller()
    invoices: Invoices = Invoices()
    hooks: Hooks = Hooks()
    key_set: str = "default"
    """The set of keys that a person's stand over."""
    keys: Mapping[str, list[str]] = setting(
        {},
        "Other keys for commands and for what lists, tables and forms do, by the ids that "
        "`tockdeck keys --ids` shows; an empty list takes the keys of one away. Keys are written "
        "by their names or as `tockdeck keys` shows them. The default of another command, or what "
        "the set has, gives way; `tockdeck keys --clashes` says which did.",
    )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and all(
            getattr(self, name) == getattr(other, name) for name in (*SECTIONS, "key_set")
        )

    __hash__ = None


SECTIONS: Mapping[str, type[Section]] = {
    "deck": Deck,
    "embedded": Embedded,
    "network": Network,
    "store": Store,
    "hours": Hours,
    "timetonic": TimeTonic,
    "ticktocker": TickTocker,
    "igtimi": Igtimi,
    "live": Live,
    "trackmypeople": TrackMyPeople,
    "timesheets": Timesheets,
    "seller": Seller,
    "invoices": Invoices,
    "hooks": Hooks,
    "keys": Keys,
}
"""The sections in the order of the example file."""

SERVICES = ("timetonic", "ticktocker", "igtimi", "trackmypeople", "timesheets")
"""The sections that are services, in the order in which the deck shows them."""
