"""What Claude Code's file has no room for."""
