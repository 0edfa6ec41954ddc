"""The pages of the built book that are made from its chapters: complete, and as the chapters have it."""

import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from built_book import CONFIG, DOCUMENTS, NOTEBOOKS, ROOT, SITE, parsed
from test_site_links import links

pytestmark = pytest.mark.usefixtures("site")

TABLE_OF_CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [entry["file"] for part in TABLE_OF_CONTENTS["parts"][:2] for entry in part["chapters"]]


def pages(selector, page):
    """Return the pages that links on a page of the folder `book` lead to, anchors left out."""
    found = parsed(page).select(selector)
    return [f"book/{urlsplit(link['href']).path.removesuffix('.html')}" for link in found]


def words(element):
    """Return the text of a heading or a cell without the sign that links to it."""
    return " ".join(element.get_text().rstrip("#¶").split())


def test_index_names_every_chapter_in_its_table_and_on_its_map():
    assert pages("table td:first-child a", "book/index") == CHAPTERS
    assert pages(".chapter-map a", "book/index") == CHAPTERS
    titles = [words(link) for link in parsed("book/index").select("table td:first-child a")]
    assert [words(parsed(page).h1)[: len(title)] for page, title in zip(CHAPTERS, titles, strict=True)] == titles


def test_no_two_chapters_have_the_same_place_on_the_map():
    styles = [item["style"] for item in parsed("book/index").select(".chapter-map li")]
    assert len(styles) == len(set(styles)) == len(CHAPTERS)


def test_every_take_away_is_collected():
    sections = parsed("book/takeaways").select("section.take-away")
    having = [name for name in NOTEBOOKS if parsed(name).select("section#take-away")]
    assert pages("section.take-away h2 > a:not(.headerlink)", "book/takeaways") == having
    for name, section in zip(having, sections, strict=True):
        there = [words(p) for p in parsed(name).select("section#take-away > p")]
        assert [words(p) for p in section.select("p")] == there


def test_every_equation_stands_on_the_formula_sheet():
    there = [box["id"] for name in NOTEBOOKS for box in parsed(name).select(".eq[id], .eq > span[id]")]
    names = parsed("book/formulas").select(".formula-name a")
    assert sorted(urlsplit(link["href"]).fragment for link in names) == sorted(there)
    assert len(parsed("book/formulas").select(".formula .math")) == len(parsed("book/formulas").select(".formula"))


def test_status_has_a_time_for_each_notebook_and_the_sum():
    times, software, counts = parsed("book/status").select("table")
    rows = [[words(cell) for cell in row.select("td")] for row in times.select("tbody tr")]
    assert pages("table:first-of-type td a", "book/status")[: len(rows)] == NOTEBOOKS
    seconds = [float(row[1]) for row in rows]
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d", row[2]) for row in rows)
    total = re.search(r"together: (\d+) s", parsed("book/status").text)
    assert int(total[1]) == pytest.approx(sum(seconds), abs=1)
    assert [words(cell) for cell in software.select("tbody td:first-child")] == ["Python", "torch", "numpy"]
    assert all(int(words(cell)) > 30 for cell in counts.select("tbody td:last-child"))


def test_entries_of_the_module_name_chapters():
    used = {entry.dt["id"]: entry for entry in parsed("book/api").select("dl.py") if entry.dt.get("id")}
    sentence = used["vae_lessons.divergences.kl_std_normal"].select_one(".used-in")
    assert "chapter 4" in sentence.text
    assert len(parsed("book/api").select(".used-in")) > 30


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_terms_are_linked_once_and_named_so_in_the_glossary(name):
    found = [urlsplit(link["href"]) for link in parsed(name).select("a.term")]
    assert {target.path for target in found} <= {"glossary.html"}
    assert len(found) == len({target.fragment for target in found}) > 1
    terms = {term["id"] for term in parsed("book/glossary").select("dt[id]")}
    assert {target.fragment for target in found} <= terms


@pytest.mark.parametrize("name", DOCUMENTS)
def test_foot_reports_and_edits_this_page(name):
    report, edit, *download = parsed(name).select("nav.page-foot a")
    source = f"{name}.ipynb" if name in NOTEBOOKS else f"{name}.md"
    repository = CONFIG["repository"]
    assert report["href"].startswith(f"{repository['url']}/issues/new?")
    (title,) = parse_qs(urlsplit(report["href"]).query)["title"]
    assert title == f"{words(parsed(name).h1)} ({name})"
    assert edit["href"] == f"{repository['url']}/edit/{repository['branch']}/{source}"
    assert len(download) == (name in NOTEBOOKS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_theme_button_for_problems_names_the_page(name):
    (issue,) = (link for link in links(name) if "issues/new?title=Issue" in link)
    assert parse_qs(urlsplit(issue).query)["title"] == [f"Issue on page /{name}.html"]


def test_zip_holds_every_notebook():
    (link,) = (link for link in links("book/index") if link.endswith("notebooks.zip"))
    with zipfile.ZipFile((SITE / "book" / link).resolve()) as archive:
        assert archive.namelist() == [f"notebooks/{name.removeprefix('book/')}.ipynb" for name in sorted(NOTEBOOKS)]
        for name in archive.namelist():
            assert archive.read(name) == (ROOT / "book" / name.removeprefix("notebooks/")).read_bytes()
