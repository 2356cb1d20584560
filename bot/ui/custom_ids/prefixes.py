"""What the ``custom_id`` of every button, menu and form begins with: the one list of them.

A ``custom_id`` is a prefix, a slash, and what the component carries. It stands in messages that
people keep: a prefix that was once given out keeps its meaning for good.
"""

from __future__ import annotations

from enum import StrEnum, unique

__all__ = ["Prefix"]


@unique
class Prefix(StrEnum):
    """Two letters, by what a use of the component does."""

    MORE_PASSAGES = "mo"
    IN_CONTEXT = "cx"
    ARTICLE_PAGE = "pg"
    OUTLINE_PAGE = "ol"
    LIST_PAGE = "lu"
    LIST_ENTRIES = "le"
    WHY = "wy"
    SHARE = "sh"
    DELETE = "rm"
    VOTE_UP = "up"
    VOTE_DOWN = "dn"
    VOTE_REASON = "wn"
    OPINIONS_PAGE = "op"
    UNANSWERED_PAGE = "ua"
    CLEAR_UNANSWERED = "uc"
    EXAMPLE = "eq"
    FORGET_MEMBER = "fm"
    REPORT_PAGE = "rp"
    SWITCH_SETTING = "st"
    CHOOSE_SETTING = "sl"
    FORGET_GONE = "sg"
    SETTINGS_PAGE = "sp"
    ACCEPT_UPLOAD = "aa"
    CANCEL_UPLOAD = "ac"
    REMOVE_ARTICLE = "ar"
    UNDO_CHANGE = "au"
    OWN_ARTICLES_PAGE = "al"
    UPLOAD_PAGE = "ap"
    KEEP_UNANSWERED = "uk"
    WRITE_ANSWER = "uw"
    ANSWER_FORM = "ut"
    REPLACE_ANSWER = "ur"
    STATUS_DETAILS = "sd"
    FOLLOW_UP = "fu"
    FOLLOW_UP_FORM = "ff"
    ASK_PERSON = "hp"
    SEND_REQUEST = "hs"
    CANCEL_REQUEST = "hc"
    REPLY_AS_HELPER = "hr"
    HELPER_FORM = "hf"
