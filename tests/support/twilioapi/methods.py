"""What each request does, in the world as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from tests.support.twilioapi.contents import Content, Filled, definition, fill, given
from tests.support.twilioapi.errors import misuse, not_found, refused
from tests.support.twilioapi.messages import JSON, PREFIX, Media, Message
from tests.support.twilioapi.world import World

TEXT = 1600
MOST = 1000
_NUMBER = re.compile(r"whatsapp:\+[1-9]\d{6,14}")
_EXTERNAL = re.compile(r"whatsapp:[A-Z]{2}\.\w{1,128}")

Form = Mapping[str, str]
T = TypeVar("T")


def create_message(world: World, form: Form) -> tuple[Message, Filled | None]:
    sender, to = _ends(world, form)
    content_sid, body = form.get("ContentSid", ""), form.get("Body", "")
    if form.get("ContentVariables") and not content_sid:
        raise misuse(21654)
    if body and content_sid:
        raise misuse(20001, "Body and ContentSid")
    if not (body or content_sid or form.get("MediaUrl")):
        raise misuse(21602)
    if len(body) > TEXT:
        raise misuse(21617)
    callback = form.get("StatusCallback", "")
    if callback and urlsplit(callback).scheme not in ("http", "https"):
        raise misuse(21609)
    filled = _filled(world, content_sid, form.get("ContentVariables", ""))
    message = world.add(sender, to, filled.body if filled else body.strip())
    message.callback = callback
    if filled:
        message.content, message.buttons = content_sid, filled.buttons
        message.is_menu = filled.is_menu
    return message, filled


def _ends(world: World, form: Form) -> tuple[str, str]:
    sender, to = form.get("From", ""), form.get("To", "")
    if not to:
        raise misuse(21604)
    if not sender:
        raise misuse(21603)
    if sender.startswith(PREFIX) is not to.startswith(PREFIX):
        raise misuse(21910)
    if not (_NUMBER.fullmatch(to) or _EXTERNAL.fullmatch(to)):
        raise misuse(21211, f"The 'To' number {to} is not a valid phone number.")
    if sender == to:
        raise misuse(63031)
    if sender != world.sender:
        raise refused(63007)
    return sender, to


def _filled(world: World, sid: str, variables: str) -> Filled | None:
    if not sid:
        return None
    if sid not in world.contents:
        raise refused(21655)
    return fill(world.contents[sid], given(variables))


def list_messages(world: World, form: Form) -> JSON:
    """Newest first; the filters by date know days only."""
    day = {name: form[name][:10] for name in form if name.startswith("DateSent")}
    found = [
        message
        for message in reversed(world.messages)
        if form.get("To", message.to) == message.to
        and form.get("From", message.sender) == message.sender
        and message.listed_from <= world.now
        and day.get("DateSent>", "") <= message.made.date().isoformat()
        and message.made.date().isoformat() <= day.get("DateSent<", "9")
        and day.get("DateSent", message.made.date().isoformat()) == message.made.date().isoformat()
    ]
    found.sort(key=lambda message: message.made, reverse=True)
    shown, token = _page(found, form)
    path = f"/2010-04-01/Accounts/{world.account}/Messages.json"
    return {"messages": [one.as_json() for one in shown], **_pages(path, form, token)}


def list_media(message: Message, form: Form) -> JSON:
    shown = [message.media_json(one) for one in message.media]
    return {"media_list": shown, **_pages(f"{message.path}/Media.json", form, "")}


def media(message: Message, sid: str) -> Media:
    found = next((one for one in message.media if one.sid == sid), None)
    if found is None:
        raise not_found(f"{message.path}/Media/{sid}")
    return found


def _page(found: Sequence[T], form: Form) -> tuple[Sequence[T], str]:
    """A page, and the token of the one behind it."""
    size, start = _size(form), 0
    if int(form.get("Page", "0")):
        token = form.get("PageToken", "")
        sids = [getattr(one, "sid", "") for one in found]
        if token.removeprefix("PA") not in sids:
            raise misuse(20006, "Page number out of range", 400)
        start = sids.index(token.removeprefix("PA")) + 1
    shown = found[start : start + size]
    last = getattr(shown[-1], "sid", "") if shown else ""
    return shown, f"PA{last}" if start + size < len(found) else ""


def _size(form: Form) -> int:
    size = int(form.get("PageSize", "50"))
    if not 1 <= size <= MOST:
        raise misuse(20001, f"a page of {size}")
    return size


def _following(form: Form, token: str) -> str:
    page = str(int(form.get("Page", "0")) + 1)
    return urlencode({**form, "Page": page, "PageToken": token})


def _pages(path: str, form: Form, token: str) -> JSON:
    page = int(form.get("Page", "0"))
    size = _size(form)
    first = urlencode({**form, "Page": "0", "PageSize": str(size)})
    return {
        "end": page * size + size - 1,
        "first_page_uri": f"{path}?{first}",
        "next_page_uri": f"{path}?{_following(form, token)}" if token else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": None,
        "start": page * size,
        "uri": f"{path}?{urlencode(form)}",
    }


def define(world: World, asked: object) -> Content:
    wish = definition(asked)
    name, variables = wish.get("friendly_name", ""), wish.get("variables", {})
    sid = world.sid("HX")
    made = Content(sid, world.account, name, wish["language"], variables, wish["types"], world.now)
    world.contents[sid] = made
    return made


def list_contents(world: World, form: Form) -> JSON:
    """The addresses in it are complete ones, and Twilio's own."""
    shown, token = _page(list(world.contents.values()), form)
    url = "https://content.twilio.com/v1/Content"
    meta = {
        "first_page_url": f"{url}?PageSize={_size(form)}&Page=0",
        "key": "contents",
        "next_page_url": f"{url}?{_following(form, token)}" if token else None,
        "page": int(form.get("Page", "0")),
        "page_size": _size(form),
        "previous_page_url": None,
        "url": url,
    }
    return {"contents": [one.as_json() for one in shown], "meta": meta}


