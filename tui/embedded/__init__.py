"""The embedded services: five real servers on loopback, in one process of their own.

This package imports nothing of the other rooms and is imported by none of them: it is
reached over HTTP and websocket only, so the two sides of the wire cannot agree by accident.
"""
