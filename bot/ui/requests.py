"""Questions to a person, as the messages that offer to send one and that ask one carry them.

hs/MESSAGE/CHANNEL/ROLE/COUNTED     send a question to CHANNEL and ping ROLE, 0 for none; COUNTED:
                                    1 where it counts among the unanswered ones already
hr/LANGUAGE/CHANNEL/MESSAGE/ASKER   reply to a question
hf/LANGUAGE/CHANNEL/MESSAGE/ASKER   the form for that, known by its id when it is sent

MESSAGE says which answer was not enough, 0 for one that its asker alone sees; LANGUAGE is that of
the asker, and the CHANNEL of a reply that of the answer. Nothing else is kept of who asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import discord

from bot.ui.custom_ids.encoding import MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.sent_messages import every_component, replied_at_hand

__all__ = ["Proposal", "Request", "is_reply_to_request", "request_of"]

_PROPOSED = re.compile(r"([0-9]{1,20})/([0-9]{1,20})/([0-9]{1,20})/([01])")
_PAYLOAD = re.compile(r"([a-z]{2,3})/([0-9]{1,20})/([0-9]{1,20})/([0-9]{1,20})")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a question would go, as its asker was shown it.

    ``message``: the answer that it is asked below, ``None`` where its asker alone sees that;
    ``role``: which is pinged. ``is_counted``: whether it counts among the unanswered ones already.
    """

    message: int | None
    channel: int
    role: int | None
    is_counted: bool

    @classmethod
    def read(cls, payload: str) -> Self:
        """Read what follows ``hs/``. Raises MalformedReference."""
        match = _PROPOSED.fullmatch(payload)
        if match is None:
            raise MalformedReference(f"no question that can be sent: {payload!r}")
        message, channel, role = map(int, match.groups()[:3])
        return cls(message or None, channel, role or None, match[4] == "1")

    @property
    def payload(self) -> str:
        """What is written of it into a button."""
        numbers = (self.message or 0, self.channel, self.role or 0, int(self.is_counted))
        return "/".join(map(str, numbers))


@dataclass(frozen=True, slots=True)
class Request:
    """Whose question it is, in which language, and which answer it was asked below.

    ``message``: ``None`` where its asker alone sees that answer.
    """

    language: str
    channel: int
    message: int | None
    asker: int

    @classmethod
    def read(cls, payload: str) -> Self:
        """Read what follows ``hr/`` or ``hf/``. Raises MalformedReference."""
        match = _PAYLOAD.fullmatch(payload)
        if match is None:
            raise MalformedReference(f"not a question to a person: {payload!r}")
        channel, message, asker = map(int, match.groups()[1:])
        return cls(match[1], channel, message or None, asker)

    @property
    def payload(self) -> str:
        """What is written of it into a button."""
        return f"{self.language}/{self.channel}/{self.message or 0}/{self.asker}"


def request_of(message: discord.Message, us: discord.abc.Snowflake | None) -> Request | None:
    """Return the question to a person that a message of ours (``us``: our user) is, if it is."""
    if us is None or message.author.id != us.id:
        return None
    begins = f"{Prefix.REPLY_AS_HELPER}/"
    for component in every_component(message):
        custom_id: str = getattr(component, "custom_id", None) or ""
        if custom_id.startswith(begins):
            try:
                return Request.read(custom_id.removeprefix(begins))
            except MalformedReference:
                return None
    return None


def is_reply_to_request(message: discord.Message, us: discord.abc.Snowflake | None) -> bool:
    """Whether a message replies to a question to a person: it is no question to us."""
    replied = replied_at_hand(message)
    return replied is not None and request_of(replied, us) is not None