def submit(content: Content) -> JSON:
    content.approval = "received"
    return dict(content.approvals()["whatsapp"])


def account(world: World) -> JSON:
    return {
        "sid": world.account,
        "friendly_name": "Wingman's account",
        "status": "active",
        "type": "Full",
    }


def senders(world: World) -> JSON:
    one = {
        "sid": "XE" + "0" * 32,
        "sender_id": world.sender,
        "status": "ONLINE",
        "url": "https://messaging.twilio.com/v2/Channels/Senders/XE" + "0" * 32,
    }
    known = [] if world.is_sandbox else [one]
    meta = {"key": "senders", "next_page_url": None, "page": 0, "page_size": 50}
    return {"senders": known, "meta": meta}


def typing(world: World, form: Form) -> JSON:
    """Also marks the message as read."""
    if form.get("channel") != "whatsapp" or not form.get("messageId"):
        raise misuse(20001, "channel and messageId are required")
    message = world.message(form["messageId"])
    contact = world.contact(message.sender)
    if not message.is_inbound or contact is None:
        raise misuse(20001, "only a message that came in can be answered")
    contact.typing.append(message.sid)
    return {"success": True}


Answer = Callable[[World, Form, tuple[str, ...]], JSON]
ANSWERS: dict[str, Answer] = {
    "messages.list": lambda world, form, sids: list_messages(world, form),
    "messages.fetch": lambda world, form, sids: world.message(sids[1]).as_json(),
    "media.list": lambda world, form, sids: list_media(world.message(sids[1]), form),
    "account.fetch": lambda world, form, sids: account(world),
    "contents.list": lambda world, form, sids: list_contents(world, form),
    "contents.fetch": lambda world, form, sids: world.content(sids[0]).as_json(),
    "approvals.fetch": lambda world, form, sids: world.content(sids[0]).approvals(),
    "approvals.create": lambda world, form, sids: submit(world.content(sids[0])),
    "senders.list": lambda world, form, sids: senders(world),
    "typing.create": lambda world, form, sids: typing(world, form),
}
"""Those that need nothing but the world; the SIDs are the ones in the address."""
