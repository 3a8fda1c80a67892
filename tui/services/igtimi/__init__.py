"""Igtimi (YachtBot): sailing sessions, trackers and their data, over REST and live."""

from tui.services.igtimi.client import Igtimi

__all__ = ["Igtimi"]
