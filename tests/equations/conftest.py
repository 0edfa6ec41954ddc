import pytest
from small_book import one_chapter


@pytest.fixture
def book(tmp_path):
    return one_chapter(tmp_path)
