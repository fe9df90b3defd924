"""Pages of the office's desk."""

from rongchang_desk.ui.office.board_page import BoardPage
from rongchang_desk.ui.office.matrix_page import MatrixPage
from rongchang_desk.ui.office.plan_page import PlanPage
from rongchang_desk.ui.office.report_page import ReportPage
from rongchang_desk.ui.office.settle_page import SettlePage
from rongchang_desk.ui.office.take_in_page import TakeInPage
from rongchang_desk.ui.office.units_page import UnitsPage
from rongchang_desk.ui.page import PageEntry

# In the order of the navigation.
PAGES: tuple[PageEntry, ...] = (
    PageEntry("take_in", "接收月报", TakeInPage),
    PageEntry("matrix", "报送情况", MatrixPage),
    PageEntry("board", "全区看板", BoardPage),
    PageEntry("settle", "疑似重复", SettlePage),
    PageEntry("report", "汇总报告", ReportPage),
    PageEntry("units", "单位与密钥", UnitsPage),
    PageEntry("plan", "方案参数", PlanPage),
)
