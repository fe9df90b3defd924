"""Pages of a unit's desk."""

from rongchang_desk.ui.page import PageEntry
from rongchang_desk.ui.unit.exchange import ExchangePage
from rongchang_desk.ui.unit.home import HomePage
from rongchang_desk.ui.unit.problems import ProblemsPage
from rongchang_desk.ui.unit.progress import ProgressPage
from rongchang_desk.ui.unit.publicity import PublicityPage
from rongchang_desk.ui.unit.readings import ReadingsPage
from rongchang_desk.ui.unit.registers import RegistersPage
from rongchang_desk.ui.unit.return_page import ReturnPage
from rongchang_desk.ui.unit.training import TrainingPage

# In the order of the navigation.
PAGES: tuple[PageEntry, ...] = (
    PageEntry("home", HomePage.title, HomePage),
    PageEntry("progress", ProgressPage.title, ProgressPage),
    PageEntry("readings", ReadingsPage.title, ReadingsPage),
    PageEntry("training", TrainingPage.title, TrainingPage),
    PageEntry("publicity", PublicityPage.title, PublicityPage),
    PageEntry("registers", RegistersPage.title, RegistersPage),
    PageEntry("problems", ProblemsPage.title, ProblemsPage),
    PageEntry("exchange", ExchangePage.title, ExchangePage),
    PageEntry("return", ReturnPage.title, ReturnPage),
)
