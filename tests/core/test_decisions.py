"""A person is who the provider says, on that channel."""

from bot.core.decisions import Principal


def test_the_same_number_on_another_channel_is_another_person() -> None:
    one = Principal("telegram", "7001", "Ann", "chat-1")
    other = Principal("whatsapp", "7001", "Ann", "chat-1")
    assert one.id == "telegram:7001"
    assert one.id != other.id


def test_a_name_is_no_identity() -> None:
    assert Principal("a", "1", "Ann", "x").id == Principal("a", "1", "Bob", "y").id
