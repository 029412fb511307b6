"""Questions on the book's pages: answered there, explained, kept in the reader's browser, nothing said too early."""

import pytest
from playwright.sync_api import expect

from book.declared import question
from book.live_html import question_html
from tests.browser.book_pages import opened, write_page
from tests.browser.pages import served

GUESSED = "learning_rate/best-rate"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    write_page(folder, question_html(question("quiz", "learning_rate/recall-1"))
               + question_html(question("predict", GUESSED)) + question_html(question("reveal", GUESSED, "0.3")))
    with served(folder) as url:
        yield url


@pytest.fixture
def page(browser, site):
    with opened(browser, f"{site}/index.html") as page:
        yield page
        assert page.troubles == []


def test_a_wrong_answer_is_explained_and_the_right_one_explains_all(page):
    quiz = page.locator(".quiz")
    told = question("quiz", "learning_rate/recall-1")["options"]
    wrong, right = (next(one for one in told if one["right"] is is_right) for is_right in (False, True))
    quiz.get_by_label(wrong["text"], exact=True).check()
    quiz.locator("button").click()
    assert wrong["why"] in quiz.locator(".said").inner_text()
    assert right["why"] not in quiz.locator(".said").inner_text()
    quiz.get_by_label(right["text"], exact=True).check()
    quiz.locator("button").click()
    said = quiz.locator(".said").inner_text()
    assert [one["why"] for one in told if one["why"] not in said] == []


def test_without_an_answer_it_says_what_is_missing(page):
    page.locator(".quiz button").click()
    expect(page.locator(".quiz .said")).to_have_text("Choose one of the answers first.")


def test_what_was_measured_is_shown_after_the_guess_and_both_outlive_a_reload(page):
    assert "0.3" not in page.locator(".reveal").inner_text()
    page.locator(".predict").get_by_label("3", exact=True).check()
    page.locator(".predict button").click()
    said = "You guessed: 3. Measured: 0.3. What did you not expect?"
    expect(page.locator(".reveal .said")).to_have_text(said)
    page.reload()
    expect(page.locator(".reveal .said")).to_have_text(said)
    expect(page.locator(".predict").get_by_label("3", exact=True)).to_be_checked()


def test_who_has_not_guessed_may_ask_to_see_it(page):
    page.locator(".reveal button").click()
    expect(page.locator(".reveal .said")).to_have_text("Measured: 0.3. You had not guessed.")


def test_a_number_is_read_as_it_is_or_asked_for_again(browser, tmp_path):
    name = "playground/again"
    write_page(tmp_path, question_html(question("predict", name)) + question_html(question("reveal", name, "4")))
    with served(tmp_path) as url, opened(browser, f"{url}/index.html") as page:
        for typed, taken in (("1,000", False), ("½", False), ("99", False), ("", False), (" 7.5 ", True)):
            page.locator(".predict input").fill(typed)
            page.locator(".predict button").click()
            said = page.locator(".predict .said").inner_text()
            assert said.startswith("Recorded: 7.5") if taken else said.startswith("Give a number from 0 to 10")
        expect(page.locator(".reveal .said")).to_have_text("You guessed: 7.5. Measured: 4.")
