"""Someone with WhatsApp in hand."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.support.provider.shown import Shown
from tests.support.twilioapi.delivery import Courier
from tests.support.twilioapi.messages import Media, Message
from tests.support.twilioapi.webhook import Poster
from tests.support.twilioapi.world import WINDOW, Contact, World

API = "https://api.twilio.com"
JOIN = "join quiet-otter"


@dataclass
class Line:
    """Where the account's webhook is; nowhere: what comes in is in the list only."""

    webhook_url: str = ""


@dataclass
class Person(Shown[Message]):
    world: World
    courier: Courier
    poster: Poster
    line: Line
    contact: Contact

    @property
    def number(self) -> str:
        return self.contact.number

    @property
    def messages(self) -> list[Message]:
        """What this phone shows of the bot, the first first."""
        mine = [one for one in self.world.messages if self.world.contact(one.to) is self.contact]
        return [one for one in mine if one.arrived]

    @property
    def texts(self) -> list[str]:
        return [message.body for message in self.messages]

    @property
    def last(self) -> Message:
        assert self.messages, f"nothing has arrived at {self.contact.name}'s"
        return self.messages[-1]

    def shown(self) -> list[tuple[Message, str]]:
        return [(one, one.body) for one in self.messages]

    # --- what a person does

    async def says(self, text: str, **more: str) -> Message:
        """``more``: other fields of the form that Twilio posts."""
        return await self._write(text, {"MessageType": "text", **more})

    async def replies_to(self, message: Message, text: str) -> Message:
        """Swipes a message aside and writes."""
        return await self.says(text, **self._about(message))

    async def taps(self, message: Message, title: str) -> Message:
        """A button, or a row of the menu. The title is all that the list shows of it."""
        button = message.button(title)
        if message.is_menu:
            fields = {"MessageType": "interactive", "ListId": button.id}
            fields["ListTitle"] = button.title
        else:
            content = self.world.contents.get(message.content)
            kind = "button" if content and content.is_approved else "interactive"
            fields = {"MessageType": kind, "ButtonText": button.title}
            fields["ButtonPayload"] = button.id
        return await self._write(button.title, fields | self._about(message))

    async def sends_photo(self, data: bytes, caption: str = "") -> Message:
        return await self.sends(data, "image/jpeg", caption, kind="image")

    async def sends_voice(self, data: bytes) -> Message:
        return await self.sends(data, "audio/ogg", kind="audio")

    async def sends(
        self, data: bytes, mime: str, caption: str = "", *, kind: str = "document"
    ) -> Message:
        media = Media(self.world.sid("ME"), mime, data)
        return await self._write(caption, {"MessageType": kind}, [media])

    async def joins(self) -> None:
        """The sandbox; Twilio answers that itself, and nobody is told."""
        self.contact.joined = self.contact.wrote = self.world.now
        self.world.add(self.contact.address, self.world.sender, JOIN, direction="inbound")

    async def reads(self, message: Message) -> None:
        await self.courier.pass_through(message, ["read"])

    def goes_offline(self) -> None:
        """What is sent stays ``sent``."""
        self.contact.online = False

    async def comes_online(self) -> None:
        await self.courier.comes_online(self.number)

    def blocks(self, error: int = 63033) -> None:
        """The bot is told of it by the failure of every message."""
        self.contact.refused = error

    def unblocks(self) -> None:
        self.contact.refused = 0

    def window_ends(self) -> None:
        """Twilio takes the last message for one of yesterday."""
        if self.contact.wrote is not None:
            self.contact.wrote = min(self.contact.wrote, self.world.now - WINDOW)

    # --- how it gets to the gateway

    async def _write(
        self, text: str, fields: dict[str, str], media: list[Media] | None = None
    ) -> Message:
        self.contact.wrote = self.world.now
        message = self.world.add(
            self.contact.address, self.world.sender, text, direction="inbound", media=media
        )
        if self.line.webhook_url:
            await self.poster.send(self.line.webhook_url, self.form(message) | fields)
        return message

    def form(self, message: Message) -> dict[str, str]:
        """What Twilio posts about any message."""
        form = {
            "AccountSid": message.account,
            "ApiVersion": "2010-04-01",
            "Body": message.body,
            "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {}}),
            "From": message.sender,
            "MessageSid": message.sid,
            "NumMedia": str(len(message.media)),
            "NumSegments": "1",
            "ProfileName": self.contact.name,
            "ReferralNumMedia": "0",
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "To": message.to,
        }
        if not self.contact.hides_number:
            form["WaId"] = self.number.removeprefix("+")
        if self.contact.external:
            form["ExternalUserId"] = f"whatsapp:{self.contact.external}"
        for n, media in enumerate(message.media):
            form[f"MediaUrl{n}"] = f"{API}{message.path}/Media/{media.sid}"
            form[f"MediaContentType{n}"] = media.mime
        return form

    def _about(self, message: Message) -> dict[str, str]:
        return {
            "OriginalRepliedMessageSid": message.sid,
            "OriginalRepliedMessageSender": message.sender,
        }
