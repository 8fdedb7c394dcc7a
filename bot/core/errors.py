"""Errors whose text is fit for the person who reads it on a phone."""

from __future__ import annotations


class WingmanError(Exception):
    """Something that could not be done; ``str()`` says what and what to do about it."""


class Refused(WingmanError):
    """An action that was understood and not taken. Nothing was changed and no key was pressed."""


class IllegalTransition(WingmanError):
    """A state machine was asked for a step its table does not have. Nothing was changed."""


class NotFound(WingmanError):
    """No session, prompt or pane of that name."""


class StoreUnusable(WingmanError):
    """The database is locked, full, damaged or newer than this program."""


class StoreOutdated(StoreUnusable):
    """The database is of an older program, and whoever opened it may not change it."""


class TerminalUnusable(WingmanError):
    """tmux is missing, too old, or does not answer."""
