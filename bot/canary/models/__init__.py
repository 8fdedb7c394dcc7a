"""One file per wire format: a model that follows a script, on loopback."""
