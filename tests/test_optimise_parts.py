"""The parts of the step after the build, one by one."""

import pytest

from tools.site import head, markup, pages, scripts, styles


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        ("a { color: red; }", "a{color:red}"),
        (".known.unknown { color: red }", ""),
        (".unknown .known, .known > b { color: red }", ".known>b{color:red}"),
        (".known:not(.unknown) { color: red }", ".known:not(.unknown){color:red}"),
        ("@media print { .unknown { color: red } }", ""),
        ("@media print { .known { color: red } }", "@media print{.known{color:red}}"),
        ("@keyframes turn { from { top: 0 } to { top: 1px } }", "@keyframes turn{from{top:0}to{top:1px}}"),
        (":root { --read: 1px; --not: 2px } a { top: var(--read) }", ":root{--read:1px}a{top:var(--read)}"),
        (":root { --one: var(--two); --two: 1px }", ""),
        (":root { --in-page: 1px }", ":root{--in-page:1px}"),
        ('a::after { content: "{;}  /* */" }', 'a::after{content:"{;}  /* */"}'),
        ("a { color: red !important; *zoom: 1 }", "a{color:red!important}"),
        ("@charset 'utf-8'; a { top: 0 }", "a{top:0}"),
    ],
)
def test_style_sheet_keeps_what_can_be_used(css, kept):
    assert styles.purge(css, {"known", "--in-page"}) == kept


def test_vocabulary_is_of_classes_and_of_words_in_scripts():
    page = '<p class="one two">three</p><script>add("four-five")</script>'
    words = styles.vocabulary([page], ["toggle('six')"])
    assert {"one", "two", "four-five", "six"} <= words
    assert "three" not in words


def test_addresses_count_from_the_folder_of_the_sheet(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/theme.css").write_text("@import 'more.css'; a { background: url('../images/a.svg?v=1') }")
    (tmp_path / "styles/more.css").write_text("b { background: url(data:x) }")
    text = styles.load(tmp_path / "styles/theme.css", tmp_path)
    assert "url(images/a.svg)" in text
    assert "url(data:x)" in text


LONG = "A paragraph that is long enough to be a description of a page."
SENTENCE = "A sentence of words, ninety letters in all, which is more than half of the limit of it."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<p>short</p><p>{LONG}</p>", LONG),
        (f"<p>With <b>bold</b> &amp; entities: {LONG}</p>", f"With bold & entities: {LONG}"),
        (f"<p>{SENTENCE} {SENTENCE}</p>", SENTENCE),
        (f"<p>{'word ' * 60}</p>", "word " * 30 + "word …"),
        ("<p>short</p>", ""),
    ],
)
def test_description(text, said):
    assert head.describe(f"<article>{text}</article>") == said
    assert len(said) <= head.LONGEST + 2


def test_page_can_stand_elsewhere():
    html = '<html data-content_root="../"><a href="two.html#x"></a><img src="../_images/a.png"/><a href="#y"></a>'
    assert pages.relocate(html, "book", "").count("book/two.html#x") == 1
    assert 'src="_images/a.png"' in pages.relocate(html, "book", "")
    assert 'src="/course/_images/a.png"' in pages.relocate(html, "book", "/course/")
    assert 'href="#y"' in pages.relocate(html, "book", "/course/")


def test_markup_of_parsers_that_forgive_nothing(tmp_path):
    html = (
        "<head></head><body><style>p{top:0}</style><style>p{top:0}</style><svg><defs><style>path{}</style></defs></svg>"
        '<summary><p class="collapsed">Solution</p></summary><article>'
        '<span class="n">x</span><span class="o">=</span><script>document.write(`<b>bold</b>`);</script></article>'
    )
    tidy = markup.tidy(html, tmp_path / "page.html", tmp_path)
    assert tidy.count("<style>p{top:0}</style>") == 1
    assert tidy.index("<style>p{top:0}") < tidy.index("</head>")
    assert "<defs><style>path{}</style></defs>" in tidy
    assert '<summary><span class="collapsed">Solution</span></summary>' in tidy
    assert 'x<span class="o">=</span><b>bold</b>' in tidy


def test_picture_of_unknown_size_is_an_error(tmp_path):
    (tmp_path / "a.svg").write_text("<svg></svg>")
    with pytest.raises(ValueError, match="must be a PNG, or an SVG with viewBox, came a.svg"):
        markup.size(tmp_path / "a.svg")


def test_page_is_not_measured_while_it_loads(tmp_path):
    assert markup.tidy('<body data-bs-spy="scroll" data-bs-target="#a">', tmp_path / "page.html", tmp_path) == (
        '<body data-bs-target="#a">'
    )
    script = tmp_path / "scripts" / "pydata-sphinx-theme.js"
    script.parent.mkdir()
    script.write_text('function T(){}e(f),"complete"===document.readyState?T():window.addEventListener("load",T)})();')
    for _ in range(2):
        scripts.lighten(tmp_path)
        assert script.read_text() == "function T(){}e(f),0})();"
