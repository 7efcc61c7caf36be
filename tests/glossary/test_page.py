from pathlib import Path

from portal.glossary.terms import THEMES, as_markdown, terms

ROOT = Path(__file__).resolve().parents[2]


def test_every_term_is_on_the_page_once(client):
    page = client.get("/glossary", status=200, max_queries=1).page
    for term in terms():
        assert term.thai in page.text
        assert term.meaning_th in page.text
    assert terms()[0].meaning_en in client.get("/en/glossary", status=200).page.text


def test_terms_are_whole_and_unlike():
    assert {term.theme for term in terms()} == set(THEMES)
    for name in ("thai", "english", "code", "slug"):
        values = [getattr(term, name) for term in terms()]
        assert len(set(values)) == len(values), name
        assert all(values)


def test_the_developers_glossary_says_the_same():
    written = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert written == as_markdown(), "python -m portal.glossary.terms > docs/glossary.md"
