"""One file per agent that can be tried: its cases, and what it wants to find."""
