"""What axe has to say of a page."""

from axe_playwright_python.base import AXE_SCRIPT

RUN = "([context, options]) => axe.run(context ?? document, { resultTypes: ['violations'], ...options })"


def violations(page, context: dict | None = None, **options) -> list[str]:
    """Return what axe finds, one line per element; its script is read once per page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [context, options])["violations"]
    return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
