"""Pages of a unit's desk."""

from rongchang_desk.ui.page import PageEntry

# In the order of the navigation.
PAGES: tuple[PageEntry, ...] = ()
