"""Notices as the gateway makes them."""

from bot.core.notices import Button, ButtonStyle, Notice, NoticeKind, Part, PartStyle

BUTTONS = (
    Button("Approve", "approve k3f9", ButtonStyle.ALLOW),
    Button("Always…", "always k3f9"),
    Button("Deny", "deny k3f9", ButtonStyle.DENY),
)
FOOTER = "Reply with: • approve shop • always shop • deny shop (k3f9)"

CARD = Notice(
    NoticeKind.PROMPT,
    "🔒 Session 'shop' needs approval",
    (Part("Bash"), Part("rm -rf build/", PartStyle.CODE)),
    BUTTONS,
    footer=FOOTER,
    session="shop",
    code="k3f9",
)
DONE = "✓ Session 'shop' approved (once)"
CLOSED = Notice(NoticeKind.CLOSED, DONE, (Part("by Ann, 14:02"),), session="shop", code="k3f9")
REPLY = Notice(NoticeKind.REPLY, DONE, (Part("rm -rf build/"),), session="shop", code="k3f9")
WORDS = Notice(NoticeKind.REPLY, "pong")
LONG = Notice(
    NoticeKind.PROMPT,
    "🔒 Session 'shop' needs approval",
    (Part("\n".join(f"+ line {n}" for n in range(300)), PartStyle.DIFF),),
    BUTTONS,
    footer=FOOTER,
    session="shop",
    code="k3f9",
)
