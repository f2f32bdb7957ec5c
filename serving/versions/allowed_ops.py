"""Allow-list of TensorFlow operations: a SavedModel with any other is refused.

A SavedModel is a program. One that writes a file while it answers loads like any other, so what is
published and what is loaded is read first. Allowed is arithmetic on tensors, text, variables,
tables filled from constants, and control flow. Operations that reach a disk, a network, Python or
another device are not on the list. The three that save a checkpoint stand in every SavedModel; they
may stand where its saver is, which no server runs, and nowhere else.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from google.protobuf.message import DecodeError

from serving.client import saved_model_pb2
from serving.errors import BrokenVersion

GRAPH = "saved_model.pb"
OTHER_GRAPHS = ("saved_model.pbtxt", "saved_model.cpb")  # TensorFlow may read these instead

SAVING: Final = frozenset(("MergeV2Checkpoints", "SaveV2", "ShardedFilename"))
RESTORING: Final = frozenset(("RestoreV2",))
_NAMES: Final = """
Abs Acos Acosh Add AddN AddV2 Angle ApproximateEqual Asin Asinh Atan Atan2 Atanh BesselI0e
BesselI1e Bitcast BitwiseAnd BitwiseOr BitwiseXor Cast Ceil ClipByValue Complex ComplexAbs Conj
Cos Cosh Cross Cumprod Cumsum CumulativeLogsumexp Digamma Div DivNoNan Equal Erf Erfc Erfinv Exp
Expm1 Floor FloorDiv FloorMod Greater GreaterEqual Imag Inv InvertPermutation Invert IsFinite
IsInf IsNan LeftShift Less LessEqual Lgamma Log Log1p LogicalAnd LogicalNot LogicalOr Maximum
Minimum Mod Mul MulNoNan Ndtri Neg NextAfter NotEqual Polygamma Pow Real RealDiv Reciprocal
RightShift Rint Round Rsqrt Sigmoid Sign Sin Sinh Sqrt Square SquaredDifference Sub Tan Tanh
TruncateDiv TruncateMod Xdivy Xlog1py Xlogy Zeta

All Any ArgMax ArgMin Bincount Bucketize DenseBincount EuclideanNorm Max Mean Min Prod
RaggedBincount SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum SegmentSumV2
SparseBincount SparseSegmentMean SparseSegmentSqrtN SparseSegmentSum Sum UnsortedSegmentMax
UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum

BatchMatMul BatchMatMulV2 BatchMatMulV3 BiasAdd BiasAddV1 Cholesky Conv1D Conv2D
DepthwiseConv2dNative Einsum Elu FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 L2Loss
LeakyRelu LogSoftmax LRN MatMul MatrixBandPart MatrixDiag MatrixDiagPart MatrixDiagPartV2
MatrixDiagPartV3 MatrixDiagV2 MatrixDiagV3 MatrixInverse MatrixSetDiag MatrixSetDiagV2
MatrixSetDiagV3 MatrixSolve MaxPool AvgPool Qr Relu Relu6 Selu Softmax
SoftmaxCrossEntropyWithLogits Softplus Softsign SparseSoftmaxCrossEntropyWithLogits
SparseTensorDenseMatMul Svd InTopK InTopKV2 TopK TopKV2 NthElement

BroadcastArgs BroadcastTo Concat ConcatOffset ConcatV2 Const DeepCopy DynamicPartition
DynamicStitch EditDistance Empty EnsureShape ExpandDims Fill Gather GatherNd GatherV2
HistogramFixedWidth Identity IdentityN LinSpace LowerBound MirrorPad OneHot
OnesLike Pack Pad PadV2 ParallelConcat ParallelDynamicStitch Placeholder PlaceholderWithDefault
PreventGradient QuantizeAndDequantizeV4 Range Rank Reshape Reverse ReverseSequence ReverseV2
Roll ScatterNd Searchsorted Select SelectV2 Shape ShapeN Size Slice Snapshot Split SplitV
Squeeze StopGradient StridedSlice TensorScatterAdd TensorScatterMax TensorScatterMin
TensorScatterSub TensorScatterUpdate TensorStridedSliceUpdate Tile Transpose Unique UniqueV2
UniqueWithCounts UniqueWithCountsV2 Unpack UnravelIndex UpperBound Where ZerosLike ListDiff

RaggedCross RaggedFillEmptyRows RaggedGather RaggedRange RaggedTensorFromVariant
RaggedTensorToSparse RaggedTensorToTensor RaggedTensorToVariant SparseConcat SparseFillEmptyRows
SparseReduceMax SparseReduceSum SparseReorder SparseReshape SparseSlice SparseToDense

AsString DecodeBase64 EncodeBase64 ReduceJoin RegexFullMatch RegexReplace StaticRegexFullMatch
StaticRegexReplace StringFormat StringJoin StringLength StringLower StringNGrams StringSplit
StringSplitV2 StringStrip StringToHashBucket StringToHashBucketFast StringToHashBucketStrong
StringToNumber StringUpper Substr UnicodeDecode UnicodeDecodeWithOffsets UnicodeEncode
UnicodeScript UnicodeTranscode UnsortedSegmentJoin

