"""What Codex's file has no room for."""
