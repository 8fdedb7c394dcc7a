"""The accounts behind the channels, as their providers see them."""

from __future__ import annotations

from bot.channels import ChannelSpec
from bot.core.checks import Check, Level
from bot.core.errors import WingmanError
from bot.registry import leaves
from bot.settings import Settings


async def accounts(settings: Settings) -> tuple[Check, ...]:
    """Nothing is sent, and nothing is changed there."""
    specs: dict[str, ChannelSpec] = leaves("bot.channels", "CHANNEL", settings.wants)
    found: list[Check] = []
    for spec in specs.values():
        if spec.probe is not None:
            found += await _account(settings, spec)
    if not found:
        says = "no chat is set up, only the local phone: wingman setup"
        found.append(Check("channels", Level.OFF, says))
    return tuple(found)


async def _account(settings: Settings, spec: ChannelSpec) -> list[Check]:
    assert spec.probe is not None
    id_ = f"channels.{spec.id}"
    try:
        contact = await spec.probe(settings)
    except WingmanError as trouble:
        says, _, cure = str(trouble).partition(": ")
        return [Check(id_, Level.RED, says, cure or f"see docs/how-to/{spec.id}.md")]
    good = Check(id_, Level.OK, f"{spec.id}: {contact.name} answers")
    remarks = [Check(f"{id_}.remark", Level.WARN, *_split(remark)) for remark in contact.remarks]
    return [good, *remarks]


def _split(remark: str) -> tuple[str, str]:
    says, _, cure = remark.partition(": ")
    return says, cure or remark
