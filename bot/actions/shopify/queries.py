"""Documents of Shopify's Admin GraphQL API that order actions use.

What a document asks for is what it costs, whatever comes back: an object one point, a connection as
many as its `first` says; one of over a thousand points is refused. So the numbers are small.
"""

from typing import Final

_ADDRESS: Final = "address1 address2 city provinceCode zip countryCodeV2 firstName lastName phone"
_CUSTOMER: Final = (
    "id firstName lastName defaultEmailAddress { emailAddress }"
    " defaultAddress { address1 address2 city provinceCode zip countryCodeV2 }"
)
_ORDER: Final = f"""
  id name createdAt cancelledAt displayFulfillmentStatus currencyCode
  cancellation {{ staffNote }}
  customer {{ id }}
  currentTotalPriceSet {{ shopMoney {{ amount }} }}
  netPaymentSet {{ shopMoney {{ amount }} }}
  shippingAddress {{ {_ADDRESS} }}
  lineItems(first: 50) {{ nodes {{
    id sku title currentQuantity
    discountedUnitPriceSet {{ shopMoney {{ amount }} }}
    variant {{ id selectedOptions {{ name value }} }}
    product {{ id productType }}
  }} }}
  fulfillments(first: 5) {{ displayStatus deliveredAt createdAt }}
"""

CUSTOMERS: Final = (
    f"query Customers($query: String!) {{ customers(first: 10, query: $query)"
    f" {{ nodes {{ {_CUSTOMER} }} }} }}"
)
CUSTOMER: Final = f"query Customer($id: ID!) {{ customer(id: $id) {{ {_CUSTOMER} }} }}"
ORDERS_OF: Final = f"""query OrdersOf($id: ID!, $first: Int!, $after: String) {{
  customer(id: $id) {{
    orders(first: $first, after: $after, sortKey: CREATED_AT, reverse: true) {{
      nodes {{ {_ORDER} returns(first: 5) {{ nodes {{ id status }} }} }}
      pageInfo {{ hasNextPage endCursor }} }} }} }}"""
ORDER_NAMED: Final = f"""query OrderNamed($query: String!) {{
  orders(first: 2, query: $query) {{ nodes {{ {_ORDER}
    returns(first: 5) {{ nodes {{ id status
      returnLineItems(first: 20) {{ nodes {{ customerNote returnReasonNote }} }} }} }} }} }} }}"""
PRODUCT: Final = """query Product($id: ID!) { product(id: $id) { id title
  variants(first: 100) { nodes {
    id sku price availableForSale selectedOptions { name value } } } } }"""
VARIANTS: Final = """query Variants($query: String!) {
  productVariants(first: 10, query: $query) { nodes {
    id sku price availableForSale selectedOptions { name value } } } }"""
VARIANT: Final = """query Variant($id: ID!) { productVariant(id: $id) {
  id sku price availableForSale selectedOptions { name value } } }"""
CALCULATE_RETURN: Final = """query CalculateReturn($input: CalculateReturnInput!) {
  returnCalculate(input: $input) {
    returnLineItems { subtotalSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } } }
    exchangeLineItems { subtotalSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } } }
  } }"""
RETURNABLE: Final = """query Returnable($id: ID!) {
  returnableFulfillments(orderId: $id, first: 5) { nodes {
    returnableFulfillmentLineItems(first: 40) { nodes {
      quantity fulfillmentLineItem { id lineItem { sku variant { id } } } } } } } }"""
JOB: Final = "query JobState($id: ID!) { job(id: $id) { id done } }"

CANCEL: Final = """mutation CancelOrder($id: ID!, $restock: Boolean!, $note: String!) {
  orderCancel(orderId: $id, reason: CUSTOMER,
    refundMethod: { originalPaymentMethodsRefund: true },
    restock: $restock, notifyCustomer: true, staffNote: $note) {
    job { id done } orderCancelUserErrors { field message code } } }"""
UPDATE: Final = """mutation UpdateOrder($input: OrderInput!) { orderUpdate(input: $input) {
  order { id } userErrors { field message } } }"""
EDIT_BEGIN: Final = """mutation BeginEdit($id: ID!) { orderEditBegin(id: $id) {
  calculatedOrder { id totalPriceSet { shopMoney { amount } }
    lineItems(first: 100) { nodes { id sku quantity variant { id } } } }
  userErrors { field message } } }"""
EDIT_QUANTITY: Final = """mutation SetQuantity($id: ID!, $line: ID!, $quantity: Int!) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity, restock: true) {
    calculatedOrder { id totalPriceSet { shopMoney { amount } } }
    userErrors { field message } } }"""
EDIT_ADD: Final = """mutation AddVariant($id: ID!, $variant: ID!, $quantity: Int!) {
  orderEditAddVariant(id: $id, variantId: $variant, quantity: $quantity, allowDuplicates: true) {
    calculatedOrder { id totalPriceSet { shopMoney { amount } } }
    userErrors { field message } } }"""
EDIT_COMMIT: Final = """mutation CommitEdit($id: ID!, $note: String!) {
  orderEditCommit(id: $id, notifyCustomer: true, staffNote: $note) {
    order { id } userErrors { field message } } }"""
RETURN_REQUEST: Final = """mutation RequestReturn($input: ReturnRequestInput!) {
  returnRequest(input: $input) { return { id status } userErrors { field message } } }"""
RETURN_CREATE: Final = """mutation CreateReturn($input: ReturnInput!) {
  returnCreate(returnInput: $input) { return { id status } userErrors { field message } } }"""
