"""Sphinx: give the heading "Exercise 4.2 — KL of a Gaussian · ★★☆ · 10 min" its parts and a short anchor.

A colon or a middle dot may stand in place of the dash, and what follows the title may be missing.

The anchor is `#exercise-4-2`: the theme cannot follow a dot in its table of contents. The label, the title and what
stands after the title become elements of their own, which the style sheet sets apart; the table of contents
leaves the last one out.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

HEADING = re.compile(r"(Exercise (\w+\.\d+[a-z]?))(?!\w)")
SEPARATOR = re.compile(r"^\s*[—–:·-]?\s*")


class ExerciseHeadings(SphinxTransform):
    """Take exercise headings apart, before Sphinx collects the table of contents."""

    default_priority = 750

    def apply(self, **kwargs) -> None:
        """Change the headings of the page."""
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title)
            match = title and HEADING.match(title.astext())
            if match:
                section["ids"].insert(0, f"exercise-{match[2].replace('.', '-')}")
                mark_parts(title, match[1])


def mark_parts(title: nodes.title, label: str) -> None:
    """Wrap the label, and all that follows the title; code and mathematics in the title stay as they are."""
    children = title.children[:]
    title.children.clear()
    current = title
    for child in children:
        if not isinstance(child, nodes.Text):
            current += child
            continue
        text = str(child)
        if child is children[0] and text.startswith(label):
            title += nodes.inline("", label, classes=["exercise-label"])
            text = SEPARATOR.sub(" ", text[len(label) :])
        if current is title and "·" in text:
            before, text = re.split(r"\s*·\s*", text, maxsplit=1)
            title += nodes.Text(f"{before} ")
            current = nodes.inline("", classes=["exercise-meta"])
            title += current
        current += nodes.Text(re.sub(r"\s*·\s*", " · ", text))


def setup(app: Sphinx) -> dict:
    """Register the transform."""
    app.add_transform(ExerciseHeadings)
    return {
        "version": "1.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
