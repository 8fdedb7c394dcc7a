"""Parts of the reference pages that are made from the code."""

from sqlalchemy import MetaData

from bot.core.approvals import TABLE


def render_states() -> str:
    """The table of the prompt's states as a diagram."""
    steps = [
        f"    {state.value} --> {to.value} : {happening.value}"
        for state, row in TABLE.items()
        for happening, to in row.items()
    ]
    ends = [f"    {state.value} --> [*]" for state, row in TABLE.items() if not row]
    return "\n".join(["stateDiagram-v2", "    [*] --> open", *steps, *ends])


def render_tables(metadata: MetaData) -> str:
    """A row per table: its columns, a question mark after those that may be empty."""
    rows = [
        f"| `{table.name}` | "
        + ", ".join(f"{column.name}{'?' if column.nullable else ''}" for column in table.columns)
        + " |"
        for table in metadata.tables.values()
    ]
    return "\n".join(["| table | columns |", "|---|---|", *rows])
