"""Finished pages go into the sealed file as they are: their objects, numbers and tags."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from rongchang_desk.signing.copying import writer_of
from rongchang_desk.signing.envelope import seal
from tests.unit.signing.samples import PAYLOAD, SIGNED, District, draw_pages


def _saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    out = BytesIO()
    mode = pikepdf.ObjectStreamMode.disable
    pdf.save(out, object_stream_mode=mode, encryption=encryption or False)
    return out.getvalue()


def _tagged() -> bytes:
    """Pages with a small structure tree whose text strings look like syntax."""
    with pikepdf.open(BytesIO(draw_pages())) as pdf:
        root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        figure = pikepdf.Dictionary(S=pikepdf.Name.Figure, P=root, Alt="( << /K >> [ /a ] )")
        root.K = pikepdf.Array([pdf.make_indirect(figure), pikepdf.Array([1, 2, "图 >> /"])])
        pdf.Root.StructTreeRoot = root
        return _saved(pdf)


def test_every_object_keeps_its_number_and_its_content(district: District) -> None:
    pages = _tagged()
    sealed = seal(pages, PAYLOAD, district.unit, signed_at=SIGNED)
    with pikepdf.open(BytesIO(pages)) as before, pikepdf.open(BytesIO(sealed)) as after:
        added_to = {before.Root.objgen, before.pages[0].obj.objgen}
        for item in before.objects:
            same = after.get_object(item.objgen)
            if isinstance(item, pikepdf.Stream):
                assert same.read_raw_bytes() == item.read_raw_bytes()
                assert same.stream_dict.unparse() == item.stream_dict.unparse()
            elif item.objgen not in added_to:
                assert same.unparse(resolved=True) == item.unparse(resolved=True)
        assert set(before.Root.keys()) <= set(after.Root.keys())
        assert set(before.pages[0].obj.keys()) <= set(after.pages[0].obj.keys())
        assert [str(part) for part in after.trailer.ID] == [str(part) for part in before.trailer.ID]


def test_pages_deep_in_a_tree_can_be_signed(district: District) -> None:
    with pikepdf.open(BytesIO(draw_pages())) as pdf:
        inner = pdf.Root.Pages
        outer = pikepdf.Dictionary(
            Type=pikepdf.Name.Pages, Count=inner.Count, Kids=pikepdf.Array([inner])
        )
        pdf.Root.Pages = inner.Parent = pdf.make_indirect(outer)
        pages = _saved(pdf)
    sealed = seal(pages, PAYLOAD, district.unit, signed_at=SIGNED)
    with pikepdf.open(BytesIO(sealed)) as after:
        assert len(after.pages) == 2
        assert "/Annots" in after.pages[0]


@pytest.mark.parametrize("key", ["/AF", "/AcroForm", "/Perms", "/OpenAction", "/AA"])
def test_pages_that_hold_more_than_pages_are_refused(key: str) -> None:
    with pikepdf.open(BytesIO(draw_pages())) as pdf:
        pdf.Root[key] = pikepdf.Dictionary()
        with pytest.raises(ValueError, match="plain"):
            writer_of(_saved(pdf))


def test_pages_with_a_file_inside_are_refused() -> None:
    with pikepdf.open(BytesIO(draw_pages())) as pdf:
        pdf.attachments["a.txt"] = b"a"
        with pytest.raises(ValueError, match="plain"):
            writer_of(_saved(pdf))


@pytest.mark.parametrize("password", ["", "secret"])
def test_encrypted_pages_are_refused(password: str) -> None:
    with pikepdf.open(BytesIO(draw_pages())) as pdf:
        locked = _saved(pdf, encryption=pikepdf.Encryption(owner="owner", user=password))
    with pytest.raises(ValueError, match="plain"):
        writer_of(locked)