AssignAddVariableOp AssignSubVariableOp AssignVariableOp DestroyResourceOp DisableCopyOnRead
HashTableV2 InitializeTableV2 LookupTableFindV2 LookupTableImportV2 LookupTableInsertV2
LookupTableSizeV2 MutableHashTableV2 ReadVariableOp ResourceGather ResourceGatherNd
VarHandleOp VarIsInitializedOp VariableShape VariableV2

Assert Case ControlTrigger Enter Exit FakeParam If LoopCond Merge NextIteration NoOp
PartitionedCall StatefulPartitionedCall StatelessCase StatelessIf StatelessWhile Switch While

EmptyTensorList TensorListConcat TensorListConcatV2 TensorListElementShape TensorListFromTensor
TensorListGather TensorListGetItem TensorListLength TensorListPopBack TensorListPushBack
TensorListPushBackBatch TensorListReserve TensorListResize TensorListScatter
TensorListScatterIntoExistingList TensorListScatterV2 TensorListSetItem TensorListSplit
TensorListStack TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayReadV3
TensorArrayScatterV3 TensorArraySizeV3 TensorArraySplitV3 TensorArrayV3 TensorArrayWriteV3

StatelessMultinomial StatelessRandomNormal StatelessRandomNormalV2 StatelessRandomUniform
StatelessRandomUniformInt StatelessRandomUniformIntV2 StatelessRandomUniformV2
StatelessRandomGetAlg StatelessRandomGetKeyCounter StatelessTruncatedNormal
StatelessTruncatedNormalV2
"""
ALLOWED: Final = frozenset(_NAMES.split())


def check_operations(path: Path) -> None:
    """Read the graph of the version in `path`, and every function in it.

    Raises:
        BrokenVersion: it can not be read, or does what no model of ours has to.
    """
    for name in OTHER_GRAPHS:
        if (path / name).exists():
            raise BrokenVersion(path, f"{name} does not belong beside {GRAPH}")
    model = saved_model_pb2.SavedModel()
    try:
        model.ParseFromString((path / GRAPH).read_bytes())
    except (OSError, DecodeError) as error:
        raise BrokenVersion(path, f"{GRAPH} can not be read ({error})") from error
    for meta_graph in model.meta_graphs:
        for reason in _complaints(meta_graph):
            raise BrokenVersion(path, reason)


def _complaints(meta_graph: Any) -> Iterator[str]:
    graph, saver = meta_graph.graph_def, meta_graph.saver_def
    library = {function.signature.name: function.node_def for function in graph.library.function}
    bodies = {"": graph.node, **library}
    used = {node.op for nodes in bodies.values() for node in nodes} - library.keys()
    for operation in sorted(used - ALLOWED - SAVING - RESTORING):
        yield f"its graph uses the operation {operation}, which a model may not (see operations.py)"
    calls = {name: _called(nodes, library) for name, nodes in bodies.items()}
    save, restore = _node(saver.save_tensor_name), _node(saver.restore_op_name)
    for operations, root in ((SAVING, save), (RESTORING, restore)):
        if not _only_there(operations, root, graph.node, bodies, calls, library):
            yield f"its graph uses {'/'.join(sorted(operations))} outside of its saver"
    pointed = {_node(name) for node in graph.node for name in node.input}
    pointed |= {
        _node(info.name)
        for signature in meta_graph.signature_def.values()
        for info in [*signature.inputs.values(), *signature.outputs.values()]
    }
    if pointed & {save, restore} - {""}:
        yield "its saver is part of what it answers"
    for asset in meta_graph.asset_file_def:
        if "/" in asset.filename or asset.filename in ("", ".", ".."):
            yield f"its asset {asset.filename!r} lies outside of its folder"


def _only_there(
    operations: frozenset[str],
    root: str,
    nodes: Iterable[Any],
    bodies: Mapping[str, Iterable[Any]],
    calls: Mapping[str, set[str]],
    library: Mapping[str, Any],
) -> bool:
    """Whether only the node `root`, and functions that it alone leads to, use `operations`."""
    users = {
        name
        for name, body in bodies.items()
        if name and any(node.op in operations for node in body)
    }
    while more := {name for name, called in calls.items() if name and called & users} - users:
        users |= more
    roots = {
        node.name for node in nodes if node.op in operations or _called([node], library) & users
    }
    within: set[str] = set()
    reached = _called([node for node in nodes if node.name == root], library)
    while reached - within:
        within |= reached
        reached = {called for name in within for called in calls[name]}
    return roots <= {root} and users <= within


def _called(nodes: Iterable[Any], library: Mapping[str, Any]) -> set[str]:
    """The functions that `nodes` call, by their operation or by an attribute."""
    found = set()
    for node in nodes:
        found.add(node.op)
        for value in node.attr.values():
            kind = value.WhichOneof("value")
            if kind == "func":
                found.add(value.func.name)
            elif kind == "list":
                found.update(function.name for function in value.list.func)
    return found & library.keys()


def _node(tensor: str) -> str:
    """The node of a tensor's name.

    >>> _node("^save/control"), _node("StatefulPartitionedCall_6:0")
    ('save/control', 'StatefulPartitionedCall_6')
    """
    return tensor.removeprefix("^").partition(":")[0]
