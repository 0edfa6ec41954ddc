import pytest
from small_book import one_chapter

from vae_lessons.equations import REGISTRY


@pytest.fixture
def book(tmp_path):
    return one_chapter(tmp_path)


@pytest.fixture(autouse=True)
def forget_references_of_a_mistaken_library(request):
    """A check remembers its references: what it computed while a test had broken the library must not stay."""
    yield
    if "monkeypatch" in request.fixturenames:
        for check in REGISTRY.values():
            check.__dict__.pop("_references", None)
