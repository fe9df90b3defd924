"""Files with a genuine signature over a structure that the program would never write."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.writer import PdfFileWriter
from pyhanko.sign import fields

from rongchang_desk.signing.envelope import Source, open_sealed
from rongchang_desk.signing.structure import is_plain_name
from tests.unit.signing.samples import (
    NOW,
    PAYLOAD,
    Change,
    District,
    codes,
    draw_pages,
    seal_oddly,
    sign_again,
)


def dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name("/" + key): item for key, item in entries.items()})


def names(*items: str) -> generic.ArrayObject:
    return generic.ArrayObject(pdf_name(item) for item in items)


SCRIPT = dictionary(S=pdf_name("/JavaScript"), JS=pdf_string("app.alert(1)"))


def page(writer: PdfFileWriter) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def specification(writer: PdfFileWriter) -> Any:
    return writer.root["/AF"][0]


def put(place: str, value: Callable[[PdfFileWriter], Any]) -> Change:
    def change(writer: PdfFileWriter) -> None:
        writer.root[pdf_name(place)] = value(writer)

    return change


def on_page(place: str, value: Any) -> Change:
    def change(writer: PdfFileWriter) -> None:
        page(writer)[pdf_name(place)] = value

    return change


def annotation(**entries: Any) -> Change:
    def change(writer: PdfFileWriter) -> None:
        item = dictionary(
            Type=pdf_name("/Annot"),
            Rect=generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 9, 9)),
            **entries,
        )
        page(writer)[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(item)])

    return change


def script_by_name(writer: PdfFileWriter) -> None:
    tree = dictionary(Names=generic.ArrayObject([pdf_string("x"), writer.add_object(dictionary())]))
    writer.root["/Names"][pdf_name("/JavaScript")] = tree


def hidden_file(writer: PdfFileWriter) -> None:
    """A file in no name tree, reached from a page."""
    stream = generic.StreamObject(dict_data={}, stream_data=b"MZ")
    embedded = writer.add_object(stream)
    page(writer)[pdf_name("/AF")] = generic.ArrayObject(
        [writer.add_object(dictionary(Type=pdf_name("/Filespec"), EF=dictionary(F=embedded)))]
    )


def script_in_a_stream_dictionary(writer: PdfFileWriter) -> None:
    stream = generic.StreamObject(
        dict_data={pdf_name("/AA"): dictionary(O=SCRIPT)}, stream_data=b""
    )
    page(writer)[pdf_name("/PieceInfo")] = writer.add_object(stream)


def a_deeply_nested_script(writer: PdfFileWriter) -> None:
    nested: Any = SCRIPT
    for _ in range(20):
        nested = generic.ArrayObject([nested])
    page(writer)[pdf_name("/PieceInfo")] = nested


def form_with_xfa(writer: PdfFileWriter) -> None:
    writer.root[pdf_name("/AcroForm")] = writer.add_object(
        dictionary(Fields=generic.ArrayObject(), XFA=pdf_string("<x/>"))
    )


def second_field(writer: PdfFileWriter) -> None:
    field = writer.add_object(dictionary(FT=pdf_name("/Tx"), T=pdf_string("note")))
    writer.root[pdf_name("/AcroForm")] = writer.add_object(
        dictionary(Fields=generic.ArrayObject([field]))
    )


ACTIVE: dict[str, Change] = {
    "open action": put("/OpenAction", lambda w: SCRIPT),
    "catalog actions": put("/AA", lambda w: dictionary(WC=SCRIPT)),
    "collection": put("/Collection", lambda w: dictionary()),
    "page actions": on_page("/AA", dictionary(O=SCRIPT)),
    "script in a stream's dictionary": script_in_a_stream_dictionary,
    "script deep inside": a_deeply_nested_script,
    "a link to the web": annotation(
        Subtype=pdf_name("/Link"), A=dictionary(S=pdf_name("/URI"), URI=pdf_string("http://x"))
    ),
    "a launching link": annotation(
        Subtype=pdf_name("/Link"), A=dictionary(S=pdf_name("/Launch"), F=pdf_string("cmd.exe"))
    ),
    "a file annotation": annotation(Subtype=pdf_name("/FileAttachment")),
    "a movie": annotation(Subtype=pdf_name("/RichMedia")),
    "a second widget": annotation(Subtype=pdf_name("/Widget")),
    "XFA": form_with_xfa,
}


@pytest.mark.parametrize("case", ACTIVE)
def test_nothing_in_a_sealed_file_may_act(district: District, pages: bytes, case: str) -> None:
    opened = district.open(seal_oddly(pages, district.unit, ACTIVE[case]))
    assert opened.verdict == "invalid"
    assert codes(opened) == ["active-content"]
    assert opened.facts.signature_valid is True
    assert opened.facts.shape_ok is False
    assert opened.payload is None


def test_the_same_words_as_text_do_no_harm(district: District) -> None:
    """The twin: text that mentions a script is not one."""
    text = draw_pages("see /JavaScript /AA /OpenAction and /URI here")

    def mention(writer: PdfFileWriter) -> None:
        page(writer)[pdf_name("/PieceInfo")] = dictionary(Title=pdf_string("a /JS /Launch /AA b"))

    assert district.open(seal_oddly(text, district.unit, mention)).payload == PAYLOAD


def test_a_link_inside_the_document_does_no_harm(district: District, pages: bytes) -> None:
    inside = annotation(
        Subtype=pdf_name("/Link"), A=dictionary(S=pdf_name("/GoTo"), D=pdf_string("chapter"))
    )
    assert district.open(seal_oddly(pages, district.unit, inside)).verdict == "valid"


def test_scripts_by_name_are_refused(district: District, pages: bytes) -> None:
    assert district.open(seal_oddly(pages, district.unit, script_by_name)).verdict == "invalid"


def without_af(writer: PdfFileWriter) -> None:
    del writer.root["/AF"]


def twice_associated(writer: PdfFileWriter) -> None:
    writer.root["/AF"].append(writer.root["/AF"].raw_get(0))


def two_different_streams(writer: PdfFileWriter) -> None:
    other = generic.StreamObject(
        dict_data={pdf_name("/Filter"): pdf_name("/FlateDecode")},
        encoded_data=zlib.compress(b"other"),
    )
    specification(writer)["/EF"][pdf_name("/UF")] = writer.add_object(other)


def two_different_names(writer: PdfFileWriter) -> None:
    specification(writer)[pdf_name("/UF")] = pdf_string("other.json")


def another_relationship(writer: PdfFileWriter) -> None:
    specification(writer)[pdf_name("/AFRelationship")] = pdf_name("/Source")


def tree_with_kids(writer: PdfFileWriter) -> None:
    tree = writer.root["/Names"]["/EmbeddedFiles"]
    kid = dictionary(Names=tree["/Names"])
    writer.root["/Names"][pdf_name("/EmbeddedFiles")] = dictionary(
        Kids=generic.ArrayObject([writer.add_object(kid)])
    )


def version_in_the_catalog(writer: PdfFileWriter) -> None:
    writer.root[pdf_name("/Version")] = pdf_name("/2.0")


def two_filters(writer: PdfFileWriter) -> None:
    stream = specification(writer)["/EF"]["/F"]
    stream[pdf_name("/Filter")] = names("/ASCIIHexDecode", "/FlateDecode")


def decode_parameters(writer: PdfFileWriter) -> None:
    stream = specification(writer)["/EF"]["/F"]
    stream[pdf_name("/DecodeParms")] = dictionary(Predictor=generic.NumberObject(12))


def stream_elsewhere(writer: PdfFileWriter) -> None:
    stream = specification(writer)["/EF"]["/F"]
    stream[pdf_name("/F")] = pdf_string("C:/secret.txt")


SHAPES: dict[str, Change] = {
    "no associated files": without_af,
    "associated twice": twice_associated,
    "F and UF differ in stream": two_different_streams,
    "F and UF differ in name": two_different_names,
    "payload as a source": another_relationship,
    "name tree with kids": tree_with_kids,
    "another version": version_in_the_catalog,
    "two filters": two_filters,
    "decode parameters": decode_parameters,
    "a stream in another file": stream_elsewhere,
    "a second field": second_field,
    "an unknown entry in the catalog": put("/Requirements", lambda w: generic.ArrayObject()),
}


@pytest.mark.parametrize("case", SHAPES)
def test_any_other_shape_is_refused(district: District, pages: bytes, case: str) -> None:
    opened = district.open(seal_oddly(pages, district.unit, SHAPES[case]))
    assert opened.verdict == "invalid"
    assert codes(opened) == ["shape-wrong"]
    assert opened.payload is None


def test_a_hidden_second_file_is_refused_even_when_sources_are_allowed(
    district: District, pages: bytes
) -> None:
    file = seal_oddly(pages, district.unit, hidden_file)
    for allow in (False, True):
        assert codes(district.open(file, allow_sources=allow)) == ["payload-unexpected-file"]


def test_a_second_payload_is_refused(district: District, pages: bytes) -> None:
    two = (
        ("/Data", Source("return.json", PAYLOAD)),
        ("/Data", Source("return2.json", b"{}")),
    )
    file = seal_oddly(pages, district.unit, lambda writer: None, files=two)
    assert codes(district.open(file)) == ["payload-unexpected-file"]
    assert codes(district.open(file, allow_sources=True)) == ["shape-wrong"]


@pytest.mark.parametrize("name", ["../a.pdf", "C:\\a.pdf", "a\u202e.pdf", "a\n.pdf", " a.pdf"])
def test_a_source_that_could_be_written_elsewhere_is_refused(
    district: District, pages: bytes, name: str
) -> None:
    assert not is_plain_name(name)
    two = (("/Data", Source("return.json", PAYLOAD)), ("/Source", Source(name, b"x")))
    file = seal_oddly(pages, district.unit, lambda writer: None, files=two)
    assert codes(district.open(file, allow_sources=True)) == ["shape-wrong"]


def test_a_file_signed_as_usual_but_by_this_detour_opens(district: District, pages: bytes) -> None:
    """The twin of everything here: the detour itself changes nothing."""
    assert district.open(seal_oddly(pages, district.unit, lambda writer: None)).payload == PAYLOAD


@pytest.mark.parametrize(
    "options",
    [
        {"certify": False},
        {"permission": fields.MDPPerm.FILL_FORMS},
        {"permission": fields.MDPPerm.ANNOTATE},
        {"subfilter": fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
    ],
    ids=["approval only", "P=2", "P=3", "pkcs7"],
)
def test_only_a_certification_that_forbids_all_changes_counts(
    district: District, pages: bytes, options: dict[str, Any]
) -> None:
    opened = district.open(seal_oddly(pages, district.unit, lambda writer: None, **options))
    assert opened.verdict == "invalid"
    assert opened.payload is None


def test_the_field_must_hold_the_very_gap_that_was_checked(
    district: District, pages: bytes
) -> None:
    """A second signature dictionary that the field shows, while the checked one is a decoy."""

    def decoy(writer: PdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        genuine = field["/V"]
        shown = {key: item for key, item in genuine.items() if key != "/ByteRange"}
        shown["/Contents"] = generic.ByteStringObject(b"\0" * 10)
        reference = writer.add_object(generic.DictionaryObject(shown))
        field[pdf_name("/V")] = reference
        writer.root["/Perms"][pdf_name("/DocMDP")] = reference

    file = seal_oddly(pages, district.unit, lambda writer: None, before_digest=decoy)
    opened = district.open(file)
    assert opened.facts.signature_valid is True
    assert codes(opened) == ["shape-wrong"]


def test_a_second_dictionary_with_an_escaped_byte_range_is_refused(
    district: District, pages: bytes
) -> None:
    """`/Byte#52ange` is `/ByteRange` to a PDF parser, but not to who reads the raw bytes."""

    def decoy(writer: PdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        shown = {key: item for key, item in field["/V"].items() if key != "/ByteRange"}
        shown["/Contents"] = generic.ByteStringObject(b"\0" * 10)
        numbers = (0, 11111, 22222, 33333)
        shown[pdf_name("/ByteXXXange")] = generic.ArrayObject(
            generic.NumberObject(number) for number in numbers
        )
        reference = writer.add_object(generic.DictionaryObject(shown))
        field[pdf_name("/V")] = reference
        writer.root["/Perms"][pdf_name("/DocMDP")] = reference

    file = seal_oddly(pages, district.unit, lambda writer: None, before_digest=decoy)
    escaped = file.replace(
        b"/ByteXXXange [ 0 11111 22222 33333 ]", b"/Byte#52ange [0 11111 22222 33333]  "
    )
    assert escaped != file
    opened = district.open(sign_again(escaped, district.unit))
    assert opened.facts.signature_valid is True
    assert codes(opened) == ["shape-wrong"]


def test_a_field_added_behind_the_signature_s_is_refused(district: District, pages: bytes) -> None:
    def add(writer: PdfFileWriter) -> None:
        field = writer.add_object(dictionary(FT=pdf_name("/Tx"), T=pdf_string("note")))
        writer.root["/AcroForm"]["/Fields"].append(field)

    file = seal_oddly(pages, district.unit, lambda writer: None, before_digest=add)
    assert codes(district.open(file)) == ["shape-wrong"]


def raw_payload(encoded: bytes) -> Change:
    def change(writer: PdfFileWriter) -> None:
        old = specification(writer)["/EF"]["/F"]
        entries = {key: item for key, item in old.items() if key != "/Length"}
        stream = writer.add_object(generic.StreamObject(entries, encoded_data=encoded))
        specification(writer)["/EF"][pdf_name("/F")] = stream
        specification(writer)["/EF"][pdf_name("/UF")] = stream

    return change


@pytest.mark.parametrize(
    "encoded",
    [b"", b"not zlib", zlib.compress(PAYLOAD)[:-1], zlib.compress(PAYLOAD) + b"x"],
    ids=["empty", "noise", "cut short", "with a tail"],
)
def test_a_payload_that_is_not_exactly_one_zlib_stream_is_refused(
    district: District, pages: bytes, encoded: bytes
) -> None:
    opened = district.open(seal_oddly(pages, district.unit, raw_payload(encoded)))
    assert codes(opened) == ["payload-malformed"]
    assert opened.facts.payload_ok is False


@pytest.mark.parametrize("password", ["", "user"])
def test_an_encrypted_file_is_refused(district: District, pages: bytes, password: str) -> None:
    def encrypted(writer: PdfFileWriter) -> None:
        writer.encrypt("owner", password, pdf_mac=False)
        writer.output_version = (1, 7)  # so that nothing before the structure objects

    opened = district.open(seal_oddly(pages, district.unit, encrypted))
    assert opened.facts.signature_valid is True
    assert codes(opened) == ["encrypted"]
    assert opened.payload is None


def test_structural_refusal_outweighs_a_missing_list(district: District, pages: bytes) -> None:
    from rongchang_desk.signing.trust import Trust

    file = seal_oddly(pages, district.unit, ACTIVE["open action"])
    opened = open_sealed(file, Trust(district.trust.root), at=NOW)
    assert opened.verdict == "invalid"
    assert codes(opened) == ["revocation-unknown", "active-content"]
