"""Dialogs: they ask, they never write."""

from rongchang_desk.ui.start_page import Beginning

# The ways to get a new desk, offered by the start page.
BEGINNINGS: tuple[Beginning, ...] = ()
