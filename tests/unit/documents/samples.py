"""Sample values for the document tests: a small plan of our own, and returns of any size."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rongchang_desk.documents.charts import ProgressRow, target_progress, to_pdf, to_png
from rongchang_desk.documents.paper import (
    Amount,
    Annex,
    CellNote,
    Column,
    Drawing,
    Grid,
    Heading,
    Paper,
    Text,
)
from rongchang_desk.documents.signature import SignerBlock
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import (
    Amendment,
    Explanation,
    MonthlyReturn,
    Signatories,
    compose,
)
from rongchang_desk.domain.plan import (
    Field,
    FieldType,
    HeadcountCategory,
    NumberKind,
    Part,
    Plan,
    Register,
    Target,
    TargetKind,
    Task,
    Unit,
    UnitKind,
)
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    Evidence,
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Status,
    Training,
    Value,
    gather,
)

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MONTH = Month(2026, 10)
SIGNER = SignerBlock("区市场监管局", "2026-11-03T16:20:05+08:00", "0a1b2c3d" * 8)


def plan() -> Plan:
    """A plan with every kind of target, narrow and wide registers, and 39 units."""
    units = (
        Unit("D01", "区市场监管局", UnitKind.DEPARTMENT),
        Unit("D02", "区科技局", UnitKind.DEPARTMENT),
        Unit("T01", "古昌镇", UnitKind.TOWN),
        *(Unit(f"T{n:02d}", f"第{n}镇人民政府", UnitKind.TOWN) for n in range(2, 38)),
    )
    return Plan(
        code="sample", title="永安区创建国家知识产权强市建设试点城市工作方案（2024—2026年）",
        version=1, issued_by="永安区人民政府", issued_on=date(2024, 3, 25), adopted_by="",
        document_number="", first_month=Month(2024, 1), last_month=Month(2026, 12),
        office_name="永安区知识产权强市建设领导小组办公室", office_unit="D01", due_day=5,
        copies_to=("区委", "区政府"), units=units, groups=(), safeguards=(),
        tasks=(
            Task(5, "推进知识产权创新创造", "", "D01", ("D02",)),
            Task(7, "加强商标品牌建设", "", "D01", ()),
            Task(8, "加强知识产权行政保护", "", "D01", ()),
            Task(12, "提升知识产权转化运用效益", "", "D01", ()),
            Task(17, "加强知识产权人才队伍建设", "", "D01", ()),
        ),
        targets=(
            Target("patents", "有效发明专利", TargetKind.STOCK, "二", "件", "D01",
                   goal=Decimal(900), by=Month(2026, 12)),
            Target("marks", "注册商标", TargetKind.STOCK, "二", "件", "D01", goal=Decimal(19000)),
            Target("pledge", "知识产权质押融资", TargetKind.WATCHED, "二", "万元", "D01", parts=(
                Part("amount", "存量金额", "万元", NumberKind.MONEY),
                Part("count", "存量项数", "项"),
                Part("flow", "本期发生额", "万元", NumberKind.MONEY),
                Part("trademark", "本期发生额（其中商标）", "万元", NumberKind.MONEY),
            )),
            Target("firms", "市级及以上知识产权示范企业和优势企业", TargetKind.STOCK, "二", "家",
                   "D01", goal=Decimal(20)),
        ),
        registers=(
            Register("brand", "商标品牌培育台账", (7,), (
                Field("name", "商标（品牌）名称", FieldType.TEXT),
                Field("holder", "持有人", FieldType.TEXT),
                Field("kind", "品牌类别", FieldType.CHOICE),
                Field("overseas", "是否海外布局", FieldType.YES_NO),
                Field("day", "日期", FieldType.DATE),
            )),
            Register("loan", "质押融资台账", (12,), (
                Field("firm", "企业名称", FieldType.TEXT),
                Field("bank", "质权人", FieldType.TEXT),
                Field("pieces", "件数", FieldType.NUMBER, "件"),
                Field("amount", "金额", FieldType.MONEY, "万元"),
                Field("day", "放款日期", FieldType.DATE),
            )),
            Register("case", "行政执法案件台账", (8,), (
                Field("no", "案件编号", FieldType.TEXT),
                Field("kind", "案件类别", FieldType.CHOICE),
                Field("source", "案件来源", FieldType.CHOICE),
                Field("opened", "立案日期", FieldType.DATE),
                Field("party", "当事人类型及基本情况", FieldType.TEXT),
                Field("state", "办理状态", FieldType.CHOICE),
                Field("closed", "结案日期", FieldType.DATE),
                Field("value", "案值", FieldType.MONEY, "万元"),
                Field("fine", "罚没金额", FieldType.MONEY, "万元"),
                Field("credit", "是否纳入信用监管", FieldType.YES_NO),
                Field("remark", "案情与处理依据", FieldType.TEXT),
            )),
        ),
        headcounts=(
            HeadcountCategory("enterprise", "企业职工", True),
            HeadcountCategory("institution", "事业单位职工", True),
            HeadcountCategory("official", "党政干部", False),
            HeadcountCategory("student", "学生", False),
            HeadcountCategory("public", "群众及其他", False),
        ),
        training_forms=("现场", "线上", "混合"), publicity_kinds=("宣传周", "进企业"),
    )  # fmt: skip


def heads(*values: Value) -> tuple[NamedValue, ...]:
    codes = ("enterprise", "institution", "official", "student", "public")
    return tuple(NamedValue(code, value) for code, value in zip(codes, values, strict=True))


def row(register: str, number: int, *texts: str) -> RegisterEntry:
    fields = next(r.fields for r in plan().registers if r.code == register)
    return RegisterEntry(
        f"{register}-{number}", register, date(2026, 10, 9 + number % 20),
        tuple(FieldText(f.code, text) for f, text in zip(fields, texts, strict=True)),
    )  # fmt: skip


def records() -> tuple[Record, ...]:
    """A typical month of a busy unit."""
    return (
        Reading("r1", "patents", date(2026, 10, 31), (NamedValue("value", Value.of(873)),)),
        Reading("r2", "marks", date(2026, 10, 31), (NamedValue("value", Value.of(18542)),)),
        Reading("r3", "pledge", date(2026, 10, 30), (
            NamedValue("amount", Value.of("23650.5")), NamedValue("count", Value.of(17)),
            NamedValue("flow", Value.of(0)), NamedValue("trademark", NOT_APPLICABLE),
        ), note="农商行、工商银行合计"),
        Training(
            "t1", date(2026, 10, 13), "企业知识产权合规管理体系（GB/T 29490—2023）贯标培训", "现场",
            "高新区管委会三楼报告厅", "张镕喆（重庆市知识产权保护中心）",
            partners=("D02", "荣昌海关"),
            headcounts=heads(Value.of(86), Value.of(12), Value.of(0), NOT_APPLICABLE, NOT_REPORTED),
            evidence=(Evidence("签到册.pdf", 123456, "ab" * 32),),
        ),
        Training(
            "t2", date(2026, 10, 22), "荣昌陶、夏布、折扇地理标志与商标品牌保护专题讲座", "混合",
            "安富街道陶宝古街", "李堃", HostRole.CO_HOST, "D02",
        ),
        Publicity(
            "p1", date(2026, 10, 20), "“知识产权服务万里行”进企业主题宣传活动", "进企业",
            "广富工业园", partners=("D02",), campaign=True, reach=Value.of(1250),
            media="https://example.cn/news/2026/10/20/1234567.html",
        ),
        Publicity("p2", date(2026, 10, 26), "商标法律知识进乡镇集市", "进社区", "古昌镇",
                  reach=Value.of(300)),
        Progress("g1", MONTH, 5, Status.UNDER_WAY,
                 "组织6家高新技术企业开展贯标辅导，完成内审4家；新增有效发明专利11件，累计873件。",
                 "11月中旬前完成2家企业外审申报，梳理高价值发明专利培育清单。", Value.of(72)),
        Progress("g2", MONTH, 7, Status.DONE, "荣昌猪、荣昌卤鹅品牌指导站挂牌运行，走访企业23家。",
                 "", Value.of(100), (Evidence("挂牌现场.jpg", 845213, "cd" * 32),)),
        Progress("g3", MONTH, 8, Status.BEHIND, "秋季专项执法检查市场主体118家，立案3件。",
                 "加快2件在办案件调查取证。", Value.of("45.5")),
        Progress("g4", MONTH, 17, Status.NOT_APPLICABLE),
        row("brand", 1, "荣昌陶", "荣昌区陶艺行业协会", "地理标志证明商标", "是", "2026-10-15"),
        row("brand", 2, "𬀩光小院", "重庆𬀩光文化旅游发展有限公司", "普通商标", "否", "2026-10-21"),
        row("loan", 1, "重庆某某智能装备制造有限公司", "重庆农村商业银行荣昌支行", "6", "1280",
            "2026-10-12"),
        row("loan", 2, "荣昌某某生物科技股份有限公司", "中国工商银行荣昌支行", "2", "350.5",
            "2026-10-28"),
        Problem("q1", date(2026, 10, 25), "跨区县侵权线索移送渠道不畅",
                "与四川省内江市隆昌市联合办案时，线索移送需逐级报批，平均耗时12个工作日。",
                "请办公室牵头商内江、隆昌两地建立直接移送机制。", 8),
    )  # fmt: skip


def cases(count: int) -> tuple[Record, ...]:
    """Rows of a register that is too wide for portrait."""
    return tuple(
        row("case", n, f"荣市监知处〔2026〕{n}号", "商标侵权", "日常检查", "2026-09-03",
            "个体工商户，经营地址位于昌元街道，从事日用百货零售", "已结案", "2026-10-19",
            "2.35", f"{n}.5", "否",
            "销售侵犯注册商标专用权的商品，依据《中华人民共和国商标法》第六十条第二款处理。")
        for n in range(1, count + 1)
    )  # fmt: skip


def monthly_return(
    *more: Record, zero: bool = False, amends: Amendment | None = None, unit: str = "D01"
) -> MonthlyReturn:
    """The typical return, with more records when given, or a zero return."""
    made = plan()
    return compose(
        made, "ee" * 32, made.unit(unit), MONTH,
        gather(() if zero else (*records(), *more)),
        revision=2 if amends else 1, amends=amends, signed_at="2026-11-03T16:20:05+08:00",
        software="0.1.0", signatories=Signatories("王昇赟", "陈浐", "李明"),
        explanations=() if zero else (
            Explanation("reading-jump", "reading/r2/value", "集中核准一批集体商标，净增412件。"),
        ),
    )  # fmt: skip


def progress_rows() -> tuple[ProgressRow, ...]:
    return (
        ProgressRow("有效发明专利", 97.0, 94.4),
        ProgressRow("高价值发明专利", 88.2, 94.4),
        ProgressRow("每万人口发明专利拥有量", None, None, "缺基期"),
        ProgressRow("注册商标", 97.6, 94.4),
        ProgressRow("七大产业知识产权密度", 60, 100),
        ProgressRow("市级及以上知识产权示范企业和优势企业", 110, 94.4),
        ProgressRow("专利产品产值增长", 0, 80),
        ProgressRow("知识产权质押融资", None, None, "跟踪观察"),
        ProgressRow("知识产权主题宣传活动", 450, 83.3),
        ProgressRow("企事业单位职工参加知识产权培训讲座", 123.4, 83.3),
        ProgressRow("企业知识产权合规管理体系贯标覆盖率", 66.7, 94.4),
        ProgressRow("知识产权保护社会满意度", None, None, "未报"),
        ProgressRow("知识产权服务工作满意度", None, None, "未报"),
    )


MISSING = "不含尚未报送月报的2个单位。"
LATER = "其中1个单位的月报经补报许可报送。"


def report_paper(units: int = 39, *, charts: bool = True) -> Paper:
    """A report's paper over that many units, two of them missing."""
    made = plan()
    reported = [unit.name for unit in made.units][2:units]
    rows = tuple(
        (
            Amount(number), row.title, Amount(900, "件", "每年" if number % 3 else ""),
            "" if row.percent is None else Amount(873, "件"),
            "" if row.percent is None else Amount(Decimal(f"{row.percent:.1f}")),
            "落后" if row.percent is not None and row.percent < (row.expected or 0) else "正常",
            "待领导小组办公室确认" if number == 3 else "",
        )
        for number, row in enumerate(progress_rows(), 1)
    )  # fmt: skip
    targets = Grid(
        "主要指标", "表1　主要指标完成情况",
        (
            Column("序号", "center"), Column("指标"), Column("目标", "right"),
            Column("本期", "right", figure=True), Column("完成", "right", "%", figure=True),
            Column("状态", "center", figure=True), Column("说明"),
        ),
        rows, key=1,
    )  # fmt: skip
    figure = target_progress(progress_rows())
    drawing = Drawing("图1　主要指标完成进度", to_pdf(figure), to_png(figure))
    activities = Grid(
        "培训宣传", "表2　培训讲座和宣传活动情况",
        (
            Column("单位"), Column("培训", "right", "场", figure=True),
            Column("企业职工", "right", "人次", figure=True),
            Column("宣传", "right", "次", figure=True),
        ),
        (
            *((name, Amount(n % 4), Amount(n * 13), Amount(n % 3))
              for n, name in enumerate(reported)),
            ("合计", Amount(54), Amount(sum(n * 13 for n in range(len(reported)))), Amount(36)),
        ),
        totals=True, dense=True,
        notes=(CellNote(len(reported), 1, MISSING), CellNote(len(reported), 3, MISSING)),
    )  # fmt: skip
    lineage = Grid(
        "月报清单", "纳入汇总的月报清单",
        (
            Column("序号", "center"), Column("单位"), Column("月份", "center", least=44),
            Column("版次", "center", most=20), Column("数据摘要", "center", whole=True),
            Column("接收时间", "center", least=48, most=48), Column("报送", "center", most=20),
        ),
        tuple(
            (
                Amount(n + 1), name, "2026-10", Amount(1 + n % 2), digest_lines(n),
                "2026-11-04 09:15", "逾期" if n == 5 else "按时",
            )
            for n, name in enumerate(reported)
        ),
        key=1, dense=True,
    )  # fmt: skip
    words = (
        f"2026年10月应报送月报的单位{units}个，已报送{len(reported)}个；"
        "未报送的单位2个：区市场监管局、区科技局。"
    )
    return Paper(
        title="永安区创建国家知识产权强市建设试点城市\n2026年10月工作进展情况的报告",
        addressee="区人民政府",
        blocks=(
            Heading("一、报送情况"),
            Text(
                words,
                (("应报送", Amount(units, "个")), ("已报送", Amount(len(reported), "个"))),
                (("已报送37个", LATER),) if units == 39 else (),
            ),
            Heading("二、主要指标完成情况"),
            targets,
            *((drawing,) if charts else ()),
            Heading("三、培训宣传情况"),
            activities,
        ),
        annexes=(Annex("纳入汇总的月报清单", lineage),),
        issuer="永安区市场监督管理局", issued_on="2026年11月6日", copies_to=("区委", "区政府"),
        fingerprint=DIGEST, signer=SIGNER, running="汇总指纹 9F86 D081 884C 7D65",
    )  # fmt: skip


def digest_lines(number: int) -> str:
    """A digest as the lineage prints it: two lines of groups of four."""
    half = " ".join([f"{number:02X}" * 2] * 8)
    return f"{half}\n{half}"
