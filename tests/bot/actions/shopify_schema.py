"""The part of Shopify's Admin GraphQL schema that order actions use, and what a document costs.

Written from the documents of version 2026-07; graphql-core runs it.
"""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLObjectType,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse,
)

DEAREST: Final = 1_000  # points of one query
MUTATION: Final = 10

SCHEMA = build_schema("""
scalar Decimal
scalar DateTime
scalar URL
type Money { amount: Decimal! }
type Bag { shopMoney: Money! }
type UserError { field: [String!] message: String! code: String }
type EmailAddress { emailAddress: String! }
type Address { address1: String address2: String city: String provinceCode: String zip: String
  countryCodeV2: String firstName: String lastName: String phone: String }
type Customer { id: ID! firstName: String lastName: String defaultEmailAddress: EmailAddress
  defaultAddress: Address
  orders(first: Int, after: String, sortKey: OrderSortKeys, reverse: Boolean): Orders! }
enum OrderSortKeys { CREATED_AT ID }
enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
enum ReturnReason { COLOR DEFECTIVE NOT_AS_DESCRIBED OTHER SIZE_TOO_LARGE SIZE_TOO_SMALL STYLE
  UNKNOWN UNWANTED WRONG_ITEM }
type Customers { nodes: [Customer!]! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Orders { nodes: [Order!]! pageInfo: PageInfo! }
type Cancellation { staffNote: String }
type Option { name: String! value: String! }
type Variant { id: ID! sku: String price: Decimal! availableForSale: Boolean!
  selectedOptions: [Option!]! }
type Variants { nodes: [Variant!]! }
type Product { id: ID! title: String! productType: String!
  variants(first: Int): Variants! }
type LineItem { id: ID! sku: String title: String! currentQuantity: Int!
  discountedUnitPriceSet: Bag! variant: Variant product: Product }
type LineItems { nodes: [LineItem!]! }
type Fulfillment { displayStatus: String deliveredAt: DateTime createdAt: DateTime! }
type ReturnLine { customerNote: String returnReasonNote: String }
type ReturnLines { nodes: [ReturnLine!]! }
type Return { id: ID! status: String! returnLineItems(first: Int): ReturnLines! }
type Returns { nodes: [Return!]! }
type Order { id: ID! name: String! createdAt: DateTime! cancelledAt: DateTime
  displayFulfillmentStatus: String! currencyCode: String! cancellation: Cancellation
  customer: Customer currentTotalPriceSet: Bag! netPaymentSet: Bag! shippingAddress: Address
  lineItems(first: Int): LineItems! fulfillments(first: Int): [Fulfillment!]!
  returns(first: Int): Returns! }
type FulfillmentLine { id: ID! lineItem: LineItem! }
type Returnable { quantity: Int! fulfillmentLineItem: FulfillmentLine! }
type ReturnableLines { nodes: [Returnable!]! }
type ReturnableFulfillment { returnableFulfillmentLineItems(first: Int): ReturnableLines! }
type ReturnableFulfillments { nodes: [ReturnableFulfillment!]! }
type Job { id: ID! done: Boolean! }
type CalculatedLine { subtotalSet: Bag! totalTaxSet: Bag! }
type CalculatedReturn { returnLineItems: [CalculatedLine!]! exchangeLineItems: [CalculatedLine!]! }
input CalculateReturnLine { fulfillmentLineItemId: ID! quantity: Int! }
input ExchangeLineItemInput { variantId: ID quantity: Int! }
input CalculateReturnInput { orderId: ID! returnLineItems: [CalculateReturnLine!]
  exchangeLineItems: [ExchangeLineItemInput!] }
type Query {
  customers(first: Int, query: String): Customers!
  customer(id: ID!): Customer
  orders(first: Int, query: String): Orders!
  product(id: ID!): Product
  productVariants(first: Int, query: String): Variants!
  productVariant(id: ID!): Variant
  returnableFulfillments(orderId: ID!, first: Int): ReturnableFulfillments!
  returnCalculate(input: CalculateReturnInput!): CalculatedReturn
  job(id: ID!): Job
}
input RefundMethod { originalPaymentMethodsRefund: Boolean }
input MailingAddressInput { address1: String address2: String city: String provinceCode: String
  zip: String countryCode: String firstName: String lastName: String phone: String }
input OrderInput { id: ID! shippingAddress: MailingAddressInput note: String }
type CancelPayload { job: Job orderCancelUserErrors: [UserError!]! }
type OrderPayload { order: Order userErrors: [UserError!]! }
type EditLine { id: ID! sku: String quantity: Int! variant: Variant }
type EditLines { nodes: [EditLine!]! }
type CalculatedOrder { id: ID! totalPriceSet: Bag! lineItems(first: Int): EditLines! }
type EditPayload { calculatedOrder: CalculatedOrder userErrors: [UserError!]! }
input ReturnRequestLine { fulfillmentLineItemId: ID! quantity: Int! returnReason: ReturnReason
  customerNote: String }
input ReturnRequestInput { orderId: ID! returnLineItems: [ReturnRequestLine!]! }
input ReturnLineItemInput { fulfillmentLineItemId: ID! quantity: Int! returnReason: ReturnReason
  returnReasonNote: String }
input ReturnInput { orderId: ID! returnLineItems: [ReturnLineItemInput!]!
  exchangeLineItems: [ExchangeLineItemInput!] }
type ReturnPayload { return: Return userErrors: [UserError!]! }
type Mutation {
  orderCancel(orderId: ID!, reason: OrderCancelReason!, refundMethod: RefundMethod,
    restock: Boolean!, notifyCustomer: Boolean, staffNote: String): CancelPayload
  orderUpdate(input: OrderInput!): OrderPayload
  orderEditBegin(id: ID!): EditPayload
  orderEditSetQuantity(id: ID!, lineItemId: ID!, quantity: Int!, restock: Boolean): EditPayload
  orderEditAddVariant(id: ID!, variantId: ID!, quantity: Int!,
    allowDuplicates: Boolean): EditPayload
  orderEditCommit(id: ID!, notifyCustomer: Boolean, staffNote: String): OrderPayload
  returnRequest(input: ReturnRequestInput!): ReturnPayload
  returnCreate(returnInput: ReturnInput!): ReturnPayload
}
""")


