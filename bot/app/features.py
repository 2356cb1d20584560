"""What members and admins can do: every feature of the bot."""

from __future__ import annotations

from bot.features.articles.article_command import Articles
from bot.features.ask.ask_command import Ask
from bot.features.check.check_commands import CheckCommands
from bot.features.feedback.feedback_command import Feedback
from bot.features.help.help_command import Help
from bot.features.insights.insights_command import InsightsCommand
from bot.features.lookups.lookup_commands import LookUps
from bot.features.people.people_feature import People
from bot.features.privacy.privacy_commands import Privacy
from bot.features.reindex.reindex_command import ReindexCommand
from bot.features.reindex.selftest_command import SelfTests
from bot.features.settings.settings_command import SettingsCommand
from bot.features.sharing.share_buttons import Sharing
from bot.features.status.status_command import Status
from bot.features.unanswered.unanswered_command import UnansweredQuestions
from bot.features.uploads.upload_commands import UploadCommands
from bot.features.watching.watching import Watching
from bot.interactions.feature import Feature

__all__ = ["FEATURES"]

FEATURES: tuple[type[Feature], ...] = (
    Ask,
    CheckCommands,
    LookUps,
    Articles,
    UploadCommands,
    Help,
    Feedback,
    People,
    InsightsCommand,
    Privacy,
    ReindexCommand,
    SelfTests,
    SettingsCommand,
    Sharing,
    Status,
    UnansweredQuestions,
    Watching,
)
"""For the client to add, with their buttons."""
