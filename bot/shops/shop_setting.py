"""`ShopSetting`: a setting that a shop system declares for itself; read by every process."""

from typing import Literal, NamedTuple


class ShopSetting(NamedTuple):
    """A setting of a shop system; magento_secret is `SHOPCLERK_MAGENTO_SECRET`."""

    name: str
    text: str  # what docs/settings.md says of it
    kind: Literal["secret", "made once", "address", "text"] = "secret"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"SHOPCLERK_{self.name.upper()}"
