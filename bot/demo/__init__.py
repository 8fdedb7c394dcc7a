"""Scripted agents on a private tmux server: for ``wingman demo`` and for journey tests."""
