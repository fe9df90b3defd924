"""Pages of a unit's desk."""

from rongchang_desk.ui.page import PageEntry, later

_HERE = "rongchang_desk.ui.unit"

# In the order of the navigation.
PAGES: tuple[PageEntry, ...] = (
    PageEntry("home", "首页", later(f"{_HERE}.home", "HomePage")),
    PageEntry("progress", "任务进展", later(f"{_HERE}.progress", "ProgressPage")),
    PageEntry("readings", "指标读数", later(f"{_HERE}.readings", "ReadingsPage")),
    PageEntry("training", "培训讲座", later(f"{_HERE}.training", "TrainingPage")),
    PageEntry("publicity", "宣传活动", later(f"{_HERE}.publicity", "PublicityPage")),
    PageEntry("registers", "台账", later(f"{_HERE}.registers", "RegistersPage")),
    PageEntry("problems", "需协调事项", later(f"{_HERE}.problems", "ProblemsPage")),
    PageEntry("exchange", "导入导出", later(f"{_HERE}.exchange", "ExchangePage")),
    PageEntry("return", "月报", later(f"{_HERE}.return_page", "ReturnPage")),
    PageEntry("inbox", "办公室来件", later(f"{_HERE}.inbox", "InboxPage")),
    PageEntry("key", "本单位密钥", later(f"{_HERE}.key_page", "KeyPage")),
    PageEntry("recycled", "回收站", later(f"{_HERE}.recycled_page", "RecycledPage")),
    PageEntry("settings", "设置", later("rongchang_desk.ui.settings.page", "SettingsPage")),
)
