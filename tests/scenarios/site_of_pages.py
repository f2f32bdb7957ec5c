"""A shop's own site for a scenario: pages with menus, a sitemap, robots.txt, and traps."""

from tests.feedback.knowledge.sites.site_server import Answer, LocalSite, html, redirect

COURSES, CLOAKROOM = "/help/pottery-courses", "/help/cloakroom"
SECRET = "The safe is behind the picture."
LOGIN = b"<title>Log in</title><main><form>Password <input type=password></form></main>"


def fill(site: LocalSite) -> None:
    """Two help pages; a login page, one that robots.txt forbids, one that leads inside."""
    pages = (COURSES, CLOAKROOM, "/account/login", "/staff", "/away")
    listed = "".join(f"<url><loc>{site.url.rstrip('/')}{path}</loc></url>" for path in pages)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'
    robots = f"User-agent: *\nDisallow: /staff\nSitemap: {site.url}sitemap.xml\n"
    site.put("/robots.txt", Answer(robots.encode(), content_type="text/plain"))
    site.put("/sitemap.xml", Answer(sitemap.encode(), content_type="application/xml"))
    site.put("/", html("<p>Welcome to our workshop.</p>", title="Workshop", links=pages))
    hold_courses(site, "first Saturday")
    site.put(
        CLOAKROOM,
        html("<p>You may leave your umbrella in the cloakroom.</p>", title="Cloakroom"),
    )
    site.put("/account/login", Answer(LOGIN))
    site.put("/staff", html(f"<p>{SECRET}</p>"))
    site.put("/away", redirect("http://127.0.0.2:1/inside"))


def hold_courses(site: LocalSite, day: str) -> None:
    """The page of courses, which say when they are."""
    said = f"<p>The pottery course takes place on the {day} of each month.</p>"
    site.put(COURSES, html(f"{said}<p>It costs 45 dollars.</p>", title="Pottery courses"))
