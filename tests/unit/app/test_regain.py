"""After recovery from an older backup no revision number is given twice."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from rongchang_desk.app import backup, export, record, recovery, regain
from rongchang_desk.app.export import AmendmentWish
from rongchang_desk.domain.monthly_return import AmendmentKind
from rongchang_desk.errors import UsageError
from tests.district import MONTH, PASSPHRASE, District

WISH = AmendmentWish(AmendmentKind.FIGURES, "恢复后补录")


def sign(district: District, wish: AmendmentWish | None = None) -> export.Exported:
    desk = district.desk("C1")
    return export.export(desk, MONTH, desk.identity(PASSPHRASE), wish=wish)


@pytest.fixture
def older(district: District) -> District:
    """C1 has signed its first and second revision since its last backup."""
    desk = district.desk("C1")
    district.record("C1", district.progress("C1"))
    backup.back_up_by_itself(desk)
    district.clock.now += timedelta(hours=2)
    sign(district)
    district.record("C1", district.training("C1"))
    sign(district, WISH)
    return district


def put_back_silently(district: District) -> None:
    """The older store in the place of the present one, as somebody copies files by hand."""
    folder = district.desk("C1").folder
    district.close()
    (_, newest), *_ = backup.automatic_backups(folder)
    for file in folder.glob("desk.sqlite*"):
        file.unlink()
    with backup.opened_backup(newest) as contents:
        shutil.copy(contents.store, folder / "desk.sqlite")


def test_recovery_puts_the_returns_of_the_folder_back_on_the_books(older: District) -> None:
    folder = older.desk("C1").folder
    older.close()
    (folder / "desk.sqlite").write_bytes(b"damaged")
    good = recovery.newest_good(folder)
    assert good is not None
    made = recovery.recover(folder, good, clock=older.clock)
    assert made.regained == ("2026年10月第1版", "2026年10月第2版")
    desk = older.desk("C1")
    record.change(desk, [older.training("C1", 40)])
    third = export.draft(desk, MONTH, WISH)
    assert third.revision == 3
    assert third.amends is not None
    assert third.amends.predecessor == export.issued(desk, MONTH)[1].digest


def test_signing_on_an_older_store_first_tells_what_the_folder_knows(older: District) -> None:
    put_back_silently(older)
    before = sorted(path.read_bytes() for path in older.desk("C1").exports.glob("*.pdf"))
    with pytest.raises(UsageError, match="没有登记的月报：2026年10月第1版、2026年10月第2版"):
        sign(older)
    with pytest.raises(UsageError, match="已生成第 2 版"):
        sign(older)
    assert sign(older, WISH).revision == 3
    after = [path.read_bytes() for path in older.desk("C1").exports.glob("*.pdf")]
    assert set(before) < set(after)


def test_a_file_of_the_month_that_does_not_verify_blocks_until_it_is_moved(
    older: District,
) -> None:
    put_back_silently(older)
    desk = older.desk("C1")
    for file in desk.exports.glob("*.pdf"):
        file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(UsageError, match="读不出来"):
        sign(older)
    assert export.issued(desk, MONTH) == ()
    for file in desk.exports.glob("*.pdf"):
        file.rename(desk.folder / file.name)
    assert sign(older).revision == 1


def test_another_unit_s_return_in_the_folder_is_never_taken(
    older: District,
) -> None:
    theirs = older.report("A1")
    desk = older.desk("C1")
    shutil.copy(theirs, desk.exports / "别家.pdf")
    assert regain.regain(desk) == ()
    assert [one.monthly_return.unit for one in export.issued(desk, MONTH)] == ["C1", "C1"]


def test_a_sound_desk_is_asked_nothing(older: District) -> None:
    desk = older.desk("C1")
    assert regain.regain(desk) == ()
    assert sign(older).again
