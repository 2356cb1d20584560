"""What the admins of a server can set: a setting is declared here, its words stand beside it.

``bot.state`` keeps what is set, ``bot.services`` has it in memory, ``bot.features.settings`` shows
it and has it changed, in the words of ``phrases.CODE.toml``.
"""

from bot.server_settings.declaration import (
    PAGES,
    SETTINGS,
    AnswerLength,
    ServerSettings,
    Voting,
)
from bot.server_settings.kinds import Page

__all__ = ["PAGES", "SETTINGS", "AnswerLength", "Page", "ServerSettings", "Voting"]
