from bot.core.titles import BY_ID, Titles


def test_channels_are_called_what_people_call_them() -> None:
    titles = Titles({"whatsapp": "WhatsApp"})
    assert [titles.of(channel) for channel in ("whatsapp", "local")] == ["WhatsApp", "Local"]
    assert [titles.on(channel) for channel in ("whatsapp", "cli")] == [" on WhatsApp", ""]
    assert Titles({}, {"local": "Local phone"}).of("local") == "Local phone"
    assert BY_ID.of("signal") == "Signal"
