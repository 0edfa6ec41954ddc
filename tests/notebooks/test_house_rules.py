"""Every notebook keeps the house rules, and every rule can fail."""

import re
from pathlib import Path

import pytest
import rules_code
import rules_numbers
import rules_text
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import notebooks

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/example-org/vae-course"
NOTEBOOKS = [pytest.param(path, id=path.stem) for path in notebooks.paths()]
CHAPTERS = [pytest.param(path, id=path.stem) for path in notebooks.paths() if re.match(r"\d\d_", path.name)]


def text(source):
    return new_markdown_cell(source)


def code(source, *outputs, **metadata):
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)


def display(words):
    return new_output("display_data", {"text/plain": words})


HIDDEN = {"tags": ["hide-cell"], "jupyter": {"source_hidden": True}, "cellView": "form"}
GOOD = [
    text("# Title\n\nWhat $n!$ is."),
    code(f'%pip install "vae-lessons @ git+{REPOSITORY}@main"', tags=["nbval-ignore-output"]),
    text("By (3.1), Exercise 3.2 and [a paper](http://x.org/1.5) it is $0.69$, or `0.7`; just before, 1.25.\n\n"
         "$$\n\\begin{aligned} a &= 0.1 \\\\\n b &= 2.5 \\end{aligned}\\tag{3.1}\n$$\n\nThen `{eq}` has a role."),
    code("x = 1.25\nshow(plots.bars(x))", display("[Figure: bars of the two laws]"), display("0.69")),
    text("### Exercise 3.1\n\n<details><summary>Hint</summary>\n\n" + "word " * 130 + "\n\n</details>"),
    code("def f(x):\n    ..."),
    code("#@title Solution 3.1\nassert 1", **HIDDEN),
    text("## Take-away\n\nIt is so.\n\n```python\nprint('!')\n```\n\n## Where this leads\n\nOn."),
]  # fmt: skip

BAD = {
    rules_text.myst_syntax: [
        [text(":::note\nx\n:::")],
        [text("```{note}\nx\n```")],
        [text("By {eq}`kl`")],
        [text("(kl)=\n## Heading")],
        [text("$$x$$ (kl)")],
        [text("See [](#kl)")],
    ],
    rules_text.long_prose: [[text("word " * 121)], [text("### Exercise 3.1\n\n" + "word " * 161)]],
    rules_text.one_title: [[text("# A"), text("# B")], [text("A"), text("# B")], [text("# A\n\n# B")], [text("## A")]],
    rules_text.closing_sections: [[text("## Take-away")], [text("## Where this leads")]],
    rules_text.exclamation_marks: [[text("Well done!")]],
    rules_text.filler: [[text("It is simply so.")], [text("Obviously.")], [text("We just add.")]],
    rules_text.emoji: [[text("Good \U0001f600")], [code("print('\u2705')")]],
    rules_text.placeholders: [[text("TODO")], [text("Coming soon.")], [code("# FIXME")], [text("Lorem ipsum")]],
    rules_text.displayed_formulas: [
        [text("Then\n$$\nx\\tag{1.1}\n$$")],
        [text("$$\nx\\tag{1.1}\n$$\nthen")],
        [text("$$\nx\n$$")],
        [text("\\begin{align}\nx\n\\end{align}")],
        [text("$$\na = b \\\\\nc = d\\tag{1.1}\n$$")],
    ],
    rules_code.long_code: [[code("x = 1\n" * 26)], [code("x = 1\n" * 26, tags=["hide-cell"])]],
    rules_code.code_in_a_row: [[code("1"), code("2")], [code("1"), code("2", tags=["remove-cell"]), code("3")]],
    rules_code.figures_with_alt_text: [
        [code("plots.bars(x)")],
        [code("plt.plot(x)\nplt.show()")],
        [code("fig, ax = plt.subplots()")],
        [code("x", display("<Figure size 640x480 with 1 Axes>"))],
        [code("show(f, 'a line')", display("[Figure: a line]"))],
    ],
    rules_code.hidden_solutions: [
        [code("#@title Solution 3.1", **{**HIDDEN, "tags": []})],
        [code("#@title Solution 3.1", **{**HIDDEN, "jupyter": {}})],
        [code("#@title Solution 3.1", tags=["hide-cell"], jupyter={"source_hidden": True})],
        [code("#@title The solution", **HIDDEN)],
    ],
    rules_numbers.floating_numbers: [
        [text("It is 0.7."), code("x", display("0.69"))],
        [text("It is $0.6$."), code("x", display("0.69"))],
        [text("It is 9.5."), code("x = 19.5")],
        [text("See (3.1), which is 3.1.")],
    ],
}


