"""The shop's sites, read politely: robots.txt, sitemaps, fetching, crawling."""
