"""The groups of commands; the modules of commands hang theirs onto them."""

from __future__ import annotations

import click

from rongchang_desk import __version__
from rongchang_desk.cli.help import ChineseGroup


@click.group(cls=ChineseGroup, help="知产强市工作台：不带参数时打开窗口。")
@click.version_option(__version__, message="知产强市工作台 %(version)s", help="显示版本。")
def cli() -> None:
    pass


@cli.group(cls=ChineseGroup, help="办公室：建立工作台、管理密钥、出具回执、锁定月份、发布方案。")
def office() -> None:
    pass


@cli.group(cls=ChineseGroup, help="单位：用入网包建立工作台，申请证书，换用密钥。")
def unit() -> None:
    pass


@cli.group("record", cls=ChineseGroup, help="记录：Excel 模板和导入。")
def record_group() -> None:
    pass


@cli.group("return", cls=ChineseGroup, help="月报：检查和生成签名月报。")
def return_group() -> None:
    pass


@cli.group("evidence", cls=ChineseGroup, help="佐证材料：装成签名的材料包报送办公室。")
def evidence_group() -> None:
    pass


@cli.group(cls=ChineseGroup, help="往来文件：回执、退回单、督办单、补报许可、通报、任务包等。")
def parcel() -> None:
    pass
