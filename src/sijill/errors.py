"""The errors a user may meet. Each message is one line: what, where, and what to do."""

from __future__ import annotations


class SijillError(Exception):
    """Anything Sijill refuses to do, with a message for the user. The command line exits with 2."""


class InputError(SijillError):
    """An input that cannot be read: missing, unreadable, not of a known form."""


class OptionError(SijillError):
    """An option or argument with a value that makes no sense."""


class LexiconError(SijillError):
    """Language data with a fault; names file, line, fault and repair."""


class GazetteerError(SijillError):
    """Place data with a fault; names file, line, fault and repair."""
