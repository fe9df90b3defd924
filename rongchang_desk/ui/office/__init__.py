"""Pages of the office's desk."""

from rongchang_desk.ui.page import PageEntry, later

_HERE = "rongchang_desk.ui.office"

# In the order of the navigation.
PAGES: tuple[PageEntry, ...] = (
    PageEntry("take_in", "接收月报", later(f"{_HERE}.take_in_page", "TakeInPage"), catches=True),
    PageEntry("matrix", "报送情况", later(f"{_HERE}.matrix_page", "MatrixPage")),
    PageEntry("board", "全区看板", later(f"{_HERE}.board_page", "BoardPage")),
    PageEntry("settle", "待认定", later(f"{_HERE}.settle_page", "SettlePage")),
    PageEntry("assessment", "考核", later(f"{_HERE}.assessment_page", "AssessmentPage")),
    PageEntry("report", "汇总报告", later(f"{_HERE}.report_page", "ReportPage")),
    PageEntry("supervision", "督办", later(f"{_HERE}.supervision_page", "SupervisionPage")),
    PageEntry("parcels", "下发与来件", later(f"{_HERE}.parcels_page", "ParcelsPage")),
    PageEntry("units", "单位与密钥", later(f"{_HERE}.units_page", "UnitsPage")),
    PageEntry("plan", "方案参数", later(f"{_HERE}.plan_page", "PlanPage")),
    PageEntry("settings", "设置", later("rongchang_desk.ui.settings.page", "SettingsPage")),
)
