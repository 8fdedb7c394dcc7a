from pathlib import Path

from bot.settings import env_example

ROOT = Path(__file__).parents[1]


def test_env_example_is_what_the_settings_say() -> None:
    """After a change of the settings: `wingman env-example > .env.example`."""
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()
