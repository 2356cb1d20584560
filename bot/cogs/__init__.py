"""What members can do, one cog a feature."""

from __future__ import annotations

from bot.cogs.articles import Articles
from bot.cogs.ask import Ask
from bot.cogs.feedback import Feedback
from bot.cogs.help import Help
from bot.cogs.library import ArticleLibrary
from bot.cogs.look_ups import LookUps
from bot.cogs.messages import Messages
from bot.cogs.privacy import Privacy
from bot.cogs.reindex import ReindexArticles
from bot.cogs.selftest import SelfTests
from bot.cogs.server_settings import SettingsOfServer
from bot.cogs.status import Status
from bot.cogs.unanswered import UnansweredQuestions

__all__ = ["COGS"]

COGS = (
    Ask,
    Messages,
    LookUps,
    Articles,
    ArticleLibrary,
    Help,
    Feedback,
    Privacy,
    ReindexArticles,
    SelfTests,
    SettingsOfServer,
    Status,
    UnansweredQuestions,
)
"""Every cog, for the client to add."""
