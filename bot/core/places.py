"""Names that two programs of ours must agree on. It imports nothing."""

SOCKET = "wingman.sock"
"""In the state directory: where the gateway listens for commands and hooks of its own user."""

HOOK_SOCKET = "hook.sock"
"""Beside it: where ``wingman-hook`` hands over what agents tell."""
