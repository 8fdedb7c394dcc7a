"""What people write for a setting, and what it is taken for."""

import pytest
from pydantic import ValidationError

from bot.setting_groups import WhatsAppSettings


@pytest.mark.parametrize(
    "given",
    [
        "+491701234567,+12025550123",
        "whatsapp:+491701234567, +1 (202) 555-0123",
        ("+49 170 1234567", "+1.202.555.0123"),
    ],
)
def test_numbers_as_people_write_them(given: object) -> None:
    settings = WhatsAppSettings.model_validate({"allowed_numbers": given})
    assert settings.allowed_numbers == ("+491701234567", "+12025550123")


def test_whoever_hides_the_number_has_an_id_of_whatsapp() -> None:
    settings = WhatsAppSettings.model_validate({"allowed_numbers": "ID.12345,US.1349abc"})
    assert settings.allowed_numbers == ("ID.12345", "US.1349abc")


@pytest.mark.parametrize("given", ["0170 1234567", "491701234567", "ann", "+0170", 49170123456])
def test_a_number_without_its_country_is_refused(given: object) -> None:
    with pytest.raises(ValidationError, match="begins with \\+ and the country code"):
        WhatsAppSettings.model_validate({"allowed_numbers": given})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account_sid", "AC123"),
        ("from", "+14155238886"),
        ("template_sid", "HXnothing"),
        ("api_base", "api.twilio.com"),
    ],
)
def test_what_twilio_would_never_take_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        WhatsAppSettings.model_validate({name: value})


def test_any_part_of_an_account_asks_for_the_channel() -> None:
    assert not WhatsAppSettings().wanted
    assert WhatsAppSettings.model_validate({"from": "whatsapp:+14155238886"}).wanted
    assert not WhatsAppSettings.model_validate({"allowed_numbers": "+491701234567"}).wanted
