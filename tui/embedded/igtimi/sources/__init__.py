"""Live sources of real boats: what speaks NMEA 0183, gpsd's JSON or Signal K at an address.

`addresses` says what an address means, `ways` reads bytes from it, `source` has its state and its
limits and connects again, `fleet` makes boats of what they say, `hub` has all of them, `calls` is
how they begin and end. A source fails alone: what it says is data, and what it breaks is itself.
"""
