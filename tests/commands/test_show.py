from typing import Any

from rich.console import Console

from bot.commands.show import harmless, notice


def printed(document: dict[str, Any], *, brief: bool = False) -> str:
    console = Console(width=60, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(notice(document, brief=brief))
    return captured.get()


CARD: dict[str, Any] = {
    "title": "Session 'one' needs approval",
    "parts": [
        {"text": "[bold]npm[/bold] run build", "style": "code"},
        {"text": "1 -old\n1 +new\n same", "style": "diff"},
    ],
    "buttons": [{"command": "approve k3f9"}, {"command": "deny k3f9"}],
    "footer": "Reply with: approve one",
}


def test_a_card_with_the_words_to_type() -> None:
    assert [line.rstrip() for line in printed(CARD).splitlines()] == [
        "Session 'one' needs approval",
        "  [bold]npm[/bold] run build",
        "  1 -old",
        "  1 +new",
        "   same",
        "  • approve k3f9  • deny k3f9",
    ]


def test_a_footer_where_there_are_no_buttons() -> None:
    assert "Reply with: approve one" in printed({**CARD, "buttons": []})


def test_a_file_is_named() -> None:
    files = [
        {"name": "one.png\x1b[2J", "size": 34_499, "url": "/api/chat/1/files/0"},
        {"name": "one.diff", "size": 812, "url": ""},
    ]
    lines = [line.strip() for line in printed({**CARD, "attachments": files}).splitlines()]
    assert "📎 one.png\ufffd[2J (34 kB, in the browser: wingman link)" in lines
    assert "📎 one.diff (812 bytes, not shown here)" in lines


def test_only_the_title() -> None:
    assert printed(CARD, brief=True) == "Session 'one' needs approval\n"


def test_no_text_moves_the_cursor() -> None:
    assert harmless("a\x1b[2Jb\r\x07\x9bc\td\n") == "a\ufffd[2Jb\ufffd\ufffd\ufffdc\td\n"
    assert "\x1b" not in printed({**CARD, "title": "\x1b]0;owned\x07"})
