"""Pages that show other things than the data, signed by a real unit: each trick is seen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from rongchang_desk.app import export, record
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.inspect import inspect_file
from rongchang_desk.app.outcome import Reason
from rongchang_desk.documents import archive, fonts, return_pdf
from rongchang_desk.domain.changes import Change
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.records import NamedValue, Training, Value
from rongchang_desk.formats import return_json
from rongchang_desk.signing.certificates import fingerprint
from rongchang_desk.signing.envelope import seal
from rongchang_desk.store import ledger, returns
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District, at

Trick = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def liar(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district whose unit A1 has a training with 10 workers to report, and lies about it."""
    folder = tmp_path_factory.mktemp("liar") / "district"
    shutil.copytree(founded, folder)
    made = District(folder, SetClock(at(2)))
    made.record("A1", made.training("A1", 10), made.progress("A1", "按计划推进。" * 150))
    yield made
    made.close()


def forged(district: District, trick: Trick, *, pages: bytes = b"") -> Path:
    """A1's return with pages changed by a trick, sealed with A1's real key."""
    desk = district.desk("A1")
    prepared = export.prepare(desk, MONTH)
    out = BytesIO()
    with pikepdf.open(BytesIO(pages or prepared.pages)) as pdf:
        trick(pdf)
        pdf.save(
            out, force_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True, static_id=True,
        )  # fmt: skip
    file = district.folder / "forged.pdf"
    identity = district.desk("A1").identity(PASSPHRASE)
    file.write_bytes(seal(out.getvalue(), prepared.payload, identity, signed_at=desk.now()))
    return file


def pages_saying(district: District, change: Callable[[MonthlyReturn], MonthlyReturn]) -> bytes:
    """The pages of a changed value, under the honest payload's digest."""
    desk = district.desk("A1")
    prepared = export.prepare(desk, MONTH)
    value = prepared.monthly_return
    pages = return_pdf.render(
        desk.plan,
        change(value),
        digest=prepared.digest,
        signer=return_pdf.SignerBlock(
            value.unit_name, value.signed_at, fingerprint(desk.certificate())
        ),
    )
    return archive.finish(pages, title="月报", author=value.unit_name, created=desk.now())


def with_workers(value: MonthlyReturn, workers: int) -> MonthlyReturn:
    heads = (NamedValue("worker", Value.of(Decimal(workers))),)
    return replace(value, trainings=tuple(replace(t, headcounts=heads) for t in value.trainings))


def refusal(district: District, file: Path) -> Reason:
    """The one reason why a file is refused."""
    (outcome,) = district.take(file).outcomes
    assert outcome.outcome == "refused", outcome
    (reason,) = outcome.reasons
    return reason


def painted(change: Callable[[bytes], bytes], page: int = 0) -> Trick:
    """A trick that rewrites the operators of a page."""

    def trick(pdf: pikepdf.Pdf) -> None:
        content = pdf.pages[page].Contents.read_bytes()
        changed = change(content)
        assert changed != content
        pdf.pages[page].Contents.write(changed)

    return trick


def added(operators: bytes) -> Trick:
    """A trick that paints something more on top of the first page."""
    return painted(lambda content: content + b"\n" + operators)


def picture(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    image = Stream(
        pdf, b"\xff", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip
    page.Resources.XObject = Dictionary(Im=image)
    page.Contents.write(page.Contents.read_bytes() + b"\nq 30 0 0 12 300 400 cm /Im Do Q")


def layer(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("层")))
    page = pdf.pages[0]
    page.Resources.Properties = Dictionary(L=group)
    page.Contents.write(b"/OC /L BDC\n" + page.Contents.read_bytes() + b"\nEMC")


def transparency(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.Resources.ExtGState = Dictionary(G=Dictionary(ca=0))
    page.Contents.write(b"/G gs\n" + page.Contents.read_bytes())


def annotation(pdf: pikepdf.Pdf) -> None:
    looks = Stream(pdf, b"1 g 0 0 99 99 re f", Type=Name.XObject, Subtype=Name.Form)
    looks.BBox = Array([0, 0, 99, 99])
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([200, 300, 299, 399]),
        Contents=String("12"), DA=String("/Helv 9 Tf"), AP=Dictionary(N=looks),
    )  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])


def smaller_box(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].CropBox = Array([0, 0, 400, 800])


