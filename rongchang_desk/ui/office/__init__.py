"""Pages of the office's desk."""

from rongchang_desk.ui.page import PageEntry

# In the order of the navigation.
PAGES: tuple[PageEntry, ...] = ()
