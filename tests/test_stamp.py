"""tools/stamp.py writes a fork's name everywhere, once and for all; tools/branch.py makes the branch for Colab."""

import json
import subprocess

import pytest

from tools import branch, notebooks, stamp

OLD = "first-org/the-course"
NEW = "someone/their-fork"
CELL = f'try:\n    import m\nexcept ImportError:\n    %pip install -q "m @ git+https://github.com/{OLD}"\n'
LINKS = "[3](03_kl.ipynb#eq-3.1), [words](glossary.md), [paper](https://a.org/b.md), `f[x](y)`"
FILES = {
    "_config.yml": f"repository:\n  # one place\n  url: https://github.com/{OLD}\n  branch: main\n\n"
    "html:\n  baseurl: https://first-org.github.io/the-course/\n",
    "README.md": f"git clone https://github.com/{OLD}.git\ncd the-course\nThe course is at https://github.com/{OLD}.\n"
    f"https://mybinder.org/v2/gh/{OLD}/main, https://github.com/{OLD}-solutions, the-course is a word\r\n",
    "CITATION.cff": f'repository-code: "https://github.com/{OLD}"\n',
    "LICENSE": "MIT\n",
    "LICENSE-CONTENT": "CC\n",
}


def lesson():
    """Return the text of a notebook as it is committed."""
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# One\n", LINKS]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "b",
            "metadata": {},
            "outputs": [],
            "source": CELL.splitlines(True),
        },
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


@pytest.fixture
def repository(tmp_path):
    """Return a clone with one commit of a bare repository."""
    clone = tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(tmp_path, "clone", "--quiet", "origin.git", "clone")
    for name, text in FILES.items():
        (clone / name).write_bytes(text.encode())
    (clone / "book").mkdir()
    (clone / "book" / "01_one.ipynb").write_text(lesson())
    (clone / "logo.png").write_bytes(b"\x89PNG\xff" + OLD.encode())
    git(clone, "add", ".")
    commit(clone)
    return clone


def commit(clone):
    git(clone, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "--all", "-m", "change")


def git(folder, *arguments):
    """Run git and return what it prints."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def text_of(clone, name):
    return (clone / name).read_bytes().decode()


def test_everything_that_names_the_repository_is_stamped(repository):
    changed = stamp.stamp(repository, NEW)
    assert [path.name for path in changed] == ["CITATION.cff", "README.md", "_config.yml", "01_one.ipynb"]
    assert stamp.current(repository) == ("someone", "their-fork")
    assert "baseurl: https://someone.github.io/their-fork/\n" in text_of(repository, "_config.yml")
    assert f"git+https://github.com/{NEW}" in text_of(repository, "book/01_one.ipynb")
    assert text_of(repository, "README.md") == (
        f"git clone https://github.com/{NEW}.git\ncd their-fork\nThe course is at https://github.com/{NEW}.\n"
        f"https://mybinder.org/v2/gh/{NEW}/main, https://github.com/{OLD}-solutions, the-course is a word\r\n"
    )
    assert OLD.encode() in (repository / "logo.png").read_bytes()


def test_second_stamp_changes_nothing_and_the_way_back_is_exact(repository):
    stamp.stamp(repository, NEW)
    assert stamp.stamp(repository, f"https://github.com/{NEW}.git") == []
    stamp.stamp(repository, OLD)
    assert git(repository, "status", "--porcelain") == ""


def test_longer_name_that_begins_like_the_old_one(repository):
    stamp.stamp(repository, f"{OLD}-2")
    once = text_of(repository, "README.md")
    assert stamp.stamp(repository, f"{OLD}-2") == []
    assert (once.count(f"{OLD}-2"), f"{OLD}-2-2" in once) == (3, False)


def test_commit_is_written_into_the_notebooks_once(repository):
    for sha in ("a" * 40, "b" * 40):
        stamp.stamp(repository, NEW, commit=sha)
    text = text_of(repository, "book/01_one.ipynb")
    assert f'git+https://github.com/{NEW}@{"b" * 40}\\"' in text
    assert text.count("@") == 2  # this, and "m @ git"
    assert "@" not in text_of(repository, "README.md")


@pytest.mark.parametrize(
    "name", ["a/b", "https://github.com/a/b", "https://github.com/a/b.git/", "git@github.com:a/b.git"]
)
def test_forms_of_a_name(name):
    assert stamp.parse(name) == ("a", "b")


@pytest.mark.parametrize("name", ["", "a", "a/b/c", "https://gitlab.com/a/b", "a b/c", "-a/b"])
def test_what_is_no_name(name):
    with pytest.raises(ValueError, match="must look like owner/name"):
        stamp.parse(name)


def test_pages_address():
    assert stamp.pages("Someone", "Fork") == "https://someone.github.io/Fork/"
    assert stamp.pages("Someone", "someone.github.io") == "https://someone.github.io/"


def test_branch_is_a_forks_own(repository):
    head = branch.git(repository, "rev-parse", "HEAD")
    files = branch.contents(repository, NEW, head)
    assert list(files) == ["README.md", "LICENSE", "LICENSE-CONTENT", "book/01_one.ipynb"]
    assert f"https://github.com/{NEW}.\n" in files["README.md"]
    assert f"git+https://github.com/{NEW}@{head}" in files["book/01_one.ipynb"]
    made = "".join(json.loads(files["book/01_one.ipynb"])["cells"][0]["source"])
    site = "https://someone.github.io/their-fork/book"
    assert made == (
        f"# One\n[3]({site}/03_kl.html#eq-3.1), [words]({site}/glossary.html), [paper](https://a.org/b.md), `f[x](y)`"
    )
    assert not any(OLD in text for text in files.values())


def test_branch_has_one_commit_and_is_the_same_for_the_same_notebooks(repository):
    head = branch.git(repository, "rev-parse", "HEAD")
    files = branch.contents(repository, NEW, head)
    made = branch.write(repository, files, head)
    assert made == branch.write(repository, files, head)
    git(repository, "push", "--quiet", "origin", f"{made}:refs/heads/colab")
    assert git(repository, "log", "--format=%s", "origin/colab") == f"Notebooks of {head}\n"
    assert git(repository, "show", f"{made}:book/01_one.ipynb") == files["book/01_one.ipynb"]
    assert git(repository, "status", "--porcelain") == ""  # nothing in the folder has changed


def test_notebooks_of_the_book_are_bound_to_the_commit():
    names = {f"book/{path.name}" for path in notebooks.paths()}
    files = branch.contents(stamp.ROOT, NEW, "c" * 40)
    assert names
    for name in names:
        assert f'git+https://github.com/{NEW}@{"c" * 40}\\"' in files[name]
        assert "](0" not in files[name].replace("](https", "")


@pytest.mark.skipif(not (stamp.ROOT / ".git").exists(), reason="not a clone")
def test_no_file_of_this_repository_keeps_the_old_name():
    old = stamp.current(stamp.ROOT)
    forms = (f"github.com/{old[0]}/", f"github.com:{old[0]}/", f"/gh/{old[0]}/", f"{old[0].lower()}.github.io")
    for path in stamp.files(stamp.ROOT):
        text = stamp.rename(path.read_bytes().decode("utf-8", "replace"), old, ("a-teacher", "fork-of-the-course"))
        assert not any(form in text for form in forms), path
