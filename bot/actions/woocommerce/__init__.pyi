from .office import WooOffice as WooOffice
from .rest import WooRest as WooRest
