from bot.core.notices import Notice, NoticeKind
from bot.registry import leaves
from bot.services.commands import AskBack, Command

COMMANDS: dict[str, Command] = leaves("handlers", "COMMAND")


def test_a_question_is_an_error_that_carries_its_reply() -> None:
    question = Notice(NoticeKind.TROUBLE, "Which one?")
    assert AskBack(question).question is question
    assert str(AskBack(question)) == "Which one?"


def test_no_word_means_two_commands() -> None:
    words = [word for command in COMMANDS.values() for word in (command.name, *command.aliases)]
    assert len(words) == len(set(words))
    assert all(word == word.lower() for word in words)


def test_a_command_is_called_like_its_file() -> None:
    assert [name for name, command in COMMANDS.items() if command.name != name] == []
    assert all(command.summary and command.name in command.usage for command in COMMANDS.values())
