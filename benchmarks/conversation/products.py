"""Products of the invented shop, by short names, and how an order's turn is right."""

FINCH, HERON, WREN = "finch-helmet", "heron-helmet", "wren-kids-helmet"
EMBER, REAR, GLOW = "ember-front-light", "ember-rear-light", "glowworm-light-set"
ULOCK, FOLD, CABLE = "bulldog-u-lock", "terrier-folding-lock", "ivy-cable-lock"
PANNIER, QUAY, PORTER, TINKER = (
    "harbour-pannier", "quay-handlebar-bag", "porter-backpack", "tinker-saddle-bag",
)  # fmt: skip
SQUALL, VEST, WINTER, SUMMER = (
    "squall-rain-jacket", "breeze-wind-vest", "mistral-winter-gloves", "pico-summer-gloves",
)  # fmt: skip
JERSEY, SOCKS, TROUSERS, SHOES = (
    "alder-merino-jersey", "linden-socks", "ferry-rain-trousers", "tarn-overshoes",
)  # fmt: skip
MINI, FLOOR, TOOL = "minnow-mini-pump", "grebe-floor-pump", "badger-multi-tool"
TYRE, KESTREL, CLOUD, BELL, BOTTLE, SEAT, GUARD, MOUNT = (
    "granite-tyre", "kestrel-leather-saddle", "cloud-gel-saddle", "cricket-bell", "magpie-bottle",
    "stork-child-seat", "puddle-mudguards", "perch-phone-mount",
)  # fmt: skip
HELMETS, LOCKS, BAGS = [FINCH, HERON, WREN], [ULOCK, FOLD, CABLE], [PANNIER, QUAY, PORTER, TINKER]
ORDER = {"replies": ["order_status"]}