def cost_of(document: str, variables: Mapping[str, Any]) -> int:
    """Points of a document: an object one, a connection as many as its `first` asks for."""
    operation = parse(document).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    if operation.operation.value == "mutation":
        assert SCHEMA.mutation_type is not None
        return MUTATION + _children(operation.selection_set, SCHEMA.mutation_type, variables)
    assert SCHEMA.query_type is not None
    return _children(operation.selection_set, SCHEMA.query_type, variables)


def _children(
    selections: SelectionSetNode | None, parent: GraphQLObjectType, variables: Mapping[str, Any]
) -> int:
    total = 0
    for field in selections.selections if selections else ():
        assert isinstance(field, FieldNode)
        kind = get_named_type(parent.fields[field.name.value].type)
        if is_leaf_type(kind):
            continue
        assert isinstance(kind, GraphQLObjectType)
        inside = _children(field.selection_set, kind, variables)
        if "nodes" in kind.fields:  # a connection: its nodes are counted, as many as are asked for
            total += _first(field, variables) * inside
        else:
            total += _first(field, variables) * (1 + inside)
    return total


def _first(field: FieldNode, variables: Mapping[str, Any]) -> int:
    for argument in field.arguments or ():
        if argument.name.value == "first":
            if isinstance(argument.value, VariableNode):
                return int(variables[argument.value.name.value])
            assert isinstance(argument.value, IntValueNode)
            return int(argument.value.value)
    return 1
