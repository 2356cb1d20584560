"""What members can do, one cog a feature."""

from __future__ import annotations

from bot.features.articles.article_command import Articles
from bot.features.ask.ask_command import Ask
from bot.features.check.check_commands import Messages
from bot.features.feedback.feedback_command import Feedback
from bot.features.help.help_command import Help
from bot.features.lookups.lookup_commands import LookUps
from bot.features.privacy.privacy_commands import Privacy
from bot.features.reindex.reindex_command import ReindexCommand
from bot.features.reindex.selftest_command import SelfTests
from bot.features.settings.settings_command import SettingsCommand
from bot.features.status.status_command import Status
from bot.features.unanswered.unanswered_command import UnansweredQuestions
from bot.features.uploads.upload_commands import UploadCommands

__all__ = ["COGS"]

COGS = (
    Ask,
    Messages,
    LookUps,
    Articles,
    UploadCommands,
    Help,
    Feedback,
    Privacy,
    ReindexCommand,
    SelfTests,
    SettingsCommand,
    Status,
    UnansweredQuestions,
)
"""Every cog, for the client to add."""
