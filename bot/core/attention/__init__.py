"""Whether, when and to whom something is told. Pure: clock, rules and history come in."""