def moved_box(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = Array([50, 0, 645, 842])


def larger_unit(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].UserUnit = 10


def inherited_turn(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/Rotate"]
    pdf.Root.Pages.Rotate = 90


def one_more_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def one_page_less(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[len(pdf.pages) - 1]


def song(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The font in which numbers are set."""
    return next(
        font for font in pdf.pages[0].Resources.Font.values()
        if "+DeskSong-Regular" in str(font.BaseFont)
    )  # fmt: skip


def lying_letters(pdf: pikepdf.Pdf) -> None:
    """What is extracted differs from what is seen: 0 and 1 change places in the font's map."""
    table = song(pdf).ToUnicode
    swapped = re.sub(
        rb"<003([01])>", lambda m: b"<003" + (b"1" if m[1] == b"0" else b"0") + b">",
        table.read_bytes(),
    )  # fmt: skip
    assert swapped != table.read_bytes()
    table.write(swapped)


def lying_shapes(pdf: pikepdf.Pdf) -> None:
    """What is seen differs from what is extracted: the glyphs of 0 and 1 change places."""
    font = song(pdf)
    codes = [
        int(found, 16)
        for found in re.findall(rb"<[0-9A-F]{2}> <([0-9A-F]{4})>", font.ToUnicode.read_bytes())
    ]
    assert {0x30, 0x31} <= set(codes)
    swap = {0x30: 0x31, 0x31: 0x30}
    program = fonts.face_of(fonts.SONG).makeSubset([swap.get(code, code) for code in codes])
    font.FontDescriptor.FontFile2.write(program)
    font.FontDescriptor.FontFile2.Length1 = len(program)


def other_encoding(pdf: pikepdf.Pdf) -> None:
    song(pdf).Encoding = Dictionary(
        Type=Name.Encoding, Differences=Array([1, Name.one, Name.two])
    )  # fmt: skip


def short_program(pdf: pikepdf.Pdf) -> None:
    song(pdf).FontDescriptor.FontFile2.Length1 = 9


def lying_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = "培训 12 人次"


def spoken_element(pdf: pikepdf.Pdf) -> None:
    """The structure tree tells a reader other words than the page shows."""
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/S") == Name.P:
            item.ActualText = String("培训 12 人次")
            return
    raise AssertionError("no paragraph in the structure tree")


TRICKS: dict[str, tuple[Trick, str]] = {
    "hidden text": (painted(lambda c: c.replace(b"BT ", b"BT 3 Tr ", 1)), "隐藏"),
    "white text": (painted(lambda c: c.replace(b"BT ", b"1 g BT ")), "颜色"),
    "text off the page": (painted(lambda c: c.replace(b"q\n1 0 0 1 79.37", b"q\n1 0 0 1 979.37")),
                          "位置"),
    "tiny text": (painted(lambda c: c.replace(b" 9 Tf", b" 0.01 Tf")), "位置"),
    "narrow text": (painted(lambda c: c.replace(b"BT ", b"BT 1 Tz ", 1)), "宽度"),
    "clipped": (painted(lambda c: b"0 0 9 9 re W n\n" + c), "裁掉"),
    "covered by a rectangle": (added(b"1 g 80 100 400 600 re f"), "遮盖"),
    "a number made of lines": (added(b"1 w 300 400 m 300 408 l S"), "线条"),
    "more text": (added(b"BT 1 0 0 1 300 400 Tm /F2+0 9 Tf (\\001) Tj ET"), "数据中为空"),
    "text with inner brackets": (painted(lambda c: c.replace(b") Tj", b"\nEMC\n(x)) Tj", 1)),
                                 "第1页"),
    "a picture": (picture, "图片"),
    "a picture in the content": (added(b"q 9 0 0 9 300 400 cm BI /W 1 /H 1 /BPC 1 ID x EI Q"),
                                 "图片"),
    "a layer": (layer, "图层"),
    "transparency": (transparency, "透明"),
    "an annotation": (annotation, "批注"),
    "a smaller page": (smaller_box, "裁切"),
    "a moved page": (moved_box, "移动"),
    "a larger unit": (larger_unit, "放大"),
    "turned pages": (inherited_turn, "旋转"),
    "one page more": (one_more_page, "页"),
    "one page less": (one_page_less, "页"),
    "letters that lie": (lying_letters, "字体"),
    "shapes that lie": (lying_shapes, "字体"),
    "a font cut short": (short_program, "字体"),
    "a slant of a hundredth": (painted(lambda c: c.replace(b"1 0 0 1 0 0 cm", b"1 .01 0 1 0 0 cm")),
                               "位置"),
    "another encoding": (other_encoding, "编码"),
    "a bookmark": (lying_bookmark, "书签"),
    "words spoken otherwise": (spoken_element, "替代文字"),
    "words spoken otherwise in the content": (
        painted(lambda c: b"/Span <</ActualText (12)>> BDC\n" + c + b"\nEMC"), "替代文字"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_on_the_pages_is_refused_and_named(liar: District, name: str) -> None:
    trick, word = TRICKS[name]
    reason = refusal(liar, forged(liar, trick))
    assert (reason.code, word in reason.message) == ("page-differs", True), reason.message
    assert not re.search(r"[A-Za-z]{3}", reason.message.replace("rongchang-desk", ""))


def test_other_numbers_on_the_page_are_refused_with_both_values_named(liar: District) -> None:
    pages = pages_saying(liar, lambda value: with_workers(value, 12))
    reason = refusal(liar, forged(liar, lambda _: None, pages=pages))
    assert reason.code == "page-differs"
    assert "第1页" in reason.message
    assert "培训讲座" in reason.message
    assert "页面上为“12”，数据中为“10”" in reason.message


def test_a_hidden_true_number_beside_a_visible_false_one_is_refused(liar: District) -> None:
    def trick(pdf: pikepdf.Pdf) -> None:
        content = pdf.pages[0].Contents.read_bytes()
        with pikepdf.open(BytesIO(export.prepare(liar.desk("A1"), MONTH).pages)) as honest:
            hidden = honest.pages[0].Contents.read_bytes().replace(b"BT ", b"BT 3 Tr ")
        pdf.pages[0].Contents.write(content + b"\n" + hidden)

    pages = pages_saying(liar, lambda value: with_workers(value, 12))
    assert refusal(liar, forged(liar, trick, pages=pages)).code == "page-differs"


def test_another_signers_name_on_the_page_is_refused(liar: District) -> None:
    people = replace(export.prepare(liar.desk("A1"), MONTH).monthly_return.signatories,
                     approver="某人")  # fmt: skip
    pages = pages_saying(liar, lambda value: replace(value, signatories=people))
    reason = refusal(liar, forged(liar, lambda _: None, pages=pages))
    assert "某人" in reason.message


def test_pages_written_otherwise_but_painting_the_same_are_accepted(district: District) -> None:
    district.record("A1", district.training("A1", 10))

    def rewritten(content: bytes) -> bytes:
        kept = re.sub(rb"(?m)^/[A-Za-z0-9]+<<[^>]*>>BDC$|^EMC$", b"", content)
        return kept.replace(b".93 g", b"0.930 g").replace(b"\n", b" \r\n")

    (outcome,) = district.take(forged(district, painted(rewritten))).outcomes
    assert outcome.outcome == "accepted", outcome.reasons


def test_a_second_file_with_the_same_data_but_other_pages_is_no_mere_duplicate(
    district: District,
) -> None:
    file = district.report("A1", district.training("A1", 10))
    assert [o.outcome for o in district.take(file).outcomes] == ["accepted"]
    prepared = export.prepare(district.desk("A1"), MONTH)  # the same revision, laid out again
    pages = pages_saying(district, lambda value: with_workers(value, 12))
    bad = forged(district, lambda _: None, pages=pages)
    assert refusal(district, bad).code == "page-differs"
    good = district.folder / "again.pdf"
    identity = district.desk("A1").identity(PASSPHRASE)
    good.write_bytes(seal(prepared.pages, prepared.payload, identity, signed_at=district.clock()))
    assert [o.outcome for o in district.take(good).outcomes] == ["duplicate"]


def test_a_return_of_another_layout_is_refused_until_it_is_laid_out_again(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(return_pdf, "NOTHING", "本月没有。")
        older.setattr(export, "__version__", "0.0.1")
        file = district.report("A1", district.training("A1", 10))
    reason = refusal(district, file)
    assert "由rongchang-desk 0.0.1生成" in reason.message
    assert "重新生成" in reason.message
    again = district.export("A1")
    (issued,) = returns.issued(district.desk("A1").store, MONTH)
    assert issued.monthly_return.software == "rongchang-desk 0.0.1"
    (outcome,) = district.take(again).outcomes
    assert (outcome.outcome, outcome.digest) == ("accepted", issued.digest)
    assert district.export("A1").read_bytes() == again.read_bytes()


# -- amendments -----------------------------------------------------------------


def amended(district: District) -> tuple[Path, Path]:
    """A1's first return and its amendment."""
    first = district.report("A1", district.training("A1", 10))
    told = record.of_month(district.desk("A1"), MONTH).trainings[0]
    assert isinstance(told, Training)
    heads = (NamedValue("worker", Value.of(Decimal(11))),)
    district.record("A1", replace(told, headcounts=heads))
    return first, district.export("A1", amend="人数少计一人")


def listing(district: District, *changed: Change) -> Path:
    """The amendment again, but its pages list other changes than it makes."""
    desk = district.desk("A1")
    value = returns.issued(desk.store, MONTH)[-1].monthly_return
    payload = return_json.dumps(value)
    pages = return_pdf.render(
        desk.plan, value, digest=return_json.digest(payload),
        signer=return_pdf.SignerBlock(
            value.unit_name, value.signed_at, fingerprint(desk.certificate())
        ),
        changed=changed,
    )  # fmt: skip
    finished = archive.finish(pages, title="月报", author=value.unit_name, created=desk.now())
    file = district.folder / "listing.pdf"
    identity = desk.identity(PASSPHRASE)
    file.write_bytes(seal(finished, payload, identity, signed_at=desk.now()))
    return file


def test_an_amendment_agrees_beside_the_return_it_amends(district: District) -> None:
    first, second = amended(district)
    assert [o.outcome for o in district.take(first, second).outcomes] == ["accepted"] * 2
    root, clock = district.folder / "root.pem", SetClock(district.clock())
    seen = inspect_file(second, root, plan_file=PLAN_FILE, before_file=first, clock=clock)
    assert (seen.verdict, seen.facts["pages_agree"]) == ("valid", True)
    alone = inspect_file(second, root, plan_file=PLAN_FILE, clock=clock)
    assert (alone.verdict, alone.facts["pages_agree"]) == ("valid", None)
    assert alone.reasons[0][0] == "pages-unchecked"


LIE = Change("培训讲座", "专利培训", "企业人员", "5", "11")


def test_an_amendment_that_lists_another_change_is_refused(district: District) -> None:
    first, _ = amended(district)
    district.take(first)
    reason = refusal(district, listing(district, LIE))
    assert reason.code == "page-differs"
    assert "页面上为“5”，数据中为“10" in reason.message


def test_an_amendment_that_lists_no_change_is_accepted_with_a_note(district: District) -> None:
    first, _ = amended(district)
    (_, outcome) = district.take(first, listing(district)).outcomes
    assert outcome.outcome == "accepted"
    assert "没有列出更正内容" in outcome.notes[0]


def test_a_held_amendment_counts_when_its_predecessor_comes(district: District) -> None:
    first, second = amended(district)
    assert [o.outcome for o in district.take(second).outcomes] == ["held"]
    assert [o.outcome for o in district.take(first).outcomes] == ["accepted"]
    assert len(returns.received_of(district.office.store, "A1", MONTH)) == 2


def test_a_held_amendment_with_untrue_pages_is_given_up_when_its_predecessor_comes(
    district: District,
) -> None:
    first, second = amended(district)
    untrue = listing(district, LIE)
    assert [o.outcome for o in district.take(untrue).outcomes] == ["held"]
    taken = district.take(first)
    assert [(o.file, o.outcome) for o in taken.outcomes] == [
        (first.name, "accepted"), ("listing.pdf", "refused"),
    ]  # fmt: skip
    (kept,) = returns.received_of(district.office.store, "A1", MONTH)
    assert kept.monthly_return.revision == 1
    assert refusal(district, untrue).code == "page-differs"  # offered again: no duplicate
    assert [o.outcome for o in district.take(second).outcomes] == ["accepted"]
    assert ledger.broken_at(district.office.store) is None


# -- inspect ----------------------------------------------------------------------


def test_inspect_reports_pages_that_differ_and_shows_no_payload(liar: District) -> None:
    pages = pages_saying(liar, lambda value: with_workers(value, 12))
    file = forged(liar, lambda _: None, pages=pages)
    root, clock = liar.folder / "root.pem", SetClock(liar.clock())
    seen = inspect_file(file, root, plan_file=PLAN_FILE, clock=clock)
    assert (seen.verdict, seen.facts["pages_agree"], seen.payload) == ("invalid", False, None)
    assert seen.reasons[0][0] == "page-differs"
    assert any("页面上为“12”" in line for line in seen.lines())
    unknown = inspect_file(file, root, clock=clock)  # the shipped plan is not this district's
    assert (unknown.facts["pages_agree"], unknown.reasons[0][0]) == (None, "pages-unchecked")
