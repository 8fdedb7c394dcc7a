from bot.core.hook_cards import dispute_card, unowned_card, unseen_card
from tests.support.hook_events import asked_command
from tests.support.playbook import prompt


def test_both_accounts_are_told_as_they_are() -> None:
    card = dispute_card("shop", asked_command("ls\x1b"), prompt("rm " + "x" * 2000))
    text = "\n".join(part.text for part in card.parts)
    assert "'shop'" in card.title
    assert "ls\x1b" not in text
    assert "ls" in text
    assert "rm xxx" in text
    assert len(text) < 1000
    assert [button.command for button in card.buttons] == ["peek shop"]


def test_an_agent_that_waits_unseen_is_told() -> None:
    assert "permission prompt" in unseen_card("shop", "permission prompt").parts[0].text


def test_a_dialog_that_nobody_owns_is_to_be_looked_at_first() -> None:
    card = unowned_card("shop", "idle")
    assert "says itself that it is idle" in card.title
    assert [button.command for button in card.buttons] == ["peek shop"]
