"""Server-rendered pages: Jinja templates with escaping on, and the few things all of them need."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.http.assets import address_of
from bot.languages import all_packs, language_of, page_tag, page_words

BOT = Path(__file__).parents[1]
TEMPLATES = [BOT / room / "templates" for room in ("http", "desk", "storefront")]


def render(request: Request, template: str, **values: Any) -> str:
    """`template` with `values`, in the language the reader asked for."""
    lang = language(request)
    explicit = "lang" in request.query_params

    def link(path: str) -> str:
        """`path`, keeping the language that was chosen."""
        if not explicit:
            return path
        return f"{path}{'&' if '?' in path else '?'}lang={lang}"

    return (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            words=page_words(lang),
            tag=page_tag(lang),
            other_languages=[pack for pack in all_packs() if pack.locale != lang],
            link=link,
            path=request.url.path,
            shop_name=request.app.state.context.config.shop_name(),
            **values,
        )
    )


def language(request: Request) -> str:
    """The language `request` is answered in."""
    return language_of(request.query_params.get("lang"), request.headers.get("accept-language"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = address_of
    return environment