@pytest.mark.parametrize("path", NOTEBOOKS)
@pytest.mark.parametrize("rule", [rule for rule in BAD if rule is not rules_text.closing_sections])
def test_rule(rule, path):
    assert rule(notebooks.read(path)) == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_chapter_has_its_closing_sections(path):
    assert rules_text.closing_sections(notebooks.read(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_first_code_cell_is_for_colab(path):
    url = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    assert rules_code.colab_cell(notebooks.read(path), url) == []


def files_of(toc):
    """Return all files of a table of contents."""
    if isinstance(toc, list):
        return [name for part in toc for name in files_of(part)]
    if isinstance(toc, dict):
        return [toc[key] for key in ("root", "file") if key in toc] + files_of(list(toc.values()))
    return []


def test_table_of_contents_and_folder_agree():
    listed = files_of(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
    assert len(listed) == len(set(listed))
    missing = [name for name in listed if not any((ROOT / f"{name}{end}").exists() for end in (".ipynb", ".md"))]
    assert missing == []
    assert [path.stem for path in notebooks.paths() if f"book/{path.stem}" not in listed] == []


def test_table_of_contents_is_read_to_its_last_level():
    toc = {"root": "a", "parts": [{"caption": "x", "chapters": [{"file": "b", "sections": [{"file": "c"}]}]}]}
    assert files_of(toc) == ["a", "b", "c"]


@pytest.mark.parametrize("rule", BAD)
def test_good_notebook_passes(rule):
    assert rule(new_notebook(cells=GOOD)) == []


@pytest.mark.parametrize(("rule", "cells"), [(rule, cells) for rule, cases in BAD.items() for cells in cases])
def test_bad_notebook_fails(rule, cells):
    assert rule(new_notebook(cells=cells)) != []


def test_colab_rule():
    assert rules_code.colab_cell(new_notebook(cells=GOOD), REPOSITORY) == []
    assert rules_code.colab_cell(new_notebook(cells=GOOD), "https://github.com/someone/else") != []
    assert rules_code.colab_cell(new_notebook(cells=[code("import torch")]), REPOSITORY) != []
    assert rules_code.colab_cell(new_notebook(), REPOSITORY) != []


def test_a_floating_number_is_reported_with_its_cell_and_sentence():
    nb = new_notebook(cells=[text("# A"), text("One is here. The gap is 0.25 nats. More follows.")])
    [found] = rules_numbers.floating_numbers(nb)
    assert found == "cell 1: 0.25 is not printed: The gap is 0.25 nats."


def test_glossary_is_sorted_and_each_term_stands_in_its_chapter():
    page = (notebooks.BOOK / "glossary.md").read_text("utf-8")
    rows = re.findall(r"^\*\*(.+?)\*\*\n: .+ \[(?:Chapter \d+|Appendix [A-Z])\]\((.+)\)$", page, re.M)
    terms = [term for term, _ in rows]
    assert len(rows) == len(re.findall(r"^\*\*", page, re.M)) > 60
    assert terms == sorted(terms, key=str.lower)
    for term, chapter in rows:
        text = (notebooks.BOOK / chapter).read_text("utf-8").lower()
        assert term.lower().split(" (")[0].rstrip("s") in text, f"{term} is not in {chapter}"


KNOWN_TAGS = {"hide-cell", "hide-input", "nbval-ignore-output", "raises-exception", "remove-cell"}


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_tags_are_spelled_as_the_tools_know_them(path):
    tags = {tag for cell in notebooks.read(path).cells for tag in cell.metadata.get("tags", [])}
    assert tags <= KNOWN_TAGS
