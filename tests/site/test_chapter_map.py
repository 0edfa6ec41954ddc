"""The map of the chapters says what the table beside it says."""

import pytest
from tiny_book import notebook

TABLE = """# Start

| Chapter | You learn | Needs |
|---|---|---|
| [1. One: a start](one.ipynb) | it | sums, 9 |
| [2. Two and more](two.ipynb) | it | 1 |
| [3. The third](three.ipynb) | it | 1 to 2, Python |
| [A. Last](last.ipynb) | it | 3, 1 |

| Other | Table |
|---|---|
| no link | 7 |

```{chapter-map}
1 .
. 2
3 A
```
"""


@pytest.fixture
def mapped(book):
    """Return a book of four chapters with a map."""
    for name in ("one", "two", "three", "last"):
        book.write(f"{name}.ipynb", notebook(f"# {name}"))
    book.write("start.md", TABLE)
    return book


def test_map_is_a_list_of_links_that_says_what_a_chapter_needs(mapped):
    assert mapped.build() == ""
    links = mapped.page("start").select(".chapter-map > ol > li > a")
    assert [link["href"] for link in links] == ["one.html", "two.html", "three.html", "last.html"]
    assert [link.text for link in links] == [
        "1. One",
        "2. Two (needs 1)",
        "3. Third (needs 1 and 2)",
        "A. Last (needs 3 and 1)",
    ]


def test_lines_leave_out_what_other_lines_say(mapped):
    assert mapped.build() == ""
    svg = mapped.page("start").select_one(".chapter-map svg")
    assert svg["aria-hidden"] == "true"
    starts_and_ends = [(line.split("V")[0], line.split()[-2:]) for line in svg.path["d"].split("M")[1:]]
    assert starts_and_ends == [
        ("0.5 0.5", ["1.5", "1.5"]),
        ("1.5 1.5", ["0.5", "2.5"]),
        ("0.5 2.5", ["1.5", "2.5"]),
    ]


def test_chapter_without_a_place_warns(mapped):
    mapped.write("start.md", TABLE.replace(". 2", ". ."))
    assert "chapter 2 has no place on the map [chapter_map]" in mapped.build()


def test_chapters_that_need_each_other_end(mapped):
    mapped.write("start.md", TABLE.replace("sums, 9", "3"))
    assert mapped.build() == ""


def test_other_formats_keep_the_table_alone(mapped):
    assert mapped.build("text") == ""
    assert "needs" not in (mapped.folder / "_build" / "text" / "start.txt").read_text()
